"""Dates as Indonesian offices write them, read to ISO and written in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

Order = Literal["dmy", "mdy"]

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari pebruari february feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu ags agt aug agust",
            "september sep sept",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}
"""Names and abbreviations of months, old spelling and English ones among them."""

_DAYS = (
    r"(?:(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\s*,?\s+)?"
)
_WORDS = re.compile(rf"{_DAYS}(\d{{1,2}})[\s\-./]+([a-z]{{3,9}})\.?[\s\-./,]+(\d{{4}}|\d{{2}})", re.IGNORECASE)
_FIGURES = re.compile(rf"{_DAYS}(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?\s*(?:wib|wita|wit)?"
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*(?:wib|wita|wit)?", re.IGNORECASE)
_MOMENT = re.compile(rf"(.+?\d)(?:T|,?\s+(?:pukul\s+|jam\s+)?)({_CLOCK})", re.IGNORECASE)
_CENTURY = 69
"""Two-digit years up to this one are of this century, as POSIX has it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A date or moment found in a text. `proves` is the order of day and month when the figures allow but one."""

    day: date
    clock: time | None = None
    proves: Order | None = None
    certain: bool = True


def read_date(text: str, order: Order = "dmy") -> Written | None:
    """The date in `text`: ISO, `17/08/2024`, `17-8-24`, `17 Agustus 2024`, `Sabtu, 17 Agt 2024`; with a time or not.

    None when it is none. Figures that allow both orders are read in `order` and are not `certain`; those that allow
    only the other one are read so and say it in `proves`.
    """
    text = text.strip()
    clock = None
    if moment := _MOMENT.fullmatch(text):
        clock = read_time(moment[2])
        if clock is None:
            return None
        text = moment[1].strip()
    found = _day(text, order)
    if found is None or clock is None:
        return found
    return Written(day=found.day, clock=clock, proves=found.proves, certain=found.certain)


def read_time(text: str) -> time | None:
    """The time of day in `text` (`07:30`, `07.30 WIB`, `23:59:59.25`), as local time.

    None when it is none, when it names a zone beyond Indonesia's own, or is finer than a millionth of a second.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None or (found[4] or "")[6:].strip("0"):
        return None
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0), int((found[4] or "0")[:6].ljust(6, "0")))
    except ValueError:
        return None


def parse_date(text: str, order: Order = "dmy") -> date | None:
    """The day that `text` names, None when it names none or a moment; see `read_date`."""
    found = read_date(text, order)
    return found.day if found and found.clock is None else None


def format_date(day: date, language: str = "id") -> str:
    """A date in words: `17 Agustus 2024`, `17 August 2024`; a datetime with its time."""
    from babel.dates import format_date as in_words  # late: 0.1 s, and only pages need it

    text = in_words(day, "d MMMM y", locale="en_GB" if language == "en" else "id_ID")
    return f"{text} {day:%H:%M}" if isinstance(day, datetime) else text


def _day(text: str, order: Order) -> Written | None:
    if found := _ISO.fullmatch(text):
        return _made(int(found[1]), int(found[3]), int(found[4]))
    if found := _WORDS.fullmatch(text):
        month = MONTHS.get(found[2].lower())
        return _made(_year(found[3]), month, int(found[1])) if month else None
    if found := _FIGURES.fullmatch(text):
        if found[2] == "." and len(found[4]) == 2:
            return None  # 5.1.02 is an account, not a day
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        if first > 12 or second > 12:
            proven: Order = "dmy" if first > 12 else "mdy"
            day, month = (first, second) if proven == "dmy" else (second, first)
            return _made(year, month, day, proves=proven)
        day, month = (first, second) if order == "dmy" else (second, first)
        return _made(year, month, day, certain=first == second)
    return None


def _made(year: int, month: int, day: int, *, proves: Order | None = None, certain: bool = True) -> Written | None:
    try:
        return Written(date(year, month, day), proves=proves, certain=certain)
    except ValueError:
        return None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year <= _CENTURY else 1900)
