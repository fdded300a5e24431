"""The columns of a table as a question sees them: what they are called, what they mean, how they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datasets.query.errors import UnknownColumn, shown
from datasets.query.question import Function, Operator

_PRESENCE = (Operator.MISSING, Operator.NOTMISSING)
_SAME = (Operator.EQ, Operator.NE)
_ORDER = (*_SAME, Operator.LT, Operator.LE, Operator.GT, Operator.GE)

OPERATORS: Mapping[str, tuple[Operator, ...]] = {
    "string": (*_ORDER, Operator.CONTAINS, Operator.STARTSWITH, *_PRESENCE),
    "boolean": (*_SAME, *_PRESENCE),
    **dict.fromkeys(("integer", "number", "year", "date", "datetime", "time"), (*_ORDER, *_PRESENCE)),
}
FUNCTIONS: Mapping[str, tuple[Function, ...]] = {
    **dict.fromkeys(("integer", "number"), tuple(f for f in Function if f is not Function.COUNT)),
    **dict.fromkeys(("year", "date", "datetime", "time", "string"), (Function.MIN, Function.MAX)),
    "boolean": (),
}
STORED = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "year": "INTEGER",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "time": "TIME",
}


@dataclass(frozen=True, slots=True)
class ShapeColumn:
    """One column: `type` is what it can be asked as (a number kept as text is a string), `stored` its SQL type."""

    name: str
    title: str
    type: str
    stored: str
    position: int
    unit: str | None = None
    description: str | None = None

    @property
    def place(self) -> str:
        """Its identifier in SQL: made from the position, never from a name."""
        return f"c{self.position}"


@dataclass(frozen=True, slots=True)
class TableShape:
    """The columns in order."""

    columns: tuple[ShapeColumn, ...]
    _by_name: dict[str, ShapeColumn] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {column.name: column for column in self.columns})

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def column(self, name: str) -> ShapeColumn:
        """The column of that very name. Raises `UnknownColumn`, which lists the valid ones."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownColumn(column=shown(name), valid=tuple(self._by_name)) from None


def shape_of(schema: Mapping[str, Any], stored: Mapping[str, str] | None = None) -> TableShape:
    """The shape told by a Table Schema; `stored` are the SQL types found in the file, guessed where not given."""
    columns = []
    for position, described in enumerate(schema["fields"]):
        declared = described.get("type", "string")
        declared = declared if declared in OPERATORS else "string"
        kept = (stored or {}).get(described["name"], STORED.get(declared, "VARCHAR"))
        columns.append(
            ShapeColumn(
                name=described["name"],
                title=described.get("title") or described["name"],
                type="string" if kept == "VARCHAR" else declared,
                stored=kept,
                position=position,
                unit=described.get("unit"),
                description=described.get("description"),
            )
        )
    return TableShape(tuple(columns))
