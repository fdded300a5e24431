"""From a draft on the workbench to what would be published: the way of a harvest, with a person's corrections."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from datasets.clock import now
from datasets.draft import Draft, OrganizationDraft
from datasets.drafts import identity_of
from datasets.installation import Installation
from datasets.models import Dataset, DeskDraft, DeskState, Organization, Resource, Version
from harvesters import intake
from harvesters.adapter import Evidence, RemoteFile
from harvesters.protocols.descriptors import about_of
from harvesters.runs.judging import judge
from harvesters.tables import FileRead
from metadata.about import About
from metadata.errors import LumbungError
from metadata.notices import Notice
from metadata.reading import repairs
from metadata.reading.child import glance_safely, read_safely
from metadata.reading.table import ReadHints, Reading, Table
from metadata.reading.wire import hints_from_json, hints_to_json
from metadata.terms import Bilingual

SHOWN = 40
"""Rows of a reading kept for the page, beside those that a remark names."""
MOST_ROWS = 100_000
"""Rows of a table gone through to show one that a remark names."""
_MOST_REMARKS = 60


class NothingToSubmit(LumbungError):
    """A draft without a file."""

    code = "desk.nothing"
    status = 422
    text = Bilingual(id="Draf ini belum berisi berkas.", en="This draft has no file yet.")


class NotToBeKept(LumbungError):
    """The file shows data of persons, or has a sheet that nobody sees: it must not be kept, let alone published."""

    code = "desk.not_to_be_kept"
    status = 422
    text = Bilingual(
        id="Berkas ini tidak dapat diajukan karena memuat data pribadi atau lembar tersembunyi. Perbaiki, lalu unggah "
        "lagi.",
        en="This file cannot be submitted: it holds personal data or a hidden sheet. Mend it, then upload it again.",
    )


class Unchanged(LumbungError):
    """What would be published says what is published already."""

    code = "desk.unchanged"
    status = 409
    text = Bilingual(
        id="Isi dan keterangannya sama dengan versi yang sudah terbit; tidak ada yang perlu diajukan.",
        en="Its data and description are those of the published version; there is nothing to submit.",
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """How a file was read, as plain JSON for the page; whether its bytes may be kept; the shape of its first rows."""

    told: dict[str, Any]
    may_be_kept: bool
    shape: str


@dataclass(frozen=True, slots=True)
class Ready:
    """What a submitted draft would publish, and what the gates say of it."""

    draft: Draft
    reasons: tuple[Notice, ...]


def look(here: Installation, path: Path, filename: str, hints: ReadHints) -> Seen:
    """Read a file for a person to see. Never raises for what the file is: then `told["error"]` says what is wrong."""
    told: dict[str, Any] = {"sheets": [], "tables": [], "notices": [], "personal": [], "error": None, "format": ""}
    with workshop(here) as work:
        try:
            reading = _read(here, path, filename, hints, work / "read")
            wanted = {row for row in (notice.place.row for notice in _remarks(reading)) if row}
            told["sheets"] = _glance(here, path, filename, hints, sorted(wanted)[:_MOST_REMARKS])
        except LumbungError as error:
            told["error"] = error.notice.as_dict()
            return Seen(told, may_be_kept=True, shape="")
        told["tables"] = [_table(table, wanted) for table in reading.tables]
    held = intake.not_to_be_kept([FileRead(_evidence(path, filename, "", 0, hints, now()), reading)])
    told |= {
        "format": reading.format,
        "notices": [notice.as_dict() for notice in reading.notices],
        "personal": [notice.as_dict() for notice in held],
    }
    if held:
        told["sheets"], told["tables"] = [], []  # where, never what
    shape = next((sheet["shape"] for sheet in told["sheets"]), "")
    return Seen(told, may_be_kept=not held, shape=shape)


def shape_of(here: Installation, path: Path, filename: str) -> str:
    """The shape of a file's first sheet, before anything is known of it; empty when it cannot be read so."""
    try:
        sheets = _glance(here, path, filename, ReadHints(), [])
    except LumbungError:
        return ""
    return next((str(sheet["shape"]) for sheet in sheets), "")


def prepare(here: Installation, desk: DeskDraft, *, at: datetime) -> Ready:
    """All that the draft would publish, its blobs durable: read, described, validated, judged by the gates.

    Raises what reading raises, `NothingToSubmit`, `NotToBeKept`, `Unchanged`.
    """
    if not desk.files:
        raise NothingToSubmit
    kept, hints = desk.files[0], hints_of(desk)
    path = here.blobs.path(kept["sha256"])
    with workshop(here) as work:
        reading = _read(here, path, kept["filename"], hints, work / "read")
        given = datetime.fromisoformat(kept["at"])
        evidence = _evidence(path, kept["filename"], kept["sha256"], kept["size"], hints, given)
        file = FileRead(evidence, _named_as_before(here, desk, reading))
        if intake.not_to_be_kept([file]):
            raise NotToBeKept
        about = About.model_validate(desk.about).model_copy(update={"title": desk.title or None})
        subject = intake.Subject(identity_of(desk), _owner(here, desk.organization_id), about, desk.title)
        material = intake.prepare(here.blobs, subject, [file], work)
        verdict = judge(here.database, material)
        if verdict.unchanged:
            raise Unchanged
        return Ready(intake.draft(here.blobs, material, verdict.place, at=at), verdict.reasons)


