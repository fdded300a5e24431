"""The time limit of a question: one thread that interrupts whatever runs too long."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Interruptible(Protocol):
    """What can be stopped from another thread, as a DuckDB connection can."""

    def interrupt(self) -> None:
        """Stop what runs now."""
        ...


class TimeOver(Exception):
    """A block ended after its time."""


class Watch:
    """Interrupts each watched connection when its time is over. Its thread starts with the first and is a daemon."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Interruptible]] = []
        self._running: set[int] = set()
        self._ids = itertools.count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, connection: Interruptible, seconds: float) -> Iterator[None]:
        """Interrupt `connection` if the block has not ended after `seconds`; never after it has ended.

        Raises `TimeOver` at the end of a block that took longer and was not stopped in time, so that a limit is met
        whatever the machine does.
        """
        begin = time.monotonic()
        with self._changed:
            number = next(self._ids)
            self._running.add(number)
            heapq.heappush(self._due, (time.monotonic() + seconds, number, connection))
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="query-watch", daemon=True)
                self._thread.start()
            elif self._due[0][1] == number:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._running.discard(number)
        if time.monotonic() - begin > seconds:
            raise TimeOver

    def _watch(self) -> None:
        with self._changed:
            while True:
                while self._due and self._due[0][1] not in self._running:
                    heapq.heappop(self._due)
                if not self._due:
                    self._changed.wait()
                    continue
                left = self._due[0][0] - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                _, number, connection = heapq.heappop(self._due)
                connection.interrupt()
                # an interrupt between two statements is lost: say it again until the block has ended
                heapq.heappush(self._due, (time.monotonic() + 0.05, number, connection))
