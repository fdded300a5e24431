"""Actions on themes, which CKAN calls groups."""

from __future__ import annotations

from typing import Any

from datasets import catalog
from metadata.profiles.ckan_dicts import to_group_dict
from portal.api.dictionaries import group_values
from portal.api.faults import NotFoundFault
from portal.api.listing import Entry, listed
from portal.api.package_dicts import newest_of
from portal.api.parameters import Parameters
from portal.api.query_syntax import Term
from portal.api.registry import action
from portal.context import session


@action
def group_list(parameters: Parameters) -> list[Any]:
    """The names of all themes, or with all_fields=true their dictionaries.

    Parameters: all_fields, sort (name, title or package_count, with asc or desc), limit, offset, groups (a list of
    names to choose).
    """
    entries = [
        Entry(theme.slug, theme.title, count, to_group_dict(group_values(theme, count)))
        for theme, count in catalog.themes_with_counts(session())
    ]
    return listed(entries, parameters, chosen="groups")


@action
def group_show(parameters: Parameters) -> dict[str, Any]:
    """One theme by `id`. With include_datasets=true its ten newest datasets too."""
    name = parameters.required("id")
    for theme, count in catalog.themes_with_counts(session()):
        if theme.slug == name:
            datasets = newest_of(Term("groups", theme.slug)) if parameters.flag("include_datasets") else None
            return to_group_dict(group_values(theme, count), datasets)
    raise NotFoundFault("Not found")


@action
def group_package_show(parameters: Parameters) -> list[dict[str, Any]]:
    """The datasets of the theme `id`, the newest first; `limit` bounds them."""
    name = parameters.required("id")
    limit = parameters.integer("limit", 1000)
    if all(theme.slug != name for theme, _count in catalog.themes_with_counts(session())):
        raise NotFoundFault("Not found")
    return newest_of(Term("groups", name), min(limit, 1000))
