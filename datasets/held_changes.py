"""What would change if something held or submitted were accepted: its tables compared with the published ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.blobs import BlobStore
from datasets.diff.compare import Side
from datasets.diff.job import compared
from datasets.draft import Draft
from datasets.held import draft_of
from datasets.models import Dataset, Held, Resource


@dataclass(frozen=True, slots=True)
class Pair:
    """A table that both states have: its name, and the two sides."""

    name: str
    before: Side
    after: Side


def pairs(session: Session, blobs: BlobStore, held: Held) -> list[Pair]:
    """The tables to compare, those of one name; a lone table follows a lone one."""
    draft = draft_of(held)
    return [] if draft is None else pairs_of(session, blobs, draft, held.dataset_id)


def pairs_of(session: Session, blobs: BlobStore, draft: Draft, dataset_id: int | None) -> list[Pair]:
    """The tables of `draft` beside the published ones of that dataset; none where nothing is published."""
    if dataset_id is None:
        return []
    current = select(Resource).join(Dataset, Dataset.current_version_id == Resource.version_id)
    old = [
        one
        for one in session.scalars(current.where(Dataset.id == dataset_id).order_by(Resource.position))
        if one.parquet_sha256 is not None
    ]
    new = {one.name: one for one in draft.resources if one.parquet is not None}
    if len(old) == len(new) == 1:
        new = {old[0].name: next(iter(new.values()))}
    found = []
    for one in old:
        after = new.get(one.name)
        if after is not None and after.parquet is not None and one.parquet_sha256 is not None:
            before = Side(blobs.path(one.parquet_sha256), one.schema)
            found.append(Pair(one.name, before, Side(blobs.path(after.parquet.sha256), dict(after.schema))))
    return found


def changes(pair: Pair, *, examples: int = 5) -> dict[str, Any]:
    """The comparison as `TableDiff.as_dict()`, made in a process of its own. Raises what `compared` raises."""
    return compared(pair.before, pair.after, examples=examples)
