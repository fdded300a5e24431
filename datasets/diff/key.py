"""The columns that name a row: declared by the schema, or found as the fewest that no two rows agree in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from datasets.diff.report import KeyOrigin
from datasets.query.shape import ShapeColumn

COUNTERS = frozenset({"no", "nomor", "no_urut", "nomor_urut", "urut", "num", "number"})
NAMING = ("string", "year", "date", "datetime")
IDENTIFIER = re.compile(r"(?:.*_)?(?:id|fid|gid|objectid|kode|code|nip|npsn|nss|nop)(?:_.*)?")  # of a whole number
MOST_COLUMNS = 4
MOST_CANDIDATES = 16
MOST_TRIES = 60
LONGEST = 120  # characters; a longer text says something, it names nothing
SAMPLE = 20_000
FEW = 20
ERROR = 1.3  # by which an approximate count may fall short

Ask = Callable[[str], list[tuple[Any, ...]]]


def find_key(
    ask: Ask, sides: Sequence[str], columns: Sequence[ShapeColumn], schemas: Sequence[Mapping[str, Any]]
) -> tuple[tuple[ShapeColumn, ...], KeyOrigin]:
    """The key of two relations `sides` with the columns `columns` in common, and where it comes from.

    A declared key counts when both versions keep to it. Figures are no key, however different they are, and neither are
    running numbers, which move when a row is inserted.
    """
    by_name = {column.name: column for column in columns}
    for schema in schemas[::-1]:
        declared = schema.get("primaryKey") or ()
        names = (declared,) if isinstance(declared, str) else tuple(declared)
        if names and all(name in by_name for name in names):
            key = tuple(by_name[name] for name in names)
            if all(_names_rows(ask, side, key) for side in sides):
                return key, "declared"
    for key in _candidates(ask, sides, columns):
        if all(_unique(ask, side, key) for side in sides):
            return key, "found"
    return (), "none"


def _candidates(ask: Ask, sides: Sequence[str], columns: Sequence[ShapeColumn]) -> Iterator[tuple[ShapeColumn, ...]]:
    """Sets of columns that could be a key, the likeliest first: few columns, those further left."""
    able = [column for column in columns if _may_name(column)]
    rows, counts = _distinct(ask, sides, able)
    able = [column for column in able if counts.get(column.name)]
    alone = [column for column in able if counts[column.name] * ERROR >= rows]
    yield from ((column,) for column in sorted(alone, key=lambda column: column.type != "string"))
    # a column with nearly as many values as rows, but not one for each, is a remark or a figure
    naming = [column for column in able if counts[column.name] <= max(rows // 2, FEW)][:MOST_CANDIDATES]
    tries = 0
    for size in range(2, MOST_COLUMNS + 1):
        for key in combinations(naming, size):
            product = 1
            for column in key:
                product *= counts[column.name]
            if product * ERROR < rows or not _unique(ask, f"(SELECT * FROM {sides[-1]} LIMIT {SAMPLE})", key):  # noqa: S608
                continue
            tries += 1
            if tries > MOST_TRIES:
                return
            yield key


def _may_name(column: ShapeColumn) -> bool:
    if column.name in COUNTERS or column.unit:
        return False
    return column.type in NAMING or (column.type == "integer" and bool(IDENTIFIER.fullmatch(column.name)))


def _distinct(ask: Ask, sides: Sequence[str], columns: Sequence[ShapeColumn]) -> tuple[int, dict[str, int]]:
    """The rows of the smaller side, and for columns without a missing or long cell about how many values they have."""
    rows, counts = None, {column.name: 0 for column in columns}
    for number, side in enumerate(sides):
        measures = ["count(*)"]
        for column in columns:
            long = f"coalesce(max(length({column.place})), 0)" if column.type == "string" else "0"
            measures += [f"count({column.place})", f"approx_count_distinct({column.place})", long]
        found = ask(f"SELECT {', '.join(measures)} FROM {side}")[0]  # noqa: S608 - places, never names
        rows = found[0] if rows is None else min(rows, found[0])
        for position, column in enumerate(columns):
            filled, distinct, longest = found[1 + 3 * position : 4 + 3 * position]
            usable = filled == found[0] and longest <= LONGEST
            counts[column.name] = (min(counts[column.name], distinct) if number else distinct) if usable else 0
    return rows or 0, counts


def _names_rows(ask: Ask, side: str, key: Sequence[ShapeColumn]) -> bool:
    missing = " OR ".join(f"{column.place} IS NULL" for column in key)
    return not ask(f"SELECT 1 FROM {side} WHERE {missing} LIMIT 1") and _unique(ask, side, key)  # noqa: S608


def _unique(ask: Ask, side: str, key: Sequence[ShapeColumn]) -> bool:
    listed = ", ".join(column.place for column in key)
    return not ask(f"SELECT 1 FROM {side} GROUP BY {listed} HAVING count(*) > 1 LIMIT 1")  # noqa: S608
