"""A harvest: sources side by side, each under its lease, each dataset its own unit; killed anywhere, it goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from datasets import leases
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import ItemOutcome, RunState, Source
from datasets.search import feed
from harvesters.adapter import RemoteDataset
from harvesters.gates import gate_listing
from harvesters.runs import ending, ledger, vanishing
from harvesters.runs.crew import Crew
from harvesters.runs.ending import Ending
from harvesters.runs.keeper import Keeper, take
from harvesters.runs.outfit import circuit_of, outfit
from harvesters.runs.reports import InTurn, ItemReport, Progress, RunReport, Silent
from harvesters.runs.unit import UNEXPECTED, Run, harvest_one, offered_twice
from harvesters.sources import get_source
from harvesters.wire.addresses import origin
from metadata.errors import LumbungError
from metadata.notices import Notice, declare

DRAIN_EVERY = 100
"""Datasets after which the search index is brought up to date within a run."""

_log = logging.getLogger(__name__)
STOPPED = ending.STOPPED
BUSY = declare(
    "harvest.busy",
    id="Sumber ini sedang dipanen oleh proses lain. Tunggu sampai selesai.",
    en="This source is being harvested by another process. Wait until it is done.",
)


class _Ended(Exception):
    """The run ends before its work is done; its `Ending` knows why."""


def harvest(
    here: Installation,
    source: str | None = None,
    *,
    progress: Progress | None = None,
    refresh: bool = False,
    believe: bool = False,
    retry: bool = False,
    halt: threading.Event | None = None,
) -> list[RunReport]:
    """Harvest one source by name, or every enabled one; the report of each, in the order of their names.

    A source that cannot be harvested is a failed run and does not stop the others. An interruption, or `halt` when it
    is set, ends the harvest cleanly, with the reports so far. With `refresh` everything is fetched and read again, with
    `believe` a listing that has suddenly lost much is believed, with `retry` hosts are asked again that are left alone
    after failures. Raises `NotFound` for an unknown name.
    """
    if retry:
        with here.database.write() as session:
            ledger.wake(session)
    with here.database.read() as session:
        chosen = [get_source(session, source)] if source else _enabled(session)
    halt, told = halt or threading.Event(), InTurn(progress or Silent())

    def one(chosen_one: Source) -> RunReport:
        return _harvest_source(here, chosen_one, told, refresh=refresh, believe=believe, halt=halt)

    hands = max(1, min(here.settings.sources_at_once, len(chosen)))
    reports = list(Crew(one, hands=hands, name="sources", halt=halt).results(iter(chosen), halt.is_set))
    return sorted(reports, key=lambda report: report.source)


def _harvest_source(
    here: Installation, source: Source, progress: Progress, *, refresh: bool, believe: bool, halt: threading.Event
) -> RunReport:
    progress.started(source.name, source.title)
    with here.database.write() as session:
        holding = take(session, leases.of_source(source.name))
    if holding is None:
        report = RunReport(source.name, source.title, RunState.FAILED, notice=Notice(BUSY))
    else:
        with Keeper(here, holding):
            report = _run(here, source, holding, progress, refresh=refresh, believe=believe, halt=halt)
    progress.finished(report)
    return report


def _run(
    here: Installation,
    source: Source,
    holding: leases.Holding,
    progress: Progress,
    *,
    refresh: bool,
    believe: bool,
    halt: threading.Event,
) -> RunReport:
    """One run from its first row to its last, whatever happens in between."""
    with here.database.write() as session:
        run_id = ledger.begin_run(session, source.id, at=now())
    items: list[ItemReport] = []
    state, notice = RunState.FINISHED, None
    over = threading.Event()
    try:
        circuit = circuit_of(here)
        with outfit(here, source, holding, run_id, refresh=refresh, halt=over, circuit=circuit) as run:
            host = origin(source.location) if source.location.startswith("http") else None
            asked = Ending(here, run_id, halt=halt, meter=run.meter, circuit=circuit, host=host)
            try:
                for item in _items(run, asked):
                    items.append(item)
                    progress.done(source.name, item)
                    if len(items) % DRAIN_EVERY == 0:
                        _index(here)
                if asked():
                    raise _Ended
                for item in _not_offered(run, believe=believe):
                    items.append(item)
                    progress.done(source.name, item)
                notice = _distrust(run, believe=believe)
            finally:
                over.set()  # whoever is still at work for this run writes nothing any more
    except _Ended:
        state, notice = RunState.FAILED, asked.reason
    except KeyboardInterrupt:
        state, notice = RunState.FAILED, Notice(STOPPED)
    except LumbungError as fault:
        state, notice = RunState.FAILED, fault.notice
    except Exception:
        reference = uuid4().hex[:8]
        _log.exception("run %s of source %s failed, reference %s", run_id, source.name, reference)
        state, notice = RunState.FAILED, Notice(UNEXPECTED, params={"reference": reference})
    report = RunReport(source.name, source.title, state, tuple(items), notice)
    with here.database.write() as session:
        ledger.end_run(session, run_id, state=state, counts=report.counts, notice=notice, at=now())
        leases.release(session, holding)
    _index(here)
    return report


def _index(here: Installation) -> None:
    """Bring the search index up to date; what it cannot take over now stays in the outbox for the next chance."""
    try:
        feed.drain(here.database, here.search)
    except Exception:
        _log.exception("the search index could not be brought up to date; it will be at the next chance")


def _items(run: Run, stop: Callable[[], bool]) -> Iterator[ItemReport]:
    """The report of each dataset on offer, as it comes: several are fetched and read at a time."""
    twice: list[ItemReport] = []

    def offered() -> Iterator[RemoteDataset]:
        listing = iter(run.adapter.discover())
        while True:
            with run.talking:
                remote = next(listing, None)
            if remote is None:
                return
            report = offered_twice(run, remote)
            if report is None:
                yield remote
            else:
                twice.append(report)

    def one(remote: RemoteDataset) -> ItemReport:
        return harvest_one(run, remote)

    hands = 2 * run.here.settings.workers_reading + 1  # some fetch or wait for the disk while the others read
    yield from Crew(one, hands=hands, name=f"run {run.id}").results(offered(), stop)
    yield from twice


def _not_offered(run: Run, *, believe: bool) -> Iterator[ItemReport]:
    """The reports of datasets known from before that were not offered: unchanged, when only changes were listed."""
    if run.partial:
        for key, last in run.last.items():
            if key not in run.seen and last.dataset_id is not None:
                held = last.outcome is ItemOutcome.HELD
                outcome = ItemOutcome.HELD if held else ItemOutcome.UNCHANGED
                yield ItemReport(key, last.title, outcome, last.messages if held else ())
    elif run.seen and _distrust(run, believe=believe) is None:
        with run.here.database.write() as session:
            run.check(session)
            missed = list(vanishing.count_misses(session, run.source_id, run.seen, at=now()))
        yield from missed


def _distrust(run: Run, *, believe: bool) -> Notice | None:
    """Why the listing as a whole is not believed, if it is not."""
    if run.partial:
        return None
    with run.here.database.read() as session:
        published = ledger.published_count(session, run.source_id)
        if reasons := gate_listing(published, len(run.seen)):
            return reasons[0]
        return None if believe else vanishing.distrusted(session, run.source_id, run.seen)


def _enabled(session: Session) -> list[Source]:
    wanted = select(Source).options(joinedload(Source.organization)).where(Source.enabled)
    return list(session.scalars(wanted.order_by(Source.name)))
