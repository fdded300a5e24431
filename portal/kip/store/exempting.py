"""Consequence tests as they are kept: proposed, approved by the head, in force until their end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from metadata.errors import NotFound
from portal.accounts import audit
from portal.kip.calendar import WorkingCalendar, desk_date
from portal.kip.events import Refused
from portal.kip.exemptions import Exemption
from portal.kip.models import KipExemption
from portal.kip.store import numbers
from portal.kip.store.refusal import ActionRefused
from portal.policy import Actor


def as_record(row: KipExemption) -> dict[str, Any]:
    """As events carry it, with what a letter says of it."""
    return {
        "number": row.number,
        "ground": row.ground,
        "date": row.decided_on.isoformat(),
        "article": row.article,
        "information": row.information,
        "consequence_if_open": row.consequence_if_open,
        "consequence_if_closed": row.consequence_if_closed,
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "expires_when": row.expires_when,
        "classification_letter": row.classification_letter,
    }


def in_force(session: Session, today: date) -> Sequence[KipExemption]:
    """The tests that hold on a day, the newest first."""
    wanted = select(KipExemption).where(
        KipExemption.approved_on.is_not(None),
        or_(KipExemption.expires_on.is_(None), KipExemption.expires_on >= today),
        or_(KipExemption.withdrawn_on.is_(None), KipExemption.withdrawn_on > today),
    )
    return session.scalars(wanted.order_by(KipExemption.id.desc())).all()


def state(row: KipExemption, today: date) -> str:
    """`proposed`, `in_force`, `public_by_expiry` or `withdrawn`."""
    if row.withdrawn_on is not None and row.withdrawn_on <= today:
        return "withdrawn"
    if row.approved_on is None:
        return "proposed"
    return Exemption.of(as_record(row)).state(today)


def propose(
    session: Session, said: Mapping[str, Any], calendar: WorkingCalendar, *, actor: Actor, at: datetime
) -> KipExemption:
    """Write a test down. Raises `ActionRefused` for a ground without what it needs (an end, an article)."""
    today = desk_date(at)
    test = Exemption.of({**said, "date": said.get("decided_on") or today.isoformat()})
    try:
        test.check()
    except Refused as refused:
        raise ActionRefused(refused.code) from None
    number = numbers.written(numbers.FORMATS["exemption"], numbers.take(session, "exemption", today), today)
    row = KipExemption(
        number=number,
        decided_on=test.decided_on or today,
        place=str(said.get("place") or ""),
        information=str(said.get("information") or ""),
        document=str(said.get("document") or ""),
        ground=test.ground,
        article=test.article,
        consequence_if_open=str(said.get("consequence_if_open") or ""),
        consequence_if_closed=str(said.get("consequence_if_closed") or ""),
        participants=str(said.get("participants") or ""),
        expires_on=test.expires_on,
        expires_when=test.expires_when,
        review_on=test.review_due(calendar),
        organization_id=said.get("organization_id"),
        case_id=said.get("case_id"),
        at=at,
        by=actor.label,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "kip.exemption.propose", f"kip:exemption:{row.number}", at=at, after=as_record(row))
    return row


def approve(session: Session, exemption_id: int, letter: str, *, by: str, actor: Actor, at: datetime) -> KipExemption:
    """The head has approved it (PerKI 1/2017 Pasal 4(3)): from now on it holds. `by` names who, `letter` the decree.

    Raises `ActionRefused` for one that was approved or ended before: what letters were written on does not change.
    """
    row = _one(session, exemption_id)
    if state(row, desk_date(at)) != "proposed":
        raise ActionRefused("not_permitted")
    row.approved_on, row.approved_by, row.classification_letter = desk_date(at), by, letter
    after = {"letter": letter, "by": by}
    audit.record(session, actor, "kip.exemption.approve", f"kip:exemption:{row.number}", at=at, after=after)
    return row


def end(session: Session, exemption_id: int, *, actor: Actor, at: datetime) -> KipExemption:
    """Declare the information public before its period is over. Raises `ActionRefused` when it is public already."""
    row = _one(session, exemption_id)
    if state(row, desk_date(at)) not in ("proposed", "in_force"):
        raise ActionRefused("not_permitted")
    row.withdrawn_on = desk_date(at)
    audit.record(session, actor, "kip.exemption.end", f"kip:exemption:{row.number}", at=at)
    return row


def _one(session: Session, exemption_id: int) -> KipExemption:
    row = session.get(KipExemption, exemption_id, with_for_update=True)
    if row is None:
        raise NotFound(what="uji konsekuensi")
    return row
