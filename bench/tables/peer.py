"""Datasette from PyPI, on the same rows: installed, loaded, served."""

from __future__ import annotations

import csv
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from running import free_port, started


def load_sqlite(source: Path, target: Path, *, indexes: bool) -> None:
    """The same rows, typed, as Datasette's own tools would load them, only faster."""
    with sqlite3.connect(target) as database, source.open(encoding="utf-8", newline="") as handle:
        database.execute(
            "CREATE TABLE t (id INTEGER, kecamatan TEXT, desa TEXT, tahun INTEGER, "
            "indikator TEXT, nilai REAL, catatan TEXT)"
        )
        reader = csv.reader(handle)
        next(reader)
        database.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", reader)
        for column in ("id", "kecamatan", "tahun", "nilai", "indikator") if indexes else ():
            database.execute(f"CREATE INDEX by_{column} ON t ({column})")
        database.execute("ANALYZE")
    database.close()


@contextmanager
def datasette(folder: Path, source: Path, *, indexes: bool) -> Iterator[tuple[int, int, str]]:
    """Datasette with its limits out of the way: port, process and the name of its database."""
    python = folder / "peer" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "peer")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "datasette==0.65.*", "setuptools<81"], check=True)
    target = folder / f"peer-{'indexed' if indexes else 'plain'}-{source.stem}.db"
    if not target.exists():
        load_sqlite(source, target, indexes=indexes)
    settings = {"sql_time_limit_ms": 60000, "facet_time_limit_ms": 60000, "default_cache_ttl": 0}
    port = free_port()
    command = [str(python), "-m", "datasette", "serve", "-i", str(target), "--port", str(port)]
    for key, value in (settings | {"max_returned_rows": 1000}).items():
        command += ["--setting", key, str(value)]
    with started(command, port) as pid:
        yield port, pid, target.stem
