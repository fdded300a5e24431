"""Cron lines: minute, hour, day, month, day of the week (0 and 7 are Sunday), as crontab(5) has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from metadata.errors import LumbungError
from metadata.terms import Bilingual

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_NAMES = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}
_YEARS = 8
"""29 February is at most so many years away (1896 to 1904); what is later never comes."""


class ScheduleMistaken(LumbungError):
    """A schedule that is no cron line, or names a day that never comes."""

    code = "schedule.mistaken"
    status = 422
    text = Bilingual(
        id="Jadwal “{line}” bukan baris cron (menit jam tanggal bulan hari), misalnya “30 4 * * 1-5”.",
        en="Schedule “{line}” is not a cron line (minute hour day month weekday), such as “30 4 * * 1-5”.",
    )


@dataclass(frozen=True, slots=True)
class Cron:
    """The minutes, hours, days, months and days of the week at which something is due."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def after(self, moment: datetime) -> datetime:
        """The first minute later than `moment`, in its zone. Raises `ScheduleMistaken` when there is none."""
        time = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        last = moment.year + _YEARS
        while time.year <= last:
            if time.month not in self.months:
                time = (time.replace(day=1, hour=0, minute=0) + timedelta(days=32)).replace(day=1)
            elif not self._on(time):
                time = time.replace(hour=0, minute=0) + timedelta(days=1)
            elif time.hour not in self.hours:
                time = time.replace(minute=0) + timedelta(hours=1)
            elif time.minute not in self.minutes:
                time += timedelta(minutes=1)
            else:
                return time
        raise ScheduleMistaken(line=str(sorted(self.days)))

    def _on(self, time: datetime) -> bool:
        """Either of day and weekday when both are restricted, as every cron does."""
        day, weekday = time.day in self.days, time.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return day and weekday
        return day or weekday


def parse(line: str) -> Cron:
    """A cron line: `*`, numbers, `a-b`, `*/n`, `a-b/n` and lists of these; or @hourly, @daily, @weekly, @monthly.

    Raises `ScheduleMistaken`.
    """
    parts = _NAMES.get(line.strip().lower(), line).split()
    if len(parts) != len(_FIELDS):
        raise ScheduleMistaken(line=line)
    try:
        sets = [_set(part, low, high) for part, (_, low, high) in zip(parts, _FIELDS, strict=True)]
    except ValueError as error:
        raise ScheduleMistaken(line=line) from error
    weekdays = frozenset(day % 7 for day in sets[4])
    return Cron(
        sets[0], sets[1], sets[2], sets[3], weekdays, any_day=parts[2][0] == "*", any_weekday=parts[4][0] == "*"
    )


def _set(text: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for item in text.split(","):
        span, slash, step = item.partition("/")
        first, dash, last = span.partition("-")
        start, end = (
            (low, high) if span == "*" else (int(first), int(last) if dash else (high if slash else int(first)))
        )
        if not low <= start <= end <= high or (slash and int(step) < 1):
            raise ValueError(item)
        found.update(range(start, end + 1, int(step) if slash else 1))
    return frozenset(found)
