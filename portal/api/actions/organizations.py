"""Actions on agencies, which CKAN calls organisations."""

from __future__ import annotations

from typing import Any

from datasets import catalog
from metadata.profiles.ckan_dicts import to_organization_dict
from portal.api.dictionaries import organization_values
from portal.api.faults import NotFoundFault
from portal.api.listing import Entry, listed
from portal.api.package_dicts import newest_of
from portal.api.parameters import Parameters
from portal.api.query_syntax import Term
from portal.api.registry import action
from portal.context import session


@action
def organization_list(parameters: Parameters) -> list[Any]:
    """The names of all agencies, or with all_fields=true their dictionaries.

    Parameters: all_fields, sort (name, title or package_count, with asc or desc), limit, offset, organizations (a list
    of names to choose).
    """
    entries = [
        Entry(owner.slug, owner.title, count, to_organization_dict(organization_values(owner, count)))
        for owner, count in catalog.organizations_with_counts(session())
    ]
    return listed(entries, parameters, chosen="organizations")


@action
def organization_show(parameters: Parameters) -> dict[str, Any]:
    """One agency by `id`. With include_datasets=true its ten newest datasets too."""
    name = parameters.required("id")
    for owner, count in catalog.organizations_with_counts(session()):
        if owner.slug == name:
            datasets = newest_of(Term("organization", owner.slug)) if parameters.flag("include_datasets") else None
            return to_organization_dict(organization_values(owner, count), datasets)
    raise NotFoundFault("Not found")
