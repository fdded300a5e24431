"""Read-only SQL over a dataset's tables, in a process of its own that can reach nothing else and is ended in time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.query.cells import JsonCell
from datasets.sql import errors as sql_errors
from datasets.sql.errors import SqlBusy, SqlRefused, SqlStopped
from metadata.notices import Param

MOST_SAID = 64 * 2**20  # bytes of an answer
START_SECONDS = 3.0  # for the process to come up, beyond the time of the question
_REASONS = {
    "time": "batas waktu {seconds} detik / the limit of {seconds} seconds",
    "memory": "batas memori {megabytes} MB / the limit of {megabytes} MB of memory",
    "disk": "batas ruang kerja / the limit of working space",
    "table": "tabel tidak terbaca / the table cannot be read",
    "cancelled": "dibatalkan / cancelled",
}


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column of an answer: its name and DuckDB's type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """The rows, as many as the sandbox gives; `cut` tells that there were more. `layers` confined the process."""

    columns: tuple[SqlColumn, ...]
    rows: tuple[tuple[JsonCell, ...], ...]
    cut: bool
    seconds: float
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SqlSandbox:
    """The limits, and the folder (on a local disk) that the processes of a host share to keep them.

    `seconds` and `megabytes` bound one question, `rows` its answer, `at_once` the questions of all processes together.
    """

    folder: Path
    seconds: float = 10.0
    megabytes: int = 256
    disk_megabytes: int = 512
    rows: int = 1_000
    threads: int = 2
    at_once: int = 2

    def ask(self, tables: Mapping[str, Path], sql: str, *, ticket: str | None = None) -> SqlAnswer:
        """Run one SELECT over `tables` (name in SQL → Parquet file).

        With a `ticket` (letters and digits), `cancel` can end it from any process. Raises `SqlRefused` (400) for what
        may not or cannot be run, `SqlStopped` (422) at a limit, `SqlBusy` (503) when too many run.
        """
        with self._slot(), tempfile.TemporaryDirectory(prefix="work-", dir=self.folder) as work:
            order = {
                "tables": {name: str(path.resolve()) for name, path in tables.items()},
                "sql": sql,
                "folder": str(Path(work).resolve()),
                "seconds": self.seconds,
                "megabytes": self.megabytes,
                "disk_megabytes": self.disk_megabytes,
                "rows": self.rows,
                "threads": self.threads,
            }
            said = self._said(order, Path(work), ticket)
        if "refused" in said:
            raise _refused(said["refused"], said["params"])
        if "stopped" in said:
            raise self._stopped(said["stopped"])
        return SqlAnswer(
            columns=tuple(SqlColumn(column["name"], column["type"]) for column in said["columns"]),
            rows=tuple(tuple(row) for row in said["rows"]),
            cut=said["cut"],
            seconds=said["seconds"],
            layers=tuple(said["layers"]),
        )

    def cancel(self, ticket: str) -> bool:
        """End the question of that ticket; whether there was one."""
        note = self._note(ticket)
        with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
            process, started = (int(part) for part in note.read_text().split())
            if _started(process) == started:  # the number may belong to another process by now
                os.killpg(process, signal.SIGKILL)
                return True
        return False

    def _said(self, order: dict[str, Any], work: Path, ticket: str | None) -> dict[str, Any]:
        process = subprocess.Popen(
            [sys.executable, "-m", "datasets.sql.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=work,
            env=_environment(work),
            start_new_session=True,
        )
        try:
            with self._noted(process.pid, ticket):
                answer, _ = process.communicate(json.dumps(order).encode(), timeout=self.seconds + START_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise self._stopped("time") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        if process.returncode != 0 or len(answer) > MOST_SAID:
            raise self._stopped(_why(process.returncode))
        said: dict[str, Any] = json.loads(answer)
        return said

    def _stopped(self, why: str) -> SqlStopped:
        words = _REASONS.get(why, why).format(seconds=f"{self.seconds:g}", megabytes=self.megabytes)
        return SqlStopped(reason=words)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """One of the places that all processes of the host share."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(self.at_once):
            with (self.folder / f"slot-{number}.lock").open("w") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        raise SqlBusy

    @contextmanager
    def _noted(self, process: int, ticket: str | None) -> Iterator[None]:
        """A note of who runs for the ticket, while it runs."""
        if ticket is None:
            yield
            return
        note = self._note(ticket)
        note.write_text(f"{process} {_started(process)}")
        try:
            yield
        finally:
            note.unlink(missing_ok=True)

    def _note(self, ticket: str) -> Path:
        if not ticket.isalnum() or not ticket.isascii() or len(ticket) > 64:
            raise SqlRefused(reason="ticket")
        return self.folder / f"ticket-{ticket}"


def _refused(kind: str, given: Mapping[str, Any]) -> SqlRefused:
    params: dict[str, Param] = {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}
    refusal: type[SqlRefused] = getattr(sql_errors, kind, SqlRefused)
    return refusal(place=None, **params)


def _environment(work: Path) -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {"PATH": os.defpath, "PYTHONPATH": str(root), "PYTHONUTF8": "1", "HOME": str(work), "TMPDIR": str(work)}


def _started(process: int) -> int:
    """The moment a process began, in the kernel's ticks: with its number it names a process for good."""
    text = Path(f"/proc/{process}/stat").read_text()
    return int(text.rpartition(")")[2].split()[19])


def _why(code: int) -> str:
    if code == -signal.SIGXCPU:
        return "time"
    if code == -signal.SIGKILL:
        return "cancelled"
    return "memory" if code in {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS} else f"kode / code {code}"
