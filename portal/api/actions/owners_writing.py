"""Actions that write agencies (organizations) and themes (groups)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from datasets.clock import now
from datasets.models import Dataset, Organization, Theme
from datasets.search import feed
from metadata.profiles.ckan_dicts import to_group_dict, to_organization_dict
from portal.administration import owners
from portal.api.caller import caller, demand
from portal.api.dictionaries import group_values, organization_values
from portal.api.faults import Invalid, NotFoundFault
from portal.api.parameters import Parameters
from portal.api.registry import write
from portal.api.writing.package_input import Faults, check_name, check_text, listed
from portal.context import installation, renew, session
from portal.policy import PORTAL, of_agency

_LONGEST = {"title": 300, "description": 20_000}
_OF_AGENCY = {"abbreviation": 60, "email": 200, "homepage": 500}


@write
def organization_create(parameters: Parameters) -> dict[str, Any]:
    """A new agency. Parameters: name (its address, for ever), title, description, extras (abbreviation, email,
    homepage)."""
    demand("organization.write", PORTAL, "create organizations")
    said = _said(parameters, named=True)
    _refuse_taken(Organization, said["slug"])
    return _stored_agency(Organization(slug=said["slug"], title=said["title"] or said["slug"]), said, "create")


@write
def organization_update(parameters: Parameters) -> dict[str, Any]:
    """Say anew all that is said of the agency `id`; parameters as for organization_create."""
    row = _agency(parameters)
    emptied = dict.fromkeys(("description", *_OF_AGENCY))
    return _stored_agency(row, emptied | _said(parameters, named=False), "update")


@write
def organization_patch(parameters: Parameters) -> dict[str, Any]:
    """Change only what is given of the agency `id`."""
    return _stored_agency(_agency(parameters), _said(parameters, named=False), "patch")


@write
def organization_delete(parameters: Parameters) -> None:
    """Remove the agency `id`, once nothing is its own."""
    row = _agency(parameters)
    _removed(row, "Organization")


@write
def organization_purge(parameters: Parameters) -> None:
    """As organization_delete: remove the agency `id`."""
    organization_delete(parameters)


@write
def group_create(parameters: Parameters) -> dict[str, Any]:
    """A new theme. Parameters: name (its address, for ever), title, description, extras (title_en)."""
    demand("theme.write", PORTAL, "create groups")
    said = _said(parameters, named=True)
    _refuse_taken(Theme, said["slug"])
    title = said["title"] or said["slug"]
    last = session().scalar(select(func.max(Theme.position))) or 0
    return _stored_theme(Theme(slug=said["slug"], title=title, title_en=title, position=last + 1), said, "create")


@write
def group_update(parameters: Parameters) -> dict[str, Any]:
    """Say anew all that is said of the theme `id`; parameters as for group_create."""
    return _stored_theme(_theme(parameters), {"description": None} | _said(parameters, named=False), "update")


@write
def group_patch(parameters: Parameters) -> dict[str, Any]:
    """Change only what is given of the theme `id`."""
    return _stored_theme(_theme(parameters), _said(parameters, named=False), "patch")


@write
def group_delete(parameters: Parameters) -> None:
    """Remove the theme `id`, once no dataset is in it."""
    row = _theme(parameters)
    _removed(row, "Group")


@write
def group_purge(parameters: Parameters) -> None:
    """As group_delete: remove the theme `id`."""
    group_delete(parameters)


def _said(parameters: Parameters, *, named: bool) -> dict[str, Any]:
    """What is given, by our names. Raises `Invalid` with all that is wrong."""
    faults: Faults = {}
    values = dict(parameters.values)
    extras = listed({"extras": parameters.given("extras")}, "extras", faults)
    values |= {str(one.get("key")): one.get("value") for one in extras if one.get("key") in ("title_en", *_OF_AGENCY)}
    if named:
        check_name(values.get("name"), faults)
    for field, longest in (_LONGEST | _OF_AGENCY | {"title_en": 200}).items():
        check_text(values, field, longest, faults)
    if faults:
        raise Invalid(faults)
    fields = ("title", "description", "title_en", *_OF_AGENCY)
    said: dict[str, Any] = {
        field: str(values[field]).strip() or None for field in fields if values.get(field) is not None
    }
    return {"slug": values.get("name"), "title": None} | said


def _refuse_taken(record: type[Organization | Theme], slug: str) -> None:
    if session().scalar(select(record.id).where(record.slug == slug)) is not None:
        raise Invalid({"name": ["Group name already exists in database"]})


def _agency(parameters: Parameters) -> Organization:
    """The agency that is named, for who may write it."""
    row = session().scalar(select(Organization).where(Organization.slug == parameters.required("id")[:100]))
    demand("organization.write", PORTAL if row is None else of_agency(row.id), "edit organizations")
    if row is None:
        raise NotFoundFault("Organization was not found.")
    return row


def _theme(parameters: Parameters) -> Theme:
    demand("theme.write", PORTAL, "edit groups")
    row = session().scalar(select(Theme).where(Theme.slug == parameters.required("id")[:100]))
    if row is None:
        raise NotFoundFault("Group was not found.")
    return row


def _stored_agency(row: Organization, said: dict[str, Any], verb: str) -> dict[str, Any]:
    fields = ("title", "description", *_OF_AGENCY)
    kept = _stored(row, {name: said[name] for name in fields if name in said}, said["slug"], verb)
    return to_organization_dict(organization_values(kept, _count(Dataset.organization_id == kept.id)))


def _stored_theme(row: Theme, said: dict[str, Any], verb: str) -> dict[str, Any]:
    fields: tuple[str, ...] = ("title", "title_en", "description")
    values = {name: said[name] for name in fields if name in said}
    kept = _stored(row, values, said["slug"], verb)
    return to_group_dict(group_values(kept))


def _stored(row: Any, values: dict[str, Any], slug: str | None, verb: str) -> Any:
    """Written and logged; an address never changes, and a title that is not given stays."""
    if slug not in (None, "", row.slug):
        raise Invalid({"name": ["The address never changes"]})
    values = {name: value for name, value in values.items() if value is not None or not name.startswith("title")}
    here = installation()
    try:
        with here.database.write() as writing:
            kept = row if row.id is None else owners.again(writing, row)
            owners.write(writing, kept, values, verb=verb, actor=caller(), at=now())
    except owners.SlugTaken as error:
        raise Invalid({"name": ["Group name already exists in database"]}) from error
    feed.drain(here.database, here.search)
    renew()
    return kept


def _removed(row: Organization | Theme, kind: str) -> None:
    try:
        with installation().database.write() as writing:
            owners.remove(writing, owners.again(writing, row), actor=caller(), at=now())
    except owners.StillInUse as error:
        raise Invalid({"message": [f"{kind} cannot be deleted: {error.say('en')}"]}) from error
    renew()


def _count(condition: Any) -> int:
    wanted = select(func.count()).select_from(Dataset).where(condition, Dataset.current_version_id.is_not(None))
    return session().scalar(wanted) or 0
