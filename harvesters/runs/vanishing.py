"""Datasets that a source no longer offers: misses are counted, and only several whole listings make a tombstone.

A listing that lost more than a fifth at once is not believed: that is a broken portal far more often than a decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from datasets.models import Dataset, ItemOutcome, Vanished, Visibility, published
from datasets.withdraw import restore, withdraw
from harvesters.runs.reports import ItemReport
from metadata.notices import Notice, Param, declare

MISSES = 3
"""Whole listings without a dataset after which it becomes a tombstone."""
SHARE = 0.2
"""More than this share of a source gone at once waits for a person."""
FEW = 2
"""So many may always go: a fifth of five datasets is one."""

NOT_OFFERED = declare(
    "harvest.not_offered",
    id="Dataset ini tidak lagi ditawarkan oleh sumbernya ({misses} dari {limit} kali). Versi terbit tetap tersedia.",
    en="This dataset is no longer offered by its source ({misses} of {limit} times). What is published stays.",
)
TOMBSTONE = declare(
    "harvest.tombstone",
    id="Tidak lagi ditawarkan oleh sumbernya sejak {since} ({misses} kali panen). Versi yang pernah terbit disimpan.",
    en="No longer offered by its source since {since} ({misses} harvests). The versions once published are kept.",
)
LISTING_SHRUNK = declare(
    "gate.listing_shrunk",
    id="{gone} dari {before} dataset tiba-tiba tidak ada lagi di daftar sumber. Tidak ada yang diubah. "
    "Jika memang benar, jalankan panen dengan --believe.",
    en="{gone} of {before} datasets are suddenly missing from the source's list. Nothing was changed. "
    "If that is right, harvest with --believe.",
)


def tombstones(session: Session, source_id: int) -> dict[str, int]:
    """The datasets of a source that became tombstones only because they were not offered: ids by key."""
    wanted = select(Dataset.remote_key, Dataset.id).join(Vanished, Vanished.dataset_id == Dataset.id)
    found = session.execute(wanted.where(Dataset.source_id == source_id, Vanished.withdrawn))
    return {key: number for key, number in found if key is not None}


def come_back(session: Session, dataset_id: int, *, at: datetime) -> None:
    """A tombstone that is offered again is a dataset again, unless a person withdrew it for another reason since."""
    row = session.get(Vanished, dataset_id)
    if row is None or not row.withdrawn:
        return
    dataset = session.get_one(Dataset, dataset_id)
    if dataset.visibility is Visibility.WITHDRAWN:
        restore(session, dataset, at=at)
    session.delete(row)
    session.flush()


def distrusted(session: Session, source_id: int, seen: Collection[str]) -> Notice | None:
    """Why a whole listing is not believed: too much of what is published is missing from it."""
    keys = session.scalars(_published(source_id).with_only_columns(Dataset.remote_key)).all()
    gone = sum(_is_gone(key, seen) for key in keys)
    if gone <= max(FEW, SHARE * len(keys)):
        return None
    return Notice(LISTING_SHRUNK, params={"gone": gone, "before": len(keys)})


def count_misses(session: Session, source_id: int, seen: Collection[str], *, at: datetime) -> Iterator[ItemReport]:
    """After a whole listing that is believed: one miss more for what it lacks, a tombstone after `MISSES` of them."""
    here_again = select(Dataset.id).where(Dataset.source_id == source_id, Dataset.remote_key.in_(list(seen)))
    missing = {row.dataset_id: row for row in session.scalars(_vanished(source_id))}
    known = set(session.scalars(here_again)) if missing else set()
    session.execute(
        delete(Vanished).where(Vanished.dataset_id.in_(known & set(missing)), Vanished.withdrawn.is_(False))
    )
    for dataset in session.scalars(_published(source_id).order_by(Dataset.id)).all():
        if not _is_gone(dataset.remote_key, seen):
            continue
        row = missing.get(dataset.id)
        if row is None:
            row = Vanished(dataset_id=dataset.id, since=at)
            session.add(row)
        row.misses += 1
        params: dict[str, Param] = {"misses": row.misses, "limit": MISSES, "since": row.since.date().isoformat()}
        notice = Notice(NOT_OFFERED, params=params)
        if row.misses >= MISSES:
            notice = Notice(TOMBSTONE, params=params)
            withdraw(session, dataset, notice.say("id"), at=at, vanished=True)
            row.withdrawn = True
        yield ItemReport(dataset.remote_key or "", dataset.title, ItemOutcome.UNCHANGED, (notice,))
    session.flush()


def _is_gone(key: str | None, seen: Collection[str]) -> bool:
    return key is not None and key not in seen and "#" not in key[-33:]  # a shortened key cannot be compared


def _vanished(source_id: int) -> Select[Vanished]:
    return select(Vanished).join(Dataset, Dataset.id == Vanished.dataset_id).where(Dataset.source_id == source_id)


def _published(source_id: int) -> Select[Dataset]:
    return published().where(Dataset.source_id == source_id)
