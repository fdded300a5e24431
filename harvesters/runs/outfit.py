"""What a run sets out with: its adapter, what is known from before, and a folder for files on the way."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from datasets import leases
from datasets.clock import now
from datasets.draft import OrganizationDraft
from datasets.installation import Installation
from datasets.models import Source
from harvesters import intake
from harvesters.adapter import adapter_class
from harvesters.opening import opened_source, split_options
from harvesters.runs import ledger, vanishing
from harvesters.runs.ending import Meter
from harvesters.runs.unit import Run
from harvesters.wire.circuit import Circuit
from harvesters.wire.fetcher import Kept, Memory
from metadata.about import About


@contextmanager
def outfit(
    here: Installation,
    source: Source,
    holding: leases.Holding,
    run_id: int,
    *,
    refresh: bool,
    halt: threading.Event,
    circuit: Circuit,
) -> Iterator[Run]:
    """A run ready to begin; its connections and its folder are gone when it ends."""
    common, _ = split_options(source.kind, source.options)
    kind = adapter_class(source.kind)
    setting = intake.setting_of(source.location, source.options, source.about, source.organization.slug)
    with here.database.read() as session:
        last = ledger.last_items(session, source.id)
        gone = vanishing.tombstones(session, source.id)
        whole = refresh or not kind.lists_changes
        since = None if whole else ledger.listed_since(session, source.id, run_id, last, setting=setting, at=now())
    memory = None if refresh else _memory(here, source.id)
    owner = source.organization
    with (
        _workshop(here, source) as work,
        opened_source(
            here.settings,
            source.kind,
            source.location,
            source.options,
            since=since,
            memory=memory,
            circuit=circuit,
        ) as adapter,
    ):
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
            meter=Meter(common),
            last=last,
            setting=setting,
            refresh=refresh,
            partial=since is not None,
            gone=gone,
            halt=halt,
            talking=contextlib.nullcontext() if getattr(kind, "fetches_at_once", False) else threading.Lock(),
        )


def circuit_of(here: Installation) -> Circuit:
    """Which hosts are left alone now; one that has to be from now on is written down for every other run."""

    def note(origin: str, until: datetime) -> None:
        with here.database.write() as session:
            ledger.let_rest(session, origin, until=until)

    with here.database.read() as session:
        return Circuit(ledger.resting(session, at=now()), note)


def _memory(here: Installation, source_id: int) -> Memory:
    """What is kept of each address of this source, so that an unchanged file costs one conditional request."""
    known: dict[str, ledger.Fetched] | None = None
    asking = threading.Lock()

    def recall(url: str) -> Kept | None:
        nonlocal known
        with asking:
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
