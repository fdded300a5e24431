"""What the journal tells of datasets: a version with the hashes of its files and rows, a withdrawal."""

from __future__ import annotations

import json
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from datasets.columns import text_hash
from datasets.journal.log import append
from datasets.models import Blob, Dataset, Evidence, Resource, Version

# Named one by one: a column that is added later is not in the hashes of what was published before it came.
_OF_VERSION: tuple[InstrumentedAttribute[Any], ...] = (
    Version.number,
    Version.published_at,
    Version.content_key,
    Version.package,
    Version.report,
    Version.package_sha256,
    Version.notices,
    Version.lacking,
    Version.run_id,
    Version.change,
)
_OF_RESOURCE: tuple[InstrumentedAttribute[Any], ...] = (
    Resource.uuid,
    Resource.position,
    Resource.kind,
    Resource.name,
    Resource.title,
    Resource.format,
    Resource.mediatype,
    Resource.raw_filename,
    Resource.raw_sha256,
    Resource.raw_size,
    Resource.csv_sha256,
    Resource.csv_size,
    Resource.parquet_sha256,
    Resource.geo_sha256,
    Resource.rows,
    Resource.sheet,
    Resource.header_row,
    Resource.schema,
    Resource.stats,
    Resource.notes,
    Resource.chart,
)
_OF_EVIDENCE: tuple[InstrumentedAttribute[Any], ...] = (
    Evidence.remote_key,
    Evidence.url,
    Evidence.filename,
    Evidence.sha256,
    Evidence.size,
    Evidence.fetched_at,
    Evidence.status,
    Evidence.headers,
)
ROLES = {"raw_sha256": "original", "csv_sha256": "csv", "parquet_sha256": "parquet", "geo_sha256": "geojson"}
"""The files of a resource, by the column that names them, as entries call them."""


def publication(session: Session, dataset: Dataset, version_id: int, *, at: datetime) -> int:
    """Enter the publication of a version whose rows are written; the entry's number."""
    facts = version_facts(session, version_id)
    return append(session, "publication", subject_of(dataset), facts, at=at, version_id=version_id)


def withdrawal(session: Session, dataset: Dataset, *, at: datetime) -> None:
    """Enter that a dataset was withdrawn, with the hash of the reason: the words stand on its page."""
    if dataset.current_version_id is None:
        return  # never public
    facts = {"uuid": dataset.uuid, "reason_sha256": text_hash(dataset.withdrawn_reason)}
    append(session, "withdrawal", subject_of(dataset), facts, at=at)


def restoration(session: Session, dataset: Dataset, *, at: datetime) -> None:
    """Enter that a withdrawal was taken back."""
    if dataset.current_version_id is not None:
        append(session, "restoration", subject_of(dataset), {"uuid": dataset.uuid}, at=at)


def subject_of(dataset: Dataset) -> str:
    """How entries name a dataset: by its address, which never changes."""
    return f"dataset:{dataset.slug}"


def version_facts(session: Session, version_id: int) -> dict[str, Any]:
    """What an entry says of a version, read from its rows as the database gives them back.

    `files` are the bytes that may be downloaded; `record_sha256` is over all that the rows say, so that a change to
    any of them is seen.
    """
    row = session.execute(
        select(Dataset.uuid, *_OF_VERSION)
        .join(Dataset, Dataset.id == Version.dataset_id)
        .where(Version.id == version_id)
    ).one()
    told = session.execute(
        select(*_OF_RESOURCE, *(column.label(f"evidence_{column.key}") for column in _OF_EVIDENCE))
        .join(Evidence, Evidence.id == Resource.evidence_id)
        .where(Resource.version_id == version_id)
        .order_by(Resource.position, Resource.id)
    ).all()
    sizes = _sizes(session, [row.package_sha256, *(one._mapping[column] for one in told for column in ROLES)])
    files = [
        {"role": role, "resource": one.name, "sha256": one._mapping[column], "size": sizes[one._mapping[column]]}
        for one in told
        for column, role in ROLES.items()
        if one._mapping[column] is not None
    ]
    record = {"version": dict(row._mapping), "resources": [dict(one._mapping) for one in told]}
    return {
        "uuid": row.uuid,
        "version": row.number,
        "package": {"sha256": row.package_sha256, "size": sizes[row.package_sha256]},
        "files": files,
        "record_sha256": sha256(json.dumps(record, sort_keys=True, default=_plain).encode("ascii")).hexdigest(),
    }


def _sizes(session: Session, hashes: list[str | None]) -> dict[str, int]:
    wanted = sorted({one for one in hashes if one is not None})
    rows = session.execute(select(Blob.sha256, Blob.size).where(Blob.sha256.in_(wanted)))
    return {row.sha256: row.size for row in rows}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    raise TypeError(f"{type(value).__name__} in a record")
