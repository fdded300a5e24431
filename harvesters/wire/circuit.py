"""Hosts that are left alone for a while: they asked for it, or failed again and again however patiently asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from datasets.clock import now
from harvesters.faults import HostResting, Transient

FAILURES = 5
"""Requests in a row, each tried to its end, after which a host is left alone."""
REST = timedelta(hours=6)

Note = Callable[[str, datetime], None]
"""Told of an origin and the moment until which it is left alone."""


class Circuit:
    """What a run knows of the hosts it asks. `resting` are those left alone since before, by origin."""

    def __init__(self, resting: Mapping[str, datetime] | None = None, note: Note | None = None) -> None:
        self._resting = dict(resting or {})
        self._note = note or (lambda _origin, _until: None)
        self._failures: dict[str, int] = {}
        self._lock = threading.Lock()

    def check(self, origin: str) -> None:
        """Before a request. Raises `HostResting`."""
        with self._lock:
            until = self._resting.get(origin)
        if until is not None and until > now():
            raise HostResting(origin=origin, location=origin, until=until)

    def answered(self, origin: str) -> None:
        """It gave an answer, whatever that said."""
        with self._lock:
            self._failures.pop(origin, None)

    def failed(self, origin: str, fault: Transient, *, patience: float) -> None:
        """A request was tried to its end. One answered by `Retry-After` beyond our `patience` (seconds) ends it too."""
        asked = fault.wait if fault.wait is not None and fault.wait > patience else None
        with self._lock:
            count = self._failures[origin] = self._failures.get(origin, 0) + 1
            if asked is None and count < FAILURES:
                return
            del self._failures[origin]
            rest = REST if asked is None else min(REST, timedelta(seconds=asked))
            until = self._resting[origin] = now() + rest
        self._note(origin, until)
