"""Actions on datasets, which CKAN calls packages, and their resources."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from datasets import catalog, clock
from datasets.models import Dataset, Resource, published
from portal.api.caller import caller
from portal.api.faults import NotFoundFault
from portal.api.package_dicts import package_dicts
from portal.api.package_query import PackageQuery, public, sortings
from portal.api.parameters import Parameters
from portal.api.query_syntax import All
from portal.api.registry import action
from portal.api.resource_dicts import owner_of_descriptor
from portal.api.tracking import with_tracking
from portal.api.writing.own import asked_for, own_package, own_resource
from portal.context import installation, session

LONGEST = 100


@action
def package_list(parameters: Parameters) -> list[str]:
    """The names of all datasets in alphabetical order. Parameters: limit, offset; with a token include_private or
    include_drafts, and include_deleted: those that the caller may see."""
    offset = parameters.integer("offset", 0)
    limit = parameters.integer("limit", -1, least=-1)
    hidden = asked_for(parameters, caller())
    if hidden is not None:
        names = select(Dataset.slug).where(or_(public(), hidden))
        names = names.order_by(Dataset.slug).offset(offset)
        return list(session().scalars(names if limit < 0 else names.limit(limit)))
    return list(catalog.slugs(session(), limit=None if limit < 0 else limit, offset=offset))


@action
def current_package_list_with_resources(parameters: Parameters) -> list[dict[str, Any]]:
    """The datasets with their resources, the last changed first. Parameters: limit (10, at most 1000), offset."""
    limit = min(parameters.integer("limit", 10), 1000)
    offset = parameters.integer("offset", limit * (parameters.integer("page", 1, least=1) - 1))
    asked = PackageQuery(session(), installation().search, "", All(), at=clock.now())
    return package_dicts(asked.page(sortings("metadata_modified desc"), offset, limit))


@action
def package_show(parameters: Parameters) -> dict[str, Any]:
    """One dataset by `id`, its name or its uuid. Who may write it sees its working state, with `lumbung_pending`.

    include_tracking=true adds how often it was viewed and downloaded.
    """
    # frictionless takes the address of the zipped package, /dataset/NAME.zip, for a dataset called NAME.zip.
    name = parameters.required("id", "name_or_id").removesuffix(".zip")
    if (own := own_package(name)) is not None:
        return with_tracking([own], parameters)[0]
    wanted = published().where(or_(Dataset.slug == name, Dataset.uuid == name)).with_only_columns(Dataset.id)
    found = package_dicts(session().scalars(wanted.limit(1)).all()) if len(name) <= LONGEST else []
    if not found:
        raise NotFoundFault("Not found")
    return with_tracking(found, parameters)[0]


@action
def package_autocomplete(parameters: Parameters) -> list[dict[str, str]]:
    """Datasets whose title fits what is being typed. Parameters: q, limit (10)."""
    text = parameters.required("q")
    found = installation().search.suggest(text, limit=min(parameters.integer("limit", 10), 100))
    ids = [suggestion.dataset_id for suggestion in found if suggestion.dataset_id is not None]
    return [
        {"name": dataset.slug, "title": dataset.title, "match_field": "title", "match_displayed": dataset.title}
        for dataset in catalog.by_ids(session(), ids)
    ]


@action
def resource_show(parameters: Parameters) -> dict[str, Any]:
    """One resource of a current version by `id`."""
    uuid = parameters.required("id")
    if (own := own_resource(uuid)) is not None:
        return own
    if len(uuid) <= LONGEST:
        for package in package_dicts(_owners(uuid)):
            for resource in package["resources"]:
                if resource["id"] == uuid:
                    return dict(resource)
    raise NotFoundFault("Not found")


@action
def resource_view_list(parameters: Parameters) -> list[Any]:
    """The views of the resource `id`: the portal shows tables and charts without them."""
    resource_show(parameters)
    return []


def _owners(uuid: str) -> list[int]:
    versions = select(Resource.version_id).where(Resource.uuid == uuid)
    wanted = published().where(
        or_(Dataset.current_version_id.in_(versions), Dataset.uuid == (owner_of_descriptor(uuid) or ""))
    )
    return list(session().scalars(wanted.with_only_columns(Dataset.id).limit(1)))
