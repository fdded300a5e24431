"""From the catalogue to the search index: the outbox is drained by one process at a time, and the index made anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, defer, joinedload, load_only, selectinload

from datasets import leases
from datasets.db import Database
from datasets.leases import Holding, LeaseLost, LeaseTaken
from datasets.models import Dataset, Resource, SearchOutbox, Version, published
from datasets.search.index import SearchDocument, SearchIndex

LEASE = "search"
LEASE_SECONDS = 60.0
"""For so long the index stands still when the process that feeds it is killed."""

_BATCH = 200
_MOST_YEARS = 200


def document(session: Session, dataset: Dataset) -> SearchDocument | None:
    """The dataset as the index sees it; None when it is not public (any more)."""
    return next(iter(documents(session, [dataset.id])), None)


def documents(session: Session, ids: Collection[int]) -> Iterator[SearchDocument]:
    """The published ones of these datasets as the index sees them, with five queries for all of them."""
    resources = selectinload(Version.resources).options(load_only(Resource.schema, Resource.format, raiseload=True))
    heavy = (defer(heavy, raiseload=True) for heavy in (Version.package, Version.report, Version.notices))
    wanted = published().where(Dataset.id.in_(ids)).order_by(Dataset.id)
    found = session.scalars(
        wanted.options(
            joinedload(Dataset.organization),
            selectinload(Dataset.themes),
            selectinload(Dataset.tags),
            selectinload(Dataset.regions),
            joinedload(Dataset.current_version).options(resources, *heavy),
        )
    )
    for dataset in found:
        yield _as_document(dataset)


def drain(database: Database, index: SearchIndex, holder: str | None = None) -> int:
    """Bring the index up to the outbox; the number of outbox rows done, 0 also when another process is at it.

    What is indexed is the present state, whatever the rows were for, and rows go only after the index has it: a kill
    anywhere means that some are done again, to the same end. An index that is not sound is made anew instead.
    """
    holding = _take(database, holder)
    if holding is None:
        return 0
    done = 0
    try:
        if not index.state().healthy:
            done += _rebuild(database, index, holding, None)
        while rows := _next_rows(database):
            ids = {dataset_id for _, dataset_id in rows}
            with database.read() as session:
                upserts = list(documents(session, ids))
            deletes = ids - {upsert.id for upsert in upserts}
            index.apply(upserts, sorted(deletes), max(seq for seq, _ in rows))
            holding = _forget(database, [seq for seq, _ in rows], holding)
            done += len(rows)
    except LeaseLost:
        return done  # we were too slow: who has the lease now sees the same rows
    finally:
        _release(database, holding)
    return done


def rebuild(
    database: Database, index: SearchIndex, progress: Callable[[int], None] | None = None, *, wait: float = 30.0
) -> int:
    """Make the index anew from the database, beside the old one; the number of documents in it.

    `progress` is told how many are done. Raises `LeaseTaken` when another process is still at it after `wait` seconds.
    """
    deadline = time.monotonic() + wait
    while (holding := _take(database, None)) is None:
        if time.monotonic() >= deadline:
            raise LeaseTaken(name=LEASE)
        time.sleep(0.2)
    try:
        _rebuild(database, index, holding, progress)
    finally:
        _release(database, holding)
    return index.state().documents


def _rebuild(database: Database, index: SearchIndex, holding: Holding, progress: Callable[[int], None] | None) -> int:
    with database.read() as session:
        seqs = session.scalars(select(SearchOutbox.seq)).all()  # first: what is written from now on is done later
    index.rebuild(_every_document(database, holding), max(seqs, default=0), progress)
    _forget(database, seqs, holding)
    return len(seqs)


def _every_document(database: Database, holding: Holding) -> Iterator[SearchDocument]:
    """All published datasets, a batch a session, so that no reading transaction lasts as long as the whole."""
    last, renewed = 0, time.monotonic()
    while True:
        with database.read() as session:
            wanted = published().with_only_columns(Dataset.id).where(Dataset.id > last).order_by(Dataset.id)
            ids = session.scalars(wanted.limit(_BATCH)).all()
            yield from list(documents(session, ids))
        if not ids:
            return
        last = ids[-1]
        if time.monotonic() - renewed > LEASE_SECONDS / 4:
            renewed = time.monotonic()
            with database.write() as session:
                leases.renew(session, holding, seconds=LEASE_SECONDS)


def _next_rows(database: Database) -> list[tuple[int, int]]:
    wanted = select(SearchOutbox.seq, SearchOutbox.dataset_id).order_by(SearchOutbox.seq).limit(_BATCH)
    with database.read() as session:
        return [(seq, dataset_id) for seq, dataset_id in session.execute(wanted)]


def _forget(database: Database, seqs: Sequence[int], holding: Holding) -> Holding:
    """Delete exactly the rows that were read, and only while the lease is ours: a later one is somebody's news."""
    with database.write() as session:
        renewed = leases.renew(session, holding, seconds=LEASE_SECONDS)
        for start in range(0, len(seqs), _BATCH):
            session.execute(delete(SearchOutbox).where(SearchOutbox.seq.in_(seqs[start : start + _BATCH])))
        return renewed


def _take(database: Database, holder: str | None) -> Holding | None:
    with database.write() as session:
        return leases.take(session, LEASE, holder or leases.holder_name(), seconds=LEASE_SECONDS)


def _release(database: Database, holding: Holding) -> None:
    with database.write() as session:
        leases.release(session, holding)


def _as_document(dataset: Dataset) -> SearchDocument:
    version = dataset.current_version
    resources = version.resources if version else []
    fields = [field for resource in resources for field in resource.schema.get("fields", [])]
    columns = dict.fromkeys(text for field in fields for key in ("name", "title") if (text := field.get(key)))
    first, last = dataset.year_from or dataset.year_to, dataset.year_to or dataset.year_from
    years = range(first, min(last, first + _MOST_YEARS - 1) + 1) if first and last else ()
    return SearchDocument(
        id=dataset.id,
        title=dataset.title,
        description=dataset.description,
        organization=dataset.organization.slug,
        organization_title=dataset.organization.title,
        modified=dataset.modified_at,
        themes=tuple(theme.slug for theme in dataset.themes),
        tags=tuple(tag.tag for tag in dataset.tags),
        columns=tuple(columns),
        regions=tuple(region.code for region in dataset.regions),
        region_names=tuple(region.name for region in dataset.regions),
        years=tuple(years),
        formats=tuple(dict.fromkeys(resource.format for resource in resources)),
        license=dataset.license_id,
    )
