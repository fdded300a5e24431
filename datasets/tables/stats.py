"""What each column of a table holds: computed once per version from its Parquet, the same on every run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from datasets.query.cells import Cell, json_cell, tidy
from datasets.tables.columnar import literal
from datasets.tables.columnar_types import quoted
from datasets.tables.kept_engine import engine_for
from datasets.tables.stats_bins import number_bins, period_bins

BATCH = 50  # columns in one scan
PIECE_ROWS = 100_000
SMALL_CELLS = 200_000
TOP = 10
FEW = 1_000  # a column with more distinct values has no meaningful most frequent ones
TEXT = 200  # characters kept of a text value

FORMULA = "ascii({column}) IN (9, 13, 43, 45, 61, 64) AND NOT regexp_full_match({column}, '[+-]?[0-9][0-9.,]*')"
"""Beginning with a tab, a carriage return, or one of `+-=@`, and no figure."""
SORTED = 1_000_000
"""Numbers of which the median fits into the memory of an engine, whatever else is in it."""
BITS_A_ROW = 16
"""Whole numbers that lie closer together than that are told apart by one bit each."""
MOST_BITS = 1 << 28
"""32 MB; DuckDB itself refuses more than 10⁹."""


def table_stats(parquet: Path, schema: Mapping[str, Any]) -> dict[str, Any]:
    """`{"rows": n, "columns": {name: {...}}}`, ready for JSON.

    Every column has `missing`, `distinct`, `min` and `max` (text by code point, None when all is missing). Numbers have
    `mean` and `median`; numbers, years, dates and moments a `histogram` of at most 20 bins `[from, to, count]`, open at
    `to` but the last; columns of at most 1,000 distinct values `top`: ten `[value, count]`, most frequent first. Text
    has `longest` (characters) and, when a spreadsheet would read some cells as formulas, their number as `formulas`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="lumbung-stats-") as spill,
        engine_for(parquet, Path(spill)) as connection,
    ):
        table = f"read_parquet([{literal(str(parquet))}])"
        described = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()  # noqa: S608
        types = {row[0]: str(row[1]) for row in described}
        kinds = {field["name"]: field.get("type", "string") for field in schema["fields"] if field["name"] in types}
        (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0]  # noqa: S608
        columns: dict[str, dict[str, Any]] = {}
        names = list(kinds)
        for start in range(0, len(names), BATCH):
            batch = names[start : start + BATCH]
            copied = len(names) > BATCH or rows * len(batch) <= SMALL_CELLS
            piece = _piece(connection, table, batch, rows) if copied else table
            columns |= _scan(connection, piece, rows, {name: types[name] for name in batch})
            for name in batch:
                if columns[name]["missing"] < rows:
                    different = _different(columns[name], rows, quoted(name), types[name])
                    columns[name] |= _look(connection, piece, name, kinds[name], types[name], different)
    return {"rows": rows, "columns": columns}


def _piece(connection: Any, table: str, names: list[str], rows: int) -> str:
    """A few columns of a wide or small table, copied: each look into its file begins by reading about all of them."""
    if rows > PIECE_ROWS:
        return table
    listed = ", ".join(quoted(name) for name in names)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE piece AS SELECT {listed} FROM {table}")  # noqa: S608
    return "piece"


def _scan(connection: Any, table: str, rows: int, types: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What one pass over several columns gives."""
    measures: list[str] = []
    for name, kind in types.items():
        column = quoted(name)
        measures += [f"count({column})", f"min({column})", f"max({column})"]
        measures += (
            [f"max(length({column}))", f"count(CASE WHEN {FORMULA.format(column=column)} THEN 1 END)"]
            if kind == "VARCHAR"
            else ["NULL", "NULL"]
        )
    row = connection.execute(f"SELECT {', '.join(measures)} FROM {table}").fetchone()  # noqa: S608
    found: dict[str, dict[str, Any]] = {}
    for position, name in enumerate(types):
        filled, low, high, longest, formulas = row[5 * position : 5 * position + 5]
        found[name] = {"missing": rows - filled, "distinct": 0, "min": _shown(low), "max": _shown(high)}
        if longest is not None:
            found[name]["longest"] = longest
        if formulas:
            found[name]["formulas"] = formulas
    return found


def _different(known: Mapping[str, Any], rows: int, column: str, stored: str) -> str:
    """SQL that counts the distinct values of a column of which the smallest and greatest are `known`."""
    least, most = known["min"], known["max"]
    near = type(least) is type(most) is int and most - least < min(BITS_A_ROW * rows, MOST_BITS)
    if stored in ("BIGINT", "INTEGER") and near:
        # As texts: to write the least of all is to negate a number that is one too great.
        return f"bit_count(bitstring_agg({column}, '{least}'::{stored}, '{most}'::{stored}))"
    return f"count(DISTINCT {column})"


def _look(connection: Any, table: str, name: str, kind: str, stored: str, different: str) -> dict[str, Any]:
    """What needs a pass of its own: distinct values, the most frequent, the middle and the distribution."""
    column = quoted(name)

    def rows_of(query: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = connection.execute(query).fetchall()
        return found

    found: dict[str, Any] = {"distinct": rows_of(f"SELECT {different} FROM {table}")[0][0]}  # noqa: S608
    if found["distinct"] <= FEW:
        top = rows_of(
            f"SELECT {column}, count(*) AS n FROM {table} WHERE {column} IS NOT NULL "  # noqa: S608
            f"GROUP BY 1 ORDER BY n DESC, 1 LIMIT {TOP}"
        )
        found["top"] = [[_shown(value), count] for value, count in top]
    if kind in {"integer", "number"} and stored != "VARCHAR":
        finite = f"FROM {table} WHERE isfinite(CAST({column} AS DOUBLE))"
        mean, many = rows_of(f"SELECT favg({column}), count(*) {finite}")[0]
        found |= {"mean": tidy(mean), "median": tidy(_middle(rows_of, column, finite, many))}
    if stored != "VARCHAR" and kind in {"integer", "number", "year"}:
        found["histogram"] = number_bins(rows_of, column, table, whole=kind != "number")
    elif stored.startswith(("DATE", "TIMESTAMP")):
        found["histogram"] = period_bins(rows_of, column, table)
    return found


def _middle(rows_of: Callable[[str], list[tuple[Any, ...]]], column: str, finite: str, many: int) -> float | None:
    """The median of `many` numbers; of very many found by sorting, which goes to the disk where `median` would not."""
    if many > SORTED:
        middle = f"LIMIT {2 - many % 2} OFFSET {(many - 1) // 2}"
        finite = f"FROM (SELECT {column} {finite} ORDER BY 1 {middle})"
    found: float | None = rows_of(f"SELECT median({column}) {finite}")[0][0]
    return found


def _shown(value: Cell) -> Any:
    return value[:TEXT] if isinstance(value, str) else json_cell(value)
