"""Serving files: a table in DuckDB's own format on the local disk, from which pages are answered.

A cache and nothing more: made from the Parquet when it is first asked for, thrown away when the folder is full, safe to
delete at any time. Why not the Parquet itself: docs/decisions/0006-serving-files.md.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from datasets.tables.columnar import literal
from datasets.tables.columnar_types import quoted
from datasets.tables.disk_cache import DiskCache

LAYOUT = 1  # of the tables in the file; raise it when they change
SMALL_ROWS = 50_000
SMALL_BLOCK = 16_384  # bytes; the usual 256 kB for each column would make a small table large
_HASH = re.compile(r"[0-9a-f]{64}")


class ServingFiles:
    """The serving files of a host: table `t` with `_row` (from 1), `c0`, `c1`, …, and `n` with the columns' names."""

    def __init__(self, folder: Path, *, megabytes: int, memory: str, threads: int) -> None:
        self._files = DiskCache(folder, megabytes=megabytes)
        self._config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": memory, "threads": threads}
        self._keys: dict[tuple[str, int, int], str] = {}

    def key(self, parquet: Path) -> str:
        """The SHA-256 of the file: its name where it is a blob, else computed once. Raises OSError."""
        status = parquet.stat()
        if _HASH.fullmatch(parquet.name):
            return parquet.name
        known = (str(parquet), status.st_size, status.st_mtime_ns)
        if known not in self._keys:
            with parquet.open("rb") as handle:
                self._keys[known] = hashlib.file_digest(handle, "sha256").hexdigest()
        return self._keys[known]

    def ready(self, parquet: Path, key: str) -> Path:
        """The serving file of this Parquet, made when it is not there. Raises DuckDB's errors and OSError."""
        return self._files.ready(_name(key), lambda work: self._build(parquet, work))

    def known(self, key: str) -> bool:
        """Whether the serving file is there."""
        return self._files.known(_name(key))

    def forget(self, key: str) -> None:
        """Take away a file that turned out broken."""
        self._files.forget(_name(key))

    def _build(self, parquet: Path, work: Path) -> Path:
        import duckdb

        written = work / "table.duckdb"
        with duckdb.connect(config={**self._config, "temp_directory": str(work / "spill")}) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            source = f"read_parquet([{literal(str(parquet))}], file_row_number = true)"
            described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608
            names = [row[0] for row in described][:-1]
            rows = connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]  # noqa: S608
            block = f" (BLOCK_SIZE {SMALL_BLOCK})" if rows <= SMALL_ROWS else ""
            connection.execute(f"ATTACH {literal(str(written))} AS built{block}")
            listed = ", ".join(["file_row_number + 1 AS _row", *places(names)])
            connection.execute(f"CREATE TABLE built.t AS SELECT {listed} FROM {source}")  # noqa: S608
            connection.execute("CREATE TABLE built.n AS SELECT unnest(CAST(? AS VARCHAR[])) AS name", (names,))
            connection.execute("DETACH built")
        return written


def places(names: list[str]) -> list[str]:
    """`"kecamatan" AS c0` and so on: behind this line no SQL holds a name that came from outside."""
    return [f"{quoted(name)} AS c{position}" for position, name in enumerate(names)]


def _name(key: str) -> str:
    """DuckDB's version is in the name, since its format may change."""
    import duckdb

    return f"{key}.{LAYOUT}-{duckdb.__version__}.duckdb"
