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

LONGEST_WAIT = 60.0
"""Seconds waited for one `Retry-After` at most; who asks for more is left for the next run."""


class Pace:
    """At most `per_second` requests to one origin; shared by all sources of a process."""

    def __init__(self, per_second: float = 2.0, wait: Wait = time.sleep, clock: Clock = time.monotonic) -> None:
        self._gap = 1.0 / per_second
        self._wait, self._clock = wait, clock
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def keep(self, origin: str) -> None:
        """Wait until the next request to `origin` is polite."""
        with self._lock:
            moment = self._clock()
            turn = max(moment, self._next.get(origin, moment))
            self._next[origin] = turn + self._gap
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
