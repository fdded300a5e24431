"""Actions that list what changed: each published version is an activity."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from datasets.models import Dataset, DatasetTheme, Organization, Theme, Version, published
from metadata.profiles.ckan_dicts import moment
from portal.api.faults import NotFoundFault
from portal.api.parameters import Parameters
from portal.api.registry import action
from portal.context import session

_LIMIT = 31
_MOST = 100
_Rows = Select[int, int, datetime, str, str, str]


@action
def recently_changed_packages_activity_list(parameters: Parameters) -> list[dict[str, Any]]:
    """The newest versions of all datasets. Parameters: limit (31, at most 100), offset."""
    return _listed(parameters, _versions())


@action
def package_activity_list(parameters: Parameters) -> list[dict[str, Any]]:
    """The versions of the dataset `id`, the newest first. Parameters: limit (31, at most 100), offset."""
    name = parameters.required("id")[:100]
    wanted = published().where(or_(Dataset.slug == name, Dataset.uuid == name)).with_only_columns(Dataset.id)
    return _listed(parameters, _versions().where(Dataset.id == _known(wanted)))


@action
def organization_activity_list(parameters: Parameters) -> list[dict[str, Any]]:
    """The newest versions of an agency's datasets. Parameters: id, limit (31, at most 100), offset."""
    wanted = select(Organization.id).where(Organization.slug == parameters.required("id")[:100])
    return _listed(parameters, _versions().where(Dataset.organization_id == _known(wanted)))


@action
def group_activity_list(parameters: Parameters) -> list[dict[str, Any]]:
    """The newest versions of a theme's datasets. Parameters: id, limit (31, at most 100), offset."""
    theme = _known(select(Theme.id).where(Theme.slug == parameters.required("id")[:100]))
    members = select(DatasetTheme.dataset_id).where(DatasetTheme.theme_id == theme)
    return _listed(parameters, _versions().where(Dataset.id.in_(members)))


def _versions() -> _Rows:
    public = published().with_only_columns(Dataset.id)
    return (
        select(Version.id, Version.number, Version.published_at, Dataset.uuid, Dataset.slug, Dataset.title)
        .join(Dataset, Dataset.id == Version.dataset_id)
        .where(Dataset.id.in_(public))
    )


def _known(wanted: Select[int]) -> int:
    found = session().scalar(wanted)
    if found is None:
        raise NotFoundFault("Not found")
    return int(found)


def _listed(parameters: Parameters, wanted: _Rows) -> list[dict[str, Any]]:
    limit = min(parameters.integer("limit", _LIMIT), _MOST)
    offset = parameters.integer("offset", 0)
    rows = session().execute(wanted.order_by(Version.id.desc()).limit(limit).offset(offset))
    return [
        {
            "id": f"{uuid}-v{number}",
            "timestamp": moment(published_at),
            "user_id": None,
            "object_id": uuid,
            "activity_type": "new package" if number == 1 else "changed package",
            "data": {"package": {"id": uuid, "name": slug, "title": title, "version": str(number)}},
        }
        for _id, number, published_at, uuid, slug, title in rows
    ]
