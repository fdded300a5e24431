"""A DuckDB that is closed in: limits of memory, disk and time, no file but those allowed, nothing to be changed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from datasets.query.errors import Incomputable, TableBroken, TooLarge, TooSlow
from datasets.query.limits import TimeOver, Watch
from datasets.tables.columnar import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SPILL = "1GB"


class Instance:
    """An in-memory DuckDB for one process. `folders` and `files` are all that its SQL can reach, for good."""

    def __init__(
        self, *, megabytes: int, threads: int, spill: Path, folders: Sequence[Path] = (), files: Sequence[Path] = ()
    ) -> None:
        import duckdb

        self._megabytes, self._spill = megabytes, spill
        self._lock = threading.Lock()
        self._watch = Watch()
        self._root: DuckDBPyConnection = duckdb.connect(
            config={
                "memory_limit": f"{megabytes}MB",
                "threads": threads,
                "temp_directory": str(spill),
                "max_temp_directory_size": SPILL,
                "preserve_insertion_order": True,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        allowed = {"allowed_directories": folders, "allowed_paths": files}
        settings = [
            f"{name} = [{', '.join(literal(str(p)) for p in paths)}]" for name, paths in allowed.items() if paths
        ]
        settings += ["TimeZone = 'UTC'", "python_enable_replacements = false"]
        settings += ["enable_external_access = false", "lock_configuration = true"]
        for setting in settings:
            self._root.execute(f"SET {setting}")

    @contextmanager
    def cursor(self, seconds: float) -> Iterator[DuckDBPyConnection]:
        """A connection for one thread, stopped when its time is over.

        Raises `TooSlow` and `TooLarge` when a limit is met, `Incomputable` for a figure beyond every type, and
        `TableBroken` when a file cannot be read.
        """
        import duckdb

        with self._lock:
            cursor = self._root.cursor()
        try:
            with self._watch.limit(cursor, seconds):
                yield cursor
        except (duckdb.InterruptException, TimeOver) as error:
            raise TooSlow(seconds=seconds) from error
        except duckdb.OutOfMemoryException as error:
            raise TooLarge(megabytes=self._megabytes) from error
        except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
            raise Incomputable from error
        except (
            duckdb.IOException,
            duckdb.PermissionException,
            duckdb.FatalException,
            duckdb.InternalException,
            duckdb.SerializationException,
        ) as e:
            raise TableBroken(reason=type(e).__name__) from e
        finally:
            cursor.close()

    @contextmanager
    def admin(self) -> Iterator[DuckDBPyConnection]:
        """The first connection, one thread at a time: to attach and detach. Raises DuckDB's own errors."""
        with self._lock:
            yield self._root

    def close(self) -> None:
        """Questions that still run end with an error."""
        with self._lock:
            self._root.close()
        shutil.rmtree(self._spill, ignore_errors=True)
