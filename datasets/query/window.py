"""A window of a table's rows, as programs page through tables: any offset, distinct rows, `_id` as a column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from datasets.query.cells import Cell
from datasets.query.check import MOST_VALUES
from datasets.query.conditions import NEVER, Sql, condition, joined
from datasets.query.engine import Schema, TableEngine
from datasets.query.errors import TooMuchAsked, UnknownColumn, UnknownOperator, shown
from datasets.query.question import Filter
from datasets.query.relation import Relation
from datasets.query.shape import OPERATORS, ShapeColumn, TableShape, shape_of
from datasets.query.words import NOTHING, Words, words_condition

ID = "_id"
"""The number of a row in source order, from 1."""

MOST_ROWS = 32_000
MOST_PARTS = 500


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key of the order; missing cells come last either way unless `missing_first`."""

    column: str
    descending: bool = False
    missing_first: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; none is no condition."""

    parts: tuple[Where, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part holds at least."""

    parts: tuple[Where, ...]


Where = Filter | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Window:
    """A question to one table. `columns` empty means `_id` and all; equal rows count once when `distinct`."""

    columns: tuple[str, ...] = ()
    where: Where = AllOf()
    words: Words = NOTHING
    order: tuple[OrderKey, ...] = ()
    distinct: bool = False
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class WindowPage:
    """The rows of the window; `total` counts all that the question has, None where it was not asked for."""

    columns: tuple[ShapeColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int | None


def columns_of(engine: TableEngine, parquet: Path, schema: Schema) -> TableShape:
    """The table's columns, the last one `_id`."""
    with engine.tables.table(parquet) as table:
        return _with_id(shape_of(schema, table.types))


def read_window(
    engine: TableEngine, parquet: Path, schema: Schema, window: Window, *, counted: bool = True
) -> WindowPage:
    """The rows of a window. Raises what `TableEngine.page` raises."""
    with engine.tables.table(parquet) as table:
        shape = _with_id(shape_of(schema, table.types))
        columns = _columns(window, shape)
        select = _select(window, columns, shape, table)
        total = _total(window, select, table) if counted else None
        rows = tuple(table.ask(_paged(window, columns, shape, select))) if window.limit else ()
        return WindowPage(columns, rows, total)


def _with_id(shape: TableShape) -> TableShape:
    own = ShapeColumn(ID, ID, "integer", "BIGINT", len(shape.columns))
    return TableShape((*(column for column in shape.columns if column.name != ID), own))


def _columns(window: Window, shape: TableShape) -> tuple[ShapeColumn, ...]:
    if window.columns:
        return tuple(dict.fromkeys(shape.column(name) for name in window.columns))
    return (shape.column(ID), *(column for column in shape.columns if column.name != ID))


def _select(window: Window, columns: tuple[ShapeColumn, ...], shape: TableShape, table: Relation) -> Sql:
    """The rows that fulfil the question, without order and limit."""
    pieces = [_where(window.where, shape)] if window.where != AllOf() else []
    pieces += [words_condition(window.words, _named(shape))] if window.words != NOTHING else []
    where = joined(pieces, "AND", otherwise="true")
    source = f"(SELECT *, _row AS {shape.column(ID).place} FROM {table.source})"  # noqa: S608 - places, never names
    kind = "SELECT DISTINCT" if window.distinct else "SELECT"
    listed = ", ".join(column.place for column in columns)
    return Sql(f"{kind} {listed} FROM {source} WHERE {where.text}", where.values)


def _named(shape: TableShape) -> TableShape:
    """The columns without `_id`: words are not looked for in row numbers."""
    return replace(shape, columns=tuple(column for column in shape.columns if column.name != ID))


def _where(where: Where, shape: TableShape) -> Sql:
    if isinstance(where, Filter):
        return _one(where, shape)
    if len(where.parts) > MOST_PARTS:
        raise TooMuchAsked(argument="filters", count=len(where.parts), most=MOST_PARTS)
    word, otherwise = ("AND", "true") if isinstance(where, AllOf) else ("OR", NEVER)
    return joined((_where(part, shape) for part in where.parts), word, otherwise=otherwise)


def _one(filter_: Filter, shape: TableShape) -> Sql:
    column = shape.column(filter_.column)
    valid = OPERATORS[column.type]
    if filter_.operator not in valid:
        names = tuple(operator.value for operator in valid)
        raise UnknownOperator(column=column.name, type=column.type, operator=filter_.operator.value, valid=names)
    if len(filter_.values) > MOST_VALUES:
        raise TooMuchAsked(argument=column.name, count=len(filter_.values), most=MOST_VALUES)
    return condition(filter_, column)


def _paged(window: Window, columns: tuple[ShapeColumn, ...], shape: TableShape, select: Sql) -> Sql:
    chosen = {column.name for column in columns}
    keys = []
    for key in window.order:
        column = shape.column(key.column)
        if window.distinct and key.column not in chosen:
            raise UnknownColumn(column=shown(key.column), valid=tuple(sorted(chosen)))
        missing = "FIRST" if key.missing_first else "LAST"
        keys.append(f"{column.place} {'DESC' if key.descending else 'ASC'} NULLS {missing}")
    last = [f"{column.place} NULLS LAST" for column in columns] if window.distinct else [shape.column(ID).place]
    # without keys the rows come in source order, which DuckDB keeps
    order = f"ORDER BY {', '.join([*keys, *last])}" if keys or window.distinct else ""
    return Sql(f"{select.text} {order} LIMIT ? OFFSET ?", (*select.values, window.limit, window.offset))


def _total(window: Window, select: Sql, table: Relation) -> int:
    if window.where == AllOf() and window.words == NOTHING and not window.distinct:
        return table.rows
    found = table.ask(Sql(f"SELECT count(*) FROM ({select.text})", select.values))  # noqa: S608 - as above
    return int(found[0][0])
