"""How sources and agencies fare: runs, what waits, what failed, and whether datasets are as fresh as they promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer, joinedload

from datasets.models import (
    Dataset,
    Held,
    HeldState,
    Item,
    ItemOutcome,
    Job,
    Organization,
    Run,
    RunState,
    Source,
    Visibility,
    published,
)
from metadata import frequencies
from metadata.errors import NotFound

RUNS = 30
"""Runs that a page shows."""
SLACK = 1.25
"""A dataset is overdue when this many times its rhythm has passed: offices publish some days after the period."""


@dataclass(frozen=True, slots=True)
class Health:
    """A source with its latest runs, the newest first, the next moment it is due, and its counts."""

    source: Source
    runs: tuple[Run, ...]
    next_run: datetime | None
    published: int
    held: int

    @property
    def last(self) -> Run | None:
        """The latest run that has ended."""
        return next((run for run in self.runs if run.state is not RunState.RUNNING), None)


@dataclass(frozen=True, slots=True)
class Freshness:
    """Of an agency's datasets that name a rhythm: how many there are, and which are overdue, the oldest first."""

    organization: Organization
    promised: int
    overdue: tuple[Dataset, ...]

    @property
    def share(self) -> float:
        """The part that is in time, from 0 to 1."""
        return 1 - len(self.overdue) / self.promised


def every_source(session: Session, *, also_off: bool = False) -> list[Health]:
    """All enabled sources, by title; with `also_off` those that are switched off too."""
    wanted = _sources(also_off).order_by(Source.title, Source.name)
    return [_health(session, source) for source in session.scalars(wanted)]


def one_source(session: Session, name: str, *, also_off: bool = False) -> Health:
    """One enabled source; with `also_off` it may be switched off. Raises `NotFound`."""
    source = session.scalar(_sources(also_off).where(Source.name == name))
    if source is None:
        raise NotFound(what=f"sumber {name}")
    return _health(session, source)


def troubled(session: Session, source_id: int, *, most: int = 50) -> Sequence[Item]:
    """The datasets of a source that need somebody: held or failed when they were last written of, the newest first."""
    newest = select(func.max(Item.id)).where(Item.source_id == source_id).group_by(Item.remote_key)
    bad = (ItemOutcome.HELD, ItemOutcome.FAILED)
    wanted = select(Item).where(Item.id.in_(newest), Item.outcome.in_(bad)).order_by(Item.id.desc()).limit(most)
    return session.scalars(wanted).all()


def changed(session: Session, source_id: int, *, most: int = 20) -> Sequence[tuple[str, str, datetime]]:
    """The latest publications of a source: slug, title, moment."""
    wanted = select(Dataset.slug, Dataset.title, Item.at).join(Item, Item.dataset_id == Dataset.id)
    public = (Item.source_id == source_id, Item.version_id.is_not(None), Dataset.visibility == Visibility.PUBLISHED)
    found = session.execute(wanted.where(*public).order_by(Item.id.desc()).limit(most))
    return [(slug, title, at) for slug, title, at in found]


def freshness(session: Session, *, at: datetime, organization_id: int | None = None) -> list[Freshness]:
    """For each agency with promised rhythms, or the one of that number, by name: whether it keeps them at `at`."""
    rhythms = {one.slug: timedelta(days=one.days * SLACK) for one in frequencies.every() if one.days}
    wanted = published().where(Dataset.frequency.in_(rhythms)).options(joinedload(Dataset.organization))
    if organization_id is not None:
        wanted = wanted.where(Dataset.organization_id == organization_id)
    owners: dict[int, tuple[Organization, list[bool], list[Dataset]]] = {}
    for dataset in session.scalars(wanted.options(defer(Dataset.description)).order_by(Dataset.modified_at)):
        owner = owners.setdefault(dataset.organization_id, (dataset.organization, [], []))
        late = at - dataset.modified_at > rhythms[dataset.frequency or ""]
        owner[1].append(late)
        if late:
            owner[2].append(dataset)
    told = [Freshness(one, len(all_), tuple(late)) for one, all_, late in owners.values()]
    return sorted(told, key=lambda each: each.organization.title)


def _sources(also_off: bool) -> Select[Source]:
    wanted = select(Source).options(joinedload(Source.organization))
    return wanted if also_off else wanted.where(Source.enabled)


def _health(session: Session, source: Source) -> Health:
    runs = session.scalars(select(Run).where(Run.source_id == source.id).order_by(Run.id.desc()).limit(RUNS)).all()
    due = select(Job.due).where(Job.kind == "harvest", Job.subject == source.name, Job.dead_at.is_(None))
    public = (Dataset.source_id == source.id, Dataset.visibility == Visibility.PUBLISHED)
    waits = (Held.source_id == source.id, Held.state == HeldState.WAITING)
    return Health(
        source=source,
        runs=tuple(runs),
        next_run=session.scalar(due),
        published=session.scalar(select(func.count()).select_from(Dataset).where(*public)) or 0,
        held=session.scalar(select(func.count()).select_from(Held).where(*waits)) or 0,
    )
