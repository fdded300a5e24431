"""What waits for the custodian, the most urgent first: drafts, held harvests, late datasets, failing sources."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from datasets import source_health
from datasets.models import Dataset, DeskDraft, DeskState, Held, HeldState, Run, RunState, Source
from metadata import frequencies


class Kind(enum.Enum):
    """What a matter is about."""

    DRAFT = "draf"
    HELD = "ditahan"
    SOURCE = "sumber"
    OVERDUE = "terlambat"


PATIENCE = {Kind.SOURCE: timedelta(days=1), Kind.HELD: timedelta(days=2), Kind.DRAFT: timedelta(days=3)}
"""Within how long each is to be seen to; the urgency of a matter is the part of it that has passed."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that waits. `number` is that of the draft, held state, source or dataset, `address` a source's or
    dataset's; `urgency` 1 is "today", above it is too late. `told` are notices as `Notice.as_dict()`.
    """

    kind: Kind
    number: int
    title: str
    organization_id: int | None
    since: datetime
    urgency: float
    address: str = ""
    by: str = ""
    told: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """Of which agencies somebody sees each kind: None for all, an empty set for none."""

    drafts: Collection[int] | None = field(default_factory=frozenset)
    held: Collection[int] | None = field(default_factory=frozenset)
    sources: Collection[int] | None = field(default_factory=frozenset)
    overdue: Collection[int] | None = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, the most urgent first; how many there are of each kind, and of each agency over all kinds."""

    matters: tuple[Matter, ...]
    kinds: Mapping[Kind, int]
    agencies: Mapping[int, int]


def queue(
    session: Session, sight: Sight, *, at: datetime, kind: Kind | None = None, organization_id: int | None = None
) -> Queue:
    """All that somebody with that sight has to see to at `at`; of one kind, or one agency, when they are given.

    The counts of kinds are those of the agency asked for, the counts of agencies those of everything in sight.
    """
    every = list(_every(session, sight, at))
    agencies = Counter(one.organization_id for one in every if one.organization_id is not None)
    here = [one for one in every if organization_id in (None, one.organization_id)]
    kinds = Counter(one.kind for one in here)
    shown = [one for one in here if kind in (None, one.kind)]
    shown.sort(key=lambda one: (-one.urgency, one.since, one.number))
    return Queue(tuple(shown), {each: kinds[each] for each in Kind}, agencies)


def scheduled(session: Session, agencies: Collection[int] | None = None) -> Sequence[DeskDraft]:
    """Approved drafts that wait for their hour, the next first; of these agencies alone when they are given."""
    asked = select(DeskDraft).where(DeskDraft.state == DeskState.APPROVED, DeskDraft.publish_at.is_not(None))
    if agencies is not None:
        asked = asked.where(DeskDraft.organization_id.in_(agencies))
    return session.scalars(asked.order_by(DeskDraft.publish_at, DeskDraft.id)).all()


def _every(session: Session, sight: Sight, at: datetime) -> Iterator[Matter]:
    yield from _drafts(session, sight.drafts, at)
    yield from _held(session, sight.held, at)
    yield from _sources(session, sight.sources, at)
    yield from _overdue(session, sight.overdue, at)


def _drafts(session: Session, agencies: Collection[int] | None, at: datetime) -> Iterator[Matter]:
    asked = select(DeskDraft).where(DeskDraft.state == DeskState.SUBMITTED)
    for one in session.scalars(asked if agencies is None else asked.where(DeskDraft.organization_id.in_(agencies))):
        since = one.submitted_at or one.updated_at
        yield Matter(
            kind=Kind.DRAFT,
            number=one.id,
            title=one.title,
            organization_id=one.organization_id,
            since=since,
            urgency=_urgency(Kind.DRAFT, since, at),
            by=one.updated_by,
            told=tuple(one.reasons),
        )


def _held(session: Session, agencies: Collection[int] | None, at: datetime) -> Iterator[Matter]:
    owner = func.coalesce(Dataset.organization_id, Source.organization_id)
    asked = select(Held, owner, Source.title).outerjoin(Dataset, Held.dataset_id == Dataset.id)
    asked = asked.outerjoin(Source, Held.source_id == Source.id).where(Held.state == HeldState.WAITING)
    if agencies is not None:
        asked = asked.where(owner.in_(agencies))
    for one, organization_id, source in session.execute(asked):
        yield Matter(
            kind=Kind.HELD,
            number=one.id,
            title=one.title,
            organization_id=organization_id,
            since=one.at,
            urgency=_urgency(Kind.HELD, one.at, at),
            by=source or "",
            told=tuple(one.reasons),
        )


def _sources(session: Session, agencies: Collection[int] | None, at: datetime) -> Iterator[Matter]:
    """Sources whose last run that ended failed as a whole, since the first failure in a row."""
    ended = select(func.max(Run.id)).where(Run.state != RunState.RUNNING).group_by(Run.source_id)
    bad = select(Run).where(Run.id.in_(ended), Run.state.in_((RunState.FAILED, RunState.ABANDONED)))
    runs = {one.source_id: one for one in session.scalars(bad)}
    asked = select(Source).where(Source.enabled, Source.id.in_(runs))
    for source in session.scalars(asked if agencies is None else asked.where(Source.organization_id.in_(agencies))):
        last = runs[source.id]
        good = select(func.max(Run.id)).where(Run.source_id == source.id, Run.state == RunState.FINISHED)
        first = select(func.min(Run.started_at)).where(
            Run.source_id == source.id, Run.id > (session.scalar(good) or 0), Run.state != RunState.RUNNING
        )
        since = session.scalar(first) or last.started_at
        yield Matter(
            kind=Kind.SOURCE,
            number=source.id,
            title=source.title,
            organization_id=source.organization_id,
            since=since,
            urgency=_urgency(Kind.SOURCE, since, at),
            address=source.name,
            told=() if last.notice is None else (last.notice,),
        )


def _overdue(session: Session, agencies: Collection[int] | None, at: datetime) -> Iterator[Matter]:
    for fresh in source_health.freshness(session, at=at):
        if agencies is not None and fresh.organization.id not in agencies:
            continue
        for one in fresh.overdue:
            rhythm = frequencies.match(one.frequency)
            length = timedelta(days=rhythm.days if rhythm and rhythm.days else 365)
            yield Matter(
                kind=Kind.OVERDUE,
                number=one.id,
                title=one.title,
                organization_id=one.organization_id,
                since=one.modified_at + length,
                urgency=(at - one.modified_at) / length - 1,
                address=one.slug,
                by=one.frequency or "",
            )


def _urgency(kind: Kind, since: datetime, at: datetime) -> float:
    return (at - since) / PATIENCE[kind]
