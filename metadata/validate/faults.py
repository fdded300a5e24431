"""Frictionless' own errors and its reading of a row, made at a fraction of its cost.

An error of frictionless takes 0.2 ms to build, nearly all of it to note which of its properties were set. Those of one
kind differ in their values only, so they are struck from a first one that frictionless has built itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frictionless import Error, Field

MOST_REMEMBERED = 50_000
_Read = tuple[Any, str | None, tuple[str, ...]]
"""The value, the note on its type, the notes on its constraints."""


class Mint:
    """Strikes the errors of one kind. `properties` are its own beyond note, cells and row number."""

    def __init__(self, kind: type[Error], **properties: Any) -> None:
        first: Any = kind(note="", cells=[], row_number=1, **properties)  # type: ignore[call-arg]
        self._kind = kind
        self._template = kind.template
        self._assigned = frozenset(first.metadata_assigned)
        self._names = {name: _camel(name) for name in properties}

    def strike(self, note: str, cells: Sequence[str], number: int, **properties: Any) -> Any:
        """One error, as the constructor of its kind would give it."""
        error = object.__new__(self._kind)
        told: dict[str, Any] = {"note": note, "rowNumber": number}
        for name, alias in self._names.items():
            told[alias] = properties[name]
        put = object.__setattr__
        state = error.__dict__
        state["custom"], state["metadata_defaults"] = {}, {}
        state["metadata_assigned"], state["metadata_initiated"] = set(self._assigned), True
        put(error, "note", note)
        put(error, "cells", list(cells))
        put(error, "row_number", number)
        for name, value in properties.items():
            put(error, name, value)
        put(error, "message", self._template.format_map(told))
        return error


class Reader:
    """Reads rows as frictionless does, and remembers what it read."""

    def __init__(self, fields: Sequence[Field]) -> None:
        from frictionless import errors

        cell = {"cell": "", "field_name": "", "field_number": 1}
        self.names = [field.name for field in fields]
        self.places = {name: at for at, name in enumerate(self.names)}
        self.wrong_type = Mint(errors.TypeError, **cell)
        self.constraint = Mint(errors.ConstraintError, **cell)
        self.extra = Mint(errors.ExtraCellError, **cell)
        self.missing = Mint(errors.MissingCellError, **cell)
        self.unique = Mint(errors.UniqueError, **cell)
        self.blank = Mint(errors.BlankRowError)
        self.key = Mint(errors.PrimaryKeyError)
        self._read: list[Callable[[Any], tuple[Any, dict[str, str] | None]]] = [
            field.create_cell_reader() for field in fields
        ]
        self._known: list[dict[str | None, _Read]] = [{} for _ in fields]

    def read(self, at: int, text: str | None) -> _Read:
        """What the field at `at` makes of a cell; None is one that is not there."""
        known = self._known[at]
        found = known.get(text)
        if found is None:
            value, notes = self._read[at](text)
            others = dict(notes or {})
            wrong = others.pop("type", None)
            found = (value, wrong, tuple(others.values()))
            if len(known) > MOST_REMEMBERED:
                known.clear()
            known[text] = found
        return found


class Suspect:
    """A row with its errors, in the order in which frictionless' `Row` finds them: as its cells are asked for."""

    __slots__ = ("_blanks", "_faults", "_judged", "_reader", "_values", "cells", "row_number")

    def __init__(self, reader: Reader, cells: Sequence[str], number: int) -> None:
        self.cells = cells
        self.row_number = number
        self._reader = reader
        self._values: dict[int, Any] = {}
        self._faults: list[Any] = []
        self._blanks = 0
        self._judged = False

    def __getitem__(self, name: str) -> Any:
        at = self._reader.places[name]
        if at not in self._values:
            self._look(at)
        return self._values[at]

    @property
    def errors(self) -> list[Any]:
        """All of them; more can be added."""
        if not self._judged:
            self._judge()
        return self._faults

    def _look(self, at: int) -> None:
        reader, cells = self._reader, self.cells
        text = cells[at] if at < len(cells) else None
        value, wrong, broken = reader.read(at, text)
        if wrong or broken:
            where = {"cell": str(text), "field_name": reader.names[at], "field_number": at + 1}
            if wrong:
                self._faults.append(reader.wrong_type.strike(wrong, cells, self.row_number, **where))
            for note in broken:
                self._faults.append(reader.constraint.strike(note, cells, self.row_number, **where))
        self._blanks += value is None and not wrong
        self._values[at] = value

    def _judge(self) -> None:
        self._judged = True
        reader, cells = self._reader, self.cells
        width = len(reader.names)
        for at in range(width):
            if at not in self._values:
                self._look(at)
        for at in range(width, len(cells)):
            where = {"cell": cells[at], "field_name": "", "field_number": at + 1}
            self._faults.append(reader.extra.strike("", cells, self.row_number, **where))
        for at in range(len(cells), width):
            where = {"cell": "", "field_name": reader.names[at], "field_number": at + 1}
            self._faults.append(reader.missing.strike("", cells, self.row_number, **where))
        if self._blanks == width:
            self._faults = [reader.blank.strike("", cells, self.row_number)]


def _camel(name: str) -> str:
    head, *others = name.split("_")
    return head + "".join(map(str.capitalize, others))
