"""Cells in canonical form: point decimals, ISO dates, true and false, tidy text, nothing for "no value"."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from metadata import dates, numbers
from metadata.numbers import Style, Writing
from metadata.reading.grid import Cell, is_blank
from metadata.reading.plans import Plan
from metadata.reading.values import YES

_REMEMBERED = 50_000
_INVISIBLE = re.compile(r"[\x00\ufeff\u200b]")
_NEWLINE = re.compile(r"\r\n?")
_LONG_FRACTION = 10


class _Memory(dict[Cell, str]):
    """Remembers what became of cells, so that a value repeated a million times is worked on once."""

    def __init__(self, make: Callable[[Cell], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, cell: Cell) -> str:
        made = self._make(cell)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = made
        return made


def converter(plan: Plan) -> Callable[[Sequence[Cell]], Sequence[Cell]]:
    """A function that turns the cells of a column into canonical texts as `plan` says; plain columns pass untouched."""
    if plan.plain:
        return lambda cells: cells
    make = {
        "string": _text,
        "integer": _number,
        "number": _number,
        "year": _number,
        "date": _date,
        "datetime": _moment,
        "time": _time,
        "boolean": _truth,
    }[plan.type]
    remembered = _Memory(lambda cell: make(cell, plan))
    return lambda cells: [remembered[cell] for cell in cells]


def _text(cell: Cell, plan: Plan) -> str:
    if not isinstance(cell, str):
        return _native_text(cell)
    text = _NEWLINE.sub("\n", _INVISIBLE.sub("", cell).replace("\xa0", " ")).strip()
    if text in plan.marks:
        return ""
    return text.removesuffix(".0") if plan.point_zero else text


def _native_text(cell: Cell) -> str:
    if isinstance(cell, int | float | Decimal):
        return _machine(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == time(0) else _to_second(cell)
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _machine(cell: float | Decimal) -> str:
    if isinstance(cell, float):
        return numbers.plain(Decimal(format(cell, ".15g")))
    return numbers.plain(Decimal(cell))


def _number(cell: Cell, plan: Plan) -> str:
    if not isinstance(cell, str):
        return _native_text(cell) if not isinstance(cell, float) or math.isfinite(cell) else ""
    if is_blank(cell) or cell.strip() in plan.marks:
        return ""
    figure = numbers.undress(cell.strip("\ufeff\x00"))
    value = figure.value(_reading(figure, plan)) if figure else None
    if value is None:
        return ""
    if plan.point_zero:
        return numbers.plain(value).removesuffix(".0")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _LONG_FRACTION:
        return numbers.plain(Decimal(format(value, ".15g")).normalize())
    return numbers.plain(value)


def _reading(figure: numbers.Figure, plan: Plan) -> Style:
    if figure.writing in (Writing.INDONESIAN, Writing.ENGLISH):
        return Style(figure.writing.value)
    return plan.style or Style.ENGLISH


def _date(cell: Cell, plan: Plan) -> str:
    if isinstance(cell, date):
        return cell.strftime("%Y-%m-%d")
    found = dates.read_date(str(cell), plan.order)
    return found.day.isoformat() if found else ""


def _moment(cell: Cell, plan: Plan) -> str:
    if isinstance(cell, datetime):
        return _to_second(cell)
    if isinstance(cell, date):
        return f"{cell.isoformat()}T00:00:00"
    found = dates.read_date(str(cell), plan.order)
    return f"{found.day.isoformat()}T{(found.clock or time(0)).isoformat()}" if found else ""


def _to_second(moment: datetime) -> str:
    """A moment of a spreadsheet, whose fractions of a second are noise of its floating point days."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat()


def _time(cell: Cell, _: Plan) -> str:
    found = cell if isinstance(cell, time) else dates.read_time(str(cell))
    return found.isoformat() if found else ""


def _truth(cell: Cell, plan: Plan) -> str:
    text = str(cell).strip().casefold()
    if not text or str(cell).strip() in plan.marks:
        return ""
    return "true" if text in YES else "false"
