"""The worker: plans what is on a schedule, does what is due, keeps the index fed; many may run, on many machines."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from uuid import uuid4

from datasets import jobs, leases
from datasets.errors import Busy
from datasets.installation import Installation
from datasets.models import RunState
from datasets.search import feed
from harvesters.runs import runner, schedule
from harvesters.runs.reports import Progress, RunReport
from harvesters.runs.unit import UNEXPECTED
from metadata.errors import LumbungError, NotFound
from metadata.notices import Notice

SECONDS = 90.0
"""The lease of a job; a worker on another machine that died is waited for that long."""
LOOK_EVERY = 1.0
PLAN_EVERY = 20.0
FEED_EVERY = 10.0
BUSY_WAIT = 60.0
"""Seconds until work is tried again that somebody else is at."""
PATIENCE = 18.0
"""Seconds within which a worker that is told to stop has ended; its runs need at most 10."""

_log = logging.getLogger(__name__)


class Worker:
    """One process's worker. `run` returns when `stop` is set, within `PATIENCE`."""

    def __init__(self, here: Installation, *, stop: threading.Event, progress: Progress | None = None) -> None:
        self._here, self._stop, self._progress = here, stop, progress
        self._holder = leases.holder_name()
        self._hands: dict[int, tuple[threading.Thread, jobs.Taken]] = {}
        self._lock = threading.Lock()

    def run(self, *, once: bool = False) -> None:
        """Work until told to stop; with `once`, until nothing is due any more."""
        rhythm = [
            (PLAN_EVERY, self._plan),
            (FEED_EVERY, self._feed),
            (SECONDS / 4, self._renew),
        ]
        last = {action: -1e9 for _, action in rhythm}
        while not self._stop.is_set():
            for every, action in rhythm:
                if time.monotonic() - last[action] >= every:
                    last[action] = time.monotonic()
                    self._survive(action)
            began = self._begin()
            if once and not began and not self._busy():
                break
            if not began:
                self._stop.wait(LOOK_EVERY)
        self._end()

    def _plan(self) -> None:
        with self._here.database.write() as session:
            schedule.plan(session)

    def _feed(self) -> None:
        feed.drain(self._here.database, self._here.search)

    def _renew(self) -> None:
        for _, taken in self._in_hand():
            try:
                with self._here.database.write() as session:
                    jobs.renew(session, taken, seconds=SECONDS)
            except leases.LeaseLost:
                _log.warning("job %s %s was taken over", taken.kind, taken.subject)

    def _begin(self) -> bool:
        """Take one job when a hand is free."""
        if len(self._in_hand()) >= self._here.settings.sources_at_once:
            return False
        taken: jobs.Taken | None = None

        def take() -> None:
            nonlocal taken
            with self._here.database.write() as session:
                taken = jobs.take(session, [schedule.HARVEST], self._holder, seconds=SECONDS)

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
            settle = self._outcome(taken)
            with self._here.database.write() as session:
                settle(session, taken)
        except Exception:
            _log.exception("job %s %s could not be settled; its lease will run out", taken.kind, taken.subject)
        finally:
            with self._lock:
                self._hands.pop(taken.id, None)

    def _outcome(self, taken: jobs.Taken) -> Callable[..., object]:
        """Do the work; what is to be written down of it."""
        try:
            (report,) = runner.harvest(self._here, taken.subject, progress=self._progress, halt=self._stop)
        except NotFound:
            return jobs.finish  # the source is gone, and its work with it
        except ValueError:
            return jobs.give_back  # told to stop before it began
        except LumbungError as fault:
            notice = fault.notice
        except Exception:
            reference = uuid4().hex[:8]
            _log.exception("job %s %s failed, reference %s", taken.kind, taken.subject, reference)
            notice = Notice(UNEXPECTED, params={"reference": reference})
        else:
            return self._of_report(report)
        return lambda session, one: jobs.fail(session, one, notice)

    def _of_report(self, report: RunReport) -> Callable[..., object]:
        notice = report.notice
        if report.state is RunState.FINISHED or notice is None:
            return jobs.finish
        if notice.code == runner.STOPPED:
            return jobs.give_back if self._stop.is_set() else jobs.finish
        if notice.code == runner.BUSY:
            return lambda session, one: jobs.give_back(session, one, seconds=BUSY_WAIT)
        return lambda session, one: jobs.fail(session, one, notice)

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

    def _busy(self) -> bool:
        return bool(self._in_hand())

    def _survive(self, action: Callable[[], None]) -> None:
        """A worker outlives a database that is away for a while."""
        try:
            action()
        except Busy:
            pass
        except Exception:
            _log.exception("the worker could not do this now; it tries again")
