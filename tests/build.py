"""Builders: the least that makes a thing real, every member to be overruled."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy.orm import Session

from datasets.blobs import BlobRef, BlobStore
from datasets.describing import ensure_organization
from datasets.draft import Draft, EvidenceDraft, Identity, OrganizationDraft, Place, ResourceDraft
from datasets.models import ResourceKind, Source
from datasets.publish import Published, plan, publish
from metadata.reading.table import Column, Table

AT = datetime(2025, 3, 14, 9, 30, tzinfo=UTC)
DINKES = OrganizationDraft(slug="dinas-kesehatan", title="Dinas Kesehatan", abbreviation="Dinkes")
CSV = "kecamatan,tahun,penduduk\nNgraho,2023,42000\nKalitidu,2023,51000\n"
SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "kecamatan", "type": "string", "title": "Kecamatan"},
        {"name": "tahun", "type": "year", "title": "Tahun"},
        {"name": "penduduk", "type": "integer", "title": "Jumlah Penduduk", "unit": "jiwa"},
    ]
}


def a_source(session: Session, name: str = "dinkes", **members: Any) -> Source:
    """A source of kind `files`, of Dinas Kesehatan unless said otherwise."""
    organization = ensure_organization(session, members.pop("organization", DINKES))
    values = {"title": name, "kind": "files", "location": "/data", "created_at": AT} | members
    source = Source(name=name, organization_id=organization.id, **values)
    session.add(source)
    session.flush()
    return source


def an_evidence(blob: BlobRef, **members: Any) -> EvidenceDraft:
    """A CSV file as fetched."""
    values = {"url": "file:///data/penduduk.csv", "filename": "penduduk.csv", "fetched_at": AT} | members
    return EvidenceDraft(blob=blob, **values)


def a_resource(blob: BlobRef, **members: Any) -> ResourceDraft:
    """A table whose raw bytes, canonical CSV and Parquet are the same blob: the catalogue does not look inside."""
    values: dict[str, Any] = {
        "name": "penduduk",
        "title": "Penduduk menurut Kecamatan",
        "kind": ResourceKind.TABLE,
        "format": "csv",
        "mediatype": "text/csv",
        "csv": blob,
        "parquet": blob,
        "rows": 2,
        "header_row": 1,
        "schema": SCHEMA,
    } | members
    return ResourceDraft(evidence=values.pop("evidence", None) or an_evidence(blob), **values)


def a_draft(place: Place, blobs: BlobStore, content: str = CSV, **members: Any) -> Draft:
    """A draft with one table of this content; the same content has the same `content_key`."""
    raw = blobs.put_bytes(content.encode())
    package = {"name": place.slug, "id": place.uuid, "version": str(place.number), "created": AT.isoformat()}
    values: dict[str, Any] = {
        "organization": DINKES,
        "title": "Jumlah Penduduk",
        "description": "Jumlah penduduk menurut kecamatan.",
        "license_id": "cc-by-4.0",
        "content_key": raw.sha256,
        "resources": (a_resource(raw),),
        "tags": ("penduduk", "kecamatan"),
        "year_from": 2023,
        "year_to": 2023,
    } | members
    return Draft(place=place, package=package, package_blob=blobs.put_bytes(json.dumps(package).encode()), **values)


def a_published(
    session: Session,
    blobs: BlobStore,
    key: str = "penduduk.csv",
    content: str = CSV,
    *,
    source_id: int | None = None,
    at: datetime = AT,
    **members: Any,
) -> Published:
    """A published dataset, known by `key`; call it again with other content for its next version."""
    title = members.get("title", "Jumlah Penduduk")
    place = plan(session, Identity(source_id, key), title=title)
    return publish(session, a_draft(place, blobs, content, **members), at=at)


def at_number(draft: Draft, number: int) -> Draft:
    """The draft as if another number had been planned."""
    return replace(draft, place=replace(draft.place, number=number))


def a_table(folder: Path, columns: Mapping[str, str], rows: Iterable[Sequence[object]], **members: Any) -> Table:
    """A canonical table: `columns` are `name: type` or `name: "type printed title"`; None is an empty cell."""
    made = [(name, *said.split(" ", 1)) if " " in said else (name, said, name) for name, said in columns.items()]
    path = folder / f"{members.get('name', 'table')}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        count = sum(1 for row in rows if writer.writerow(["" if cell is None else cell for cell in row]))
    values: dict[str, Any] = {"name": path.stem, "rows": count, "header_row": 1} | members
    return Table(path=path, columns=tuple(Column(name, title, cast(Any, kind)) for name, kind, title in made), **values)
