"""Actions that write the resources of datasets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.api.caller import caller
from portal.api.faults import Invalid, NotFoundFault
from portal.api.parameters import Parameters
from portal.api.registry import write
from portal.api.writing.answers import answer, working_dict
from portal.api.writing.files_input import Files
from portal.api.writing.packages import rewritten, workshop
from portal.api.writing.saving import Order, save
from portal.api.writing.uploads import fresh
from portal.api.writing.working import Working, dataset_of_resource, seen, to_write
from portal.api.written_words import uuid_of

_LOCAL = ("name", "description", "url", "format", "id")


@write
def resource_create(parameters: Parameters) -> dict[str, Any]:
    """Add a file to the dataset `package_id`, as a multipart `upload` or from a `url` that is fetched.

    Parameters: name, description, format (the bytes decide), force. Without bytes the resource waits for them, as
    loaders do that fill it by datastore_create.
    """
    package = parameters.text("package_id")
    if not package:
        raise Invalid({"package_id": ["Missing value"]})
    working = to_write(seen(package, caller()))
    return _put(working, {name: value for name, value in parameters.values.items() if name != "id"}, parameters)


@write
def resource_update(parameters: Parameters) -> dict[str, Any]:
    """Replace the resource `id`: its file when there is an `upload` or another `url`, its name and description."""
    working, _found = _of(parameters)
    return _put(working, parameters.values, parameters)


@write
def resource_patch(parameters: Parameters) -> dict[str, Any]:
    """Change only what is given of the resource `id`; a new `upload` or `url` replaces its file."""
    working, found = _of(parameters)
    before = {name: found[name] for name in _LOCAL}
    return _put(working, before | dict(parameters.values), parameters)


@write
def resource_delete(parameters: Parameters) -> None:
    """Take the resource `id` away. What is published keeps one at least; a table that goes is looked at by a person."""
    working, found = _of(parameters)
    with workshop() as work:
        files = Files(working.dataset.uuid, working.written.files, work)
        place = files.at(found["id"])
        if place is None:
            raise NotFoundFault("Resource was not found.")
        if len(files.files[place].names) > 1:
            raise Invalid({"id": ["Tables of one workbook go together; upload the workbook without this one"]})
        del files.files[place]
        save(*rewritten(working, files), work, Order(caller(), "resource_delete", parameters.flag("force")))


@write
def package_resource_reorder(parameters: Parameters) -> dict[str, Any]:
    """Put the resources of the dataset `id` in the `order` of these ids; those not named follow."""
    working = to_write(seen(parameters.required("id"), caller()))
    order = parameters.texts("order")
    with workshop() as work:
        files = Files(working.dataset.uuid, working.written.files, work)
        places = [files.at(one) for one in order]
        if None in places:
            raise Invalid({"order": ["resource_id in order not found in package"]})
        wanted = list(dict.fromkeys(place for place in places if place is not None))
        rest = [place for place in range(len(files.files)) if place not in wanted]
        files.files = [files.files[place] for place in (*wanted, *rest)]
        save(*rewritten(working, files), work, Order(caller(), "package_resource_reorder"))
    return {"id": working.dataset.uuid, "order": order}


def _of(parameters: Parameters) -> tuple[Working, dict[str, Any]]:
    """The dataset of the resource that is named, and the resource as it is written now."""
    identifier = parameters.text("id")
    if not identifier:
        raise Invalid({"id": ["Missing value"]})
    dataset = dataset_of_resource(identifier, caller())
    if dataset is None:
        raise NotFoundFault("Resource was not found.")
    working = to_write(dataset)
    for resource in working_dict(dataset, working.written)["resources"]:
        if resource["id"] == identifier:
            return working, resource
    raise NotFoundFault("Resource was not found.")


def _put(working: Working, values: Mapping[str, Any], parameters: Parameters) -> dict[str, Any]:
    with workshop() as work:
        files = Files(working.dataset.uuid, working.written.files, work)
        file = files.put(values, parameters.files.get("upload"))
        if file is None:  # a descriptor: ours says the same of every version
            return _descriptor(working)
        order = Order(caller(), "resource_write", parameters.flag("force"), fresh(files.came))
        number = save(*rewritten(working, files), work, order)
    found = answer(number)
    kept = to_write(seen(found["id"], caller())).written
    names = next((one.names for one in kept.files if one.name == file.name), (file.name,))
    wanted = uuid_of(found["id"], names[0])
    resource: dict[str, Any] = next(one for one in found["resources"] if one["id"] == wanted)
    return resource


def _descriptor(working: Working) -> dict[str, Any]:
    found = answer(working.dataset.id)["resources"]
    last = found[-1] if found else {}
    return {"package_id": working.dataset.uuid, **last, "name": "datapackage.json"}
