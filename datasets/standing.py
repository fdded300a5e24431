"""What stands at a dataset's address: one indexed look for what may change, memory for what never does.

A dataset can be withdrawn or renamed and gets new versions: that is asked each time, in every process. A version is
immutable once published, so what a process has read of one it keeps, within bounds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from datasets.models import Dataset, Version, Visibility
from datasets.query.cache import Answers
from datasets.withdraw import refuse_withdrawn
from metadata.errors import NotFound

KEPT_MEGABYTES = 16
_LONGEST = 100
_MOST = 2**31 - 1
_PUBLIC = (
    select(Dataset, Version.id, Version.content_key)
    .where(Dataset.visibility != Visibility.DRAFT, Dataset.slug == bindparam("slug"))
    .options(joinedload(Dataset.organization, innerjoin=True))
)
# made once: putting a statement together costs as much as asking it
_NOW = _PUBLIC.outerjoin(Version, Version.id == Dataset.current_version_id)
_THEN = _PUBLIC.outerjoin(Version, and_(Version.dataset_id == Dataset.id, Version.number == bindparam("number")))
_VERSION = (
    select(Version)
    .where(Version.id == bindparam("id"))
    .options(
        selectinload(Version.resources),
        *(defer(heavy, raiseload=True) for heavy in (Version.package, Version.report)),
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A public dataset with its organisation, and one of its versions by what cannot be mistaken for another."""

    dataset: Dataset
    version_id: int
    content_key: str


class VersionsKept:
    """The versions that a process has read, with their resources, detached: to be read by many threads, never changed.

    Packages, reports, runs and evidence are not among what is kept: `datasets.catalog` loads them.
    """

    def __init__(self, megabytes: int = KEPT_MEGABYTES) -> None:
        self._kept: Answers[Version] = Answers(megabytes * 2**20)

    def get(self, session: Session, standing: Standing) -> Version:
        """The version that stands there."""
        key = (standing.version_id, standing.content_key)
        found = self._kept.get(key)
        return found or self._kept.put(key, read := _read(session, standing.version_id), _weight(read))


def standing(session: Session, slug: str, number: int | None = None) -> Standing:
    """What stands at this address: the present version of a dataset, or version `number`.

    Raises `NotFound` for the unknown and the unpublished alike, `Withdrawn` for the withdrawn.
    """
    asked: dict[str, Any] = {"slug": slug[: _LONGEST + 1]}
    if number is not None:
        asked["number"] = min(number, _MOST)
    row = session.execute(_NOW if number is None else _THEN, asked).one_or_none()
    if row is None:
        raise NotFound(what=slug[:_LONGEST])
    dataset, version_id, content_key = row
    refuse_withdrawn(dataset)
    if version_id is None:
        raise NotFound(what=slug[:_LONGEST] if number is None else f"{slug} v{number}")
    return Standing(dataset, version_id, content_key)


def _read(session: Session, version_id: int) -> Version:
    """In a session of its own on the same connection, so that nobody else's records are let go with it."""
    with Session(bind=session.connection(), expire_on_commit=False) as own:
        found = own.scalars(_VERSION, {"id": version_id}).one()
        own.expunge_all()
    return found


def _weight(version: Version) -> int:
    """About how many bytes it takes: what is parsed from JSON takes some times its text."""
    documents = [version.notices, version.lacking]
    for resource in version.resources:
        documents += [resource.schema, resource.stats, resource.notes, resource.chart]
    return 4_000 * (1 + len(version.resources)) + 6 * sum(len(json.dumps(one)) for one in documents)
