"""Files of persons or households, made into tables within the run: read in the confined child, counted, and gone.

What the rest of the house gets are files that never were fetched: the protected tables themselves, as their own
evidence. The rows, their hashes and what reading said of them stay behind with the work folder.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import select

from datasets.blobs import BlobStore
from datasets.db import Database
from datasets.draft import Identity
from datasets.models import Dataset, Resource
from datasets.settings import Settings
from harvesters.adapter import Evidence, Missed, RemoteFile
from harvesters.intake import read_files
from harvesters.tables import FileRead
from harvesters.wire.evidence import chunks_of
from metadata.disclosure import Microdata, Released, release
from metadata.disclosure.errors import MicrodataUnusable, NamesPersons
from metadata.errors import LumbungError
from metadata.notices import Notice, declare
from metadata.reading.table import Reading, Table
from metadata.terms import Bilingual

_log = logging.getLogger(__name__)
COUNTED = declare(
    "microdata.counted",
    id="Dibuat dari data dasar menurut aturan kerahasiaan (k = {k}): {hidden} dari {cells} angka disembunyikan. "
    "Baris aslinya tidak disimpan.",
    en="Made from base data under the confidentiality rule (k = {k}): {hidden} of {cells} figures are hidden. "
    "The rows were not kept.",
)


class MicrodataUnread(MicrodataUnusable):
    """A file of microdata could not be had or read; which one, and the code of the fault, but none of its words."""

    code = "microdata.unread"
    text = Bilingual(
        id="Berkas data dasar “{name}” tidak dapat diambil atau dibaca ({fault}), jadi tidak ada tabel yang dibuat. "
        "Periksa berkasnya di sumbernya.",
        en="The base-data file “{name}” could not be fetched or read ({fault}), so no table was made. "
        "Check the file at its source.",
    )


class MicrodataFailed(MicrodataUnusable):
    """An error that nobody expected, told without its words, which could be those of a row."""

    code = "microdata.failed"
    status = 500
    text = Bilingual(
        id="Tabel dari data dasar ini tidak dapat dibuat ({fault}); tidak ada yang terbit. Beri tahu administrator.",
        en="The tables of this base data could not be made ({fault}); nothing is published. Tell the administrator.",
    )


def count_files(
    fetched: Sequence[Evidence],
    missed: Sequence[Missed],
    rule: Microdata,
    work: Path,
    settings: Settings,
    *,
    before: Sequence[Path] = (),
) -> tuple[list[FileRead], list[Notice]]:
    """Read the files, make the declared tables of all their rows, and remove the rows from `work`.

    All files are one survey: one that is missing or unreadable makes the others' tables wrong, and a table with it and
    one without it side by side would tell its rows. Raises `MicrodataUnusable`; no error carries words of a row.
    """
    try:
        if missed:
            raise MicrodataUnread(name=missed[0].file.filename, fault=missed[0].notice.code)
        made = _released(fetched, rule, work, settings, before)
    except MicrodataUnusable:
        raise
    except Exception as error:
        _log.error("microdata could not be counted: %s", type(error).__name__)  # its words could be those of a row
        raise MicrodataFailed(fault=type(error).__name__) from None
    finally:
        _remove_rows(fetched, work)
    files = [_as_file(table, fetched[0], made.applied) for table in made.tables]
    hidden, cells = (sum(one[member] for one in made.applied["tables"]) for member in ("hidden", "cells"))
    return files, [Notice(COUNTED, params={"k": rule.k, "hidden": hidden, "cells": cells})]


def tables_before(database: Database, blobs: BlobStore, identity: Identity) -> list[Path]:
    """The tables that are published of this dataset now."""
    with database.read() as session:
        found = session.scalars(
            select(Resource.csv_sha256)
            .join(Dataset, Dataset.current_version_id == Resource.version_id)
            .where(Dataset.source_id == identity.source_id, Dataset.remote_key == identity.remote_key)
            .order_by(Resource.position)
        )
        return [blobs.path(sha256) for sha256 in found if sha256 and blobs.exists(sha256)]


def _released(
    fetched: Sequence[Evidence], rule: Microdata, work: Path, settings: Settings, before: Sequence[Path]
) -> Released:
    sources: list[Table] = []
    for number, evidence in enumerate(fetched):
        room = work / f"rows-{number}"
        room.mkdir()
        try:
            ((file,), _) = read_files([evidence], room, settings)
        except LumbungError as fault:
            raise MicrodataUnread(name=evidence.file.filename, fault=fault.notice.code) from None
        if not file.reading.tables:
            raise MicrodataUnread(name=evidence.file.filename, fault="microdata.no_table")
        _refuse_persons(rule, file.reading)
        sources += file.reading.tables
    into = work / "tables"
    into.mkdir()
    return release(rule, sources, into, before=before)


def _refuse_persons(rule: Microdata, reading: Reading) -> None:
    """No column in which personal data were found may make groups: the names of groups are shown."""
    grouping = {rule.kecamatan, rule.desa, rule.period, *(name for one in rule.aggregates for name in one.by)}
    found = {find.place.column for find in reading.personal}
    for column in (column for table in reading.tables for column in table.columns):
        if grouping & {column.name, column.title} and found & {column.name, column.title}:
            raise NamesPersons(column=column.title)


def _remove_rows(fetched: Sequence[Evidence], work: Path) -> None:
    """Every byte of a row goes now, not at the end of the run. What lies outside of `work` is not ours to remove."""
    for evidence in fetched:
        if evidence.path.is_relative_to(work):
            evidence.path.unlink(missing_ok=True)
    for room in work.glob("rows-*"):
        shutil.rmtree(room, ignore_errors=True)


def _as_file(table: Table, origin: Evidence, applied: Mapping[str, object]) -> FileRead:
    """A protected table as if it had been fetched. Its address is not the source's own, so that no answer of the
    source ("unchanged") is ever taken to mean these bytes."""
    digest = hashlib.sha256()
    for chunk in chunks_of(table.path):
        digest.update(chunk)
    filename = f"{table.name}.csv"
    file = RemoteFile(f"{origin.file.key}#{table.name}", location="", filename=filename, title=table.title)
    evidence = Evidence(
        file=file,
        path=table.path,
        sha256=digest.hexdigest(),
        size=table.path.stat().st_size,
        url=f"{origin.url}#{table.name}",
        fetched_at=origin.fetched_at,
    )
    return FileRead(evidence, Reading(format="csv", mediatype="text/csv", tables=(table,)), disclosure=applied)
