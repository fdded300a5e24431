"""The doctor's look at the database: can it be read, is it whole, has it the tables and triggers it should have."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from datasets.db import Record
from datasets.doctor.finding import Finding, finding
from datasets.installation import Installation
from datasets.models import Dataset, Visibility
from metadata.notices import declare

UNREADABLE = declare(
    "doctor.database_unreadable",
    id="Basis data tidak dapat dibaca: {reason}. Pulihkan dari cadangan terakhir.",
    en="The database cannot be read: {reason}. Restore it from the last backup.",
)
CORRUPT = declare(
    "doctor.database_corrupt",
    id="Basis data rusak: {reason}. Hentikan layanan dan pulihkan dari cadangan terakhir.",
    en="The database is corrupt: {reason}. Stop the service and restore the last backup.",
)
DANGLING = declare(
    "doctor.database_dangling",
    id="{count} baris tabel {table} menunjuk ke baris {parent} yang tidak ada. Pulihkan dari cadangan terakhir.",
    en="{count} rows of table {table} point to rows of {parent} that do not exist. Restore the last backup.",
)
OUTDATED = declare(
    "doctor.database_outdated",
    id="Tabel basis data belum mutakhir (kurang: {missing}). Jalankan: lumbung init",
    en="The database's tables are not up to date (missing: {missing}). Run: lumbung init",
)
UNGUARDED = declare(
    "doctor.database_unguarded",
    id="Pelindung agar terbitan tidak berubah hilang pada tabel {tables}. Pulihkan dari cadangan, atau buat ulang.",
    en="The guards against changes of what is published are gone from {tables}. Restore the backup or make them again.",
)
HEADLESS = declare(
    "doctor.dataset_headless",
    id="Dataset {slug} terbit tetapi tidak punya versi. Terbitkan ulang atau tarik.",
    en="Dataset {slug} is public but has no version. Publish it again or withdraw it.",
)
_GUARDED = ("version", "resource", "evidence", "blob", "audit_entry", "journal_entry", "journal_node")


def check(installation: Installation) -> Iterator[Finding]:
    """The faults of the database. None is mended here: a database is restored, not patched."""
    database = installation.database
    if database.file is not None and not database.file.exists():
        yield finding(OUTDATED, missing=tuple(sorted(Record.metadata.tables)))
        return
    try:
        with database.read() as session:
            if database.is_sqlite:
                yield from _sqlite_faults(session)
            missing = _missing(session)
            if missing:
                yield finding(OUTDATED, missing=tuple(missing))
                return
            unguarded = _unguarded(session, sqlite=database.is_sqlite)
            if unguarded:
                yield finding(UNGUARDED, "warning", tables=tuple(unguarded))
            headless = select(Dataset.slug).where(
                Dataset.visibility == Visibility.PUBLISHED, Dataset.current_version_id.is_(None)
            )
            for slug in session.scalars(headless):
                yield finding(HEADLESS, "warning", slug=slug)
    except DatabaseError as error:
        yield finding(UNREADABLE, reason=str(error.orig).strip())


def _sqlite_faults(session: Session) -> Iterator[Finding]:
    words = session.scalars(text("PRAGMA integrity_check(5)")).all()
    if words != ["ok"]:
        yield finding(CORRUPT, reason="; ".join(str(line) for line in words))
    dangling: dict[tuple[str, str], int] = {}
    for table, _rowid, parent, _key in session.execute(text("PRAGMA foreign_key_check")):
        dangling[table, parent] = dangling.get((table, parent), 0) + 1
    for (table, parent), count in sorted(dangling.items()):
        yield finding(DANGLING, table=table, parent=parent, count=count)


def _missing(session: Session) -> list[str]:
    """Tables and columns of the models that the database does not have."""
    inspector = inspect(session.connection())
    there = set(inspector.get_table_names())
    missing = []
    for name, table in sorted(Record.metadata.tables.items()):
        if name not in there:
            missing.append(name)
            continue
        columns = {column["name"] for column in inspector.get_columns(name)}
        missing += [f"{name}.{column.name}" for column in table.columns if column.name not in columns]
    return missing


def _unguarded(session: Session, *, sqlite: bool) -> list[str]:
    told = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    guarded = set(session.scalars(text(told)))
    return [table for table in _GUARDED if table not in guarded]
