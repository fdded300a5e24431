"""The doctor's look at the search index: is it sound, is it behind, does it hold what is published and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from datasets import leases
from datasets.doctor.finding import Finding, finding
from datasets.installation import Installation
from datasets.models import Dataset, SearchOutbox, Visibility
from datasets.search import feed
from datasets.search.index import SearchIndex, SearchQuery
from metadata.notices import declare

_PATIENCE = timedelta(minutes=10)
_PAGE = 1000
_MOST = 10_000

UNSOUND = declare(
    "doctor.index_unsound",
    id="Indeks pencarian belum ada, rusak, atau dari versi lain. Perbaikan: lumbung reindex",
    en="The search index is not there, damaged, or of another version. Mend it with: lumbung reindex",
)
STALE = declare(
    "doctor.outbox_stale",
    id="{count} perubahan menunggu masuk indeks pencarian sejak {since}.",
    en="{count} changes have been waiting for the search index since {since}.",
)
DRIFT = declare(
    "doctor.index_drift",
    id="Indeks pencarian berbeda dari katalog: kurang {missing}, lebih {extra} dataset. Perbaikan: lumbung reindex",
    en="The index differs from the catalogue: {missing} datasets missing, {extra} too many. Run: lumbung reindex",
)


def check(installation: Installation, repair: bool) -> Iterator[Finding]:
    """The faults of the index. Repair: the outbox is drained, an index in doubt is made anew from the database."""
    database, index = installation.database, installation.search
    if not index.state().healthy:
        yield _remade(installation, finding(UNSOUND, "warning"), repair)
        if not repair:
            return
    with database.read() as session:
        waiting, oldest = session.execute(select(func.count(SearchOutbox.seq), func.min(SearchOutbox.at))).one()
        now = leases.database_time(session)
    if oldest is not None and now - oldest > _PATIENCE:
        found = finding(STALE, "warning", count=waiting, since=oldest.isoformat())
        yield found.mended() if repair and feed.drain(database, index) else found
    elif repair:
        feed.drain(database, index)
    with database.read() as session:
        if session.scalar(select(func.count(SearchOutbox.seq))):
            return  # it is behind, or being written at this moment: nothing to compare
        missing, extra = _difference(session, index)
    if missing or extra:
        yield _remade(installation, finding(DRIFT, "warning", missing=missing, extra=extra), repair)


def _difference(session: Session, index: SearchIndex) -> tuple[int, int]:
    """How many public datasets the index lacks, and how many it has that are not public."""
    public = set(session.scalars(select(Dataset.id).where(Dataset.visibility == Visibility.PUBLISHED)))
    if len(public) > _MOST:  # more than can be paged to: the number has to do
        behind = len(public) - index.state().documents
        return max(behind, 0), max(-behind, 0)
    indexed: set[int] = set()
    for page in range(1, _MOST // _PAGE + 1):
        ids = index.search(SearchQuery(sort="modified", page=page, rows=_PAGE, facets=())).ids
        indexed.update(ids)
        if len(ids) < _PAGE:
            break
    return len(public - indexed), len(indexed - public)


def _remade(installation: Installation, found: Finding, repair: bool) -> Finding:
    if not repair:
        return found
    feed.rebuild(installation.database, installation.search)
    return found.mended() if installation.search.state().healthy else found
