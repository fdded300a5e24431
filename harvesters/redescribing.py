"""A published dataset with another licence, rhythm or themes: a new version of the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from datasets import rulings
from datasets.blobs import BlobRef, BlobStore
from datasets.draft import Draft, EvidenceDraft, Identity, OrganizationDraft, ResourceDraft
from datasets.installation import Installation
from datasets.models import Dataset, DeskDraft, DeskState, Manuscript, Resource, Version, Visibility
from datasets.publish import Published, plan, publish
from datasets.rulings import Ruling
from harvesters.intake import RULED
from metadata import frequencies, licenses
from metadata.errors import NotFound
from metadata.package.archive import descriptor_bytes
from metadata.profiles import sdi


@dataclass(frozen=True, slots=True)
class Redescribed:
    """The version that would be published, its package durable, and what is ruled from now on."""

    dataset_id: int
    draft: Draft
    ruling: Ruling
    harvested: bool


def prepare(here: Installation, dataset_id: int, ruling: Ruling, *, change: str, at: datetime) -> Redescribed:
    """Make the next version of a public dataset ready: what is published, with `ruling` in place of what it says.

    `change` is told to readers. Raises `NotFound` when it is not public.
    """
    with here.database.read() as session:
        dataset, version = _public(session, dataset_id)
        place = plan(session, Identity(dataset.source_id, str(dataset.remote_key)), title=dataset.title)
        owner = dataset.organization
        organization = OrganizationDraft(owner.slug, owner.title)
        evidences: dict[int, EvidenceDraft] = {}
        resources = tuple(_resource(here.blobs, one, evidences) for one in version.resources)
    whole = ruling.over(place.ruling)
    harvested = dataset.source_id is not None
    base = str(version.package.get(RULED, {}).get("over") or version.content_key)
    key = whole.key_over(base) if harvested else ruling.key_over(version.content_key)
    package = _package(version.package, ruling, number=place.number, at=at)
    if harvested:
        package[RULED] = {"said": whole.said(), "over": base}
    draft = Draft(
        place=place,
        organization=organization,
        title=dataset.title,
        content_key=key,
        package=package,
        package_blob=here.blobs.put_bytes(descriptor_bytes(package)),
        resources=resources,
        description=dataset.description,
        license_id=ruling.license or dataset.license_id,
        frequency=ruling.frequency or dataset.frequency,
        themes=tuple(theme.slug for theme in dataset.themes) if ruling.themes is None else ruling.themes,
        tags=tuple(tag.tag for tag in dataset.tags),
        regions=tuple(region.code for region in dataset.regions),
        year_from=dataset.year_from,
        year_to=dataset.year_to,
        report=version.report,
        notices=tuple(version.notices),
        lacking=tuple(package.get("lumbung:lacking", ())),
        change=change,
    )
    if _says_already(dataset, ruling):
        draft = replace(draft, content_key=version.content_key)
    return Redescribed(dataset_id, draft, whole, harvested)


def settle(session: Session, ready: Redescribed, *, by: str, at: datetime) -> Published:
    """Publish it, and let later versions say the same; `created` is False when nothing is new. Raises as `publish`."""
    published = publish(session, ready.draft, at=at)
    if ready.harvested:
        rulings.keep(session, ready.dataset_id, ready.ruling, by=by, at=at)
    elif published.created:
        _written(session, ready, published)
    return published


def _public(session: Session, dataset_id: int) -> tuple[Dataset, Version]:
    asked = select(Dataset).where(Dataset.id == dataset_id, Dataset.visibility == Visibility.PUBLISHED)
    loading = [
        selectinload(Dataset.themes),
        selectinload(Dataset.tags),
        selectinload(Dataset.regions),
        selectinload(Dataset.organization),
        selectinload(Dataset.current_version).selectinload(Version.resources).selectinload(Resource.evidence),
    ]
    dataset = session.scalar(asked.options(*loading))
    if dataset is None or dataset.current_version is None:
        raise NotFound(what=f"dataset {dataset_id}")
    return dataset, dataset.current_version


def _says_already(dataset: Dataset, ruling: Ruling) -> bool:
    """Whether the published version says what is ruled, so that no new one is needed."""
    slugs = {theme.slug for theme in dataset.themes}
    return (
        ruling.license in (None, dataset.license_id)
        and ruling.frequency in (None, dataset.frequency)
        and (ruling.themes is None or set(ruling.themes) == slugs)
    )


def _package(before: Mapping[str, Any], ruling: Ruling, *, number: int, at: datetime) -> dict[str, Any]:
    package = json.loads(json.dumps(before)) | {
        "version": f"{number}.0.0",
        "created": at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    known: dict[str, str] = package.get("lumbung:sdi", {})
    if ruling.license is not None:
        licence = licenses.get(ruling.license)
        told = {"name": licence.id, "title": licence.title.id, "path": licence.url}
        package["licenses"] = [{name: value for name, value in told.items() if value}]
        known["lisensi"] = licence.id
    if (rhythm := frequencies.match(ruling.frequency)) is not None:
        known["frekuensi"] = rhythm.title.id
    if ruling.themes is not None:
        package["lumbung:themes"] = list(ruling.themes)
    package["lumbung:sdi"] = known
    package["lumbung:lacking"] = sdi.lacking_in(known)
    return {name: value for name, value in package.items() if value not in ([], {}, None)}


def _resource(blobs: BlobStore, one: Resource, evidences: dict[int, EvidenceDraft]) -> ResourceDraft:
    row = one.evidence
    evidence = evidences.setdefault(
        row.id,
        EvidenceDraft(
            BlobRef(row.sha256, row.size), row.url, row.filename, row.fetched_at, row.status, dict(row.headers)
        ),
    )
    return ResourceDraft(
        name=one.name,
        title=one.title,
        kind=one.kind,
        format=one.format,
        mediatype=one.mediatype,
        evidence=evidence,
        csv=_ref(blobs, one.csv_sha256),
        parquet=_ref(blobs, one.parquet_sha256),
        geo=_ref(blobs, one.geo_sha256),
        rows=one.rows,
        sheet=one.sheet,
        header_row=one.header_row,
        schema=one.schema,
        stats=one.stats,
        notes=tuple(one.notes),
        chart=one.chart,
    )


def _ref(blobs: BlobStore, sha256: str | None) -> BlobRef | None:
    return None if sha256 is None else BlobRef(sha256, blobs.size(sha256))


def _written(session: Session, ready: Redescribed, published: Published) -> None:
    """What people and programs have written of the dataset says the same from now on."""
    said = ready.ruling.said()
    asked = select(DeskDraft).where(DeskDraft.dataset_id == ready.dataset_id, DeskDraft.state == DeskState.PUBLISHED)
    for draft in session.scalars(asked):
        draft.about = draft.about | said
    kept = session.get(Manuscript, ready.dataset_id)
    if kept is not None:
        all_public = kept.content_key == kept.public_key
        kept.said = kept.said | {"about": kept.said["about"] | said}
        kept.revision += 1
        if kept.public is not None:
            kept.public = kept.public | {"about": kept.public["about"] | said}
            kept.public_key = published.version.content_key
        if all_public:
            kept.content_key = published.version.content_key
    session.flush()
