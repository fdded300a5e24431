"""A whole question in SQL, over a relation with `_row` (from 1) and the columns `c0`, `c1`, … by place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasets.query.conditions import NEVER, Sql, conditions, joined
from datasets.query.errors import UnknownColumn, shown
from datasets.query.question import COUNT, Function, Group, Measure, Sort, TableQuery
from datasets.query.shape import ShapeColumn, TableShape

_FUNCTIONS = {
    Function.SUM: "sum({0})",
    Function.MEAN: "avg({0})",
    Function.MIN: "min({0})",
    Function.MAX: "max({0})",
    Function.MEDIAN: "median(CAST({0} AS DOUBLE))",
}
_EXACTER = {Function.SUM: "fsum({0})", Function.MEAN: "favg({0})"}  # doubles, whose plain sum depends on the order


def counted(query: TableQuery, shape: TableShape, table: str) -> Sql:
    """How many rows of the table fulfil the question."""
    where = conditions(query, shape)
    return Sql(f"SELECT count(*) FROM {table} WHERE {where.text}", where.values)  # noqa: S608


def counted_with_first(query: TableQuery, shape: TableShape, table: str) -> Sql:
    """How many rows fulfil the question, and the numbers of its first page in source order, in one look at them."""
    where = conditions(query, shape)
    return Sql(f"SELECT count(*), min(_row, {int(query.size)}) FROM {table} WHERE {where.text}", where.values)  # noqa: S608


def places_asked(query: TableQuery, shape: TableShape) -> list[str]:
    """The columns that the conditions of a question look at; every one when it looks for words."""
    if query.text:
        return [column.place for column in shape.columns]
    return [shape.column(filter_.column).place for filter_ in query.where]


def places_reduced(query: TableQuery, shape: TableShape) -> list[str]:
    """The columns that a grouped question looks at."""
    measured_by = [shape.column(measure.column).place for measure in query.measures if measure.column is not None]
    grouped_by = [shape.column(group.column).place for group in query.group]
    return [*places_asked(query, shape), *measured_by, *grouped_by]


def numbers(query: TableQuery, shape: TableShape, table: str, total: int, *, ordered: bool = True) -> Sql:
    """The numbers of the rows on the query's page: only the columns it needs are read.

    `ordered` tells whether the rows of `table` stand in the order of the source. A page in the second half of a sorted
    table is found from the end, and then its rows come in the opposite order.
    """
    where = conditions(query, shape)
    start, stop = min(query.offset, total), min(query.offset + query.size, total)
    order = "" if ordered else "ORDER BY _row"  # source order, which DuckDB keeps
    if query.sort:
        back = from_the_end(query, total)
        order = f"ORDER BY {_keys(query.sort, shape, back=back)}"
        start, stop = (total - stop, total - start) if back else (start, stop)
    text = f"SELECT _row FROM {table} WHERE {where.text} {order} LIMIT ? OFFSET ?"  # noqa: S608
    return Sql(text, (*where.values, stop - start, start))


def order_keys(query: TableQuery, shape: TableShape) -> str:
    """The order of a sorted question, as `RowOrder` files are made for it."""
    return _keys(query.sort, shape)


def from_the_end(query: TableQuery, total: int) -> bool:
    """Whether `numbers` counts from the end."""
    return bool(query.sort) and query.offset > total // 2


def numbers_behind(query: TableQuery, shape: TableShape, table: str, behind: Sql) -> Sql:
    """The numbers of the rows behind one, at most a page and one more: only the columns it needs are read."""
    where = joined([conditions(query, shape), behind], "AND", otherwise="true")
    order = f"ORDER BY {_keys(query.sort, shape)}" if query.sort else ""  # else source order, which DuckDB keeps
    text = f"SELECT _row FROM {table} WHERE {where.text} {order} LIMIT ?"  # noqa: S608
    return Sql(text, (*where.values, query.size + 1))


def keys_of_row(query: TableQuery, shape: TableShape, table: str, row: int) -> Sql:
    """The sort keys of one row."""
    listed = ", ".join(["_row", *(shape.column(sort.column).place for sort in query.sort)])
    return Sql(f"SELECT {listed} FROM {table} WHERE _row = ?", (row,))  # noqa: S608


def behind(query: TableQuery, shape: TableShape, row: int, keys: Sequence[Any]) -> Sql:
    """The rows that come after one whose sort keys are `keys`, in the query's order."""
    steps: list[Sql] = []
    ties: list[Sql] = []
    for sort, key in zip(query.sort, keys, strict=True):
        column = shape.column(sort.column)
        if key is None:
            ties.append(Sql(f"{column.place} IS NULL"))
            continue
        sign = "<" if sort.descending else ">"
        value = f"CAST(? AS {column.stored})"
        after = Sql(f"{column.place} {sign} {value} OR {column.place} IS NULL", (key,))
        steps.append(joined([*ties, after], "AND", otherwise=NEVER))
        ties.append(Sql(f"{column.place} = {value}", (key,)))
    steps.append(joined([*ties, Sql("_row > ?", (row,))], "AND", otherwise=NEVER))
    return joined(steps, "OR", otherwise=NEVER)


