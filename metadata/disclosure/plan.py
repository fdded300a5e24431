"""The declared tables fitted to the columns of a file: which column is what, and what of it is specific data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metadata.disclosure.errors import ColumnMissing, TooSpecific
from metadata.disclosure.lattice import Layout
from metadata.disclosure.rules import Aggregate, Microdata, patterns_match
from metadata.reading.table import Column


@dataclass(frozen=True, slots=True)
class Planned:
    """A declared table with the names of its columns; `places` are those of its categories among the run's."""

    declared: Aggregate
    places: tuple[int, ...]
    indicators: tuple[str, ...]
    sums: tuple[str, ...]
    means: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def layout(self) -> Layout:
        """Its regions and categories."""
        return Layout(self.declared.depth, frozenset(self.places))

    @property
    def amounts(self) -> tuple[str, ...]:
        """Every column that it adds up."""
        return tuple(dict.fromkeys((*self.sums, *self.means)))


@dataclass(frozen=True, slots=True)
class Plan:
    """All tables of a run. Columns are canonical names; `columns` gives what is known of each."""

    rule: Microdata
    columns: dict[str, Column]
    regions: tuple[str, ...]
    period: str | None
    categories: tuple[str, ...]
    tables: tuple[Planned, ...]
    specific: frozenset[str]

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator of any table, in the order of the file."""
        wanted = {name for table in self.tables for name in table.indicators}
        return tuple(name for name in self.columns if name in wanted)

    @property
    def amounts(self) -> tuple[str, ...]:
        """Every column that any table adds up, in the order of the file."""
        wanted = {name for table in self.tables for name in table.amounts}
        return tuple(name for name in self.columns if name in wanted)

    def title(self, name: str) -> str:
        """The printed title of a column."""
        return self.columns[name].title or name


def make_plan(rule: Microdata, columns: Sequence[Column]) -> Plan:
    """Fit `rule` to the columns of a table. Raises `ColumnMissing`, `TooSpecific`.

    Specific columns that a pattern catches are left out below the kecamatan; one that is named there is an error.
    """
    known = {column.name: column for column in columns}
    specific = frozenset(name for name, column in known.items() if patterns_match(rule.specific, name, column.title))
    for wanted in rule.specific:
        _some(known.values(), wanted)
    depth = rule.depth()
    regions = tuple(_one(known.values(), name) for name in (rule.kecamatan, rule.desa)[:depth] if name)
    by = {name: _one(known.values(), name) for table in rule.aggregates for name in table.by}
    categories = tuple(dict.fromkeys(by.values()))
    tables = []
    for declared in rule.aggregates:
        places = tuple(categories.index(by[name]) for name in declared.by)
        for name in declared.by:
            _refuse(declared, known[by[name]], specific)
        found = [
            _measures(known, declared, wanted, specific)
            for wanted in (declared.indicators, declared.sums, declared.means)
        ]
        indicators, sums, means = (tuple(told) for told, _ in found)
        left_out = tuple(dict.fromkeys(name for _, left in found for name in left))
        tables.append(Planned(declared, places, indicators, sums, means, left_out))
    period = _one(known.values(), rule.period) if rule.period else None
    return Plan(rule, known, regions, period, categories, tuple(tables), specific)


def _measures(
    known: dict[str, Column], declared: Aggregate, wanted: Iterable[str], specific: frozenset[str]
) -> tuple[list[str], list[str]]:
    """The columns that are meant, and those of them that may not be told at this level."""
    told: dict[str, None] = {}
    left: dict[str, None] = {}
    for pattern in wanted:
        for name in _some(known.values(), pattern):
            if declared.depth > 1 and name in specific:
                if pattern in (name, known[name].title):
                    _refuse(declared, known[name], specific)
                left[name] = None
            else:
                told[name] = None
    return list(told), list(left)


def _refuse(declared: Aggregate, column: Column, specific: frozenset[str]) -> None:
    if declared.depth > 1 and column.name in specific:
        raise TooSpecific(column=column.title or column.name, table=declared.name)


def _some(columns: Iterable[Column], pattern: str) -> list[str]:
    found = [column.name for column in columns if patterns_match([pattern], column.name, column.title)]
    if not found:
        raise ColumnMissing(column=pattern)
    return found


def _one(columns: Iterable[Column], wanted: str) -> str:
    for column in columns:
        if wanted in (column.name, column.title):
            return column.name
    raise ColumnMissing(column=wanted)
