"""Serving files: a table in DuckDB's own format on the local disk, from which pages are answered.

A cache and nothing more: made from the Parquet when it is first asked for, thrown away when the folder is full, safe to
delete at any time. Pages from it cost a fraction of pages from Parquet, see docs/decisions.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from datasets.columnar import literal
from datasets.columnar_types import quoted

LAYOUT = 1  # of the table in the file; raise it when that changes
SMALL_ROWS = 50_000
SMALL_BLOCK = 16_384  # bytes; the usual 256 kB for each column would make a small table large
STRAY_SECONDS = 3_600
TOUCH_SECONDS = 60
_HASH = re.compile(r"[0-9a-f]{64}")


class ServingFiles:
    """The folder of serving files, which several processes share; never more than `megabytes` but for the newest."""

    def __init__(self, folder: Path, *, megabytes: int = 4_096, memory: str = "200MB", threads: int = 2) -> None:
        self.folder = folder
        self._limit = megabytes * 2**20
        self._config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": memory, "threads": threads}
        self._keys: dict[tuple[str, int, int], str] = {}

    def key(self, parquet: Path) -> str:
        """The SHA-256 of the file: its name where it is a blob, else computed once."""
        if _HASH.fullmatch(parquet.name):
            return parquet.name
        status = parquet.stat()
        known = (str(parquet), status.st_size, status.st_mtime_ns)
        if known not in self._keys:
            with parquet.open("rb") as handle:
                self._keys[known] = hashlib.file_digest(handle, "sha256").hexdigest()
        return self._keys[known]

    def ready(self, parquet: Path, key: str) -> Path:
        """The serving file of this Parquet, made when it is not there. Raises DuckDB's errors and OSError."""
        target = self.path(key)
        if not self._used(target):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._turn(key):
                if not target.exists():
                    self._build(parquet, target)
            self._make_room(target)
        return target

    def path(self, key: str) -> Path:
        """Where the serving file of a key is kept; DuckDB's version is in the name, since its format may change."""
        import duckdb

        return self.folder / f"{key}.{LAYOUT}-{duckdb.__version__}.duckdb"

    def forget(self, key: str) -> None:
        """Take away a file that turned out broken; those who read it keep reading."""
        self.path(key).unlink(missing_ok=True)

    def _used(self, target: Path) -> bool:
        """Whether the file is there; its time says when it was last asked for."""
        try:
            if time.time() - target.stat().st_mtime > TOUCH_SECONDS:
                target.touch()
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def _turn(self, key: str) -> Iterator[None]:
        """One builder at a time for a key, over threads and processes; the others wait and find the file."""
        with (self.folder / f"build-{key[0]}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _build(self, parquet: Path, target: Path) -> None:
        import duckdb

        work = Path(tempfile.mkdtemp(prefix=".build-", dir=self.folder))
        try:
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
                connection.execute("CREATE TABLE built.n (name VARCHAR)")
                connection.executemany("INSERT INTO built.n VALUES (?)", [(name,) for name in names])
                connection.execute("DETACH built")
            written.chmod(0o400)
            written.replace(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _make_room(self, newest: Path) -> None:
        """The files longest not asked for go first; strays of killed builders go after an hour."""
        files = []
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                status = path.stat()
                if path.suffix == ".duckdb" and path != newest:
                    files.append((status.st_mtime, status.st_size, path))
                elif path.name.startswith(".build-") and time.time() - status.st_mtime > STRAY_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)
        room = self._limit - newest.stat().st_size
        for _, size, path in sorted(files, reverse=True):
            room -= size
            if room < 0:
                path.unlink(missing_ok=True)


def places(names: list[str]) -> list[str]:
    """`"kecamatan" AS c0` and so on: behind this line no SQL holds a name that came from outside."""
    return [f"{quoted(name)} AS c{position}" for position, name in enumerate(names)]
