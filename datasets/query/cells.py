"""How a cell is written outside the engine: in JSON, and as text."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from decimal import Decimal

Cell = str | int | float | bool | Decimal | date | datetime | time | None
JsonCell = str | int | float | bool | None


def json_cell(value: Cell) -> JsonCell:
    """A JSON value. Exact decimals, kept as such because a double would lose digits, are text; dates are ISO text.

    NaN and the infinities, which JSON does not know, are written as Table Schema writes them: `NaN`, `INF`, `-INF`.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else text_cell(value)
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else text_cell(value)
    return text_cell(value)


def text_cell(value: Cell) -> str:
    """The canonical text: point decimals without trailing zeros, ISO dates, `true`/`false`, empty for missing."""
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case float():
            text = _number(value)
        case Decimal():
            text = f"{value:f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
        case datetime(tzinfo=zone) if zone is not None:
            text = _trimmed(value.astimezone(UTC).replace(tzinfo=None).isoformat()) + "Z"
        case date() | time():
            text = _trimmed(value.isoformat())
        case _:
            text = str(value)
    return text


def tidy(value: float | None) -> float | None:
    """A computed figure to 15 significant digits: the order of adding, which threads change, shows beyond them."""
    return value if value is None or not math.isfinite(value) else float(f"{value:.15g}")


def _trimmed(moment: str) -> str:
    """`10:30:00.500000` → `10:30:00.5`."""
    return moment.rstrip("0") if "." in moment else moment


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return str(int(value)) if value == int(value) and abs(value) < 1e16 else repr(value)
