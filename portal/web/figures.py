"""Figures, dates and sizes as a reader of the page's language writes them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from portal.config import TIMEZONE
from portal.web.i18n import current_language

_UNITS = ("B", "kB", "MB", "GB", "TB")
_SHORT = {
    "id": ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta")),
    "en": ((10**12, "tn"), (10**9, "bn"), (10**6, "m")),
}


def number(value: float, decimals: int | None = None) -> str:
    """1.234.567,8 in Indonesian, 1,234,567.8 in English; `decimals` fixes the places behind the comma."""
    pattern = None if decimals is None else f"#,##0.{'0' * decimals}".rstrip(".")
    return format_decimal(value, format=pattern, locale=current_language())


def short_number(value: int) -> str:
    """A large count for a tile: "1,2 juta"; below a million it stays exact."""
    for size, word in _SHORT[current_language()]:
        if value >= size:
            return f"{number(round(value / size, 1))} {word}"
    return number(value)


def day(moment: datetime | date) -> str:
    """24 November 2026, in the portal's own time zone."""
    return format_date(_local(moment), format="d MMMM y", locale=current_language())


def short_day(moment: datetime | date) -> str:
    """24 Nov 2026."""
    return format_date(_local(moment), format="d MMM y", locale=current_language())


def minute(moment: datetime) -> str:
    """24 November 2026 14.05 WIB."""
    local = moment.astimezone(ZoneInfo(TIMEZONE))
    clock = "HH.mm" if current_language() == "id" else "HH:mm"
    return f"{format_datetime(local, format=f'd MMMM y {clock}', locale=current_language())} WIB"


def size(octets: int) -> str:
    """A file's size in decimal units: 1,4 MB."""
    amount, unit = float(octets), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{number(round(amount, 0 if unit < 2 else 1))} {_UNITS[unit]}"


def span(first: int | None, last: int | None) -> str:
    """Years as "2014–2024", one year alone, or nothing."""
    years = [year for year in (first, last) if year is not None]
    return "–".join(str(year) for year in dict.fromkeys(years))


def _local(moment: datetime | date) -> date:
    return moment.astimezone(ZoneInfo(TIMEZONE)).date() if isinstance(moment, datetime) else moment
