"""A table that can be asked: in a serving file that is open, or straight in its Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.query.conditions import Sql
from datasets.query.errors import TableBroken
from datasets.query.instance import Instance
from datasets.tables.columnar import literal
from datasets.tables.serving import places


@dataclass(eq=False)
class Relation:
    """A table: `source` is its name in SQL, with `_row` and `c0`, `c1`, …; `types` the SQL type of each column."""

    key: str
    source: str
    rows: int
    types: Mapping[str, str]
    instance: Instance
    seconds: float
    users: int = 0

    def types_of(self, sql: Sql) -> list[str]:
        """The SQL types of an answer's columns; nothing is computed."""
        with self.instance.cursor(self.seconds) as cursor:
            described = cursor.execute(f"DESCRIBE {sql.text}", sql.values).fetchall()
        return [str(row[1]) for row in described]

    def ask(self, sql: Sql) -> list[Any]:
        """All rows of the answer. Raises `TooSlow`, `TooLarge` and `TableBroken`."""
        with self.instance.cursor(self.seconds) as cursor:
            return cursor.execute(sql.text, sql.values).fetchall()


def in_serving_file(instance: Instance, name: str, path: Path, key: str, seconds: float) -> Relation:
    """The table of a serving file, attached as `name`. Raises DuckDB's errors when it is broken."""
    with instance.admin() as connection:
        connection.execute(f"ATTACH {literal(str(path))} AS {name} (READ_ONLY)")
        try:
            names = [row[0] for row in connection.execute(f"SELECT name FROM {name}.n").fetchall()]  # noqa: S608
            types = [str(row[1]) for row in connection.execute(f"DESCRIBE {name}.t").fetchall()][1:]
            rows = connection.execute(f"SELECT count(*) FROM {name}.t").fetchall()[0][0]  # noqa: S608
        except BaseException:
            connection.execute(f"DETACH {name}")
            raise
    return Relation(key, f"{name}.t", rows, dict(zip(names, types, strict=True)), instance, seconds, users=1)


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
