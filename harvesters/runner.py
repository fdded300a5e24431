"""A harvest: every source in turn under its lease, each dataset its own unit; killed anywhere, the next one goes on."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from datasets import leases
from datasets.clock import now
from datasets.draft import OrganizationDraft
from datasets.installation import Installation
from datasets.models import ItemOutcome, RunState, Source
from datasets.search import feed
from harvesters import intake, ledger
from harvesters.adapter import adapter_class
from harvesters.fetcher import Kept, Memory
from harvesters.gates import gate_listing
from harvesters.keeper import Keeper, take
from harvesters.opening import opened_source, split_options
from harvesters.reports import ItemReport, Progress, RunReport, Silent
from harvesters.sources import get_source
from harvesters.unit import UNEXPECTED, Run, harvest_one
from metadata.about import About
from metadata.errors import LumbungError
from metadata.notices import Notice, declare

DRAIN_EVERY = 100
"""Datasets after which the search index is brought up to date within a run."""

_log = logging.getLogger(__name__)
_BUSY = declare(
    "harvest.busy",
    id="Sumber ini sedang dipanen oleh proses lain. Tunggu sampai selesai.",
    en="This source is being harvested by another process. Wait until it is done.",
)
_STOPPED = declare(
    "harvest.stopped",
    id="Panen dihentikan. Yang sudah terbit tetap terbit; panen berikutnya meneruskan sisanya.",
    en="The harvest was stopped. What is published stays; the next harvest goes on with the rest.",
)
_NOT_OFFERED = declare(
    "harvest.not_offered",
    id="Dataset ini tidak lagi ditawarkan oleh sumbernya. Versi yang terbit tetap tersedia.",
    en="This dataset is no longer offered by its source. The published version stays available.",
)


def harvest(
    here: Installation, source: str | None = None, *, progress: Progress | None = None, refresh: bool = False
) -> list[RunReport]:
    """Harvest one source by name, or every enabled one; the report of each.

    A source that cannot be harvested is a failed run and does not stop the others. An interruption ends the harvest
    cleanly, with the reports so far. With `refresh` everything is fetched and read again. Raises `NotFound` for an
    unknown name.
    """
    reports: list[RunReport] = []
    with here.database.read() as session:
        chosen = [get_source(session, source)] if source else _enabled(session)
    for one in chosen:
        report = _harvest_source(here, one, progress or Silent(), refresh=refresh)
        reports.append(report)
        if report.notice is not None and report.notice.code == _STOPPED:
            break
    return reports


def _harvest_source(here: Installation, source: Source, progress: Progress, *, refresh: bool) -> RunReport:
    progress.started(source.name, source.title)
    with here.database.write() as session:
        holding = take(session, f"harvest:{source.name}")
    if holding is None:
        report = RunReport(source.name, source.title, RunState.FAILED, notice=Notice(_BUSY))
    else:
        with Keeper(here, holding):
            report = _run(here, source, holding, progress, refresh=refresh)
    progress.finished(report)
    return report


def _run(
    here: Installation, source: Source, holding: leases.Holding, progress: Progress, *, refresh: bool
) -> RunReport:
    """One run from its first row to its last, whatever happens in between."""
    with here.database.write() as session:
        run_id = ledger.begin_run(session, source.id, at=now())
    items: list[ItemReport] = []
    state, notice = RunState.FINISHED, None
    try:
        with _workshop(here, source) as work, _opened(here, source, holding, run_id, work, refresh=refresh) as run:
            for item in _items(run):
                items.append(item)
                progress.done(source.name, item)
                if len(items) % DRAIN_EVERY == 0:
                    _index(here)
            notice = _distrust(run)
    except KeyboardInterrupt:
        state, notice = RunState.FAILED, Notice(_STOPPED)
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


def _items(run: Run) -> Iterator[ItemReport]:
    """The report of each dataset: of those offered, then of those known from before that were not."""
    for remote in run.adapter.discover():
        yield harvest_one(run, remote)
    for key, last in run.last.items():
        if key in run.seen or last.dataset_id is None:
            continue
        if run.partial:
            outcome = ItemOutcome.HELD if last.outcome is ItemOutcome.HELD else ItemOutcome.UNCHANGED
            yield ItemReport(key, last.title, outcome, last.messages if outcome is ItemOutcome.HELD else ())
        elif run.seen:
            yield ItemReport(key, last.title, ItemOutcome.UNCHANGED, (Notice(_NOT_OFFERED),))


def _distrust(run: Run) -> Notice | None:
    """Why the listing as a whole is not believed, if it is not."""
    if run.partial:
        return None
    with run.here.database.read() as session:
        published = ledger.published_count(session, run.source_id)
    return next(iter(gate_listing(published, len(run.seen))), None)


@contextmanager
def _opened(
    here: Installation, source: Source, holding: leases.Holding, run_id: int, work: Path, *, refresh: bool
) -> Iterator[Run]:
    common, _ = split_options(source.kind, source.options)
    setting = intake.setting_of(source.location, source.options, source.about, source.organization.slug)
    with here.database.read() as session:
        last = ledger.last_items(session, source.id)
        whole = refresh or not adapter_class(source.kind).lists_changes
        since = None if whole else ledger.listed_since(session, source.id, run_id, last, setting=setting, at=now())
    memory = None if refresh else _memory(here, source.id)
    owner = source.organization
    with opened_source(
        here.settings, source.kind, source.location, source.options, since=since, memory=memory
    ) as adapter:
        yield Run(
            here=here,
            adapter=adapter,
            id=run_id,
            source_id=source.id,
            organization=OrganizationDraft(
                slug=owner.slug, title=owner.title, homepage=owner.homepage, email=owner.email
            ),
            defaults=About.model_validate(source.about),
            own_organizations=common.own_organizations,
            hidden_sheets=common.hidden_sheets,
            fence=holding,
            work=work,
            last=last,
            setting=setting,
            refresh=refresh,
            partial=since is not None,
        )


def _memory(here: Installation, source_id: int) -> Memory:
    """What is kept of each address of this source, so that an unchanged file costs one conditional request."""
    known: dict[str, ledger.Fetched] | None = None

    def recall(url: str) -> Kept | None:
        nonlocal known
        if known is None:
            with here.database.read() as session:
                known = ledger.fetched_files(session, source_id)
        found = known.get(url)
        if found is None or not here.blobs.exists(found.sha256):
            return None
        return Kept(here.blobs.path(found.sha256), found.sha256, found.size, found.headers)

    return recall


@contextmanager
def _workshop(here: Installation, source: Source) -> Iterator[Path]:
    """A folder for files on the way, on the file system of the blobs; what a killed run left there goes first."""
    folder = here.settings.home / "work" / source.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _enabled(session: Session) -> list[Source]:
    wanted = select(Source).options(joinedload(Source.organization)).where(Source.enabled)
    return list(session.scalars(wanted.order_by(Source.name)))
