"""Rows and cells of two versions, over the views `a` and `b` of `diff`: paired by key, then looked at cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from typing import Any

from datasets.diff.key import find_key
from datasets.diff.report import CellChange, ColumnCells, RowExample, SchemaDiff, TableDiff
from datasets.diff.schema import Common
from datasets.exports.content import guarded_csv_cell
from datasets.query.shape import ShapeColumn
from datasets.tables.columnar import literal
from datasets.tables.columnar_types import quoted

PERIODS = 40
MOST_RENAMES = 25  # pairs of a lost and a new column that are held against each other
YEARS = ("tahun", "year")


class Comparison:
    """Asks the questions; each answer is computed once."""

    def __init__(self, cursor: Any, common: Common, schemas: Sequence[Mapping[str, Any]]) -> None:
        self._cursor, self._common = cursor, common
        self._columns = common.columns
        comparable = [column for column in common.columns if column.name in common.alike]
        self.key, self.origin = find_key(self._ask, ("a", "b"), comparable, schemas)
        self._pair()

    def told(self, schema: SchemaDiff, examples: int) -> TableDiff:
        """All of it as a value."""
        added, removed = self._alone("y", "x"), self._alone("x", "y")
        changed = [column for column in self._columns if self._cells[column.name]]
        return TableDiff(
            key=tuple(column.name for column in self.key),
            key_origin=self.origin,
            rows_before=self._count("a"),
            rows_after=self._count("b"),
            added=added,
            removed=removed,
            changed=self._ask("SELECT count(*) FROM changed")[0][0],
            cells=sum(self._cells.values()),
            columns=tuple(column.name for column in self._columns),
            schema=schema,
            by_column=tuple(ColumnCells(c.name, self._cells[c.name], self._largest(c)) for c in changed),
            periods=self._periods(changed),
            changes=self._changes(changed, examples),
            added_rows=self._rows("b", "y", "x", examples),
            removed_rows=self._rows("a", "x", "y", examples),
        )

    def renamed(self) -> list[tuple[str, str]]:
        """Columns that are lost under one name and new under another, with the same cells in every row."""
        found: dict[str, str] = {}
        pairs = product(enumerate(self._common.removed), enumerate(self._common.added))
        for (old, (name, kind)), (new, (other, stored)) in islice(pairs, MOST_RENAMES):
            if not self.key or kind != stored or name in found or other in found.values():
                continue
            joined = "pairs JOIN a ON a._row = x JOIN b ON b._row = y"
            differing, filled = self._ask(
                f"SELECT count(*) FILTER (WHERE a.r{old} IS DISTINCT FROM b.n{new}), count(a.r{old}) FROM {joined}"  # noqa: S608
            )[0]
            if filled and not differing:
                found[name] = other
        return list(found.items())

    def write(self, target: Path) -> None:
        """Every changed cell, and every cell of added and removed rows, as CSV."""
        key = [f"coalesce(b.{c.place}, a.{c.place}) AS {quoted(f'key_{c.name}')}" for c in self.key]
        pieces = []
        for column in self._columns:
            one, other = (guarded_csv_cell(f"{side}.{column.place}", column.stored) for side in "ab")
            cells = [f'{literal(column.name)} AS "column"', f"CAST({one} AS VARCHAR) AS before"]
            cells += [f"CAST({other} AS VARCHAR) AS after", "x AS row_before", "y AS row_after"]
            pieces.append(
                f"SELECT {', '.join([*key, *cells])}, {column.position} AS place "  # noqa: S608
                f"FROM pairs LEFT JOIN a ON a._row = x LEFT JOIN b ON b._row = y "
                f"WHERE differs AND a.{column.place} IS DISTINCT FROM b.{column.place}"
            )
        union = " UNION ALL ".join(pieces) or "SELECT NULL AS row_before, NULL AS row_after, 0 AS place LIMIT 0"
        order = "ORDER BY row_after NULLS LAST, row_before, place"
        self._cursor.execute(
            f"COPY (SELECT * EXCLUDE (place) FROM ({union}) {order}) "  # noqa: S608
            f"TO {literal(str(target))} (FORMAT csv, HEADER)"
        )

    def _pair(self) -> None:
        """The temporary tables `pairs` (row `x` in `a`, row `y` in `b`, whether they differ) and `changed`.

        `changed` holds the differing rows with the cells of both: `a0`, `b0`, `a1`, …
        """
        sides = {side: f"(SELECT *, {self._hash()} AS h FROM {side})" for side in "ab"}  # noqa: S608
        if self.key:
            alike = " AND ".join(f"a.{column.place} = b.{column.place}" for column in self.key)
        else:  # rows that agree in all are paired off in their order, the rest came or went
            numbered = "row_number() OVER (PARTITION BY h ORDER BY _row) AS turn"
            sides = {side: f"(SELECT _row, h, {numbered} FROM {sql})" for side, sql in sides.items()}  # noqa: S608
            alike = "a.h = b.h AND a.turn = b.turn"
        self._cursor.execute(
            f"CREATE TEMP TABLE pairs AS SELECT a._row AS x, b._row AS y, a.h IS DISTINCT FROM b.h AS differs "  # noqa: S608
            f"FROM {sides['a']} a FULL JOIN {sides['b']} b ON {alike}"
        )
        listed = [f"{side}.{column.place} AS {side}{column.position}" for column in self._columns for side in "ab"]
        self._cursor.execute(
            f"CREATE TEMP TABLE changed AS SELECT {', '.join(['x', 'y', *listed])} FROM pairs "  # noqa: S608
            f"JOIN a ON a._row = x JOIN b ON b._row = y WHERE differs"
        )

    def _hash(self) -> str:
        return f"hash({', '.join(column.place for column in self._columns)})" if self._columns else "0"

    @cached_property
    def _cells(self) -> dict[str, int]:
        """How many cells of each column changed."""
        if not self._columns:
            return {}
        measures = [f"count(*) FILTER (WHERE {_differs(column)})" for column in self._columns]
        counts = self._ask(f"SELECT {', '.join(measures)} FROM changed")[0]  # noqa: S608
        return {column.name: count for column, count in zip(self._columns, counts, strict=True)}

    def _largest(self, column: ShapeColumn) -> CellChange | None:
        if column.type not in {"integer", "number"} or column.stored == "VARCHAR":
            return None
        size = f"abs(CAST(b{column.position} AS DOUBLE) - CAST(a{column.position} AS DOUBLE))"
        found = self._changed(column, f"AND isfinite({size}) ORDER BY {size} DESC, y LIMIT 1")
        return found[0] if found else None

    def _changes(self, columns: Sequence[ShapeColumn], most: int) -> tuple[CellChange, ...]:
        found: list[tuple[int, int, CellChange]] = []
        for column in columns:
            changes = self._changed(column, f"ORDER BY y LIMIT {most}")
            found += [(change.row_after, column.position, change) for change in changes]
        return tuple(change for _, _, change in sorted(found, key=lambda item: item[:2])[:most])

    def _changed(self, column: ShapeColumn, rest: str) -> list[CellChange]:
        key = [f"b{part.position}" for part in self.key]
        listed = ", ".join(["x", "y", f"a{column.position}", f"b{column.position}", *key])
        found = self._ask(f"SELECT {listed} FROM changed WHERE {_differs(column)} {rest}")  # noqa: S608
        return [CellChange(row[4:], column.name, row[2], row[3], row[0], row[1]) for row in found]

    def _periods(self, changed: Sequence[ShapeColumn]) -> tuple[tuple[int, int], ...]:
        years = [c for c in self._columns if c.type == "year" or (c.type == "integer" and c.name in YEARS)]
        if not years or not changed:
            return ()
        cells = " + ".join(f"CAST({_differs(column)} AS BIGINT)" for column in changed)
        year = f"b{years[0].position}"
        found = self._ask(
            f"SELECT {year}, sum({cells}) FROM changed WHERE {year} IS NOT NULL "  # noqa: S608
            f"GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT {PERIODS}"
        )
        return tuple((int(value), int(count)) for value, count in found)

    def _rows(self, side: str, own: str, other: str, most: int) -> tuple[RowExample, ...]:
        listed = ", ".join(["_row", *(column.place for column in self._columns)])
        found = self._ask(
            f"SELECT {listed} FROM {side} WHERE _row IN (SELECT {own} FROM pairs WHERE {other} IS NULL "  # noqa: S608
            f"ORDER BY {own} LIMIT {most}) ORDER BY _row"
        )
        return tuple(RowExample(row[0], row[1:]) for row in found)

    def _alone(self, own: str, other: str) -> int:
        found: int = self._ask(f"SELECT count({own}) FROM pairs WHERE {other} IS NULL")[0][0]  # noqa: S608
        return found

    def _count(self, side: str) -> int:
        found: int = self._ask(f"SELECT count(*) FROM {side}")[0][0]  # noqa: S608
        return found

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._cursor.execute(sql).fetchall()
        return found


def _differs(column: ShapeColumn) -> str:
    return f"a{column.position} IS DISTINCT FROM b{column.position}"
