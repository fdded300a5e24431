"""The desk's figures for everybody, as they are now: counts, how fast, how decided; small cells are joined."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from datasets.models import Organization
from portal.kip.calendar import WorkingCalendar
from portal.kip.models import KipCase, KipMet, KipObjection, KipRoute
from portal.kip.store.rules import load_calendar

SMALL = 5
"""A cell of a breakdown with fewer cases could tell who they were: it is joined with others."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A year of the desk. `median_days` and the shares are of answered requests, in working days from the start of the
    clock; breakdowns hold (what, how many) with "" for the small ones joined."""

    year: int
    received: int
    open: int
    answered: int
    late: int
    objections: int
    met: int
    median_days: float | None
    within_ten: float | None
    within_seventeen: float | None
    decisions: tuple[tuple[str, int], ...]
    agencies: tuple[tuple[str, int], ...]


def of_year(session: Session, year: int) -> Figures:
    """The figures of requests registered in a year."""
    mine = KipCase.year == year
    # Counted by the database: ten thousand rows never become objects.
    cells = session.execute(
        select(KipCase.state, KipCase.decision, KipCase.late, KipCase.answered_on.is_not(None), func.count())
        .where(mine)
        .group_by(KipCase.state, KipCase.decision, KipCase.late, KipCase.answered_on.is_not(None))
    ).all()
    began = KipCase.dates["clock_start"].as_string().label("began")
    spans = session.execute(
        select(began, KipCase.answered_on, func.count())
        .where(mine, KipCase.answered_on.is_not(None))
        .group_by("began", KipCase.answered_on)
    ).all()
    between = _working_days(load_calendar(session, date(year, 7, 1)), year)
    used: Counter[int] = Counter()
    for start, answered, count in spans:
        if start:
            used[between(date.fromisoformat(start), answered)] += count
    decided: Counter[str] = Counter()
    for _state, decision, _late, _answered, count in cells:
        if decision:
            decided[decision] += count
    agencies = session.execute(
        select(Organization.title, func.count())
        .join(KipRoute, KipRoute.organization_id == Organization.id)
        .join(KipCase, KipCase.id == KipRoute.case_id)
        .where(mine)
        .group_by(Organization.title)
    ).all()
    return Figures(
        year=year,
        received=sum(cell[4] for cell in cells),
        open=sum(cell[4] for cell in cells if cell[0] in ("received", "incomplete", "in_process", "extended")),
        answered=sum(cell[4] for cell in cells if cell[3]),
        late=sum(cell[4] for cell in cells if cell[2]),
        objections=session.scalar(select(func.count()).where(KipObjection.year == year)) or 0,
        met=session.scalar(select(func.count()).where(extract("year", KipMet.at) == year)) or 0,
        median_days=median(used.elements()) if used else None,
        within_ten=_share(used, 10),
        within_seventeen=_share(used, 17),
        decisions=joined(decided),
        agencies=joined(Counter(dict(agencies))),
    )


def _share(used: Counter[int], most: int) -> float | None:
    return sum(count for days, count in used.items() if days <= most) / used.total() if used else None


def joined(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    """(what, how many), the most frequent first; cells too small to be told are one, "", which is not small itself."""
    large = [(name, count) for name, count in counts.most_common() if count >= SMALL]
    rest = sum(counts.values()) - sum(count for _, count in large)
    while 0 < rest < SMALL and large:  # what is left over must not be small either
        rest += large.pop()[1]
    return (*large, ("", rest)) if rest else tuple(large)


class _working_days:  # noqa: N801 - a function with a table
    """How many working days lie between two days, by a table of all days of these years made once."""

    def __init__(self, calendar: WorkingCalendar, year: int) -> None:
        first = date(year - 1, 1, 1).toordinal()
        self._first, self._sums = first, [0]
        for ordinal in range(first, date(year + 3, 1, 1).toordinal()):
            self._sums.append(self._sums[-1] + calendar.is_working_day(date.fromordinal(ordinal)))

    def __call__(self, start: date, end: date) -> int:
        last = len(self._sums) - 1
        low, high = (min(max(0, day.toordinal() - self._first + 1), last) for day in (start, end))
        return self._sums[high] - self._sums[low]
