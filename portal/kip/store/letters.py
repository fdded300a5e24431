"""The letters of a case: what each says is kept, sealed, when its event happens; its pages are made again from that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from metadata.errors import NotFound
from portal.kip.dossier import Document
from portal.kip.letters.facts import LetterFacts, Letterhead, Party, Step
from portal.kip.models import KipCase, KipEvent, KipLetter, KipObjection
from portal.kip.sealing import Keyring
from portal.kip.store import identity, numbers
from portal.kip.store.cases import timeline
from portal.kip.store.emblem import letterhead, restored
from portal.kip.store.identity import Identity
from portal.kip.workflow import Case

OWN_NUMBER = ("tanda_bukti", "tanda_terima_keberatan")
"""Letters that bear the number of what they confirm; all others have one of their own."""


def write_new(
    session: Session, ring: Keyring, row: KipCase, case: Case, *, region: str, follow: str
) -> list[KipLetter]:
    """Write down the letters that the case's last event brings forth; nothing for an event without one."""
    last = row.revision - 1
    made = []
    for document in case.documents:
        if document.event == last:
            made.append(_write(session, ring, row, case, document, last, letterhead(session, region), follow))
    return made


def of_case(session: Session, case_id: int) -> Sequence[KipLetter]:
    """The letters of a case, in order."""
    return session.scalars(select(KipLetter).where(KipLetter.case_id == case_id).order_by(KipLetter.id)).all()


def read(session: Session, ring: Keyring, letter: KipLetter) -> tuple[LetterFacts, Letterhead]:
    """What a letter was made from. Raises `NotFound` once the applicant is forgotten."""
    text = identity.open_text(session, ring, letter.case_id, letter.sealed, f"letter {letter.kind} {letter.event}")
    if not text:
        raise NotFound(what="surat")
    held = json.loads(text)
    return LetterFacts.of(held["facts"]), restored(session, held["head"])


def party(who: Identity, kind: str) -> Party:
    """The applicant as letters name them."""
    contact = ", ".join(part for part in (who.phone, who.email) if part)
    return Party(who.name, who.address, contact, who.occupation, kind, who.attorney)


def _write(
    session: Session, ring: Keyring, row: KipCase, case: Case, document: Document, made_by: int, head: Letterhead,
    follow: str,
) -> KipLetter:  # fmt: skip
    events = timeline(session, row.id)
    event = events[made_by]
    number = row.number or ""
    if document.kind == "tanda_terima_keberatan":
        number = case.objections[-1].key
    elif document.kind not in OWN_NUMBER:
        taken = numbers.take(session, "letter", document.on)
        number = numbers.written(numbers.FORMATS["letter"], taken, document.on)
    facts = LetterFacts(
        number=number,
        dated=document.on,
        registration=row.number or "",
        received_on=row.received_on,
        party=party(identity.unseal(session, ring, row.id), row.applicant_kind),
        question=row.question,
        purpose=row.purpose,
        channel=row.channel,
        manner=row.manner,
        delivery=row.delivery,
        due=dict(case.due),
        provisional=case.provisional,
        event=dict(event.data),
        exemptions=_exemptions(event.data),
        objection=_objection(session, ring, row, case, events),
        follow=follow,
        history=_history(events) if document.kind == "berkas_sengketa" else (),
    )
    held = json.dumps({"facts": facts.as_dict(), "head": head.as_dict()})
    what = f"letter {document.kind} {made_by}"
    sealed = identity.seal_text(session, ring, row.id, held, what)
    letter = KipLetter(
        case_id=row.id, kind=document.kind, number=number, event=made_by, dated=document.on, sealed=sealed or ""
    )
    session.add(letter)
    session.flush()
    return letter


def _exemptions(data: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    found = list(data.get("exemptions") or [])
    found += [redaction["exemption"] for redaction in data.get("redactions") or [] if redaction.get("exemption")]
    return tuple({str(each.get("number")): each for each in found}.values())


def _objection(session: Session, ring: Keyring, row: KipCase, case: Case, events: Sequence[KipEvent]) -> dict[str, Any]:
    if not case.objections:
        return {}
    latest = case.objections[-1]
    filed = next((event for event in reversed(events) if event.action == "object"), None)
    story = identity.open_text(session, ring, row.id, filed.sealed, "objection") if filed is not None else ""
    return {
        "number": latest.key,
        "grounds": list(latest.grounds),
        "received_on": latest.on.isoformat(),
        "late": latest.late,
        "story": story,
    }


def _history(events: Sequence[KipEvent]) -> tuple[Step, ...]:
    from portal.kip.calendar import desk_date  # late: only a case file lists them

    return tuple(
        Step(desk_date(event.at), event.action, event.actor)
        for event in events
        if event.action not in ("look", "reminder")
    )


def objection_row(session: Session, row: KipCase, *, on: date) -> KipObjection:
    """The row of a new objection with its number, before its event is appended."""
    counter = numbers.take(session, "objection", on)
    key = numbers.written(numbers.FORMATS["objection"], counter, on)
    made = KipObjection(
        case_id=row.id, key=key, year=on.year, counter=counter, grounds=[], received_on=on, state="filed"
    )
    session.add(made)
    session.flush()
    return made
