"""What goes into a file: the rows of a question, unpaged, and how each column is written in each format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from datasets.query.conditions import Sql
from datasets.query.engine import answer_columns
from datasets.query.page import PageColumn
from datasets.query.question import TableQuery
from datasets.query.relation import Relation
from datasets.query.shape import TableShape
from datasets.query.sql import grouped, streamed
from datasets.tables.columnar_types import quoted

NUMBER_TEXT = "[+-]?[0-9][0-9.,]*"
FORMULA = "^[=+@\\t\\r-]"


@dataclass(frozen=True, slots=True)
class Content:
    """Rows as `rows`, whose columns are `v0`, `v1`, … of the SQL types `stored`; `columns` say what they are."""

    rows: Sql
    columns: tuple[PageColumn, ...]
    stored: tuple[str, ...]

    def written(self, cell: CellWriter) -> str:
        """The SELECT that gives each column as `cell` writes it, under its own name."""
        listed = ", ".join(
            f"{cell(f'v{n}', stored)} AS {quoted(column.name)}"
            for n, (column, stored) in enumerate(zip(self.columns, self.stored, strict=True))
        )
        return f"SELECT {listed} FROM ({self.rows.text})"  # noqa: S608 - names quoted, values bound


class CellWriter(Protocol):
    """Gives the SQL that writes the column `place` of the type `stored`."""

    def __call__(self, place: str, stored: str, /) -> str:
        """An expression."""
        ...


def content_of(table: Relation, shape: TableShape, query: TableQuery) -> Content:
    """All rows of a checked question, in its order."""
    columns = answer_columns(query, shape)
    if query.grouped:
        inner = grouped(query, shape, table.source, paged=False)
        places = [
            *(f"g{n}" for n in range(len(query.group))),
            *(f"m{n}" for n in range(len(columns) - len(query.group))),
        ]
        listed = ", ".join(f"{place} AS v{n}" for n, place in enumerate(places))
        rows = Sql(f"SELECT {listed} FROM ({inner.text})", inner.values)  # noqa: S608
    else:
        places = [f"{shape.column(column.name).place} AS v{n}" for n, column in enumerate(columns)]
        rows = streamed(query, shape, table.source, places)
    return Content(rows, columns, tuple(table.types_of(rows)))


def csv_cell(place: str, stored: str, /) -> str:
    """Canonical text, as in the whole table's CSV."""
    if stored == "DOUBLE":
        whole = f"CAST(CAST({place} AS BIGINT) AS VARCHAR)"
        special = f"CASE WHEN isnan({place}) THEN 'NaN' WHEN {place} > 0 THEN 'INF' ELSE '-INF' END"
        return (
            f"CASE WHEN NOT isfinite({place}) THEN {special} "
            f"WHEN {place} = trunc({place}) AND abs({place}) < 1e15 THEN {whole} ELSE CAST({place} AS VARCHAR) END"
        )
    if re.fullmatch(r"DECIMAL\(\d+,\s*[1-9]\d*\)", stored):
        return f"rtrim(rtrim(CAST({place} AS VARCHAR), '0'), '.')"
    if stored == "TIMESTAMP":
        return f"replace(CAST({place} AS VARCHAR), ' ', 'T')"
    if stored == "TIMESTAMP WITH TIME ZONE":
        return f"replace(replace(CAST({place} AS VARCHAR), ' ', 'T'), '+00', 'Z')"
    return place


def guarded_csv_cell(place: str, stored: str, /) -> str:
    """Canonical text, but what a spreadsheet would take for a formula gets an apostrophe in front."""
    if stored != "VARCHAR":
        return csv_cell(place, stored)
    risky = f"regexp_matches({place}, '{FORMULA}') AND NOT regexp_full_match({place}, '{NUMBER_TEXT}')"
    return f"CASE WHEN {risky} THEN '''' || {place} ELSE {place} END"


def json_cell(place: str, stored: str, /) -> str:
    """What `query_cells.json_cell` gives for the value."""
    if stored == "DOUBLE":
        return f"CASE WHEN isfinite({place}) THEN to_json({place}) ELSE to_json({csv_cell(place, stored)}) END"
    return csv_cell(place, stored)


def parquet_cell(place: str, stored: str, /) -> str:
    """The value itself; Parquet knows no whole number beyond 64 bits but as a decimal."""
    return f"CAST({place} AS DECIMAL(38,0))" if stored == "HUGEINT" else place
