"""Actions that write datasets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasets.clock import now
from datasets.draft import Identity
from datasets.models import Dataset, Visibility
from datasets.withdraw import restore
from portal.accounts import audit
from portal.api.caller import caller, demand
from portal.api.faults import Invalid, NotFoundFault
from portal.api.parameters import Parameters
from portal.api.registry import write
from portal.api.writing.answers import answer, working_dict
from portal.api.writing.files_input import Files
from portal.api.writing.package_input import read_package
from portal.api.writing.packages import target_of, workshop
from portal.api.writing.removing import remove
from portal.api.writing.revising import Revision
from portal.api.writing.saving import Order, Target, save
from portal.api.writing.uploads import fresh
from portal.api.writing.working import Working, seen, to_write
from portal.context import installation, renew
from portal.policy import can, of_agency

_NOT_FIELDS = ("force", "message", "upload", "reason")


@write
def package_create(parameters: Parameters) -> dict[str, Any]:
    """Begin a dataset; it stays a draft until one of its resources has data.

    Parameters: name, owner_org, title, notes, license_id, url, tags or tag_string, groups, extras, resources (with a
    url that is fetched; files come by resource_create), private (keep it a draft), id (a uuid).
    """
    from harvesters.manuscript import Written  # late: only who writes needs the readers

    given = read_package(_values(parameters))
    actor = demand("draft.write", of_agency(given.owner.id), "create packages for this organization")
    with workshop() as work:
        files = Files(given.id, (), work)
        files.replace_all(given.resources or (), {})
        written = Written(
            about=given.about,
            organization=given.owner.slug,
            private=given.private,
            groups=given.groups,
            files=tuple(files.files),
        )
        target = Target(Identity(None, f"api:{given.id}"), given.id, given.name)
        order = Order(actor, "package_create", _force(parameters), fresh(files.came))
        return answer(save(target, written, work, order))


@write
def package_update(parameters: Parameters) -> dict[str, Any]:
    """Say anew all that is said of the dataset `id` (or `name`): what is not given is taken away, but for resources.

    Parameters as for package_create; force publishes what would be held, for those who decide on it.
    """
    working = to_write(find(parameters))
    return rewrite(working, _values(parameters), {}, "package_update", force=_force(parameters))


@write
def package_patch(parameters: Parameters) -> dict[str, Any]:
    """Change only what is given of the dataset `id`; everything else stays. Parameters as for package_update."""
    working = to_write(find(parameters))
    values = package_values(working) | _values(parameters)
    return rewrite(working, values, {}, "package_patch", force=_force(parameters))


@write
def package_revise(parameters: Parameters) -> dict[str, Any]:
    """Change parts of a dataset if it is still as expected.

    Parameters: match (what must hold, `name` or `id` among it), filter (a list of +path and -path), update (what to
    merge in), each also flat: match__name, update__resources__0__name, update__resources__extend; files as
    update__resources__0__upload. `include` (a list of +path and -path) cuts the answer.
    """
    revision = Revision.read(parameters)
    found = seen(revision.name, caller())
    if found is None:
        raise NotFoundFault("Not found")
    working = to_write(found)
    shown = working_dict(found, working.written) | {"owner_org": working.written.organization}
    values, uploads = revision.applied(shown)
    done = rewrite(working, values, uploads, "package_revise", force=_force(parameters))
    return {"package": revision.included(done)}


@write
def package_delete(parameters: Parameters) -> None:
    """Withdraw the dataset `id`: a tombstone with the `reason` stays at its address. A draft goes without a trace."""
    remove(seen(parameters.required("id"), caller()), parameters.text("reason"))


@write
def dataset_purge(parameters: Parameters) -> None:
    """As package_delete: what was published stays to be cited."""
    remove(seen(parameters.required("id"), caller()), parameters.text("reason"))


@write
def package_owner_org_update(parameters: Parameters) -> None:
    """Give the dataset `id` to the agency `organization_id`."""
    working = to_write(find(parameters))
    values = package_values(working) | {"owner_org": parameters.required("organization_id")}
    rewrite(working, values, {}, "package_owner_org_update", force=False)


def find(parameters: Parameters) -> Dataset | None:
    """The dataset that is named, if the caller may see it."""
    name = parameters.text("id") or parameters.text("name")
    if not name:
        raise Invalid({"id": ["Missing value"]})
    return seen(name, caller())


def package_values(working: Working) -> dict[str, Any]:
    """What is said of a dataset now, as `package_update` takes it; its resources stay as they are."""
    values = working_dict(working.dataset, working.written)
    values |= {"owner_org": working.written.organization, "private": working.written.private, "state": "active"}
    del values["resources"]
    return values


def rewrite(
    working: Working, values: Mapping[str, Any], uploads: Mapping[int, Any], call: str, *, force: bool
) -> dict[str, Any]:
    """Put `values` in the place of what is said of a dataset. Raises as `save`, and `Invalid`."""
    if working.dataset.visibility is Visibility.WITHDRAWN:
        working = _brought_back(working, values)
    given = read_package(values, working.dataset)
    actor = demand("draft.write", of_agency(given.owner.id), "create packages for this organization")
    if given.private and working.dataset.visibility is Visibility.PUBLISHED:
        raise Invalid({"private": ["A published dataset does not become private; package_delete withdraws it"]})
    with workshop() as work:
        files = Files(working.dataset.uuid, working.written.files, work)
        if given.resources is not None:
            files.replace_all(given.resources, uploads)
        about = given.about.model_copy(update={"columns": working.written.about.columns})
        written = working.written.model_copy(
            update={
                "about": about,
                "organization": given.owner.slug,
                "private": given.private,
                "groups": given.groups,
                "files": tuple(files.files),
            }
        )
        return answer(save(target_of(working, given.name), written, work, Order(actor, call, force, fresh(files.came))))


def _brought_back(working: Working, values: Mapping[str, Any]) -> Working:
    """A withdrawn dataset is written again by who may withdraw it, saying that it is `active`."""
    dataset, actor, at = working.dataset, caller(), now()
    if not can(actor, "dataset.withdraw", of_agency(dataset.organization_id)):
        raise NotFoundFault("Not found")
    if values.get("state") != "active":
        raise Invalid({"state": ["This dataset was withdrawn; state active takes that back"]})
    with installation().database.write() as writing:
        restore(writing, writing.get_one(Dataset, dataset.id), at=at)
        audit.record(writing, actor, "dataset.restore", f"dataset:{dataset.id}", at=at)
    renew()
    return to_write(seen(dataset.uuid, actor))


def _values(parameters: Parameters) -> dict[str, Any]:
    listed = {name: parameters.given(name) for name in ("tags", "groups", "extras", "resources")}
    values = {**parameters.values, **{name: value for name, value in listed.items() if value is not None}}
    return {name: value for name, value in values.items() if name not in _NOT_FIELDS}


def _force(parameters: Parameters) -> bool:
    return parameters.flag("force")
