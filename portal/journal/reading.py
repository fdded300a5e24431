"""What the pages and interfaces of the journal ask: entries of a page, by what they are about, by a file's hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import Session

from datasets.models import Dataset, JournalEntry, Resource, Version

ROWS = 25
KINDS = ("publication", "withdrawal", "restoration", "answer")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the journal is wanted: words of a dataset's title or address, a kind, a page from 1."""

    words: str = ""
    kind: str = ""
    page: int = 1


def entries(session: Session, asked: Asked) -> tuple[Sequence[JournalEntry], int]:
    """A page of entries, the newest first, and how many there are in all."""
    wanted = _asked(asked)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    page = wanted.order_by(JournalEntry.position.desc()).limit(ROWS).offset((asked.page - 1) * ROWS)
    return session.scalars(page).all(), total


def titles(session: Session, found: Sequence[JournalEntry]) -> dict[str, str]:
    """The titles of the datasets that these entries are about, by subject."""
    slugs = {entry.subject.removeprefix("dataset:") for entry in found if entry.subject.startswith("dataset:")}
    rows = session.execute(select(Dataset.slug, Dataset.title).where(Dataset.slug.in_(slugs)))
    return {f"dataset:{row.slug}": row.title for row in rows}


def naming(session: Session, sha256: str, *, limit: int = 20) -> Sequence[JournalEntry]:
    """The publications that name a file with this hash, the newest first."""
    columns = (Resource.raw_sha256, Resource.csv_sha256, Resource.parquet_sha256, Resource.geo_sha256)
    versions = [select(Version.id).where(Version.package_sha256 == sha256)]
    versions += [select(Resource.version_id).where(column == sha256) for column in columns]
    wanted = select(JournalEntry).where(JournalEntry.version_id.in_(versions[0].union(*versions[1:])))
    return session.scalars(wanted.order_by(JournalEntry.position.desc()).limit(limit)).all()


def last_about(session: Session, subject: str) -> JournalEntry | None:
    """The last entry about a dataset."""
    wanted = select(JournalEntry).where(JournalEntry.subject == subject).order_by(JournalEntry.position.desc())
    return session.scalar(wanted.limit(1))


def stretch(session: Session, first: int, count: int) -> Sequence[JournalEntry]:
    """So many entries from number `first` on, in their order."""
    wanted = select(JournalEntry).where(JournalEntry.position >= first, JournalEntry.position < first + count)
    return session.scalars(wanted.order_by(JournalEntry.position)).all()


def _asked(asked: Asked) -> Select[JournalEntry]:
    wanted = select(JournalEntry)
    if asked.kind in KINDS:
        wanted = wanted.where(JournalEntry.kind == asked.kind)
    if asked.words:
        titled = select(literal("dataset:") + Dataset.slug).where(Dataset.title.icontains(asked.words, autoescape=True))
        named = JournalEntry.subject.icontains(asked.words, autoescape=True)
        wanted = wanted.where(or_(named, JournalEntry.subject.in_(titled)))
    return wanted
