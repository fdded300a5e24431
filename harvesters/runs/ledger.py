"""What is written down of runs: who is at work, what each run did with each dataset, and what is known from before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from datasets.db import add_missing
from datasets.models import (
    Dataset,
    Evidence,
    Item,
    ItemOutcome,
    Resource,
    RestingHost,
    Run,
    RunState,
    Version,
    Visibility,
)
from harvesters.gates import Shape, shape_of
from harvesters.jumps import Figures, figures_of
from harvesters.runs.reports import ItemReport
from metadata.notices import Notice

OVERLAP = timedelta(hours=1)
"""Taken off the moment since when changes are asked for: clocks differ, and a listing takes a while."""


@dataclass(frozen=True, slots=True)
class Mark:
    """By what a dataset's state is recognised without reading it: what the source says of it, and its bytes.

    `setting` is that of the source (options, defaults) under which it was harvested. `source` is None when the source
    cannot tell; `raw` is None while nothing was fetched.
    """

    setting: str
    source: str | None = None
    raw: str | None = None

    def __str__(self) -> str:
        return f"{self.setting}.{self.source or '-'}.{self.raw or '-'}"

    @classmethod
    def parse(cls, text: str | None) -> Mark:
        """The inverse of `str`."""
        setting, source, raw = (*(text or "").split("."), "-", "-")[:3]
        return cls(setting, None if source == "-" else source, None if raw == "-" else raw)


@dataclass(frozen=True, slots=True)
class Last:
    """What the last run that wrote of a dataset did with it."""

    outcome: ItemOutcome
    mark: Mark
    title: str
    dataset_id: int | None
    messages: tuple[Notice, ...]

    @property
    def settled(self) -> bool:
        """Whether the same state again needs no work: it is published, or waits for a person."""
        return self.outcome is not ItemOutcome.FAILED


@dataclass(frozen=True, slots=True)
class Fetched:
    """The last evidence of an address: the blob, and the headers it came with."""

    sha256: str
    size: int
    headers: Mapping[str, str]


def begin_run(session: Session, source_id: int, *, at: datetime) -> int:
    """Write down that a run begins; runs of this source that still claim to run are dead, since we hold the lease."""
    session.execute(
        update(Run)
        .where(Run.source_id == source_id, Run.state == RunState.RUNNING)
        .values(state=RunState.ABANDONED, finished_at=at)
    )
    run = Run(source_id=source_id, started_at=at)
    session.add(run)
    session.flush()
    return run.id


def end_run(
    session: Session, run_id: int, *, state: RunState, counts: Mapping[str, int], notice: Notice | None, at: datetime
) -> None:
    """Write down how a run ended. One that was found dead in the meantime stays so."""
    session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state == RunState.RUNNING)
        .values(state=state, finished_at=at, counts=dict(counts), notice=notice.as_dict() if notice else None)
    )


def ask_to_stop(session: Session, source_id: int, *, at: datetime) -> bool:
    """Ask whoever harvests this source to stop; whether a run claims to be under way."""
    running = update(Run).where(Run.source_id == source_id, Run.state == RunState.RUNNING)
    return session.scalar(running.values(stop_asked_at=at).returning(Run.id)) is not None


def stop_asked(session: Session, run_id: int) -> bool:
    """Whether somebody has asked this run to stop."""
    return session.scalar(select(Run.stop_asked_at).where(Run.id == run_id)) is not None


def keep_item(
    session: Session,
    run_id: int,
    source_id: int,
    report: ItemReport,
    *,
    mark: Mark,
    ids: tuple[int | None, int | None],
    at: datetime,
) -> None:
    """Write down what a run did with one dataset; `ids` are those of the dataset and of the version it published."""
    dataset_id, version_id = ids
    session.add(
        Item(
            run_id=run_id,
            source_id=source_id,
            remote_key=report.key,
            title=report.title,
            outcome=report.outcome,
            at=at,
            dataset_id=dataset_id,
            version_id=version_id,
            fingerprint=str(mark),
            messages=[message.as_dict() for message in report.messages],
            seconds=report.seconds,
        )
    )
    session.flush()


def last_items(session: Session, source_id: int) -> dict[str, Last]:
    """The last written item of each dataset of a source, by key. Unchanged datasets are not written again and again."""
    newest = select(func.max(Item.id)).where(Item.source_id == source_id).group_by(Item.remote_key)
    return {
        item.remote_key: Last(
            outcome=item.outcome,
            mark=Mark.parse(item.fingerprint),
            title=item.title,
            dataset_id=item.dataset_id,
            messages=tuple(Notice.from_dict(message) for message in item.messages),
        )
        for item in session.scalars(select(Item).where(Item.id.in_(newest)))
    }


def fetched_files(session: Session, source_id: int) -> dict[str, Fetched]:
    """The last evidence of each address of a source that can be asked for conditionally, or by its watermark."""
    newest = select(func.max(Evidence.id)).where(Evidence.source_id == source_id).group_by(Evidence.url)
    return {
        one.url: Fetched(one.sha256, one.size, one.headers)
        for one in session.scalars(select(Evidence).where(Evidence.id.in_(newest)))
        if {"etag", "last-modified", "watermark"} & set(one.headers)
    }


def published_count(session: Session, source_id: int) -> int:
    """How many datasets of a source are public."""
    found = select(func.count()).where(Dataset.source_id == source_id, Dataset.visibility == Visibility.PUBLISHED)
    return session.scalar(found) or 0


def listed_since(
    session: Session, source_id: int, run_id: int, last: Mapping[str, Last], *, setting: str, at: datetime
) -> datetime | None:
    """The moment after which changes need to be listed in run `run_id`; None asks for the whole list.

    It is whole when the last run did not end well or had failures (what failed must be offered again), in each new ISO
    week (to notice what is gone), when the setting of the source is another, and when a dataset can change without a
    word in the listing.
    """
    earlier = select(Run).where(Run.source_id == source_id, Run.id < run_id)
    run = session.scalar(earlier.order_by(Run.id.desc()).limit(1))
    if run is None or run.state is not RunState.FINISHED or run.notice or run.counts.get(ItemOutcome.FAILED.value):
        return None
    new_week = run.started_at.isocalendar()[:2] != at.isocalendar()[:2]
    if new_week or any(one.mark.source is None or one.mark.setting != setting for one in last.values()):
        return None
    return run.started_at - OVERLAP


def published_shape(session: Session, dataset_id: int | None) -> Shape | None:
    """The current version as the gates see it; None while there is none."""
    if dataset_id is None:
        return None
    current = select(Version.id, Version.report).join(Dataset, Dataset.current_version_id == Version.id)
    row = session.execute(current.where(Dataset.id == dataset_id)).one_or_none()
    if row is None:
        return None
    version_id, report = row
    resources = session.scalars(select(Resource).where(Resource.version_id == version_id).order_by(Resource.position))
    return shape_of(resources, report)


def earlier_figures(session: Session, dataset_id: int | None, *, most: int = 12) -> dict[str, list[Figures]]:
    """Of each table of a dataset by name, the figures of its latest versions, the newest last."""
    if dataset_id is None:
        return {}
    newest = select(Version.id).where(Version.dataset_id == dataset_id).order_by(Version.number.desc()).limit(most)
    tables = select(Resource.name, Resource.schema, Resource.stats).where(Resource.parquet_sha256.is_not(None))
    found: dict[str, list[Figures]] = {}
    for name, schema, stats in session.execute(
        tables.where(Resource.version_id.in_(newest)).order_by(Resource.version_id)
    ):
        found.setdefault(name, []).append(figures_of(schema, stats))
    return found


def resting(session: Session, *, at: datetime) -> dict[str, datetime]:
    """The hosts that are left alone at this moment, and until when, by origin."""
    return {host.origin: host.until for host in session.scalars(select(RestingHost).where(RestingHost.until > at))}


def let_rest(session: Session, origin: str, *, until: datetime) -> None:
    """From now on no run asks this host anything before that moment."""
    add_missing(session, RestingHost, [{"origin": origin, "until": until}])
    session.execute(update(RestingHost).where(RestingHost.origin == origin).values(until=until))


def wake(session: Session) -> None:
    """Ask every host again."""
    session.execute(delete(RestingHost))
