"""Actions on who and what belongs to agencies and themes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from datasets import catalog
from datasets.models import Dataset, DatasetTheme, Organization, Theme, published
from metadata.profiles.ckan_dicts import to_organization_dict
from portal.accounts.models import RoleGrant, User
from portal.api.actions.packages_writing import package_values, rewrite
from portal.api.caller import caller
from portal.api.dictionaries import organization_values
from portal.api.faults import Forbidden, Invalid, NotFoundFault
from portal.api.parameters import Parameters
from portal.api.registry import action, write
from portal.api.writing.working import seen, to_write
from portal.context import session
from portal.policy import Action, Role, can, of_agency, reach

_CAPACITY = {Role.STEWARD: "editor", Role.PPID_PELAKSANA: "member"}
_PERMISSIONS: dict[str, Action] = {
    "read": "draft.see",
    "create_dataset": "draft.write",
    "update_dataset": "draft.write",
    "edit_group": "draft.write",
    "delete_dataset": "dataset.withdraw",
    "manage_group": "organization.write",
    "admin": "organization.write",
}
_PEOPLE = "Access denied: people and their roles are managed by an administrator at /kerja/pengguna, not by tokens"


@action
def member_list(parameters: Parameters) -> list[tuple[str, str, str]]:
    """What belongs to the agency or theme `id`: (id, type, capacity).

    Parameters: object_type (package or user), capacity (public, editor or member).

    People are told to those who may write the agency's datasets: its stewards are editors.
    """
    name, kind = parameters.required("id")[:100], parameters.text("object_type")
    agency = session().scalar(select(Organization).where(Organization.slug == name))
    theme = session().scalar(select(Theme).where(Theme.slug == name)) if agency is None else None
    if agency is None and theme is None:
        raise NotFoundFault("Group was not found.")
    found: list[tuple[str, str, str]] = []
    if kind in ("", "package"):
        wanted = published().with_only_columns(Dataset.uuid).order_by(Dataset.id)
        if agency is not None:
            wanted = wanted.where(Dataset.organization_id == agency.id)
        elif theme is not None:
            wanted = wanted.join(DatasetTheme).where(DatasetTheme.theme_id == theme.id)
        found += [(uuid, "package", "public") for uuid in session().scalars(wanted)]
    if kind in ("", "user") and agency is not None and can(caller(), "draft.write", of_agency(agency.id)):
        people = select(RoleGrant.user_id, RoleGrant.role).join(User).where(RoleGrant.organization_id == agency.id)
        rows = session().execute(people.where(User.active).order_by(RoleGrant.user_id))
        found += [(str(number), "user", _CAPACITY.get(role, "member")) for number, role in rows]
    capacity = parameters.text("capacity")
    return [member for member in found if capacity in ("", member[2])]


@write
def member_create(parameters: Parameters) -> dict[str, Any]:
    """Put the dataset `object` into the theme `id` (object_type package). People are not managed by tokens."""
    return _member(parameters, put=True)


@write
def member_delete(parameters: Parameters) -> None:
    """Take the dataset `object` out of the theme `id` (object_type package). People are not managed by tokens."""
    _member(parameters, put=False)


@write
def organization_member_create(_parameters: Parameters) -> None:
    """Refused: people and their roles are managed by an administrator, at the workbench or the command line."""
    raise Forbidden(_PEOPLE)


@write
def organization_member_delete(_parameters: Parameters) -> None:
    """Refused, as organization_member_create."""
    raise Forbidden(_PEOPLE)


@write
def group_member_create(_parameters: Parameters) -> None:
    """Refused, as organization_member_create."""
    raise Forbidden(_PEOPLE)


@write
def group_member_delete(_parameters: Parameters) -> None:
    """Refused, as organization_member_create."""
    raise Forbidden(_PEOPLE)


@action
def organization_list_for_user(parameters: Parameters) -> list[Any]:
    """The agencies at which the caller may do `permission` (edit_group; read, create_dataset, update_dataset,
    delete_dataset, admin)."""
    name = parameters.text("permission") or "edit_group"
    if name not in _PERMISSIONS:
        raise Invalid({"permission": [f"Unknown; known are {', '.join(_PERMISSIONS)}"]})
    reached = reach(caller(), _PERMISSIONS[name])
    if not reached:
        return []
    capacity = "admin" if reached.everywhere else "editor"
    return [
        to_organization_dict(organization_values(owner, count)) | {"capacity": capacity}
        for owner, count in catalog.organizations_with_counts(session())
        if reached.covers(owner.id)
    ]


@action
def group_list_authz(_parameters: Parameters) -> list[Any]:
    """The themes into which the caller may put datasets: all of them for who may write any."""
    from portal.api.actions.groups import group_list  # late: a room beside this one

    return group_list(Parameters({"all_fields": True, "limit": 1000})) if reach(caller(), "draft.write") else []


def _member(parameters: Parameters, *, put: bool) -> dict[str, Any]:
    if parameters.text("object_type") != "package":
        raise Forbidden(_PEOPLE)
    name, dataset = parameters.required("id"), parameters.required("object")
    if session().scalar(select(Theme.id).where(Theme.slug == name[:100])) is None:
        raise NotFoundFault("Group was not found.")
    working = to_write(seen(dataset, caller()))
    values = package_values(working)
    values["groups"] = [group for group in values["groups"] if group["name"] != name] + (
        [{"name": name}] if put else []
    )
    done = rewrite(working, values, {}, "member_create" if put else "member_delete", force=False)
    return {"group_id": name, "table_id": done["id"], "table_name": "package", "capacity": "public", "state": "active"}
