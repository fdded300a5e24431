"""What a caller sees beyond the public: drafts, tombstones and working states at the agencies it may write for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from datasets.models import Dataset, Visibility
from portal.api.caller import caller
from portal.api.package_dicts import package_dicts
from portal.api.parameters import Parameters
from portal.api.writing.answers import working_or_public
from portal.api.writing.working import dataset_of_resource, seen
from portal.context import session
from portal.policy import Actor, can, of_agency, reach


def own_package(name: str) -> dict[str, Any] | None:
    """The dataset of that name as its writers see it; None when the caller is none of them."""
    actor = caller()
    dataset = seen(name, actor) if actor.is_known else None
    if dataset is None:
        return None
    hidden = dataset.visibility is not Visibility.PUBLISHED
    if not hidden and not can(actor, "draft.write", of_agency(dataset.organization_id)):
        return None
    return working_or_public(dataset)


def own_resource(uuid: str) -> dict[str, Any] | None:
    """The resource of that id as those see it who write its dataset; None when the caller is none of them."""
    actor = caller()
    dataset = dataset_of_resource(uuid, actor) if actor.is_known else None
    package = own_package(dataset.uuid) if dataset is not None else None
    found = (one for one in (package or {}).get("resources", ()) if one["id"] == uuid)
    return next(found, None)


def asked_for(parameters: Parameters, actor: Actor) -> ColumnElement[bool] | None:
    """Which unpublished datasets a listing shall have: those that are asked for and that `actor` may see."""
    kinds = []
    if parameters.flag("include_private") or parameters.flag("include_drafts"):
        kinds.append(Dataset.visibility == Visibility.DRAFT)
    if parameters.flag("include_deleted"):
        kinds.append(Dataset.visibility == Visibility.WITHDRAWN)
    seeing = reach(actor, "draft.see")
    if not kinds or not seeing:
        return None
    where = true() if seeing.everywhere else Dataset.organization_id.in_(seeing.agencies)
    return and_(where, or_(*kinds))


def shown_packages(ids: Sequence[int]) -> list[dict[str, Any]]:
    """Published datasets, and unpublished ones as the caller may see them, in the order given."""
    public = {package["id"]: package for package in package_dicts(ids)}
    uuids = session().execute(select(Dataset.id, Dataset.uuid).where(Dataset.id.in_(ids)))
    named = {number: uuid for number, uuid in uuids}  # noqa: C416 - rows are no pairs to mypy
    found = (public.get(named[number]) or own_package(named[number]) for number in ids if number in named)
    return [package for package in found if package is not None]
