"""What is handed in for publication: values made by the intake, complete before the writer's lock is taken.

The way of one dataset, with `database.read()` first and one short `database.write()` last:

    place = plan(session, Identity(source.id, remote.key), title=remote.title)      # slug, uuid and number it will have
    if place.content_key == content_key: …                                          # unchanged, nothing to do
    package = build_package(…, name=place.slug, id=place.uuid, version=str(place.number), created=at)
    published = publish(session, Draft(place=place, package=package, package_blob=blobs.put_bytes(…), …), at=at)

`publish` raises `Overtaken` when someone else published in between: plan and build anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from datasets.blobs import BlobRef
from datasets.models import ResourceKind
from datasets.rulings import Ruling


@dataclass(frozen=True, slots=True)
class Identity:
    """What a dataset is recognised by for ever: its source (None: handed in by a person) and its key there."""

    source_id: int | None
    remote_key: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the catalogue a draft will stand: its address, uuid and the number of the version that comes next.

    `dataset_id` is None while there is no such dataset. `content_key` is that of the version published now, None when
    there is none. `withdrawn` datasets stay so: to publish over one raises `Withdrawn`. `ruling` is what a custodian
    has ruled of a harvested dataset.
    """

    identity: Identity
    slug: str
    uuid: str
    number: int
    dataset_id: int | None = None
    content_key: str | None = None
    withdrawn: bool = False
    ruling: Ruling | None = None

    def key_of(self, content_key: str) -> str:
        """The content key of a version here that says what `content_key` stands for, with what is ruled over it."""
        return content_key if self.ruling is None else self.ruling.key_over(content_key)

    def resource_uuid(self, name: str) -> str:
        """The uuid of the resource `name`: the same in every version, as the CKAN API and citations need it."""
        return str(uuid5(UUID(self.uuid), name))


@dataclass(frozen=True, slots=True)
class OrganizationDraft:
    """The agency that owns the dataset, known by `slug`. What is stored already stays; what is not is filled in."""

    slug: str
    title: str
    abbreviation: str | None = None
    description: str | None = None
    homepage: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceDraft:
    """One fetched file: its durable bytes, where they came from, when, and what the other side said of them.

    Tables of one workbook share one object.
    """

    blob: BlobRef
    url: str
    filename: str
    fetched_at: datetime
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResourceDraft:
    """One table, map or file; see `datasets.models.Resource` for what each member means. Every blob is durable already.

    `name` is unique in its draft; a table has `csv` and `parquet`, a map `geo` and, for its attributes, both others.
    """

    name: str
    title: str
    kind: ResourceKind
    format: str
    mediatype: str
    evidence: EvidenceDraft
    csv: BlobRef | None = None
    parquet: BlobRef | None = None
    geo: BlobRef | None = None
    rows: int | None = None
    sheet: str | None = None
    header_row: int | None = None
    schema: Mapping[str, Any] = field(default_factory=dict)
    stats: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    chart: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A version about to be.

    `content_key` (64 hex digits) is the hash over all that makes a new version when it changes: the bytes, schemas and
    descriptive metadata; never times, numbers or addresses that move. `package` is the `datapackage.json` whose bytes
    are `package_blob`. `themes` are slugs of the vocabulary, `regions` Kemendagri codes; unknown ones are left out.
    `report` is frictionless' as a dict, `notices` are `Notice.as_dict()`, `lacking` names absent metadata.
    """

    place: Place
    organization: OrganizationDraft
    title: str
    content_key: str
    package: Mapping[str, Any]
    package_blob: BlobRef
    resources: tuple[ResourceDraft, ...]
    description: str = ""
    license_id: str = "notspecified"
    frequency: str | None = None
    themes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[Mapping[str, Any], ...] = ()
    lacking: tuple[str, ...] = ()
    run_id: int | None = None
    change: str | None = None
