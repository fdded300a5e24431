"""The text of a filter's value: what it means for a column, and its one canonical form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal

from datasets.query.cells import text_cell
from datasets.query.errors import BadValue, shown
from datasets.query.shape import ShapeColumn

LONGEST = 1_000
EXACT = Context(prec=1_200)  # of decimals: Python's own would round to 28 digits
_PLAIN = re.compile(r"[+-]?(\d{1,60}(\.\d{0,60})?|\.\d{1,60})([eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d{1,3}(\.\d{3}){2,}|[+-]?\d+,\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_TRUE = {"true", "1", "ya", "benar", "yes"}
_FALSE = {"false", "0", "tidak", "salah", "no"}
_EXPECTED = {
    "integer": "2024",
    "year": "2024",
    "number": "1234.5",
    "boolean": "true, false",
    "date": "2024, 2024-08, 2024-08-17",
    "datetime": "2024-08, 2024-08-17, 2024-08-17T10:00:00",
    "time": "10:00, 10:00:00",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, open at its end: `2024-08` is all of August. A single moment has no end."""

    start: date | datetime
    end: date | datetime | None = None


Value = str | Decimal | bool | time | Span


def value_of(column: ShapeColumn, text: str) -> Value:
    """What `text` means for `column`. Raises `BadValue` with an example of what would do."""
    try:
        if len(text) > LONGEST or (not text.isprintable() and column.type != "string"):
            raise ValueError("too long")
        text.encode()
        return _value(column, text if column.type == "string" else text.strip())
    except (ValueError, OverflowError) as error:
        expected = _EXPECTED.get(column.type, "≤ 1000")
        raise BadValue(value=shown(text), argument=column.name, expected=expected) from error


def canonical_text(column: ShapeColumn, text: str) -> str:
    """The one text for all that mean the same: `TRUE` → `true`, `1.234,50` → `1234.5`."""
    value = value_of(column, text)
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        value = EXACT.plus(value)  # no minus before a zero
        return text_cell(value) if -60 < value.adjusted() < 60 else str(value.normalize(EXACT))
    if isinstance(value, bool | time):
        return text_cell(value)
    return text.strip() if value.end is not None else text_cell(value.start)


def _value(column: ShapeColumn, text: str) -> Value:
    match column.type:
        case "integer" | "year" | "number":
            return _number(text, whole=column.type != "number")
        case "boolean":
            if text.lower() not in _TRUE | _FALSE:
                raise ValueError(text)
            return text.lower() in _TRUE
        case "date":
            return _span(text)
        case "datetime":
            return _moment(text, zoned="WITH TIME ZONE" in column.stored or column.stored == "TIMESTAMPTZ")
        case "time":
            return time.fromisoformat(text)
    return text


def _number(text: str, *, whole: bool) -> Decimal:
    """Machine form; and Indonesian form where it cannot be taken for another number."""
    if whole and _THOUSANDS.fullmatch(text):
        return Decimal(text.replace(".", ""))
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    raise ValueError(text)


def _span(text: str) -> Span:
    found = _PERIOD.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    start = date(year or 0, month or 1, day or 1)
    if day:
        return Span(start, start + timedelta(days=1)) if start < date.max else Span(start)
    months = 1 if month else 12
    index = start.year * 12 + start.month - 1 + months
    return Span(start, date(index // 12, index % 12 + 1, 1))


def _moment(text: str, *, zoned: bool) -> Span:
    zone = UTC if zoned else None
    if _PERIOD.fullmatch(text):
        span = _span(text)
        end = datetime.combine(span.end, time(), tzinfo=zone) if span.end else None
        return Span(datetime.combine(span.start, time(), tzinfo=zone), end)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return Span(moment.replace(tzinfo=zone))
