"""What the officer's home asks the database: cases by filters, what is due, and what will be late at this pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from datasets.models import Organization
from portal.kip.calendar import WorkingCalendar
from portal.kip.models import KipCase, KipObjection, KipRoute
from portal.policy import Reach

OPEN = ("received", "incomplete", "in_process", "extended")
OWED = ("received", "in_process", "extended")
PAGE = 50
PACE_DAYS = 30
"""Working days of which the pace is taken."""
SLOWEST = 0.1
"""Answers a working day that are assumed when none was given lately."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty texts narrow nothing. `due` is `today`, `overdue`, `soon` or `risk`."""

    text: str = ""
    state: str = ""
    agency: str = ""
    due: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Board:
    """The counts above the list; `at_risk` are ids that will be late at the present pace, of `pace` answers a day."""

    open: int
    today: int
    overdue: int
    soon: int
    objections: int
    at_risk: frozenset[int]
    pace: float


def board(session: Session, where: Reach, calendar: WorkingCalendar, today: date) -> Board:
    """What is due, and the forecast: open cases are answered in the order of their deadlines at the present pace."""
    owed = session.execute(
        _seen(select(KipCase.id, KipCase.due), where)
        .where(KipCase.state.in_(OWED), KipCase.due.is_not(None))
        .order_by(KipCase.due, KipCase.id)
    ).all()
    soon_end = calendar.add_working_days(today, 3)
    pace = _pace(session, where, calendar, today)
    risk: set[int] = set()
    last, finished = 0, today
    for place, row in enumerate(owed, start=1):
        case_id, due = int(row[0]), row[1]
        days = ceil(place / pace)
        if days > 400:
            risk.add(case_id)
            continue
        if days != last:
            finished = calendar.add_working_days(finished, days - last)
            last = days
        if due >= today and finished > due:
            risk.add(case_id)
    open_ = session.scalar(_seen(select(func.count(KipCase.id)), where).where(KipCase.state.in_(OPEN)))
    filed = select(func.count()).select_from(KipObjection).where(KipObjection.state == "filed")
    return Board(
        open=open_ or 0,
        today=sum(row[1] == today for row in owed),
        overdue=sum(row[1] < today for row in owed),
        soon=sum(today < row[1] <= soon_end for row in owed),
        objections=(session.scalar(filed) or 0) if where.everywhere else 0,
        at_risk=frozenset(risk),
        pace=pace,
    )


def found(
    session: Session, where: Reach, filters: Filters, today: date, calendar: WorkingCalendar, at_risk: frozenset[int]
) -> tuple[list[KipCase], int]:
    """A page of the cases that fit, the most urgent first, and how many there are."""
    wanted = _narrowed(_seen(select(KipCase), where), filters, today, calendar, at_risk)
    total = session.scalar(wanted.with_only_columns(func.count(KipCase.id))) or 0
    rest = KipCase.state.not_in(OPEN)
    ordered = wanted.with_only_columns(KipCase.id).order_by(
        rest, KipCase.next_due.is_(None), KipCase.next_due, KipCase.id.desc()
    )
    ids = session.scalars(ordered.limit(PAGE).offset((filters.page - 1) * PAGE)).all()  # sorted without their texts
    rows = {row.id: row for row in session.scalars(select(KipCase).where(KipCase.id.in_(ids)))}
    return [rows[case_id] for case_id in ids], total


def agencies_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """By case, the agencies that look for its information now."""
    wanted = (
        select(KipRoute.case_id, Organization.abbreviation, Organization.title)
        .join(Organization, Organization.id == KipRoute.organization_id)
        .where(KipRoute.case_id.in_(ids), KipRoute.returned_on.is_(None))
        .order_by(KipRoute.case_id, KipRoute.id)
    )
    told: dict[int, list[str]] = {}
    for case_id, short, title in session.execute(wanted):
        told.setdefault(case_id, []).append(short or title)
    return told


def _seen(wanted: Any, where: Reach) -> Any:
    """Only what the officer may see: everything, or what was passed to the own agencies."""
    if where.everywhere:
        return wanted
    mine = select(KipRoute.case_id).where(KipRoute.organization_id.in_(where.agencies))
    return wanted.where(KipCase.id.in_(mine))


def _narrowed(wanted: Any, filters: Filters, today: date, calendar: WorkingCalendar, at_risk: frozenset[int]) -> Any:
    if filters.text:
        columns = (KipCase.number, KipCase.subject, KipCase.question)
        wanted = wanted.where(or_(*(column.icontains(filters.text, autoescape=True) for column in columns)))
    if filters.state == "open":
        wanted = wanted.where(KipCase.state.in_(OPEN))
    elif filters.state == "objection":
        wanted = wanted.where(KipCase.id.in_(select(KipObjection.case_id).where(KipObjection.state == "filed")))
    elif filters.state:
        wanted = wanted.where(KipCase.state == filters.state)
    if filters.agency:
        routed = (
            select(KipRoute.case_id)
            .join(Organization, Organization.id == KipRoute.organization_id)
            .where(Organization.slug == filters.agency)
        )
        wanted = wanted.where(KipCase.id.in_(routed))
    owed = KipCase.state.in_(OWED)
    if filters.due == "today":
        wanted = wanted.where(owed, KipCase.due == today)
    elif filters.due == "overdue":
        wanted = wanted.where(owed, KipCase.due < today)
    elif filters.due == "soon":
        wanted = wanted.where(owed, KipCase.due > today, KipCase.due <= calendar.add_working_days(today, 3))
    elif filters.due == "risk":
        wanted = wanted.where(KipCase.id.in_(sorted(at_risk)[:5000]))
    return wanted


def _pace(session: Session, where: Reach, calendar: WorkingCalendar, today: date) -> float:
    """Answers a working day, of the last `PACE_DAYS`."""
    start = calendar.add_working_days(today, -PACE_DAYS)
    answered = session.scalar(
        _seen(select(func.count(KipCase.id)), where).where(KipCase.answered_on > start, KipCase.answered_on <= today)
    )
    return max(SLOWEST, (answered or 0) / PACE_DAYS)
