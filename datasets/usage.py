"""Views and downloads of datasets: added up by day, asked for as sums."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from datasets.db import add_missing
from datasets.models import Dataset, DatasetUsage

RECENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Usage:
    """How often a dataset was viewed and downloaded, ever and in the last thirty days."""

    views: int = 0
    downloads: int = 0
    recent_views: int = 0
    recent_downloads: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """The counts of a month, or of so much of it as has passed."""

    first_day: date
    views: int
    downloads: int


def add(session: Session, counts: Mapping[tuple[str, date], tuple[int, int]]) -> None:
    """Add `(views, downloads)` by `(slug, day)`; a slug that names no dataset is passed over."""
    slugs = {slug for slug, _day in counts}
    found = session.execute(select(Dataset.slug, Dataset.id).where(Dataset.slug.in_(slugs)))
    ids = {slug: number for slug, number in found}  # noqa: C416 - rows are no pairs to mypy
    known = {(ids[slug], day): count for (slug, day), count in counts.items() if slug in ids}
    add_missing(session, DatasetUsage, _empty(known))
    for (number, day), (views, downloads) in sorted(known.items()):
        session.execute(
            update(DatasetUsage)
            .where(DatasetUsage.dataset_id == number, DatasetUsage.day == day)
            .values(views=DatasetUsage.views + views, downloads=DatasetUsage.downloads + downloads)
        )


def of(session: Session, ids: Collection[int], *, today: date) -> dict[int, Usage]:
    """The usage of datasets by id; one that was never looked at is absent."""
    recent = DatasetUsage.day > today - timedelta(days=RECENT_DAYS)
    sums = select(
        DatasetUsage.dataset_id,
        func.sum(DatasetUsage.views),
        func.sum(DatasetUsage.downloads),
        func.sum(case((recent, DatasetUsage.views), else_=0)),
        func.sum(case((recent, DatasetUsage.downloads), else_=0)),
    ).where(DatasetUsage.dataset_id.in_(ids))
    rows = session.execute(sums.group_by(DatasetUsage.dataset_id))
    return {number: Usage(*(int(value) for value in values)) for number, *values in rows}


def by_month(session: Session, dataset_id: int, *, until: date, months: int = 12) -> list[Month]:
    """The last months up to and with the day `until`, the oldest first, those without any count too.

    None before the first count ever: that nobody was counted then says nothing.
    """
    rows = session.execute(
        select(DatasetUsage.day, DatasetUsage.views, DatasetUsage.downloads)
        .where(DatasetUsage.dataset_id == dataset_id, DatasetUsage.day <= until)
        .order_by(DatasetUsage.day)
    ).all()
    counts: dict[date, tuple[int, int]] = {}
    for day, views, downloads in rows:
        before = counts.get(day.replace(day=1), (0, 0))
        counts[day.replace(day=1)] = (before[0] + views, before[1] + downloads)
    if not counts:
        return []
    wanted: list[Month] = []
    month = until.replace(day=1)
    while month >= min(counts) and len(wanted) < months:
        wanted.append(Month(month, *counts.get(month, (0, 0))))
        month = (month - timedelta(days=1)).replace(day=1)
    return wanted[::-1]


def _empty(keys: Collection[tuple[int, date]]) -> list[dict[str, object]]:
    return [{"dataset_id": number, "day": day, "views": 0, "downloads": 0} for number, day in sorted(keys)]
