"""What the house looks like from inside: versions, storage, queue, index, the last examination, as plain figures."""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session

from datasets.clock import now
from datasets.db import Record
from datasets.doctor import Finding, examine
from datasets.installation import Installation
from datasets.models import Blob, Dataset, Examination, Job, Mail, SearchOutbox, Version
from datasets.search.index import IndexState

EXAMINE = "examine"
"""The kind of the job."""
INSTALLATION = "installation"
WHEN = "30 2 * * 0"
"""On Sundays: every file of the store is read for it."""
KEPT = 50
PARTS = ("flask", "sqlalchemy", "frictionless", "duckdb", "gunicorn")


@dataclass(frozen=True, slots=True)
class House:
    """All figures; sizes in bytes. `index` is None when it cannot be asked."""

    versions: tuple[tuple[str, str], ...]
    blobs: int
    blob_bytes: int
    database_bytes: int | None
    free_bytes: int
    datasets: int
    published_versions: int
    waiting: int
    at_work: int
    given_up: tuple[Job, ...]
    letters_waiting: int
    letters_given_up: int
    outbox: int
    index: IndexState | None
    examination: Examination | None


def look(here: Installation, session: Session) -> House:
    """The house as it is now."""
    blobs, size = session.execute(select(func.count(), func.coalesce(func.sum(Blob.size), 0)).select_from(Blob)).one()
    given_up = session.scalars(select(Job).where(Job.dead_at.is_not(None)).order_by(Job.dead_at.desc()).limit(20))
    return House(
        versions=_versions(here, session),
        blobs=blobs,
        blob_bytes=int(size),
        database_bytes=_database_bytes(here, session),
        free_bytes=shutil.disk_usage(here.settings.home).free,
        datasets=_count(session, Dataset),
        published_versions=_count(session, Version),
        waiting=_count(session, Job, Job.dead_at.is_(None), Job.holder.is_(None)),
        at_work=_count(session, Job, Job.dead_at.is_(None), Job.holder.is_not(None)),
        given_up=tuple(given_up),
        letters_waiting=_count(session, Mail, Mail.sent_at.is_(None), Mail.dead_at.is_(None)),
        letters_given_up=_count(session, Mail, Mail.dead_at.is_not(None)),
        outbox=_count(session, SearchOutbox),
        index=_index(here),
        examination=session.scalar(select(Examination).order_by(Examination.id.desc()).limit(1)),
    )


def examined(here: Installation, *, at: datetime, seconds: float, findings: Sequence[Finding]) -> None:
    """Keep what an examination found; only the last ones are kept."""
    with here.database.write() as session:
        row = Examination(at=at, seconds=seconds, findings=[one.as_dict() for one in findings])
        session.add(row)
        session.flush()
        session.execute(delete(Examination).where(Examination.id <= row.id - KEPT))


def run_examination(here: Installation) -> None:
    """Examine the house without mending anything, and keep what was found."""
    at, began = now(), time.monotonic()
    findings = examine(here)
    examined(here, at=at, seconds=time.monotonic() - began, findings=findings)


def _versions(here: Installation, session: Session) -> tuple[tuple[str, str], ...]:
    sqlite = here.database.is_sqlite
    asked = "select sqlite_version()" if sqlite else "show server_version"
    engine = ("SQLite" if sqlite else "PostgreSQL", str(session.scalar(text(asked))))
    schema = ("schema", str(session.scalar(text("select version_num from alembic_version"))))
    parts = tuple((name, version(name)) for name in PARTS)
    return (("Lumbung", version("lumbung")), ("Python", platform.python_version()), engine, schema, *parts)


def _database_bytes(here: Installation, session: Session) -> int | None:
    if not here.database.is_sqlite:
        return int(session.scalar(text("select pg_database_size(current_database())")) or 0)
    file = here.database.file
    return file.stat().st_size if file is not None and file.is_file() else None


def _index(here: Installation) -> IndexState | None:
    try:
        return here.search.state()
    except OSError:
        return None


def _count(session: Session, of: type[Record], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(of).where(*conditions)) or 0
