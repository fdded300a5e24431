"""Published questions and answers: published by an officer, found by words, joined by others, withdrawn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from datasets import journal
from datasets.db import add_missing
from datasets.models import Organization
from metadata.errors import LumbungError, NotFound
from metadata.names import slug
from metadata.personal import Sign, sign_of
from metadata.terms import Bilingual
from portal.kip.calendar import desk_date
from portal.kip.models import KipCase, KipJoining, KipPublication
from portal.kip.public import words
from portal.kip.sealing import Keyring
from portal.kip.store import cases
from portal.kip.store.identity import Identity

CANDIDATES = 400
"""Publications that are looked at closely for one question."""
ENOUGH = 0.34
"""The share of a question's worth that a published answer must meet to be offered."""
_WORD = re.compile(r"[^\s,;:()<>\"']+")


class NamesSomebody(LumbungError):
    """A text that is to be published tells who asked, or a number of a person."""

    code = "kip.names_somebody"
    status = 422
    text = Bilingual(
        id="Teks ini memuat data pribadi ({what_id}). Hapus dahulu sebelum diterbitkan.",
        en="This text holds personal data ({what_en}). Take it out before it is published.",
    )


@dataclass(frozen=True, slots=True)
class Publication:
    """What an officer publishes of a case; every word is his. `links` as in `KipPublication`."""

    subject: str
    question: str
    answer: str
    links: tuple[Mapping[str, Any], ...] = ()
    information_class: str = "setiap_saat"
    organization_id: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A publication as a list shows it."""

    row: KipPublication
    agency: str
    joined: int
    worth: float = field(default=0.0)


def publish(
    session: Session, row: KipCase, said: Publication, who: Identity, *, actor: str, by: str, at: datetime
) -> KipPublication:
    """Publish a case, or anew with other words: an event of the case, and of the journal when it tells an answer.

    Raises `NamesSomebody` when a word of it tells who asked.
    """
    _check(said, who)
    case = cases.append(session, row.id, "publish", actor=actor, by=by, at=at, data={"subject": said.subject})
    there = session.scalars(select(KipPublication).where(KipPublication.case_id == row.id)).one_or_none()
    answer = case.dossier.answer
    number = row.number or str(row.id)
    used = None
    if answer is not None and case.due.get("clock_start"):
        calendar = cases.rules(session, at).calendar
        used = calendar.working_days_between(case.due["clock_start"], answer.on)
    members: dict[str, Any] = {
        "number": number,
        "subject": said.subject,
        "question": said.question,
        "answer": said.answer,
        "applicant_kind": row.applicant_kind,
        "received_on": row.received_on,
        "words": words.kept(said.subject, said.question, said.answer),
        "links": [dict(link) for link in said.links],
        "name": said.name if row.named else None,
        "organization_id": said.organization_id,
        "information_class": said.information_class,
        "decision": row.decision,
        "grounds": list(answer.grounds) if answer else [],
        "answered_on": row.answered_on,
        "working_days": used,
        "objection": case.objections[-1].state if case.objections else None,
        "withdrawn_at": None,
    }
    if there is None:
        address = f"{number.replace('/', '-').lower()}-{slug(said.subject, 60)}"[:100].strip("-")
        there = KipPublication(case_id=row.id, slug=address, published_at=at, by=by, **members)
        session.add(there)
    else:
        for name, value in members.items():
            setattr(there, name, value)
        there.by = by
    row.subject = said.subject
    session.flush()
    if answer is not None:
        journal.append(session, "answer", f"request:{number}", _facts(there), at=at)
    return there


def withdraw(session: Session, row: KipCase, *, actor: str, by: str, at: datetime, reason: str) -> None:
    """Take a publication back; the address says so, and the event why."""
    cases.append(session, row.id, "note", actor=actor, by=by, at=at, data={"withdrawn": reason})
    there = session.scalars(select(KipPublication).where(KipPublication.case_id == row.id)).one_or_none()
    if there is not None:
        there.withdrawn_at, there.name = at, None


def published_answers(session: Session, query: str, limit: int = 10, *, answered: bool = True) -> list[Found]:
    """Published answers that fit a question, the best first; the newest ones for an empty question.

    With `answered=False` questions that still wait for an answer are found too.
    """
    wanted = select(KipPublication).where(KipPublication.withdrawn_at.is_(None))
    if answered:
        wanted = wanted.where(KipPublication.answered_on.is_not(None))
    asked = words.stems(query)[:40]
    newest = wanted.order_by(KipPublication.published_at.desc(), KipPublication.id.desc())
    if not asked:
        return [] if query.strip() else _found(session, session.scalars(newest.limit(limit)).all())
    fits = or_(*(KipPublication.words.contains(f" {stem} ", autoescape=True) for stem in asked))
    rows = session.scalars(newest.where(fits).limit(CANDIDATES)).all()
    rarity = words.rarity_of(asked, [row.words for row in rows])
    whole = sum(rarity.values())
    scored = [(words.score(asked, row.words, rarity), row) for row in rows]
    best = sorted((pair for pair in scored if pair[0] >= ENOUGH * whole), key=lambda pair: (-pair[0], -pair[1].id))
    return _found(session, [row for _, row in best[:limit]])


def by_slug(session: Session, address: str) -> Found:
    """A publication by its address. Raises `NotFound`, also for one that was withdrawn."""
    row = session.scalars(select(KipPublication).where(KipPublication.slug == address)).one_or_none()
    if row is None or row.withdrawn_at is not None:
        raise NotFound(what="permohonan")
    return _found(session, [row])[0]


def join(session: Session, ring: Keyring, publication_id: int, *, who: str, address: str | None, at: datetime) -> bool:
    """Somebody wants to know the same; False when that one was counted already. `who` is an address or a visitor."""
    digest = ring.mac("joining", f"{publication_id} {(address or who).lower()}")
    there = select(KipJoining.id).where(KipJoining.publication_id == publication_id, KipJoining.digest == digest)
    if session.scalar(there) is not None:
        return False
    sealed = ring.seal(address.encode(), f"joining {digest}") if address else None
    row = {"publication_id": publication_id, "digest": digest, "at": at, "sealed_address": sealed}
    add_missing(session, KipJoining, [{**row, "master": ring.current if sealed else ""}])  # two may come at once
    return True


def joined_addresses(session: Session, ring: Keyring, publication_id: int) -> list[str]:
    """The addresses of those who joined and wait to be told; forgotten as they are given."""
    wanted = select(KipJoining).where(
        KipJoining.publication_id == publication_id, KipJoining.sealed_address.is_not(None)
    )
    told = []
    for row in session.scalars(wanted).all():
        told.append(ring.open(str(row.sealed_address), row.master, f"joining {row.digest}").decode())
        row.sealed_address, row.master = None, ""
    return told


def _found(session: Session, rows: Sequence[KipPublication]) -> list[Found]:
    ids = [row.id for row in rows]
    joined = (
        select(KipJoining.publication_id, func.count())
        .where(KipJoining.publication_id.in_(ids))
        .group_by(KipJoining.publication_id)
    )
    counts = {row[0]: row[1] for row in session.execute(joined)}
    agencies = {row.organization_id for row in rows if row.organization_id is not None}
    named = select(Organization.id, Organization.title).where(Organization.id.in_(agencies))
    titles = {row[0]: row[1] for row in session.execute(named)}
    return [Found(row, titles.get(row.organization_id or 0, ""), counts.get(row.id, 0)) for row in rows]


def _check(said: Publication, who: Identity) -> None:
    """No word of what is published may tell who asked, unless the applicant is named by wish."""
    text = f"{said.subject}\n{said.question}\n{said.answer}"
    low = text.casefold()
    for value, id_, en in (
        (who.nik, "NIK pemohon", "the applicant's number"),
        (who.email, "surel pemohon", "the applicant's e-mail address"),
        (who.phone, "telepon pemohon", "the applicant's phone number"),
        (who.address, "alamat pemohon", "the applicant's address"),
        ("" if said.name else who.name, "nama pemohon", "the applicant's name"),
    ):
        if len(value.strip()) > 3 and value.strip().casefold() in low:
            raise NamesSomebody(what_id=id_, what_en=en)
    for word in _WORD.findall(text):
        if sign_of(word.strip(".")) in (Sign.NUMBER, Sign.PHONE):
            raise NamesSomebody(what_id="nomor NIK, KK atau telepon", what_en="an identity or phone number")


def _facts(row: KipPublication) -> dict[str, Any]:
    """What the journal tells of an answer: nothing of who asked."""
    return {
        "address": f"/permohonan/{row.slug}",
        "answered_on": str(row.answered_on),
        "decision": row.decision or "",
        "received_on": str(row.received_on),
        "links": [{"url": str(link.get("url", "")), "sha256": str(link.get("sha256") or "")} for link in row.links],
        "published_on": str(desk_date(row.published_at)),
    }
