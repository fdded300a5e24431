"""Questions to tables, answered by DuckDB within limits of time and memory and without any reach beyond the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from datasets.query.cache import Answers
from datasets.query.cells import Cell, text_cell
from datasets.query.check import checked
from datasets.query.errors import NoSuchRow, TableBroken
from datasets.query.page import Choice, PageColumn, TablePage
from datasets.query.question import LARGEST_PAGE, Filter, Function, Group, Operator, Sort, TableQuery
from datasets.query.relation import Relation, weight_of
from datasets.query.shape import TableShape, shape_of
from datasets.query.sql import (
    behind,
    counted,
    counted_with_first,
    fetched,
    fetched_among,
    from_the_end,
    grouped,
    keys_of_row,
    many_groups,
    measured,
    numbers,
    numbers_behind,
    order_keys,
    places_asked,
    places_reduced,
)
from datasets.query.tables import Tables

Schema = Mapping[str, Any]
Rows = tuple[tuple[Cell, ...], ...]
Answer = tuple[Rows, tuple[int, ...], int, bool]  # rows, their numbers, rows in all, whether more follow

SIZES_WEIGHT = 2_000_000
COUNT_WEIGHT = 400
NEAR = 20_000  # rows between the first and the last of a page that are rather read through than picked
FIRST_AT_MOST = 1_000  # rows of a page that are found together with the count


class TableEngine:
    """One per process; made lazily, safe to use from many threads, and made anew by itself after a fork.

    `folder` holds the serving files that the processes of a host share. `megabytes` and `seconds` bound one process's
    memory for questions and one question's time, `rows` one page, `cached_megabytes` the answers it keeps.
    """

    def __init__(
        self,
        folder: Path,
        *,
        megabytes: int = 160,
        threads: int = 2,
        seconds: float = 10.0,
        rows: int = LARGEST_PAGE,
        disk_megabytes: int = 4_096,
        cached_megabytes: int = 32,
    ) -> None:
        self.tables = Tables(
            folder, megabytes=megabytes, threads=threads, seconds=seconds, disk_megabytes=disk_megabytes
        )
        self.most_rows = rows
        self._answers: Answers[Answer] = Answers(cached_megabytes * 2**20)
        self._counts: Answers[int] = Answers(SIZES_WEIGHT)

    def bound(self, *, seconds: float, rows: int) -> None:
        """Other limits, from the next question on."""
        self.tables.seconds, self.most_rows = seconds, rows

    def shape(self, parquet: Path, schema: Schema) -> TableShape:
        """The table's columns as they can be asked about: what the URL is parsed with."""
        with self.tables.table(parquet) as table:
            return shape_of(schema, table.types)

    def page(self, parquet: Path, schema: Schema, query: TableQuery) -> TablePage:
        """The page of the table that `query` asks for.

        Raises a `BadQuery` (400) for what cannot be asked, `NoSuchRow` (404), `TooSlow` and `TooLarge` (422) when a
        limit is met, and `TableBroken` (503) when the file cannot be read.
        """
        with self.tables.table(parquet) as table:
            shape = shape_of(schema, table.types)
            query = checked(query, shape, most_rows=self.most_rows)
            key = (table.key, query)
            answer = self._answers.get(key)
            if answer is None:
                ask = self._groups if query.grouped else self._rows
                answer = self._answers.put(key, found := ask(table, shape, query), weight_of(found[0]))
            rows, found_numbers, total, more = answer
            return TablePage(
                query=query,
                columns=answer_columns(query, shape),
                rows=rows,
                numbers=found_numbers,
                total=total,
                table_rows=table.rows,
                more=more,
            )

    def count(self, parquet: Path, schema: Schema, query: TableQuery) -> int:
        """How many rows of the table fulfil the conditions of `query`."""
        with self.tables.table(parquet) as table:
            shape = shape_of(schema, table.types)
            return self._total(table, shape, checked(query, shape, most_rows=self.most_rows))

    def choices(
        self,
        parquet: Path,
        schema: Schema,
        column: str,
        *,
        query: TableQuery | None = None,
        containing: str = "",
        limit: int = 50,
    ) -> tuple[tuple[Choice, ...], int]:
        """The most frequent values of a column with their counts, and how many distinct ones there are.

        `query` gives the other conditions (those on the column itself do not count); `containing` narrows text values.
        """
        query = query or TableQuery()
        where = tuple(filter_ for filter_ in query.where if filter_.column != column)
        if containing.strip():
            where += (Filter(column, Operator.CONTAINS, (containing,)),)
        grouped_by = TableQuery(where=where, text=query.text, group=(Group(column),), size=limit)
        most_first = (Sort(grouped_by.labels[-1], descending=True),)
        answer = self.page(parquet, schema, replace(grouped_by, sort=most_first))
        found = tuple(Choice(value, text_cell(value), int(str(count))) for value, count in answer.rows)
        return found, answer.total

    def prepare(self, parquet: Path) -> None:
        """Make the table ready for its first question, e.g. when it has been published. Raises `TableBroken`."""
        import duckdb

        try:
            self.tables.prepare(parquet)
        except (duckdb.Error, OSError) as error:
            raise TableBroken(reason=type(error).__name__) from error

    def close(self) -> None:
        """Give memory and files back; the next question opens them again."""
        self.tables.close()

    def _rows(self, table: Relation, shape: TableShape, query: TableQuery) -> Answer:
        first = self._counted_with_first(table, shape, query)
        total = self._total(table, shape, query) if first is None else first[0]
        asked, more = self._numbers(table, shape, query, total) if first is None else (first[1], first[0] > query.size)
        columns = [shape.column(name) for name in query.columns] or list(shape.columns)
        if not asked:
            return (), (), total, more
        if table.numbered and _near(query, asked):
            told = fetched_among(query, shape, columns, table.source, asked)
        else:
            told = fetched(columns, table.source, asked, numbered=table.numbered)
        found = {row[0]: row[1:] for row in table.ask(told)}
        return tuple(found[number] for number in asked), tuple(asked), total, more

    def _counted_with_first(
        self, table: Relation, shape: TableShape, query: TableQuery
    ) -> tuple[int, Sequence[int]] | None:
        """The count and the first page in source order, where neither is known yet: one search instead of two."""
        key = _counted_as(table, query)
        plain = query.filtered and not query.sort and query.page == 1 and query.after is None
        if not plain or query.size > FIRST_AT_MOST or self._counts.get(key) is not None:
            return None
        source = table.cheapest(places_asked(query, shape))
        total, found = table.ask(counted_with_first(query, shape, source))[0]
        return self._counts.put(key, total, COUNT_WEIGHT), found or ()

    def _numbers(self, table: Relation, shape: TableShape, query: TableQuery, total: int) -> tuple[Sequence[int], bool]:
        """The numbers of the page's rows, in order, and whether more follow."""
        if query.row is not None:
            if query.row > table.rows:
                raise NoSuchRow(row=query.row, rows=table.rows)
            return range(query.row, query.row + 1), False
        if query.after is not None:
            return self._numbers_behind(table, shape, query, query.after)
        more = query.offset + query.size < total
        if query.offset >= total:
            return [], more
        if not query.sort and not query.filtered:
            return range(query.offset + 1, min(query.offset + query.size, total) + 1), more
        if query.sort and not query.filtered:
            known = self._in_order(table, shape, query, query.offset, query.size)
            if known is not None:
                return known, more
        source = self._source_of_numbers(table, shape, query, total)
        found = table.ask(numbers(query, shape, source, total, ordered=source == table.source))
        asked = [row[0] for row in found]
        return asked[::-1] if from_the_end(query, total) else asked, more

    def _in_order(
        self, table: Relation, shape: TableShape, query: TableQuery, offset: int, count: int
    ) -> list[int] | None:
        """The rows of a sorted table behind the first `offset`, where its order is known."""
        order = self.tables.order(table, order_keys(query, shape))
        with suppress(OSError):
            return order.numbers(offset, count) if order else None
        return None

    def _source_of_numbers(self, table: Relation, shape: TableShape, query: TableQuery, total: int) -> str:
        """Where the page is found with the fewest rows looked at: all that fulfil the conditions must be put in order
        again in the clustered columns, while in source order the search ends with the page's last row."""
        places = places_asked(query, shape) + [shape.column(sort.column).place for sort in query.sort]
        if query.sort or total * total < (query.offset + query.size) * table.rows:
            return table.cheapest(places)
        return table.source

    def _numbers_behind(
        self, table: Relation, shape: TableShape, query: TableQuery, after: int
    ) -> tuple[Sequence[int], bool]:
        if query.sort and not query.filtered:
            known = self._in_order_behind(table, shape, query, after)
            if known is not None:
                return known[: query.size], len(known) > query.size
        keys = table.ask(keys_of_row(query, shape, table.source, after)) if query.sort else [(after,)]
        if not keys:
            raise NoSuchRow(row=after, rows=table.rows)
        place = behind(query, shape, after, keys[0][1:])
        asked = [row[0] for row in table.ask(numbers_behind(query, shape, table.source, place))]
        return asked[: query.size], len(asked) > query.size

    def _in_order_behind(self, table: Relation, shape: TableShape, query: TableQuery, after: int) -> list[int] | None:
        order = self.tables.order(table, order_keys(query, shape))
        with suppress(OSError):
            place = order.place(after) if order else None
            return None if order is None or place is None else order.numbers(place + 1, query.size + 1)
        return None

    def _groups(self, table: Relation, shape: TableShape, query: TableQuery) -> Answer:
        source = table.cheapest(places_reduced(query, shape))
        found = table.ask(grouped(query, shape, source))
        if found:
            total = found[0][-1]
        elif query.page > 1:
            total = table.ask(many_groups(query, shape, source))[0][0]
        else:
            total = 0
        rows = tuple(row[:-1] for row in found)
        return rows, (), total, query.offset + len(rows) < total

    def _total(self, table: Relation, shape: TableShape, query: TableQuery) -> int:
        if not query.filtered:
            return table.rows if query.row is None else 1
        key = _counted_as(table, query)
        known = self._counts.get(key)
        if known is None:
            source = table.cheapest(places_asked(query, shape))
            known = self._counts.put(key, table.ask(counted(query, shape, source))[0][0], COUNT_WEIGHT)
        return known


