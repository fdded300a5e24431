"""Actions on tags."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from datasets.models import Dataset, DatasetTag, published
from metadata.profiles.ckan_dicts import to_tag_dict
from portal.api.faults import NotFoundFault
from portal.api.package_dicts import newest_of
from portal.api.parameters import Parameters
from portal.api.query_syntax import Term
from portal.api.registry import action
from portal.context import session

MOST = 1000


@action
def tag_list(parameters: Parameters) -> list[Any]:
    """The tags of published datasets in alphabetical order, or with all_fields=true their dictionaries.

    Parameters: query (a part of the name), all_fields, vocabulary_id (there are none, so nothing is found in one).
    """
    if parameters.text("vocabulary_id"):
        return []
    part = parameters.text("query").strip().casefold()
    found = [tag for tag in session().scalars(_tags()) if part in tag.casefold()]
    return [to_tag_dict(tag) for tag in found] if parameters.flag("all_fields") else list(found)


@action
def tag_search(parameters: Parameters) -> dict[str, Any]:
    """The tags that contain `query`, with their count; `limit` and `offset` cut the list."""
    parts = [part.casefold() for part in parameters.texts("query") or parameters.texts("q")]
    found = [tag for tag in session().scalars(_tags()) if all(part in tag.casefold() for part in parts)]
    offset = parameters.integer("offset", 0)
    cut = found[offset : offset + min(parameters.integer("limit", MOST), MOST)]
    return {"count": len(found), "results": [to_tag_dict(tag) for tag in cut]}


@action
def tag_show(parameters: Parameters) -> dict[str, Any]:
    """One tag by `id`. With include_datasets=true its newest datasets too."""
    name = parameters.required("id")
    if session().scalar(_tags().where(DatasetTag.tag == name)) is None:
        raise NotFoundFault("Not found")
    found = to_tag_dict(name)
    if parameters.flag("include_datasets"):
        found["packages"] = newest_of(Term("tags", name), MOST)
    return found


def _tags() -> Select[str]:
    public = published().with_only_columns(Dataset.id)
    return select(DatasetTag.tag).where(DatasetTag.dataset_id.in_(public)).distinct().order_by(DatasetTag.tag)
