"""The verdict on a column's cells: each distinct text once, by the field's own reader or by the same done in bulk."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frictionless import Field

MOST_REMEMBERED = 50_000
"""Distinct texts of a column whose verdict is kept; a column with more is judged block by block."""

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}")
_ENDS: dict[str, tuple[Callable[[Iterable[Any]], Any], Callable[[Any, Any], Any]]] = {
    "minimum": (min, operator.ge),
    "maximum": (max, operator.le),
    "exclusiveMinimum": (min, operator.gt),
    "exclusiveMaximum": (max, operator.lt),
}
_Read = Callable[[Sequence[str]], Sequence[Any]]
_Fits = Callable[[Sequence[Any]], bool]


class Column:
    """The verdicts on one column; `look` first, then ask.

    `faulty` are the texts met so far that have errors, `missing` those that stand for no value (one can be both, where
    a value is required). `field` must be the schema's own: a copy of it has lost the schema's missing values.

    A text is good when the field's own reader says so, or when all new texts of a block pass the reader's conversion
    and constraints at once, in C. In any doubt (an exception, one that does not fit) each goes to the reader.
    """

    def __init__(self, field: Field) -> None:
        self.faulty: set[str] = set()
        self.missing: set[str] = set()
        self._read = field.create_cell_reader()
        self._good: set[str] = set()
        self._marks = frozenset(missing_values(field))
        self._bulk = _bulk_reader(field)
        self._fits = _bulk_constraints(field)
        self._is_text = field.type == "string" and field.format == "default"
        self._values: dict[str, Any] = {}
        self._remembers = True

    def look(self, cells: Sequence[str]) -> set[str]:
        """Judge the texts of a block that are new; gives the distinct texts of the block."""
        if len(self.faulty) > MOST_REMEMBERED:
            self.faulty.clear()
        present = set(cells)
        new = present.difference(self._good, self.faulty, self.missing)
        if new:
            self._judge(new)
        return present

    def values(self, cells: Sequence[str], present: set[str]) -> Sequence[Any]:
        """What frictionless would read from each cell; None for no value and for what is of another type."""
        if present.isdisjoint(self._marks):
            if self._is_text:
                return cells
            if self._bulk is not None:
                try:
                    return self._bulk(cells)
                except (ValueError, ArithmeticError):
                    pass
        known = self._values
        for text in present - known.keys():
            known[text] = self._read(text)[0]
        found = [known[text] for text in cells]
        if len(known) > MOST_REMEMBERED:
            known.clear()
        return found

    def _judge(self, new: set[str]) -> None:
        doubtful = new & self._marks
        others = new - doubtful
        if not self._passes(others):
            doubtful = new
        for text in doubtful:
            value, notes = self._read(text)
            if notes:
                self.faulty.add(text)
            if value is None and not (notes and "type" in notes):
                self.missing.add(text)
        if len(self._good) + len(new) > MOST_REMEMBERED:
            self._remembers = False
            self._good.clear()
        if self._remembers:
            self._good |= new.difference(self.faulty, self.missing)

    def _passes(self, texts: set[str]) -> bool:
        if not texts or self._bulk is None or self._fits is None:
            return not texts
        try:
            return self._fits(self._bulk(list(texts)))
        except (ValueError, ArithmeticError, TypeError):
            return False


def missing_values(field: Field) -> list[str]:
    """As the field's reader takes them: its own when it declares any, else the schema's."""
    if not field.has_defined("missing_values") and field.schema is not None:
        return field.schema.missing_values
    return field.missing_values


def _bulk_reader(field: Field) -> _Read | None:
    """The reader's conversion of many texts, raising when one of them would fail; None when there is no such short cut.

    Each does what frictionless' own reader of that type does with a text (5.21, `frictionless/fields`).
    """
    dressed = {"group_char", "decimal_char", "bare_number"}.intersection(field.list_defined())
    if field.type == "string" and field.format == "default":
        return lambda texts: texts
    if field.type == "integer" and not dressed:
        return lambda texts: list(map(int, texts))
    if field.type == "number" and not dressed:
        return _floats if getattr(field, "float_number", False) else lambda texts: list(map(Decimal, texts))
    if field.type == "datetime" and field.format == "default":
        return _moments
    return None


def _floats(texts: Sequence[str]) -> list[float]:
    found = list(map(float, texts))
    if not all(map(isfinite, found)):
        raise ValueError("a float without an order")
    return found


def _moments(texts: Sequence[str]) -> list[datetime]:
    if not all(map(_MOMENT.fullmatch, texts)):
        raise ValueError("a moment in another form")
    return list(map(datetime.fromisoformat, texts))


def _bulk_constraints(field: Field) -> _Fits | None:
    """Whether values that are there all meet the field's constraints; None when a constraint has no short cut."""
    checks: list[_Fits] = []
    convert = field.create_value_reader()
    for name in field.supported_constraints:
        limit = field.constraints.get(name)
        if limit is None or name == "required":
            continue
        check = _bulk_constraint(name, limit, convert)
        if check is None:
            return None
        checks.append(check)
    return lambda values: all(check(values) for check in checks)


def _bulk_constraint(name: str, limit: Any, convert: Callable[[Any], Any]) -> _Fits | None:
    if name in _ENDS:
        extreme, compare = _ENDS[name]
        bound = convert(limit)
        return lambda values: bool(compare(extreme(values), bound))
    if name in ("minLength", "maxLength"):
        extreme, compare = _ENDS[name.replace("Length", "imum")]
        return lambda values: bool(compare(extreme(map(len, values)), limit))
    if name == "pattern":
        matches = re.compile(f"^{limit}$").match
        return lambda values: all(map(matches, values))
    return frozenset(map(convert, limit)).issuperset if name == "enum" else None
