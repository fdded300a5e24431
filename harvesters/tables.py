"""One file made ready: its tables described, validated, written as Parquet and counted, or the file as it is."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.blobs import BlobRef, BlobStore
from datasets.draft import EvidenceDraft, ResourceDraft
from datasets.models import ResourceKind
from datasets.tables.columnar import write_parquet
from datasets.tables.stats import table_stats
from harvesters.adapter import Evidence
from metadata.about import About
from metadata.describe import Coverage, describe
from metadata.errors import LumbungError
from metadata.names import slug
from metadata.notices import Place
from metadata.package import PackagedResource, RawFile, StoredFile
from metadata.reading.table import Reading, Table
from metadata.terms import Bilingual

_log = logging.getLogger(__name__)


class RowsDiffer(LumbungError):
    """The columns do not hold the rows that were read: a fault of ours, on which nothing may be published."""

    code = "intake.rows_differ"
    status = 500
    text = Bilingual(
        id="Terbaca {read} baris, tersimpan {kept}; tabel ini tidak diterbitkan. Laporkan kepada pengelola portal.",
        en="This table was read as {read} rows but kept as {kept}; it is not published. Tell whoever runs the portal.",
    )


@dataclass(frozen=True, slots=True)
class FileRead:
    """A fetched file and what it turned out to be. `disclosure` tells how a table made from microdata was protected.

    `name` and `title` are a person's for the one resource that it gives: they go before those that would be found, so
    that a file of another name can follow it without a change of the resource's identity.
    """

    evidence: Evidence
    reading: Reading
    disclosure: Mapping[str, Any] | None = None
    name: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """What a resource will be called and where it is from."""

    name: str
    title: str
    raw: RawFile
    kept: EvidenceDraft


@dataclass(frozen=True, slots=True)
class Prepared:
    """One resource made ready: as the catalogue keeps it, as the package tells it, what it covers, its report."""

    drafted: ResourceDraft
    packaged: PackagedResource
    coverage: Coverage | None = None
    report: Mapping[str, Any] | None = None


def prepare_file(
    blobs: BlobStore, file: FileRead, about: About, *, title: str | None, taken: set[str], work: Path
) -> Iterator[Prepared]:
    """The resources of one file: its tables, or the file itself when it has none. Blobs are durable when given.

    `title` is that of the dataset when this file is all there is of it: then it is the better name of a lone table.
    `taken` are the names in use in this dataset; it grows. `work` is a folder for files on the way.
    """
    evidence = file.evidence
    kept = EvidenceDraft(
        blob=_kept(blobs, evidence, work),
        url=evidence.url,
        filename=evidence.file.filename,
        fetched_at=evidence.fetched_at,
        status=evidence.status,
        headers=evidence.headers,
    )
    raw = RawFile(
        filename=evidence.file.filename,
        format=file.reading.format,
        mediatype=file.reading.mediatype,
        sha256=evidence.sha256,
        size=evidence.size,
        url=evidence.url,
        fetched_at=evidence.fetched_at,
    )
    tables = file.reading.tables
    if not tables:
        yield _as_file(file, kept, raw, taken)
    for number, table in enumerate(tables):
        shapes = file.reading.geojson if number == 0 else None
        alone = len(tables) == 1
        lone = (file.title or title or evidence.file.title) if alone else None
        name = free_resource_name((file.name if alone else None) or table.name, taken)
        naming = Naming(name, lone or table.title or table.sheet or Path(raw.filename).stem, raw, kept)
        yield _as_table(blobs, naming, table, about, shapes=shapes, work=work)


def free_resource_name(wanted: str, taken: set[str]) -> str:
    """A name for a resource, unique among `taken`, to which it is added."""
    base = slug(wanted, 80) or "data"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def joined_report(reports: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Several reports of frictionless as one: valid when all are, tasks and counts together."""
    told = list(reports)
    counts = {
        member: sum(int(report.get("stats", {}).get(member, 0)) for report in told)
        for member in ("tasks", "errors", "warnings")
    }
    return {
        "valid": all(report.get("valid") for report in told),
        "stats": counts,
        "warnings": [text for report in told for text in report.get("warnings", ())],
        "errors": [error for report in told for error in report.get("errors", ())],
        "tasks": [task for report in told for task in report.get("tasks", ())],
    }


