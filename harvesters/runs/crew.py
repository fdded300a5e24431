"""Several hands at one pile of work: threads that take the next piece, bounded ahead, and stop when told to."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Generic, TypeVar

Job = TypeVar("Job")
Done = TypeVar("Done")

TICK = 0.5
"""Seconds after which a waiting crew looks whether it is to stop."""
GRACE = 10.0
"""Seconds that work in hand is waited for when the crew is told to stop; what takes longer is left to its fence."""


@cache
def readers(count: int) -> threading.BoundedSemaphore:
    """The places at which this process reads files at one time, for all of its runs."""
    return threading.BoundedSemaphore(count)


class Crew(Generic[Job, Done]):
    """`hands` threads that do `action`. They are daemons: a hand stuck in a dripping download holds up no exit.

    With `halt` an interruption of the waiting thread sets it, and the work in hand is still waited for.
    """

    def __init__(
        self, action: Callable[[Job], Done], *, hands: int, name: str, halt: threading.Event | None = None
    ) -> None:
        self._action, self._hands, self._halt = action, hands, halt
        self._todo: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Done | None, BaseException | None]] = queue.SimpleQueue()
        self._under_way = 0
        self._fault: BaseException | None = None
        self._broken_off: Exception | None = None
        for number in range(hands):
            threading.Thread(target=self._work, name=f"{name} {number + 1}", daemon=True).start()

    def results(self, jobs: Iterator[Job], stop: Callable[[], bool]) -> Iterator[Done]:
        """What comes of the jobs, as it comes. Told to stop, or at the first error, nothing new is begun.

        Raises the first error of a job once the work in hand is done, and that of the pile once all it gave is done.
        """
        try:
            exhausted = False
            while not stop() and self._fault is None:
                if not exhausted and self._under_way < 2 * self._hands:
                    exhausted = not self._begin(jobs)
                elif exhausted and not self._under_way:
                    break
                else:
                    yield from self._next(TICK)
                yield from self._next(0)
            yield from self._rest()
        finally:
            for _ in range(self._hands):
                self._todo.put(None)
        fault = self._fault or self._broken_off
        if fault is not None:
            raise fault

    def _begin(self, jobs: Iterator[Job]) -> bool:
        try:
            job = next(jobs, None)
        except Exception as fault:  # what it gave before is done first
            self._broken_off = fault
            return False
        if job is None:
            return False
        self._under_way += 1
        self._todo.put(job)
        return True

    def _next(self, seconds: float) -> Iterator[Done]:
        try:
            result, fault = self._done.get(timeout=seconds) if seconds else self._done.get_nowait()
        except queue.Empty:
            return
        except KeyboardInterrupt:
            if self._halt is None:
                raise
            self._halt.set()
            return
        self._under_way -= 1
        if fault is not None:
            self._fault = self._fault or fault
        elif result is not None:
            yield result

    def _rest(self) -> Iterator[Done]:
        """What is in hand when no more is begun; a crew of runs waits longer than each of its runs does."""
        while True:
            try:
                if self._todo.get_nowait() is not None:
                    self._under_way -= 1
            except queue.Empty:
                break
        end = time.monotonic() + GRACE * (1.5 if self._halt else 1)
        while self._under_way and time.monotonic() < end:
            yield from self._next(TICK)

    def _work(self) -> None:
        while (job := self._todo.get()) is not None:
            try:
                self._done.put((self._action(job), None))
            except BaseException as fault:
                self._done.put((None, fault))
