"""The sweep of the store: what nobody names and nobody has touched for a day goes; all else stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Column, delete, select
from sqlalchemy.orm import Session

from datasets.alone import alone
from datasets.blobs import BlobMissing, BlobStore, Leftover
from datasets.db import Database, Record
from datasets.models import Blob, DeskDraft, DeskState, Held

DAY = 86_400.0
"""Seconds. A blob is put less than a day before its row is written, or it must be put again."""
_AT_ONCE = 500
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Strays:
    """What may go, untouched since `before`: blobs that nothing names with their sizes in bytes, leftovers of writers.

    `rows` are those that were named once: of states that were turned down, or overtaken, before they were published.
    """

    blobs: dict[str, int]
    leftovers: tuple[Leftover, ...]
    before: float
    rows: frozenset[str] = frozenset()


def strays(database: Database, blobs: BlobStore, *, at: float) -> Strays:
    """What nobody names and nobody has touched for a day at the moment `at` (seconds since 1970)."""
    before = at - DAY
    leftovers = tuple(leftover for leftover in blobs.leftovers() if leftover.touched < before)
    lying = list(blobs.all())  # first what lies there, then what is named: in between, a put can only be young
    with database.read() as session:
        rows = _unnamed(session, datetime.fromtimestamp(before, UTC))
        named = set(session.scalars(select(Blob.sha256))) - rows
    found: dict[str, int] = {}
    for sha256 in lying:
        try:
            if sha256 not in named and blobs.touched(sha256) < before:
                found[sha256] = blobs.size(sha256)
        except BlobMissing:
            continue  # another sweep was faster
    return Strays(blobs=found, leftovers=leftovers, before=before, rows=frozenset(rows))


def remove(database: Database, blobs: BlobStore, found: Strays) -> None:
    """Remove them, the row before the bytes; a blob that was named or put again since stays."""
    for leftover in found.leftovers:
        blobs.discard(leftover)
    kept = _forgotten(database, found)
    for sha256 in found.blobs.keys() - kept:
        blobs.delete(sha256, before=found.before)


def _forgotten(database: Database, found: Strays) -> set[str]:
    """Take the rows away that still nothing names; those that something names again now."""
    listed, kept = sorted(found.rows), set[str]()
    for start in range(0, len(listed), _AT_ONCE):
        some = set(listed[start : start + _AT_ONCE])
        with database.write() as session:
            alone(session)
            still = some & _unnamed(session, datetime.fromtimestamp(found.before, UTC))
            session.execute(delete(Blob).where(Blob.sha256.in_(still)))
        kept |= some - still
    return kept


def _unnamed(session: Session, before: datetime) -> set[str]:
    """The rows of blobs from before that moment that nothing names: no other row, nothing held, no open draft."""
    old = set(session.scalars(select(Blob.sha256).where(Blob.created_at < before)))
    for column in _naming():
        old.difference_update(session.scalars(select(column).where(column.is_not(None)).distinct()))
    for draft in session.scalars(select(Held.draft).where(Held.draft.is_not(None))):
        old.difference_update(_HASH.findall(json.dumps(draft)))
    on_desks = select(DeskDraft.files, DeskDraft.prepared)
    for named in session.execute(on_desks.where(DeskDraft.state.not_in((DeskState.PUBLISHED, DeskState.DISCARDED)))):
        old.difference_update(_HASH.findall(json.dumps(list(named))))
    return old


def _naming() -> Iterator[Column[str]]:
    """Every column that names a blob."""
    for table in Record.metadata.tables.values():
        for column in table.columns:
            if any(key.target_fullname == "blob.sha256" for key in column.foreign_keys):
                yield column