def _as_file(file: FileRead, kept: EvidenceDraft, raw: RawFile, taken: set[str]) -> Prepared:
    told = file.evidence.file
    name = free_resource_name(file.name or Path(told.filename).stem, taken)
    title = file.title or told.title or told.filename
    drafted = ResourceDraft(
        name=name, title=title, kind=ResourceKind.FILE, format=raw.format, mediatype=raw.mediatype, evidence=kept
    )
    return Prepared(drafted, PackagedResource(name=name, raw=raw, title=title, description=told.description))


def _judged(csv: Path, schema: Mapping[str, Any]) -> dict[str, Any]:
    from metadata.validate import validate_table  # late: frictionless

    return dict(validate_table(csv, schema).to_descriptor())


def _kept(blobs: BlobStore, evidence: Evidence, work: Path) -> BlobRef:
    """The file as it came, kept; one that was fetched into `work` is ours to hand over."""
    ours = evidence.path.resolve().is_relative_to(work.resolve())
    return blobs.put_file(evidence.path, known=BlobRef(evidence.sha256, evidence.size) if ours else None)


def _kept_csv(blobs: BlobStore, table: Table, report: Mapping[str, Any], raw: BlobRef) -> BlobRef:
    """The canonical table, kept; frictionless has counted and hashed all of it unless there were too many errors.

    A table that is the file as it came is kept already.
    """
    (task, *_) = report.get("tasks") or [{}]
    stats = task.get("stats", {})
    known = None
    if (size := table.path.stat().st_size) == stats.get("bytes") and stats.get("sha256"):
        known = BlobRef(str(stats["sha256"]), size)
    return raw if known == raw else blobs.put_file(table.path, known=known)


def _as_table(
    blobs: BlobStore, naming: Naming, table: Table, about: About, *, shapes: Path | None, work: Path
) -> Prepared:
    name, title, raw = naming.name, naming.title, naming.raw
    described = describe(table, about)
    parquet = work / f"{name}.parquet"
    with ThreadPoolExecutor(1, "judge") as beside:
        judged = beside.submit(_judged, table.path, described.schema)
        written = write_parquet(table.path, described.schema, parquet, misfit="text", proven=_proven(table))
        if written.rows != table.rows:
            raise RowsDiffer(place=Place(file=raw.filename, sheet=table.sheet), read=table.rows, kept=written.rows)
        stats = table_stats(parquet, described.schema)
        columns = blobs.put_file(parquet)
        geo = blobs.put_file(shapes) if shapes else None
        report = judged.result()
    csv = _kept_csv(blobs, table, report, naming.kept.blob)
    drafted = ResourceDraft(
        name=name,
        title=title,
        kind=ResourceKind.MAP if geo else ResourceKind.TABLE,
        format=raw.format,
        mediatype=raw.mediatype,
        evidence=naming.kept,
        csv=csv,
        parquet=columns,
        geo=geo,
        rows=written.rows,
        sheet=table.sheet,
        header_row=table.header_row,
        schema=described.schema,
        stats=stats,
        notes=table.notes,
        chart=_chart(table, described.schema, stats, title),
    )
    packaged = PackagedResource(
        name=name,
        raw=raw,
        title=title,
        csv=_stored(csv),
        parquet=_stored(columns),
        geo=_stored(geo) if geo else None,
        schema=described.schema,
        rows=written.rows,
        sheet=table.sheet,
        header_row=table.header_row,
        notes=table.notes,
        repairs=table.repairs,
    )
    return Prepared(drafted, packaged, described.coverage, report)


def _proven(table: Table) -> dict[str, tuple[str, int]]:
    """Of which columns reading has seen that all cells are canonical: their type, and the longest cell's length."""
    profile = table.profile or {}
    return {name: (one.form, one.longest) for name, one in profile.items() if one.form is not None}


def _stored(blob: BlobRef) -> StoredFile:
    return StoredFile(blob.sha256, blob.size)


def _chart(table: Table, schema: Mapping[str, Any], stats: Mapping[str, Any], title: str) -> dict[str, Any] | None:
    """The default chart. A chart is an ornament: one that cannot be made does not keep the table from the public."""
    from metadata.views import default_view  # late: not every file has a table

    try:
        return default_view(table.path, schema, stats, title=title)
    except Exception:
        _log.exception("no chart could be made of table %s", table.name)
        return None
