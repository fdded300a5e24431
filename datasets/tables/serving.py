"""Serving files: a table in DuckDB's own format on the local disk, which answers pages, and orders of its rows.

A cache and nothing more: made from the Parquet when it is first asked for, thrown away when the folder is full, safe to
delete at any time. Why not the Parquet itself: docs/decisions/0006-serving-files.md.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from datasets.tables.building import build_table, in_child
from datasets.tables.disk_cache import DiskCache
from datasets.tables.row_order import RowOrder

LAYOUT = 3  # of the files; raise it when they change
LARGE = 2 * 2**20  # bytes of Parquet; more is made in a process of its own
MEMORY = "300MB"  # of that process
_HASH = re.compile(r"[0-9a-f]{64}")


class ServingFiles:
    """The serving files of a host; what is in them says `datasets.tables.building`."""

    def __init__(self, folder: Path, *, megabytes: int, memory: str, threads: int) -> None:
        self._files = DiskCache(folder, megabytes=megabytes)
        self._memory, self._threads = memory, threads
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

    def order(self, key: str, keys: str) -> RowOrder | None:
        """The order of the table's rows by `keys` (SQL over places), None when it has not been made."""
        name = _order_name(key, keys)
        return RowOrder(self._files.folder / name) if self._files.used(name) else None

    def make_order(self, key: str, keys: str) -> None:
        """Make it from the serving file, in a process of its own. Raises OSError."""

        def build(work: Path) -> Path:
            job = {"source": str(self._files.folder / _name(key)), "target": str(work / "order"), "keys": keys}
            in_child(job | {"memory": MEMORY, "threads": self._threads})
            return work / "order"

        self._files.ready(_order_name(key, keys), build)

    def _build(self, parquet: Path, work: Path) -> Path:
        written = work / "table.duckdb"
        if parquet.stat().st_size > LARGE:
            job = {"source": str(parquet.absolute()), "target": str(written)}
            in_child(job | {"memory": MEMORY, "threads": self._threads})
        else:
            build_table(parquet, written, memory=self._memory, threads=self._threads)
        return written


def _name(key: str) -> str:
    """DuckDB's version is in the name, since its format may change."""
    import duckdb

    return f"{key}.{LAYOUT}-{duckdb.__version__}.duckdb"


def _order_name(key: str, keys: str) -> str:
    return f"{key}.{LAYOUT}-{hashlib.sha256(keys.encode()).hexdigest()[:16]}.order"
