"""The cases of the desk: opened with a number, carried on by events that the law allows, computed anew after each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from metadata.errors import NotFound
from portal.kip.calendar import WorkingCalendar, desk_date
from portal.kip.models import KipCase, KipEvent
from portal.kip.sealing import Keyring
from portal.kip.settings import KipSettings
from portal.kip.store import computed, identity, numbers
from portal.kip.store.identity import Identity
from portal.kip.store.refusal import ActionRefused, ChangedMeanwhile
from portal.kip.store.rules import load_calendar, load_settings
from portal.kip.workflow import Case, replay

PIN_DIGITS = 8
APPLICANT, MACHINE = "pemohon", "mesin"
"""Who did it, in the timeline, when it was no officer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, in the applicant's words, and how it is to be given. `complaint` is the number of a complaint
    that it was handed over from; `named` that the applicant wants to be named in public."""

    applicant_kind: str
    question: str
    purpose: str
    manner: str = "soft"
    delivery: str = "email"
    language: str = "id"
    named: bool = False
    complaint: str = ""
    earlier_id: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A request that was just registered; `secret` and `pin` are shown once."""

    row: KipCase
    case: Case
    secret: str
    pin: str


@dataclass(frozen=True, slots=True)
class Rules:
    """By what a case is judged: read once for many cases."""

    calendar: WorkingCalendar
    settings: KipSettings


def rules(session: Session, at: datetime) -> Rules:
    """The calendar and the settings as they are now."""
    return Rules(load_calendar(session, desk_date(at)), load_settings(session))


def register(
    session: Session,
    ring: Keyring,
    asked: Asked,
    who: Identity,
    *,
    channel: str,
    actor: str,
    by: str,
    at: datetime,
    received_on: date | None = None,
    pin_hash: Any = None,
    proof_key: bytes | None = None,
) -> Opened:
    """Take a request in: number, receipt and events at once (UU 14/2008 Pasal 22(4)).

    `actor` is `applicant` or `desk_officer`; `received_on` an officer's date of arrival, the day itself when None;
    `pin_hash` hashes the PIN (`str -> str`); `proof_key` sealed the files that come with it. Raises
    `ActionRefused`, for a date that lies ahead.
    """
    said = rules(session, at)
    data: dict[str, Any] = {"channel": channel}
    if received_on is not None:
        data["received_on"] = received_on.isoformat()
    secret, pin = secrets.token_urlsafe(24), f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
    row = KipCase(
        secret_digest=digest(secret),
        channel=channel,
        applicant_kind=asked.applicant_kind,
        subject=" ".join(asked.question.split())[:120],
        question=asked.question,
        purpose=asked.purpose,
        manner=asked.manner,
        delivery=asked.delivery,
        language=asked.language,
        named=asked.named,
        complaint=asked.complaint,
        earlier_id=asked.earlier_id,
        pin_hash=pin_hash(pin) if pin_hash else None,
        created_at=at,
        updated_at=at,
    )
    today = desk_date(at)
    session.add(row)
    session.flush()
    case = append(session, row.id, "register", actor=actor, by=by, at=at, data=data, known=said)
    row.year, row.counter = today.year, numbers.take(session, "request", today)
    row.number = numbers.written(said.settings.number_format, row.counter, today)
    identity.seal(
        session, ring, row.id, Identity(**{**_members(who), "secret": secret, "pin": pin}), proof_key=proof_key
    )
    session.flush()
    return Opened(row, case, secret, pin)


def append(
    session: Session,
    case_id: int,
    action: str,
    *,
    actor: str,
    by: str,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    sealed: str | None = None,
    revision: int | None = None,
    known: Rules | None = None,
) -> Case:
    """Add an event, if the law allows it, and compute the case anew; how it stands now.

    Nobody else writes on the case meanwhile. `revision` is the number of events that the writer has seen. Raises
    `NotFound`, `ActionRefused` and `ChangedMeanwhile`; then nothing was written.
    """
    row = locked(session, case_id)
    events = events_of(session, case_id)
    if revision is not None and (revision > len(events) or any(one["action"] != "look" for one in events[revision:])):
        raise ChangedMeanwhile  # who has only looked has changed nothing
    known = known or rules(session, at)
    event = {"action": action, "actor": actor, "at": at.isoformat(), **(data or {})}
    case = replay([*events, event], known.calendar, known.settings, at)
    refused = [refusal for refusal in case.refusals if refusal.index == len(events)]
    if refused:
        raise ActionRefused(refused[0].code)
    session.add(
        KipEvent(
            case_id=case_id,
            sequence=len(events) + 1,
            at=at,
            action=action,
            actor=actor,
            by=by,
            data=dict(data or {}),
            sealed=sealed,
        )
    )
    row.revision, row.updated_at = len(events) + 1, at
    computed.write(session, row, case, desk_date(at))
    session.flush()
    return case


def locked(session: Session, case_id: int) -> KipCase:
    """The case, for this transaction alone to write on. Raises `NotFound`."""
    wanted = select(KipCase).where(KipCase.id == case_id).with_for_update().execution_options(populate_existing=True)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFound(what="permohonan")
    return row


def events_of(session: Session, case_id: int) -> list[dict[str, Any]]:
    """The events of a case as `replay` takes them, in order."""
    return [as_dict(row) for row in timeline(session, case_id)]


def timeline(session: Session, case_id: int) -> Sequence[KipEvent]:
    """The rows of a case's events, in order."""
    return session.scalars(select(KipEvent).where(KipEvent.case_id == case_id).order_by(KipEvent.sequence)).all()


def as_dict(row: KipEvent) -> dict[str, Any]:
    """An event as `replay` takes it."""
    return {**row.data, "action": row.action, "actor": row.actor, "at": row.at.isoformat()}


def standing(session: Session, case_id: int, *, at: datetime, known: Rules | None = None) -> Case:
    """How a case stands at a moment."""
    known = known or rules(session, at)
    return replay(events_of(session, case_id), known.calendar, known.settings, at)


def by_secret(session: Session, secret: str) -> KipCase | None:
    """The case of a secret link."""
    return session.scalars(select(KipCase).where(KipCase.secret_digest == digest(secret))).one_or_none()


def by_number(session: Session, number: str) -> KipCase | None:
    """The case of a registration number, however it is spaced."""
    return session.scalars(select(KipCase).where(KipCase.number == plain_number(number))).one_or_none()


def plain_number(number: str) -> str:
    """A registration number as it is kept, however it was typed."""
    return "".join(number.split()).upper()


def digest(secret: str) -> str:
    """What is kept of a secret link."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _members(who: Identity) -> dict[str, str]:
    return {name: getattr(who, name) for name in who.__dataclass_fields__}
