"""The desk's day: what time has brought about is written down, reminders go out, what is over is forgotten.

Idempotent: done twice on a day it does nothing the second time, and broken off it goes on where it was. Cases are
looked at without a lock; only those that the day moves are written on, a few in a transaction.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.errors import Busy
from datasets.installation import Installation
from metadata.errors import LumbungError
from portal.kip.calendar import desk_date
from portal.kip.models import KipCase, KipEvent
from portal.kip.store import acting, cases, computed, erasing, rules
from portal.kip.store.acting import Desk
from portal.kip.workflow import replay

ENDED = ("closed", "lapsed", "withdrawn")
WRITTEN = ("accept_complete", "lapse", "close")
"""Events that time brings about and the day writes down."""
AT_ONCE = 25
"""Cases in one transaction: others who want to write wait for less than a second."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Day:
    """What a day brought: cases looked at, events written, reminders sent, proofs and identities forgotten."""

    cases: int = 0
    events: int = 0
    reminders: int = 0
    proofs: int = 0
    identities: int = 0


def run(here: Installation, at_desk: Desk, *, at: datetime) -> Day:
    """Bring every open case up to the day, remind, forget, and see that the calendar knows the years ahead."""
    from portal.kip.work import routing  # late: it leans on this floor of the desk

    today = desk_date(at)
    with here.database.write() as session:
        rules.seed(session, range(today.year - 1, today.year + 3), at=at)
    looked, events = recalculate(here, at_desk, at=at)
    with here.database.write() as session:
        reminders = routing.remind(session, at_desk, today, at=at)
        routing.tell_officers(session, at_desk, today, at=at)
        proofs, identities = erasing.erase_due(session, rules.load_settings(session), at=at)
        erasing.forget_addresses(session)
    return Day(looked, events, reminders, proofs, identities)


def recalculate(here: Installation, at_desk: Desk, *, at: datetime, answered: bool = True) -> tuple[int, int]:
    """Compute every case that is not over as of now; how many, and how many events were written down.

    Without `answered` only those that still wait for an answer, whose deadlines alone a change of the calendar moves.
    """
    over = ENDED if answered else (*ENDED, "answered")
    with here.database.read() as session:
        ids = session.scalars(select(KipCase.id).where(KipCase.state.not_in(over)).order_by(KipCase.id)).all()
        known = cases.rules(session, at)
    written = 0
    for place in range(0, len(ids), AT_ONCE):
        written += _batch(here, at_desk, ids[place : place + AT_ONCE], known, at)
    return len(ids), written


def _batch(here: Installation, at_desk: Desk, ids: Sequence[int], known: cases.Rules, at: datetime) -> int:
    """A few cases at once; one by one when a case among them cannot be brought up to the day."""
    with here.database.read() as session:
        moved = _moved(session, ids, known, at)
    if not moved:
        return 0
    try:
        with here.database.write() as session:
            return sum(_one(session, at_desk, case_id, known, at) for case_id in moved)
    except (Busy, LumbungError):
        written = 0
    for case_id in moved:
        try:
            with here.database.write() as session:
                written += _one(session, at_desk, case_id, known, at)
        except (Busy, LumbungError):
            _log.exception("case %s could not be brought up to the day; it is tried again tomorrow", case_id)
    return written


def _moved(session: Session, ids: Sequence[int], known: cases.Rules, at: datetime) -> list[int]:
    """Those that the day moves: something of them is no longer as it stands written."""
    events: dict[int, list[KipEvent]] = defaultdict(list)
    wanted = select(KipEvent).where(KipEvent.case_id.in_(ids)).order_by(KipEvent.case_id, KipEvent.sequence)
    for event in session.scalars(wanted):
        events[event.case_id].append(event)
    moved = []
    for row in session.scalars(select(KipCase).where(KipCase.id.in_(ids)).order_by(KipCase.id)):
        case = replay([cases.as_dict(event) for event in events[row.id]], known.calendar, known.settings, at)
        unwritten = case.dossier.facts.get("ripened", set()) - {event.action for event in events[row.id]}
        if unwritten or not computed.is_as_written(row, case):
            moved.append(row.id)
    return moved


def _one(session: Session, at_desk: Desk, case_id: int, known: cases.Rules, at: datetime) -> int:
    """One case: the events of time, and a deadline that a decree has moved, of which the applicant is told."""
    written = 0
    row = cases.locked(session, case_id)
    before = row.due
    events = cases.timeline(session, case_id)
    case = replay([cases.as_dict(event) for event in events], known.calendar, known.settings, at)
    there = {event.action for event in events}
    ripened = case.dossier.facts.get("ripened", set())
    for action in WRITTEN:
        fresh = case.state == "closed" and row.state != "closed" if action == "close" else action not in there
        if action in ripened and fresh:
            case = acting.act(session, at_desk, case_id, action, actor="job", by=cases.MACHINE, at=at, known=known)
            written += 1
    now_due = case.due.get("extended_answer_due") or case.due.get("answer_due")
    waiting = case.state in ("received", "in_process", "extended")
    if waiting and before is not None and now_due is not None and now_due != before:
        data = {"was": before.isoformat(), "now": now_due.isoformat()}
        case = acting.act(
            session, at_desk, case_id, "deadline_recalculated", actor="job", by=cases.MACHINE, at=at, data=data,
            known=known,
        )  # fmt: skip
        written += 1
    if not written:
        computed.write(session, row, case, desk_date(at))
    return written
