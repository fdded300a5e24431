"""Politeness and patience: how often one host is asked, and how long a fault is waited out."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import TypeVar

from datasets.clock import now
from harvesters.faults import Transient

Wait = Callable[[float], None]
Clock = Callable[[], float]
T = TypeVar("T")

LONGEST_WAIT = 30.0
"""Seconds waited for one `Retry-After` at most; who asks for more is left alone for so long, and the work goes on."""


class Turns:
    """When each origin may be asked again; shared by those who ask the same hosts."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, origin: str, *, moment: float, gap: float) -> float:
        """The moment of the next turn, not before `moment`; the turn after it comes a `gap` later."""
        with self._lock:
            turn = max(moment, self._next.get(origin, moment))
            self._next[origin] = turn + gap
        return turn


EVERYBODYS = Turns()
"""The turns of all sources of this process: two of one host do not ask it twice as often."""


class Pace:
    """At most `per_second` requests to one origin, together with all who share the `turns`."""

    def __init__(
        self,
        per_second: float = 2.0,
        wait: Wait = time.sleep,
        clock: Clock = time.monotonic,
        turns: Turns | None = None,
    ) -> None:
        self._gap = 1.0 / per_second
        self._wait, self._clock, self._turns = wait, clock, turns or Turns()

    def keep(self, origin: str) -> None:
        """Wait until the next request to `origin` is polite."""
        moment = self._clock()
        turn = self._turns.take(origin, moment=moment, gap=self._gap)
        if turn > moment:
            self._wait(turn - moment)


def patiently(action: Callable[[], T], *, attempts: int, first_wait: float, wait: Wait) -> T:
    """Call `action` until it succeeds, `attempts` times at most, waiting longer (with jitter) after each `Transient`.

    A wait that the other side asks for is kept, unless it is longer than `LONGEST_WAIT`: then the fault stands.
    """
    for attempt in range(1, attempts):
        try:
            return action()
        except Transient as fault:
            jitter = random.uniform(0.75, 1.25)  # noqa: S311 - not a secret
            pause = first_wait * 2 ** (attempt - 1) * jitter if fault.wait is None else fault.wait
            if pause > LONGEST_WAIT:
                raise
            wait(pause)
    return action()


def retry_after(header: str | None) -> float | None:
    """Seconds in a `Retry-After` header, a number or a date (RFC 9110, 10.2.3); None when it says nothing usable."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - now()).total_seconds())
    except (ValueError, TypeError):
        return None