def hints_of(desk: DeskDraft) -> ReadHints:
    """What its steward has said of the reading."""
    return hints_from_json(hints_to_json(ReadHints()) | desk.hints)


def about_of_version(here: Installation, dataset_id: int) -> About | None:
    """What the published version of a dataset says of itself, to begin the next one with.

    As its steward wrote it, when it came from a draft; else as its package says it.
    """
    with here.database.read() as session:
        written = select(DeskDraft.about).where(
            DeskDraft.dataset_id == dataset_id, DeskDraft.state == DeskState.PUBLISHED
        )
        own = session.scalar(written.order_by(DeskDraft.updated_at.desc()).limit(1))
        if own is not None:
            return About.model_validate(own)
        asked = select(Version.package).join(Dataset, Dataset.current_version_id == Version.id)
        package: Mapping[str, Any] | None = session.scalar(asked.where(Dataset.id == dataset_id))
    if package is None:
        return None
    return about_of(package).model_copy(update={"version": None, "source_title": None, "source_path": None})


@contextmanager
def workshop(here: Installation) -> Iterator[Path]:
    """A folder on the file system of the blobs, for the time of the work."""
    here.settings.home.joinpath("work").mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="meja-", dir=here.settings.home / "work"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(here: Installation, path: Path, filename: str, hints: ReadHints, into: Path) -> Reading:
    bounds = here.settings
    return read_safely(
        path,
        filename=filename,
        into=into,
        hints=hints,
        seconds=bounds.read_seconds,
        megabytes=bounds.read_megabytes,
    )


def _glance(here: Installation, path: Path, filename: str, hints: ReadHints, wanted: list[int]) -> list[dict[str, Any]]:
    bounds = here.settings
    return glance_safely(
        path,
        filename=filename,
        hints=hints,
        wanted=wanted,
        seconds=bounds.read_seconds,
        megabytes=bounds.read_megabytes,
    )


def _remarks(reading: Reading) -> list[Notice]:
    return [*reading.notices, *(repair for table in reading.tables for repair in table.repairs)]


def _table(table: Table, wanted: set[int]) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "sheet": table.sheet,
        "header_row": table.header_row,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "rows": table.rows,
        "places": list(table.places),
        "columns": [
            {"name": one.name, "title": one.title, "type": one.type, "unit": one.unit, "missing": list(one.missing)}
            for one in table.columns
        ],
        "lines": [[row, cells] for row, cells in _lines(table, wanted)],
        "dropped": [[row, reason] for row, reason in table.dropped[:500]],
        "repairs": [repair.as_dict() for repair in table.repairs[:_MOST_REMARKS]],
        "notes": list(table.notes),
    }


def _lines(table: Table, wanted: set[int]) -> Iterator[tuple[int, list[str]]]:
    """Rows of the canonical table with the number that each has in the file: the first ones, and those wanted."""
    out = {row for row, _ in table.dropped}
    out |= {repair.place.row for repair in table.repairs if repair.code == repairs.NUMBERING_ROW and repair.place.row}
    near = {row + step for row in wanted for step in (-1, 0, 1)}
    last = max(near, default=0)
    row = table.header_row
    with table.path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        next(reader, None)
        for number, cells in enumerate(reader):
            row += 1
            while row in out:
                row += 1
            if number < SHOWN or row in near:
                yield row, [cell[:200] for cell in cells]
            if number >= SHOWN and (row > last or number > MOST_ROWS):
                return


def _evidence(path: Path, filename: str, sha256: str, size: int, hints: ReadHints, at: datetime) -> Evidence:
    file = RemoteFile(key=filename, location=filename, filename=filename, hints=hints)
    return Evidence(file, path, sha256, size, f"file:{quote(filename)}", at)


def _named_as_before(here: Installation, desk: DeskDraft, reading: Reading) -> Reading:
    """A lone table keeps the name of the published one, whatever the new file is called: it is the same resource."""
    if desk.dataset_id is None or len(reading.tables) != 1:
        return reading
    with here.database.read() as session:
        asked = select(Resource.name).join(Dataset, Dataset.current_version_id == Resource.version_id)
        names = session.scalars(asked.where(Dataset.id == desk.dataset_id)).all()
    if len(names) != 1:
        return reading
    return replace(reading, tables=(replace(reading.tables[0], name=names[0]),))


def _owner(here: Installation, organization_id: int) -> OrganizationDraft:
    with here.database.read() as session:
        found = session.get_one(Organization, organization_id)
        return OrganizationDraft(found.slug, found.title, homepage=found.homepage, email=found.email)
