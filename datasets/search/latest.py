"""Keeps the latest of what other processes renew: looked for now and then, opened by one thread, shared by all."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

LOOK_AGAIN = 0.5
"""Seconds after which a process looks for a later generation; what it shows is never older than twice that."""

Kept = TypeVar("Kept")
_NEVER = float("-inf")


class Latest(Generic[Kept]):
    """What `look` gave last; it is handed what there is, and gives that back, something newer, or None for nothing.

    After a fork the child starts with nothing: files and connections of the parent are not its own.
    """

    def __init__(self, look: Callable[[Kept | None], Kept | None], look_again: float) -> None:
        self._look = look
        self._look_again = look_again
        self._start()

    def _start(self) -> None:
        self._process = os.getpid()
        self._looking = threading.Lock()
        self._kept: Kept | None = None
        self._looked = _NEVER

    def get(self, *, anew: bool = False) -> Kept | None:
        """What was the latest within twice `look_again`; `anew` drops what there is and looks now.

        While one thread looks, others go on with what there is as long as that is true, and then wait.
        """
        self._mind_the_fork()
        now, kept = time.monotonic(), self._kept
        if kept is not None and not anew and now - self._looked < self._look_again:
            return kept
        patient = kept is None or anew or now - self._looked > 2 * self._look_again
        if not self._looking.acquire(blocking=patient):
            return kept
        try:
            self._kept = self._look(None if anew else self._kept)
            self._looked = now
            return self._kept
        except BaseException:
            self._kept = None
            raise
        finally:
            self._looking.release()

    def look_at_once(self) -> None:
        """Look when next asked: this process itself has just renewed it."""
        self._mind_the_fork()
        with self._looking:
            self._looked = _NEVER

    def _mind_the_fork(self) -> None:
        if os.getpid() != self._process:
            self._start()
