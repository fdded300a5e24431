"""Counts between two visits to the database: kept in memory, written every half minute by a thread of their own."""

from __future__ import annotations

import atexit
import hashlib
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date

log = logging.getLogger("lumbung.usage")

EVERY = 30.0
"""Seconds between writings: what a killed process may forget."""

AGAIN_AFTER = 1_800.0
"""Seconds within which the same reader of the same thing counts once."""

MOST_REMEMBERED = 50_000

Counts = Mapping[tuple[str, date], tuple[int, int]]


class Tally:
    """The counts of this process; `write` takes them over, or raises and they are kept for the next time."""

    def __init__(self, write: Callable[[Counts], None]) -> None:
        self._write = write
        self._counts: dict[tuple[str, date], tuple[int, int]] = {}
        self._seen: dict[bytes, float] = {}
        self._salt = secrets.token_bytes(16)
        self._lock = threading.Lock()
        self._process = 0

    def count(self, slug: str, reader: str, *, download: bool, day: date, now: float | None = None) -> None:
        """Count a view or a download once for each reader and half hour; only a salted hash of who reads is kept."""
        now = time.monotonic() if now is None else now
        mark = hashlib.blake2b(f"{reader}\n{slug}\n{download}".encode(), key=self._salt, digest_size=12).digest()
        with self._lock:
            if now - self._seen.get(mark, -AGAIN_AFTER) < AGAIN_AFTER:
                return
            self._seen.pop(mark, None)
            self._seen[mark] = now
            while len(self._seen) > MOST_REMEMBERED:
                del self._seen[next(iter(self._seen))]
            views, downloads = self._counts.get((slug, day), (0, 0))
            self._counts[slug, day] = (views + (not download), downloads + download)
        self._keep_writing()

    def flush(self) -> None:
        """Write what was counted; what cannot be written now stays for the next time."""
        with self._lock:
            counts, self._counts = self._counts, {}
        if not counts:
            return
        try:
            self._write(counts)
        except Exception as error:  # the figures may wait, readers may not
            log.warning("views and downloads could not be written yet: %s", error)
            with self._lock:
                for key, (views, downloads) in counts.items():
                    more = self._counts.get(key, (0, 0))
                    self._counts[key] = (views + more[0], downloads + more[1])

    def _keep_writing(self) -> None:
        """One thread for each process, begun after the fork by its first count."""
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        threading.Thread(target=self._run, name="usage", daemon=True).start()
        atexit.register(self.flush)

    def _run(self) -> None:
        while True:
            time.sleep(EVERY)
            self.flush()
