"""Tables that can be asked: serving files opened in this process's DuckDB as they are needed."""

from __future__ import annotations

import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.columnar import literal
from datasets.query_conditions import Sql
from datasets.query_errors import TableBroken
from datasets.query_instance import Instance
from datasets.serving import ServingFiles, places

MOST_OPEN = 64  # tables attached at once; each keeps a file open


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


class Tables:
    """The open tables of a process, the last used `MOST_OPEN` of them; begun anew after a fork."""

    def __init__(self, folder: Path, *, megabytes: int, threads: int, seconds: float, disk_megabytes: int) -> None:
        self.folder, self.seconds = folder.absolute(), seconds
        self.files = ServingFiles(
            self.folder / "serving", megabytes=disk_megabytes, memory=f"{megabytes}MB", threads=threads
        )
        self._megabytes, self._threads = megabytes, threads
        self._inherited: list[Instance] = []
        self._instance: Instance | None = None
        self._known: OrderedDict[str, Relation] = OrderedDict()
        self._begin()

    @contextmanager
    def table(self, parquet: Path) -> Iterator[Relation]:
        """The table of a Parquet file, kept open while the block runs. Raises `TableBroken`.

        Where no serving file can be made (the disk is full or read-only) the Parquet itself is asked, which is slower.
        """
        import duckdb

        if self._process != os.getpid():
            self._begin()
        try:
            key = self.files.key(parquet)
            table = self._opened(key) or self._open(key, self.files.ready(parquet, key), again=parquet)
        except (duckdb.Error, OSError) as error:
            with self._directly(parquet, because=error) as relation:
                yield relation
            return
        try:
            yield table
        except TableBroken:
            self._discard(table)
            raise
        finally:
            with self._lock:
                table.users -= 1

    def instance(self) -> Instance:
        """This process's DuckDB, made when it is first needed."""
        if self._process != os.getpid():
            self._begin()
        with self._lock:
            if self._instance is None:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._sweep()
                self._instance = self._closed_in(folders=[self.folder])
            return self._instance

    def close(self) -> None:
        """Close all; the next question begins anew."""
        if self._process == os.getpid() and self._instance is not None:
            self._instance.close()
            self._instance = None
        self._begin()

    def _begin(self) -> None:
        """After a fork what there was belongs to the parent: it is kept, not closed, and not used."""
        if self._instance is not None:
            self._inherited.append(self._instance)
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._instance = None
        self._known = OrderedDict()
        self._count = 0

    def _closed_in(self, *, folders: list[Path] | None = None, files: list[Path] | None = None) -> Instance:
        spill = self.folder / f"spill-{self._process}"
        return Instance(
            megabytes=self._megabytes, threads=self._threads, spill=spill, folders=folders or (), files=files or ()
        )

    def _sweep(self) -> None:
        """What processes that are gone had spilled."""
        for path in self.folder.glob("spill-*"):
            try:
                os.kill(int(path.name.removeprefix("spill-")), 0)
            except ProcessLookupError:
                shutil.rmtree(path, ignore_errors=True)
            except (ValueError, PermissionError):
                continue

    def _opened(self, key: str) -> Relation | None:
        with self._lock:
            table = self._known.get(key)
            if table is not None:
                self._known.move_to_end(key)
                table.users += 1
            return table

    def _open(self, key: str, path: Path, *, again: Path | None = None) -> Relation:
        """Attach a serving file; one that turns out broken is made again from `again`, once."""
        import duckdb

        with self._lock:
            table = self._opened(key)
            if table is not None:
                return table
            try:
                table = self._attached(key, path)
            except duckdb.Error:
                if again is None:
                    raise
                self.files.forget(key)
                return self._open(key, self.files.ready(again, key))
            self._known[key] = table
            self._close_unused()
            return table

    def _attached(self, key: str, path: Path) -> Relation:
        self._count += 1
        name = f"s{self._count}"
        instance = self.instance()
        with instance.admin() as connection:
            connection.execute(f"ATTACH {literal(str(path))} AS {name} (READ_ONLY)")
            try:
                names = [row[0] for row in connection.execute(f"SELECT name FROM {name}.n").fetchall()]  # noqa: S608
                types = [str(row[1]) for row in connection.execute(f"DESCRIBE {name}.t").fetchall()][1:]
                rows = connection.execute(f"SELECT count(*) FROM {name}.t").fetchall()[0][0]  # noqa: S608
            except BaseException:
                connection.execute(f"DETACH {name}")
                raise
        described = dict(zip(names, types, strict=True))
        return Relation(key, f"{name}.t", rows, described, instance, self.seconds, users=1)

    def _close_unused(self) -> None:
        for key, table in list(self._known.items()):
            if len(self._known) <= MOST_OPEN:
                break
            if table.users == 0:
                self._detach(key, table)

    def _discard(self, table: Relation) -> None:
        """A file that failed while it was read is made again for the next question."""
        with self._lock:
            self.files.forget(table.key)
            if self._known.get(table.key) is table:
                self._detach(table.key, table)

    def _detach(self, key: str, table: Relation) -> None:
        import duckdb

        del self._known[key]
        with suppress(duckdb.Error), table.instance.admin() as connection:
            connection.execute(f"DETACH {table.source.removesuffix('.t')}")

    @contextmanager
    def _directly(self, parquet: Path, *, because: Exception) -> Iterator[Relation]:
        import duckdb

        instance = self._closed_in(files=[parquet.absolute()])
        file = f"read_parquet([{literal(str(parquet.absolute()))}], file_row_number = true)"
        try:
            with instance.admin() as connection:
                described = connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()[:-1]  # noqa: S608
                rows = connection.execute(f"SELECT count(*) FROM {file}").fetchall()[0][0]  # noqa: S608
            types = {row[0]: str(row[1]) for row in described}
            listed = ", ".join(["file_row_number + 1 AS _row", *places(list(types))])
            source = f"(SELECT {listed} FROM {file})"  # noqa: S608 - names quoted by places()
        except duckdb.Error as error:
            instance.close()
            raise TableBroken(reason=type(because).__name__) from error
        try:
            yield Relation(parquet.name, source, rows, types, instance, self.seconds, users=1)
        finally:
            instance.close()
