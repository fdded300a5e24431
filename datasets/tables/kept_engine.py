"""A DuckDB that the process keeps for small tables: starting one takes longer than counting such a table."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "300MB"
THREADS = 2  # fixed, because the bytes of a Parquet depend on it: the same CSV gives the same one on every machine
SMALL = 1024 * 1024
"""Bytes of a file up to which it is small; a larger one gets an engine, and its memory, to itself."""


@contextmanager
def engine_for(file: Path, spill: Path) -> Iterator[DuckDBPyConnection]:
    """A connection for one thread to look into `file`, in UTC; what it makes is temporary and gone at the end.

    `spill` is where an engine of its own puts what does not fit into memory.
    """
    import duckdb

    if file.stat().st_size > SMALL:
        with _started(spill) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection
        return
    connection = _kept(os.getpid()).cursor()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    except (duckdb.FatalException, duckdb.InternalException):
        _kept.cache_clear()  # after such a fault an engine answers nothing any more
        raise
    finally:
        connection.close()


@cache
def _kept(process: int) -> DuckDBPyConnection:
    """The engine of this process; its threads do not survive a fork, so that a child makes its own."""
    return _started(Path(tempfile.gettempdir()) / f"lumbung-spill-{process}")


def _started(spill: Path) -> DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config={"memory_limit": MEMORY, "threads": THREADS, "temp_directory": str(spill)})