def fetched(columns: Sequence[ShapeColumn], table: str, rows: Sequence[int], *, numbered: bool = False) -> Sql:
    """The rows of these numbers, in no order; a run of numbers is read as one.

    `numbered` tells that DuckDB's own `rowid`, from 0, is the number less one: it finds rows without reading `_row`.
    """
    listed, place, less = _listed(columns), "rowid" if numbered else "_row", int(numbered)
    if rows and rows[-1] - rows[0] == len(rows) - 1 and list(rows) == sorted(rows):
        text = f"SELECT {listed} FROM {table} WHERE {place} BETWEEN ? AND ?"  # noqa: S608
        return Sql(text, (rows[0] - less, rows[-1] - less))
    text = f"SELECT {listed} FROM {table} WHERE {place} IN (SELECT unnest(CAST(? AS BIGINT[])))"  # noqa: S608
    return Sql(text, ([row - less for row in rows],))


def fetched_among(
    query: TableQuery, shape: TableShape, columns: Sequence[ShapeColumn], table: str, rows: Sequence[int]
) -> Sql:
    """The rows of these numbers of a `numbered` table, which are all between the first and the last that fulfil the
    question: where they lie near to each other this is quicker than to look for each."""
    where = conditions(query, shape)
    text = f"SELECT {_listed(columns)} FROM {table} WHERE rowid BETWEEN ? AND ? AND {where.text}"  # noqa: S608
    return Sql(text, (rows[0] - 1, rows[-1] - 1, *where.values))


def streamed(query: TableQuery, shape: TableShape, table: str, expressions: Sequence[str]) -> Sql:
    """All rows of the question, without paging, as the given expressions over `_row`, `c0`, …"""
    where = conditions(query, shape)
    order = f"ORDER BY {_keys(query.sort, shape)}" if query.sort else ""
    text = f"SELECT {', '.join(expressions)} FROM {table} WHERE {where.text} {order}"  # noqa: S608
    return Sql(text, where.values)


def grouped(query: TableQuery, shape: TableShape, table: str, *, paged: bool = True) -> Sql:
    """One row per group: the group's columns, the measures and, last, the number of groups."""
    groups = [f"{_group(group, shape)} AS g{n}" for n, group in enumerate(query.group)]
    measures = [f"{_measure(measure, shape)} AS m{n}" for n, measure in enumerate(measured(query))]
    where = conditions(query, shape)
    by = f"GROUP BY {', '.join(f'g{n}' for n in range(len(groups)))}" if groups else ""
    inner = f"SELECT {', '.join([*groups, *measures])} FROM {table} WHERE {where.text} {by}"  # noqa: S608
    order = _group_order(query)
    text = f"SELECT *, count(*) OVER () FROM ({inner}) {f'ORDER BY {order}' if order else ''}"  # noqa: S608
    if paged:
        return Sql(f"{text} LIMIT ? OFFSET ?", (*where.values, query.size, query.offset))
    return Sql(text, where.values)


def many_groups(query: TableQuery, shape: TableShape, table: str) -> Sql:
    """How many groups there are."""
    inner = grouped(query, shape, table, paged=False)
    return Sql(f"SELECT count(*) FROM ({inner.text})", inner.values)  # noqa: S608


def measured(query: TableQuery) -> tuple[Measure, ...]:
    """The measures of a grouped query: the number of rows when none is named."""
    return query.measures or (COUNT,)


def _listed(columns: Sequence[ShapeColumn]) -> str:
    return ", ".join(["_row", *(column.place for column in columns)])


def _keys(sorts: Sequence[Sort], shape: TableShape, *, back: bool = False) -> str:
    nulls = "NULLS FIRST" if back else "NULLS LAST"
    keys = [f"{shape.column(s.column).place} {'DESC' if s.descending != back else 'ASC'} {nulls}" for s in sorts]
    return ", ".join([*keys, "_row DESC" if back else "_row"])


def _group(group: Group, shape: TableShape) -> str:
    place = shape.column(group.column).place
    return place if group.period is None else f"CAST(date_trunc('{group.period.value}', {place}) AS DATE)"


def _measure(measure: Measure, shape: TableShape) -> str:
    if measure.column is None:
        return "count(*)"
    column = shape.column(measure.column)
    templates = _FUNCTIONS | _EXACTER if column.stored == "DOUBLE" else _FUNCTIONS
    figure = templates[measure.function].format(column.place)
    if measure.function is Function.MEAN or (measure.function is Function.SUM and column.stored == "DOUBLE"):
        return f"CAST(format('{{:.15g}}', {figure}) AS DOUBLE)"  # beyond 15 digits the order of adding shows
    return figure


def _group_order(query: TableQuery) -> str:
    """The asked order, then the groups themselves, so that equal figures always come in the same order."""
    places = dict(zip(query.labels, _places(query), strict=True))
    keys = []
    for sort in query.sort:
        if sort.column not in places:
            raise UnknownColumn(column=shown(sort.column), valid=query.labels)
        keys.append(f"{places[sort.column]} {'DESC' if sort.descending else 'ASC'} NULLS LAST")
    return ", ".join([*keys, *(f"g{n} NULLS LAST" for n in range(len(query.group)))])


def _places(query: TableQuery) -> list[str]:
    return [*(f"g{n}" for n in range(len(query.group))), *(f"m{n}" for n in range(len(measured(query))))]
