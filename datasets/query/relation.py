"""A table that can be asked: in a serving file that is open, or straight in its Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from datasets.query.conditions import Sql
from datasets.query.errors import AnswerTooLarge, TableBroken
from datasets.query.instance import Instance
from datasets.tables.building import places
from datasets.tables.columnar import literal

ROWS_AT_ONCE = 1_000
CELL_WEIGHT = 64  # bytes of a Python value and its place in a tuple, about
MOST_WEIGHT = 32 * 2**20  # of one answer in this process's memory


@dataclass(eq=False)
class Relation:
    """A table: `source` is its name in SQL, with `_row` and `c0`, `c1`, …; `types` the SQL type of each column.

    `clustered` is the name of the columns `narrow` of it, sorted by them, where there is one. `numbered` tells that
    `rowid` is `_row` less one; `file` is the serving file.
    """

    key: str
    source: str
    rows: int
    types: Mapping[str, str]
    instance: Instance
    seconds: float
    users: int = 0
    clustered: str = ""
    narrow: frozenset[str] = frozenset()
    numbered: bool = False
    file: Path | None = None

    def cheapest(self, places: Iterable[str]) -> str:
        """Where to ask about these columns alone: rows come in no order from any other than `source`."""
        wanted = frozenset(places)
        return self.clustered if self.clustered and wanted and wanted <= self.narrow else self.source

    def types_of(self, sql: Sql) -> list[str]:
        """The SQL types of an answer's columns; nothing is computed."""
        with self.instance.cursor(self.seconds) as cursor:
            described = cursor.execute(f"DESCRIBE {sql.text}", sql.values).fetchall()
        return [str(row[1]) for row in described]

    def ask(self, sql: Sql) -> list[Any]:
        """All rows of the answer. Raises `TooSlow`, `TooLarge`, `AnswerTooLarge` and `TableBroken`."""
        found: list[Any] = []
        weight = 0
        with self.instance.cursor(self.seconds) as cursor:
            cursor.execute(sql.text, sql.values)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                weight += weight_of(rows)
                if weight > MOST_WEIGHT:
                    raise AnswerTooLarge(megabytes=MOST_WEIGHT // 2**20)
                found += rows
        return found


def weight_of(rows: Sequence[Sequence[Any]]) -> int:
    """About how many bytes these rows take in memory."""
    text = sum([len(cell) for cell in chain.from_iterable(rows) if cell.__class__ is str])
    return 200 + text + CELL_WEIGHT * len(rows) * (len(rows[0]) if rows else 0)


def in_serving_file(instance: Instance, name: str, path: Path, key: str, seconds: float) -> Relation:
    """The table of a serving file, attached as `name`. Raises DuckDB's errors when it is broken."""
    with instance.admin() as connection:
        connection.execute(f"ATTACH {literal(str(path))} AS {name} (READ_ONLY)")
        try:
            known = connection.execute(f"SELECT name, narrow FROM {name}.n").fetchall()  # noqa: S608
            types = [str(row[1]) for row in connection.execute(f"DESCRIBE {name}.t").fetchall()][1:]
            rows = connection.execute(f"SELECT count(*) FROM {name}.t").fetchall()[0][0]  # noqa: S608
        except BaseException:
            connection.execute(f"DETACH {name}")
            raise
    named = dict(zip((row[0] for row in known), types, strict=True))
    narrow = frozenset(f"c{position}" for position, row in enumerate(known) if row[1])
    more: dict[str, Any] = {
        "clustered": f"{name}.k" if narrow else "",
        "narrow": narrow,
        "numbered": True,  # building sees to it
        "file": path,
    }
    return Relation(key, f"{name}.t", rows, named, instance, seconds, users=1, **more)


@contextmanager
def in_parquet(instance: Instance, parquet: Path, key: str, seconds: float) -> Iterator[Relation]:
    """The table straight from its Parquet, which `instance` can reach; closes the instance. Raises `TableBroken`."""
    import duckdb

    file = f"read_parquet([{literal(str(parquet.absolute()))}], file_row_number = true)"
    try:
        try:
            with instance.admin() as connection:
                described = connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()[:-1]  # noqa: S608
                rows = connection.execute(f"SELECT count(*) FROM {file}").fetchall()[0][0]  # noqa: S608
        except duckdb.Error as error:
            raise TableBroken(reason=type(error).__name__) from error
        types = {row[0]: str(row[1]) for row in described}
        listed = ", ".join(["file_row_number + 1 AS _row", *places(list(types))])
        source = f"(SELECT {listed} FROM {file})"  # noqa: S608 - names quoted by places()
        yield Relation(key, source, rows, types, instance, seconds, users=1)
    finally:
        instance.close()
