"""Scores of quality: computed once for each version by `metadata.quality`, joined by the freshness of the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from datasets.models import Dataset, Resource, Version, VersionScore, published
from metadata import quality
from metadata.notices import Notice
from metadata.quality import Holding, Part

AT_ONCE = 25
"""Versions that `fill` scores in one transaction."""


@dataclass(frozen=True, slots=True)
class Score:
    """Points of a hundred, and the five parts they are made of."""

    points: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class AgencyScore:
    """The mean of an agency's published datasets, whole and by part (share of 0 to 1), over how many."""

    points: int
    shares: Mapping[str, float]
    datasets: int


def keep(session: Session, version_id: int) -> VersionScore:
    """Score a version that is in the database and keep that; kept before by today's rules, it stays."""
    known = session.get(VersionScore, version_id)
    if known is not None and known.way == quality.WAY:
        return known
    parts = _of_version(session, version_id)
    if known is not None:
        session.execute(delete(VersionScore).where(VersionScore.version_id == version_id))
        session.expunge(known)
    made = VersionScore(
        version_id=version_id,
        way=quality.WAY,
        points=round(sum(part.points for part in parts), 3),
        parts=[_told(part) for part in parts],
    )
    session.add(made)
    session.flush()
    return made


def of_version(session: Session, version: Version, dataset: Dataset, *, at: datetime) -> Score:
    """The score of a version as it is at `at`; a version that was replaced is not held to be late."""
    row = session.get(VersionScore, version.id)
    known = row is not None and row.way == quality.WAY
    parts = _read(row.parts) if row is not None and known else _of_version(session, version.id)
    since = dataset.modified_at if version.id == dataset.current_version_id else at
    return _score(parts, dataset.frequency, since=since, at=at)


def of_agency(session: Session, organization_id: int, *, at: datetime) -> AgencyScore | None:
    """The mean over the published datasets of one agency; None when none is scored yet."""
    return agencies(session, at=at, organization_id=organization_id).get(organization_id)


def agencies(session: Session, *, at: datetime, organization_id: int | None = None) -> dict[int, AgencyScore]:
    """The same of every agency, by its number."""
    asked = _scored()
    if organization_id is not None:
        asked = asked.where(Dataset.organization_id == organization_id)
    scores: dict[int, list[Score]] = {}
    for dataset, row in session.execute(asked):
        score = _score(_read(row.parts), dataset.frequency, since=dataset.modified_at, at=at)
        scores.setdefault(dataset.organization_id, []).append(score)
    return {number: _mean(found) for number, found in scores.items()}


def points(session: Session, ids: Iterable[int], *, at: datetime) -> dict[int, int]:
    """The points of these datasets, by their number; one that is not scored yet is not among them."""
    asked = _scored().where(Dataset.id.in_(list(ids)))
    return {
        dataset.id: _score(_read(row.parts), dataset.frequency, since=dataset.modified_at, at=at).points
        for dataset, row in session.execute(asked)
    }


def unscored(session: Session) -> Sequence[int]:
    """Current versions without a score by today's rules, at most `AT_ONCE`."""
    current = published().with_only_columns(Dataset.current_version_id).where(Dataset.current_version_id.is_not(None))
    known = select(VersionScore.version_id).where(VersionScore.way == quality.WAY)
    found = session.scalars(current.where(Dataset.current_version_id.not_in(known)).limit(AT_ONCE))
    return [number for number in found if number is not None]


def fill(session: Session) -> int:
    """Score versions from before there were scores, or of other rules; how many."""
    wanted = unscored(session)
    for number in wanted:
        keep(session, number)
    return len(wanted)


def _scored() -> Select[Dataset, VersionScore]:
    return (
        select(Dataset, VersionScore)
        .join(VersionScore, VersionScore.version_id == Dataset.current_version_id)
        .where(Dataset.id.in_(published().with_only_columns(Dataset.id)))
    )


def _of_version(session: Session, version_id: int) -> tuple[Part, ...]:
    report, lacking, package = session.execute(
        select(Version.report, Version.lacking, Version.package).where(Version.id == version_id)
    ).one()
    held = session.execute(
        select(Resource.format, Resource.schema).where(Resource.version_id == version_id).order_by(Resource.position)
    )
    licences = package.get("licenses") or [{}]
    return quality.fixed_parts(
        [Holding(format_, schema) for format_, schema in held],
        report or {},
        lacking=list(lacking or ()),
        license_id=str(licences[0].get("name", "")),
    )


def _score(parts: Sequence[Part], frequency: str | None, *, since: datetime, at: datetime) -> Score:
    whole = (parts[0], quality.fresh(frequency, at - min(since, at)), *parts[1:])
    return Score(quality.total(whole), whole)


def _mean(scores: Sequence[Score]) -> AgencyScore:
    count = len(scores)
    shares = {
        key: sum(part.share for score in scores for part in score.parts if part.part == key) / count
        for key in quality.WEIGHTS
    }
    return AgencyScore(round(sum(score.points for score in scores) / count), shares, count)


def _told(part: Part) -> dict[str, Any]:
    return {"part": part.part, "share": part.share, "reasons": [one.as_dict() for one in part.reasons]}


def _read(parts: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(
        Part(one["part"], float(one["share"]), tuple(Notice.from_dict(each) for each in one["reasons"]))
        for one in parts
    )
