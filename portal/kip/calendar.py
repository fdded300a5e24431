"""Working days (*hari kerja*): which days count, what was known of them when, and how far a deadline lies.

Monday to Friday (Perpres 21/2023 Pasal 3) without national holidays and collective leave (Pasal 6; leave binds by the
yearly Keppres). Decrees change within the year: each day carries the date on which it was decided, so that a deadline
can be computed as it was known on any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DESK_ZONE: Final = ZoneInfo("Asia/Jakarta")
MONDAY_TO_FRIDAY: Final = frozenset(range(5))
HORIZON = 3660
"""Days after which a search for a working day gives up: a calendar without one is a mistake."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says.

    `kind` is "holiday", "leave" (*cuti bersama*) or "working" (a day off that was taken back). `decided_on` is the day
    of the decree, None for what was known beforehand; of two entries for one day the one decided later holds.
    `provisional` marks estimates, such as feasts that hang on the sight of the moon.
    """

    day: date
    kind: str
    name: str = ""
    source: str = ""
    decided_on: date | None = None
    provisional: bool = False


def desk_date(moment: date | datetime) -> date:
    """The local day of a moment at the desk (WIB); a moment without a zone is taken as the desk's own time."""
    if not isinstance(moment, datetime):
        return moment
    return moment.date() if moment.tzinfo is None else moment.astimezone(DESK_ZONE).date()


@dataclass(frozen=True)
class WorkingCalendar:
    """The days of the desk. Immutable: a change of the table is another calendar."""

    days: tuple[SpecialDay, ...] = ()
    working_week: frozenset[int] = MONDAY_TO_FRIDAY
    collective_leave_is_off: bool = True
    first_day: str = "next_working_day"
    _off: dict[date, bool] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self.working_week:
            raise ValueError("a calendar needs a working day in its week")
        for entry in sorted(self.days, key=lambda entry: entry.decided_on or date.min):
            self._off[entry.day] = entry.kind == "holiday" or (entry.kind == "leave" and self.collective_leave_is_off)

    def is_working_day(self, day: date) -> bool:
        """Whether the desk works on that day."""
        return day.weekday() in self.working_week and not self._off.get(day, False)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day strictly after `day`; before it when negative; `day` itself for 0.

        A day off as start behaves like the working day before it. With `first_day="same_day"` the day itself counts.
        """
        if count == 0:
            return day
        step = timedelta(days=1 if count > 0 else -1)
        at = day - step if self.first_day == "same_day" else day
        left = abs(count)
        for _ in range(HORIZON):
            at += step
            if self.is_working_day(at):
                left -= 1
                if left == 0:
                    return at
        raise ValueError(f"no {count} working days within ten years of {day}")

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative when `end` lies before."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def known_on(self, day: date) -> WorkingCalendar:
        """The calendar as it was known on a day: without what was decided later."""
        known = tuple(entry for entry in self.days if entry.decided_on is None or entry.decided_on <= day)
        return self if len(known) == len(self.days) else replace(self, days=known)

    def due(self, start: date, count: int, *, told_on: date, as_of: date) -> date:
        """The deadline `count` working days after `start`, as it holds on `as_of`.

        Whenever a decree changes the calendar the deadline is computed anew, but a date that was once told to an
        applicant never moves earlier: the latest of all dates that were right at some time from `told_on` holds.
        """
        return max(self.known_on(day).add_working_days(start, count) for day in self._turns(told_on, as_of))

    def moved(self, start: date, count: int, *, told_on: date, as_of: date) -> list[tuple[date, date]]:
        """Each change of a deadline since it was told: the day of the decree and the date that held from then."""
        changes: list[tuple[date, date]] = []
        held = self.known_on(told_on).add_working_days(start, count)
        for day in sorted(set(self._turns(told_on, as_of)) - {told_on}):
            now = max(held, self.known_on(day).add_working_days(start, count))
            if now != held:
                changes.append((day, now))
                held = now
        return changes

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether a deadline from `start` to `end` touches days only estimated, or years nobody has decreed."""
        if any(entry.provisional and start <= entry.day <= end for entry in self.days):
            return True
        decreed = {entry.day.year for entry in self.days}
        return any(year not in decreed for year in range(start.year, end.year + 1))

    def _turns(self, told_on: date, as_of: date) -> Iterator[date]:
        yield told_on
        for entry in self.days:
            if entry.decided_on is not None and told_on < entry.decided_on <= as_of:
                yield entry.decided_on


DECIDED: Final = {date(2025, 8, 18): date(2025, 8, 7)}
"""Days that were added within their year, with the day of the decree (SKB 3 Menteri)."""


def seed_days(years: Iterable[int]) -> tuple[SpecialDay, ...]:
    """The first content of the table: holidays and collective leave of Indonesia as the library `holidays` knows them.

    Its default category lacks collective leave; feasts it only estimates are marked as provisional.
    """
    from holidays import GOVERNMENT, PUBLIC  # late: only the seeding needs it
    from holidays.countries.indonesia import Indonesia

    years = sorted(set(years))
    found: list[SpecialDay] = []
    for kind, category in (("holiday", PUBLIC), ("leave", GOVERNMENT)):
        for day, name in Indonesia(years=years, categories=(category,), language="id").items():
            found.append(
                SpecialDay(
                    day,
                    kind,
                    name,
                    source="pustaka holidays",
                    decided_on=DECIDED.get(day),
                    provisional="perkiraan" in name.casefold(),
                )
            )
    return tuple(sorted(found, key=lambda entry: (entry.day, entry.kind)))
