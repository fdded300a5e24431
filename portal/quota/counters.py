"""Counters that all processes of a host share: a small database of its own, which may be lost at any time."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from datasets.db import sqlite_module

log = logging.getLogger("lumbung.quota")

WINDOW = 60
"""Seconds of one window."""


class Counters(Protocol):
    """Where what was asked is added up."""

    def add(self, key: bytes, cost: int, *, now: float) -> int:
        """Add to a key's count in the window of `now` (seconds since 1970), and give the window's sum so far."""


class LocalCounters:
    """Counters in a file that is never synced: a lost count forgives, and no request waits for a disk."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = path, clock
        self._local = threading.local()
        self._swept = 0

    def add(self, key: bytes, cost: int, *, now: float) -> int:
        """As `Counters.add`; a file that cannot be written counts nothing rather than refuse everybody."""
        window = int(now) // WINDOW
        try:
            connection = self._connection()
            if self._swept != window:
                self._swept = window
                connection.execute("DELETE FROM asked WHERE window < ?", (window - 1,))
            row = connection.execute(
                "INSERT INTO asked (key, window, cost) VALUES (?, ?, ?)"
                " ON CONFLICT (key, window) DO UPDATE SET cost = cost + excluded.cost RETURNING cost",
                (key, window, cost),
            ).fetchone()
        except sqlite_module().Error as error:
            log.warning("requests cannot be counted: %s", error)
            return cost
        return int(row[0])

    def _connection(self) -> Any:
        """This thread's connection in this process: none is carried over a fork."""
        if getattr(self._local, "process", None) != os.getpid():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            made = sqlite_module().connect(self._path, timeout=0.2, isolation_level=None)
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("PRAGMA synchronous=OFF")
            made.execute(
                "CREATE TABLE IF NOT EXISTS asked (key BLOB, window INTEGER, cost INTEGER, PRIMARY KEY (key, window))"
                " WITHOUT ROWID"
            )
            self._local.process, self._local.connection = os.getpid(), made
        return self._local.connection
