"""The worker: plans what is on a schedule, does what is due, keeps the index fed; many may run, on many machines."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from datasets import jobs, kept, leases
from datasets.errors import Busy
from datasets.installation import Installation
from datasets.search import feed
from datasets.settings import Settings
from harvesters.runs import work
from harvesters.runs.duty import Duty
from harvesters.runs.reports import Progress

SECONDS = 90.0
"""The lease of a job; a worker on another machine that died is waited for that long."""
LOOK_EVERY = 1.0
PLAN_EVERY = 20.0
FEED_EVERY = 10.0
PATIENCE = 18.0
"""Seconds within which a worker that is told to stop has ended; its runs need at most 10."""

_log = logging.getLogger(__name__)


class Worker:
    """One process's worker, with the `duties` of upper floors. `run` returns when `stop` is set, within `PATIENCE`.

    It follows what is said in the administration; `configured` is what the server says, as `kept.Following` takes it.
    """

    def __init__(
        self,
        here: Installation,
        *,
        stop: threading.Event,
        progress: Progress | None = None,
        duties: Sequence[Duty] = (),
        configured: Settings | None = None,
    ) -> None:
        self._here, self._stop, self._progress = here, stop, progress
        self._following = kept.Following(here, configured)
        self._holder = leases.holder_name()
        self._hands: dict[int, tuple[threading.Thread, jobs.Taken]] = {}
        self._lock = threading.Lock()
        self._duties = tuple(duties)
        self._lanes = work.lanes(here, self._duties)
        self._look = threading.Event()
        """Set when there may be something to do: the bell rang, or a hand came free."""

    def run(self, *, once: bool = False) -> None:
        """Work until told to stop; with `once`, until nothing is due any more."""
        rhythm = [
            (kept.STALE, lambda: self._following.look(now=True)),
            (PLAN_EVERY, self._plan),
            (FEED_EVERY, self._feed),
            (SECONDS / 4, self._renew),
        ]
        last = {action: -1e9 for _, action in rhythm}
        self._hear()
        while not self._stop.is_set():
            self._look.clear()
            for every, action in rhythm:
                if time.monotonic() - last[action] >= every:
                    last[action] = time.monotonic()
                    self._survive(action)
            busy = bool(self._in_hand())  # asked first: a hand that comes free meanwhile may leave work behind
            began = [lane for lane in self._lanes if self._begin(lane)]
            if once and not began and not busy:
                break
            if not began:
                self._look.wait(LOOK_EVERY)
        self._end()

    def wake(self) -> None:
        """Look now whether there is something to do, or whether to stop."""
        self._look.set()

    def _hear(self) -> None:
        """Let the bell wake this worker. A ring that is missed costs `LOOK_EVERY`."""
        bell = self._here.database.bell
        if bell is not None:
            heard = threading.Thread(target=bell.listen, args=(self.wake, self._stop), name="bell", daemon=True)
            heard.start()

    def _plan(self) -> None:
        work.plan(self._here, self._duties)

    def _feed(self) -> None:
        feed.drain(self._here.database, self._here.search)

    def _renew(self) -> None:
        for _, taken in self._in_hand():
            try:
                with self._here.database.write() as session:
                    jobs.renew(session, taken, seconds=SECONDS)
            except leases.LeaseLost:
                _log.warning("job %s %s was taken over", taken.kind, taken.subject)

    def _begin(self, lane: work.Lane) -> bool:
        """Take one job of the lane when a hand is free."""
        if sum(taken.kind in lane.kinds for _, taken in self._in_hand()) >= lane.hands:
            return False
        taken: jobs.Taken | None = None

        def take() -> None:
            nonlocal taken
            with self._here.database.write() as session:
                taken = jobs.take(session, lane.kinds, self._holder, seconds=SECONDS)

        self._survive(take)
        if taken is None:
            return False
        hand = threading.Thread(target=self._do, args=(taken,), name=f"job {taken.subject}", daemon=True)
        with self._lock:
            self._hands[taken.id] = (hand, taken)
        hand.start()
        return True

    def _do(self, taken: jobs.Taken) -> None:
        try:
            settle = work.do(self._here, taken, progress=self._progress, stop=self._stop, duties=self._duties)
            with self._here.database.write() as session:
                settle(session, taken)
        except Exception:
            _log.exception("job %s %s could not be settled; its lease will run out", taken.kind, taken.subject)
        finally:
            with self._lock:
                self._hands.pop(taken.id, None)
            self._look.set()

    def _end(self) -> None:
        """Wait for the runs, which end by themselves, and give back the work of any that does not."""
        end = time.monotonic() + PATIENCE
        for hand, _ in self._in_hand():
            hand.join(max(0.0, end - time.monotonic()))
        for _, taken in self._in_hand():
            with self._here.database.write() as session:
                jobs.give_back(session, taken)

    def _in_hand(self) -> list[tuple[threading.Thread, jobs.Taken]]:
        with self._lock:
            return list(self._hands.values())

    def _survive(self, action: Callable[[], None]) -> None:
        """A worker outlives a database that is away for a while."""
        try:
            action()
        except Busy:
            pass
        except Exception:
            _log.exception("the worker could not do this now; it tries again")