def _near(query: TableQuery, asked: Sequence[int]) -> bool:
    """Whether these are all rows of a stretch that fulfil the conditions, and the stretch is short."""
    picked = query.sort or query.text or query.row is not None or not query.where
    return not picked and asked[-1] - asked[0] < NEAR


def _counted_as(table: Relation, query: TableQuery) -> tuple[object, ...]:
    return (table.key, query.where, query.text)


def answer_columns(query: TableQuery, shape: TableShape) -> tuple[PageColumn, ...]:
    """The columns of the answer to a checked query."""
    return _grouped_columns(query, shape) if query.grouped else _columns(query, shape)


def _columns(query: TableQuery, shape: TableShape) -> tuple[PageColumn, ...]:
    columns = [shape.column(name) for name in query.columns] or shape.columns
    return tuple(PageColumn(c.name, c.title, c.type, c.unit) for c in columns)


def _grouped_columns(query: TableQuery, shape: TableShape) -> tuple[PageColumn, ...]:
    columns = []
    labels = iter(query.labels)
    for group in query.group:
        source = shape.column(group.column)
        kind = "date" if group.period else source.type
        columns.append(PageColumn(next(labels), source.title, kind, source.unit, source.name, None, group.period))
    for measure in measured(query):
        if measure.column is None:
            columns.append(PageColumn(next(labels), "", "integer", None, None, Function.COUNT))
            continue
        source = shape.column(measure.column)
        kind = "number" if measure.function in {Function.MEAN, Function.MEDIAN} else source.type
        label = next(labels)
        columns.append(PageColumn(label, source.title, kind, source.unit, source.name, measure.function))
    return tuple(columns)
