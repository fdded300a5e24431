"""The sweep of the store: what nobody names and nobody has touched for a day goes; all else stays."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from datasets.blobs import BlobMissing, BlobStore, Leftover
from datasets.db import Database
from datasets.models import Blob

DAY = 86_400.0
"""Seconds. A blob is put less than a day before its row is written, or it must be put again."""


@dataclass(frozen=True, slots=True)
class Strays:
    """What may go, untouched since `before`: blobs without a row with their sizes in bytes, leftovers of writers."""

    blobs: dict[str, int]
    leftovers: tuple[Leftover, ...]
    before: float


def strays(database: Database, blobs: BlobStore, *, at: float) -> Strays:
    """What nobody names and nobody has touched for a day at the moment `at` (seconds since 1970)."""
    before = at - DAY
    leftovers = tuple(leftover for leftover in blobs.leftovers() if leftover.touched < before)
    lying = list(blobs.all())  # first what lies there, then what is named: in between, a put can only be young
    with database.read() as session:
        named = set(session.scalars(select(Blob.sha256)))
    found: dict[str, int] = {}
    for sha256 in lying:
        try:
            if sha256 not in named and blobs.touched(sha256) < before:
                found[sha256] = blobs.size(sha256)
        except BlobMissing:
            continue  # another sweep was faster
    return Strays(blobs=found, leftovers=leftovers, before=before)


def remove(blobs: BlobStore, found: Strays) -> None:
    """Remove them; a blob that was put again since stays."""
    for leftover in found.leftovers:
        blobs.discard(leftover)
    for sha256 in found.blobs:
        blobs.delete(sha256, before=found.before)
