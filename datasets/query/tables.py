"""Tables that can be asked: serving files opened in this process's DuckDB as they are needed."""

from __future__ import annotations

import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from datasets.query.errors import TableBroken
from datasets.query.instance import Instance
from datasets.query.relation import Relation, in_parquet, in_serving_file
from datasets.tables.building import CLUSTERED_ROWS
from datasets.tables.row_order import RowOrder
from datasets.tables.serving import ServingFiles

LARGE = 4 * 2**20  # bytes of Parquet; more takes over a third of a second to become a serving file
MOST_MAKING = 8  # files waited for; what is beyond them is made when it is asked for again
DIRECT_SHARE = 2  # of the memory for questions has who asks the Parquet itself
MOST_OPEN = 64  # tables attached at once; each keeps a file open


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

        Its serving file is made when it is not there; that of a large table behind the question's back, while the
        Parquet itself is asked. So it is where none can be made, because the disk is full or read-only.
        """
        if self._process != os.getpid():
            self._begin()
        try:
            key = self.files.key(parquet)
        except OSError as error:
            raise TableBroken(reason=type(error).__name__) from error
        table = self._opened(key) or self._served(parquet, key)
        if table is None:
            with self._directly(parquet, key) as relation:
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

    def prepare(self, parquet: Path) -> None:
        """Make the serving file now, so that no question waits for it. Raises DuckDB's errors and OSError."""
        self.files.ready(parquet, self.files.key(parquet))

    def order(self, table: Relation, keys: str) -> RowOrder | None:
        """The order of a large table's rows by `keys` (SQL over places); None when there is none yet.

        It is made behind the question's back, one at a time in each process: sorting on the spot is right too, only
        slower.
        """
        if table.rows < CLUSTERED_ROWS or not table.source.endswith(".t"):
            return None
        known = self.files.order(table.key, keys)
        if known is None:
            self._behind(f"{table.key} {keys}", lambda: self.files.make_order(table.key, keys))
        return known

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
        self._making: set[str] = set()
        self._turn = threading.Lock()
        self._direct = threading.Lock()
        self._count = 0

    def _closed_in(self, *, folders: list[Path], files: list[Path] | None = None) -> Instance:
        spill = self.folder / f"spill-{self._process}-{uuid4().hex[:8]}"
        megabytes = self._megabytes // DIRECT_SHARE if files else self._megabytes
        return Instance(megabytes=megabytes, threads=self._threads, spill=spill, folders=folders, files=files or ())

    def _sweep(self) -> None:
        """What processes that are gone had spilled."""
        for path in self.folder.glob("spill-*"):
            try:
                os.kill(int(path.name.split("-")[1]), 0)
            except ProcessLookupError:
                shutil.rmtree(path, ignore_errors=True)
            except (ValueError, PermissionError):
                continue

    def _served(self, parquet: Path, key: str) -> Relation | None:
        """From the serving file, if there is one now."""
        import duckdb

        try:
            if self.files.known(key) or parquet.stat().st_size <= LARGE:
                return self._open(key, self.files.ready(parquet, key), again=parquet)
        except (duckdb.Error, OSError):
            return None
        self._behind(key, lambda: self.files.ready(parquet, key))
        return None

    def _behind(self, name: str, make: Callable[[], object]) -> None:
        """In a thread of its own, one after the other; whatever goes wrong, the next question finds out by itself."""
        making, turn = self._making, self._turn

        def run() -> None:
            with turn, suppress(Exception):
                make()
            making.discard(name)

        with self._lock:
            if name in making or len(making) >= MOST_MAKING:
                return
            making.add(name)
            threading.Thread(target=run, name="serving-file", daemon=True).start()

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
        return in_serving_file(self.instance(), f"s{self._count}", path, key, self.seconds)

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
    def _directly(self, parquet: Path, key: str) -> Iterator[Relation]:
        """From the Parquet, one question at a time: each of these has a DuckDB and a share of memory of its own."""
        with self._direct:
            instance = self._closed_in(folders=[self.folder], files=[parquet.absolute()])
            with in_parquet(instance, parquet, key, self.seconds) as relation:
                yield relation
