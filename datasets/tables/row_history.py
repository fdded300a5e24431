"""One row over all versions of its table: found again by its key, and what its cells were each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import Resource, Version
from datasets.query.cells import Cell, text_cell
from datasets.query.engine import TableEngine
from datasets.query.errors import BadQuery, TableBroken
from datasets.query.question import Filter, Operator, TableQuery

NAMING = ("region_code", "region_name", "identifier", "category", "label", "year", "period")
"""Roles of columns that say what a row is about, as `metadata.roles` gives them."""

Schema = Mapping[str, Any]
Condition = tuple[str, Cell]


@dataclass(frozen=True, slots=True)
class State:
    """The table of one version: `number` is the version's."""

    number: int
    parquet: Path
    schema: Schema


@dataclass(frozen=True, slots=True)
class Then:
    """The row in one version: its number there and its cells by column; `row` is None where it does not exist."""

    version: int
    row: int | None
    cells: Mapping[str, Cell]


def schemas_of(session: Session, dataset_id: int, name: str) -> dict[int, Schema]:
    """The schema of the table `name` in each version that has it, by the version's id: one query, however many."""
    wanted = select(Resource.version_id, Resource.schema).join(Version, Version.id == Resource.version_id)
    found = session.execute(wanted.where(Version.dataset_id == dataset_id, Resource.name == name))
    return {row.version_id: row.schema for row in found}


def key_of_row(engine: TableEngine, state: State, row: Mapping[str, Cell]) -> tuple[Condition, ...]:
    """The cells that no other row of this table shares: those of the declared key, else of all naming columns.

    Empty when even those do not tell the row from others.
    """
    declared = state.schema.get("primaryKey") or ()
    fields: Sequence[Mapping[str, Any]] = state.schema.get("fields", [])
    names = (declared,) if isinstance(declared, str) else tuple(declared)
    naming = tuple(field["name"] for field in fields if field.get("lumbung:role") in NAMING)
    for candidate in (names, naming):
        key = tuple((name, row.get(name)) for name in candidate if name in row)
        if key and _only(engine, state, key) is not None:
            return key
    return ()


def history(engine: TableEngine, states: Iterable[State], key: Sequence[Condition]) -> tuple[Then, ...]:
    """The row of that key in each version, in the order given; a version whose table cannot be read is passed over.

    Versions that share one file are asked once.
    """
    known: dict[Path, tuple[int, Mapping[str, Cell]] | None] = {}
    found = []
    for state in states:
        if state.parquet not in known:
            try:
                known[state.parquet] = _only(engine, state, key)
            except TableBroken:
                continue
        there = known[state.parquet]
        found.append(Then(state.number, there[0], there[1]) if there else Then(state.number, None, {}))
    return tuple(found)


def _only(engine: TableEngine, state: State, key: Sequence[Condition]) -> tuple[int, Mapping[str, Cell]] | None:
    """The one row with these cells; None when there is none, or more than one, or no such column."""
    where = tuple(
        Filter(name, Operator.MISSING) if value is None else Filter(name, Operator.EQ, (text_cell(value),))
        for name, value in key
    )
    with suppress(BadQuery):
        page = engine.page(state.parquet, state.schema, TableQuery(where=where, size=2))
        if page.total == 1:
            names = (column.name for column in page.columns)
            return page.numbers[0], dict(zip(names, page.rows[0], strict=True))
    return None
