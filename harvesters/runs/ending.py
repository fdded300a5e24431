"""Why a run ends before its work is done: it was asked to, its time or bytes are used up, or its host is left alone."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from datasets.installation import Installation
from harvesters.faults import HostResting, TookTooLong, TooLargeToFetch
from harvesters.opening import CommonOptions
from harvesters.runs import ledger
from harvesters.wire.circuit import Circuit
from metadata.notices import Notice, declare

LOOK_EVERY = 2.0
"""Seconds after which a run looks whether somebody has asked it to stop."""

STOPPED = declare(
    "harvest.stopped",
    id="Panen dihentikan. Yang sudah terbit tetap terbit; panen berikutnya meneruskan sisanya.",
    en="The harvest was stopped. What is published stays; the next harvest goes on with the rest.",
)
TIME_UP = declare(
    "harvest.time_up",
    id="Waktu panen ({hours} jam) habis. Yang sudah terbit tetap terbit; panen berikutnya meneruskan sisanya.",
    en="The time of the harvest ({hours} hours) is up. What is published stays; "
    "the next harvest goes on with the rest.",
)
BYTES_UP = declare(
    "harvest.bytes_up",
    id="Batas unduhan satu panen ({gigabytes} GB) tercapai. Yang sudah terbit tetap terbit; "
    "panen berikutnya meneruskan sisanya.",
    en="The harvest has fetched as much as it may ({gigabytes} GB). What is published stays; "
    "the next harvest goes on with the rest.",
)


@dataclass(slots=True)
class Meter:
    """What a run has fetched so far, by the clock and in bytes; `allowed` are the source's bounds."""

    allowed: CommonOptions
    begun: float = field(default_factory=time.monotonic)
    received: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def count(self, size: int, *, key: str, so_far: int, since: float) -> None:
        """Add a fetched file of a dataset to its bytes `so_far`. Raises `TooLargeToFetch`, `TookTooLong`."""
        with self._counting:
            self.received += size
        if so_far + size > self.allowed.dataset_megabytes * 1024**2:
            raise TooLargeToFetch(location=key, megabytes=self.allowed.dataset_megabytes)
        if time.monotonic() - since > (seconds := self.allowed.dataset_minutes * 60):
            raise TookTooLong(location=key, seconds=round(seconds))


class Ending:
    """Asked now and then whether the run is to end; `reason` is why it did. `host` is the origin of the source."""

    def __init__(
        self,
        here: Installation,
        run_id: int,
        *,
        halt: threading.Event,
        meter: Meter,
        circuit: Circuit,
        host: str | None,
    ) -> None:
        self._here, self._run_id, self._halt = here, run_id, halt
        self._meter, self._circuit, self._host = meter, circuit, host
        self._looked = time.monotonic()
        self.reason: Notice | None = None

    def __call__(self) -> bool:
        """Whether to begin nothing more."""
        if self.reason is None:
            self.reason = self._found()
        return self.reason is not None

    def _found(self) -> Notice | None:
        if self._halt.is_set() or self._asked():
            return Notice(STOPPED)
        allowed = self._meter.allowed
        if time.monotonic() - self._meter.begun > allowed.hours * 3600:
            return Notice(TIME_UP, params={"hours": allowed.hours})
        if self._meter.received > allowed.gigabytes * 1024**3:
            return Notice(BYTES_UP, params={"gigabytes": allowed.gigabytes})
        if self._host is not None:
            try:
                self._circuit.check(self._host)
            except HostResting as fault:
                return fault.notice
        return None

    def _asked(self) -> bool:
        if time.monotonic() - self._looked < LOOK_EVERY:
            return False
        self._looked = time.monotonic()
        with self._here.database.read() as session:
            return ledger.stop_asked(session, self._run_id)
