"""The dictionaries of CKAN's Action API (2.10 to 2.12, their union) for our values: pure functions, no database.

Every key that CKAN's own `package_show` gives is there, so that clients which index without asking do not break; dates
are UTC without a zone and with microseconds, values of extras are texts, as CKAN writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from metadata import licenses


@dataclass(frozen=True, slots=True)
class CkanGroup:
    """A group (theme) or an organization (agency). `id` may equal `name`: it must only never change."""

    id: str
    name: str
    title: str
    description: str = ""
    image_url: str = ""
    created: datetime | None = None
    package_count: int = 0
    extras: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CkanResource:
    """One downloadable file. `size` is in bytes, `hash` as in the package (`sha256:…`), `url` absolute.

    `datastore` says that its rows can be asked for by `datastore_search`. `extra` are further members, e.g. `schema`.
    """

    id: str
    name: str
    url: str
    format: str
    mimetype: str | None
    created: datetime
    modified: datetime
    description: str = ""
    size: int | None = None
    hash: str = ""
    datastore: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CkanPackage:
    """A published dataset as values. `license` is one of our ids, `extras` become texts."""

    id: str
    name: str
    title: str
    notes: str
    organization: CkanGroup
    created: datetime
    modified: datetime
    license: str = licenses.NOT_STATED
    version: str = ""
    url: str = ""
    author: str = ""
    author_email: str = ""
    maintainer: str = ""
    maintainer_email: str = ""
    groups: Sequence[CkanGroup] = ()
    tags: Sequence[str] = ()
    resources: Sequence[CkanResource] = ()
    extras: Mapping[str, object] = field(default_factory=dict)


def to_package_dict(package: CkanPackage) -> dict[str, Any]:
    """What `package_show` answers, and each hit of `package_search`."""
    licence = licenses.get(package.license)
    return {
        "author": package.author,
        "author_email": package.author_email,
        "creator_user_id": None,
        "id": package.id,
        "isopen": licence.is_open,
        "license_id": licence.id,
        "license_title": licence.title.id,
        "license_url": licence.url or "",
        "maintainer": package.maintainer,
        "maintainer_email": package.maintainer_email,
        "metadata_created": moment(package.created),
        "metadata_modified": moment(package.modified),
        "name": package.name,
        "notes": package.notes,
        "num_resources": len(package.resources),
        "num_tags": len(package.tags),
        "organization": _organization_inside(package.organization),
        "owner_org": package.organization.id,
        "private": False,
        "state": "active",
        "title": package.title,
        "type": "dataset",
        "url": package.url,
        "version": package.version,
        "extras": extras_list(package.extras),
        "groups": [_group_inside(group) for group in package.groups],
        "resources": [to_resource_dict(one, package.id, at) for at, one in enumerate(package.resources)],
        "tags": [to_tag_dict(tag) for tag in sorted(package.tags)],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def to_resource_dict(resource: CkanResource, package_id: str, position: int) -> dict[str, Any]:
    """What `resource_show` answers; `position` counts from 0 within the package."""
    return {
        **resource.extra,
        "cache_last_updated": None,
        "cache_url": None,
        "created": moment(resource.created),
        "datastore_active": resource.datastore,
        "datastore_contains_all_records_of_source_file": resource.datastore,
        "description": resource.description,
        "format": resource.format,
        "hash": resource.hash,
        "id": resource.id,
        "last_modified": moment(resource.modified),
        "metadata_modified": moment(resource.modified),
        "mimetype": resource.mimetype,
        "mimetype_inner": None,
        "name": resource.name,
        "package_id": package_id,
        "position": position,
        "resource_type": None,
        "size": resource.size,
        "state": "active",
        "url": resource.url,
        "url_type": None,
    }


def to_organization_dict(group: CkanGroup, datasets: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """What `organization_show` answers; `packages` is there only when `datasets` is given."""
    return {**_whole_group(group, datasets), "type": "organization", "is_organization": True}


def to_group_dict(group: CkanGroup, datasets: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """What `group_show` answers; `packages` is there only when `datasets` is given."""
    return {**_whole_group(group, datasets), "type": "group", "is_organization": False}


def to_tag_dict(name: str) -> dict[str, Any]:
    """A free tag. Its id is made of its name, so that it is the same in every answer."""
    return {
        "display_name": name,
        "id": str(uuid5(NAMESPACE_URL, f"tag:{name}")),
        "name": name,
        "state": "active",
        "vocabulary_id": None,
    }


def extras_list(extras: Mapping[str, object]) -> list[dict[str, str]]:
    """Extras as CKAN gives them: key and text, in order of keys; what is None or empty is left out."""
    return [{"key": key, "value": str(value)} for key, value in sorted(extras.items()) if value not in (None, "", ())]


def moment(at: datetime) -> str:
    """A moment as CKAN writes it: UTC, without a zone, always with microseconds."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _whole_group(group: CkanGroup, datasets: Sequence[Mapping[str, Any]] | None) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "approval_status": "approved",
        "created": moment(group.created) if group.created else None,
        "description": group.description,
        "display_name": group.title,
        "extras": extras_list(group.extras),
        "groups": [],
        "id": group.id,
        "image_display_url": group.image_url,
        "image_url": group.image_url,
        "name": group.name,
        "num_followers": 0,
        "package_count": group.package_count,
        "state": "active",
        "tags": [],
        "title": group.title,
        "users": [],
    }
    if datasets is not None:
        whole["packages"] = list(datasets)
    return whole


def _organization_inside(group: CkanGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "title": group.title,
        "type": "organization",
        "description": group.description,
        "image_url": group.image_url,
        "created": moment(group.created) if group.created else None,
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def _group_inside(group: CkanGroup) -> dict[str, Any]:
    return {
        "description": group.description,
        "display_name": group.title,
        "id": group.id,
        "image_display_url": group.image_url,
        "name": group.name,
        "title": group.title,
    }
