"""Cells as a reader sees them: Indonesian figures and dates, what is missing as missing, long texts cut."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from metadata.numbers import format_number
from portal.web.i18n import current_language

MISSING = "–"
LONGEST = 280
MOST_DECIMALS = 6
_ALIKE = 0.5  # share of a page's figures that must have decimals before all are given the same number of them
_MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the cells of one column in one language. `decimals` None: as many as each figure has."""

    type: str
    language: str
    decimals: int | None = None

    def write(self, value: Any) -> str:
        """The cell in words; `MISSING` for none."""
        match value:
            case None | "":
                return MISSING
            case bool():
                return {"id": ("tidak", "ya"), "en": ("no", "yes")}[self.language][value]
            case int() | float() | Decimal():
                return str(value) if self.type == "year" else figure(value, self.decimals, self.language)
            case datetime():
                return (
                    f"{self._day(value)} {value:%H:%M}"
                    if self.language == "en"
                    else f"{self._day(value)} {value:%H.%M}"
                )
            case date():
                return self._day(value)
        text = str(value)
        return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"

    def _day(self, value: date) -> str:
        return f"{value.day} {_MONTHS[self.language][value.month - 1]} {value.year}"


def writer(kind: str, values: Sequence[Any]) -> Writer:
    """A writer for a column of type `kind`, of which `values` are on the page.

    Figures of one kind get one number of decimals, so that commas stand under each other; a column that mixes whole
    counts with ratios keeps each figure as it is.
    """
    return Writer(type=kind, language=current_language(), decimals=_decimals(values) if kind == "number" else None)


def figure(value: float | Decimal, decimals: int | None, language: str) -> str:
    """1.234.567,8 in Indonesian, 1,234,567.8 in English; without `decimals` all that the value has, at most six.

    A small figure is never rounded to nothing.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "NaN"
    if decimals is None and places(value) > MOST_DECIMALS and abs(float(value)) >= 0.001:
        decimals = MOST_DECIMALS
    return format_number(value, decimals, language).replace("-", "−")


def in_figures(value: float) -> str:
    """A count or a rounded figure in the page's language."""
    return figure(value, None, current_language())


def places(value: float | Decimal) -> int:
    """Digits behind the point, of the 15 that a float has."""
    text = f"{Decimal(f'{value:.15g}'):f}" if isinstance(value, float) else f"{Decimal(value):f}"
    return len(text.partition(".")[2])


def _decimals(values: Sequence[Any]) -> int | None:
    have = [places(value) for value in values if isinstance(value, float | Decimal | int)]
    if not have or sum(1 for count in have if count) < _ALIKE * len(have):
        return None
    most = max(have)
    return most if most <= 4 else None
