"""Actions about the portal itself."""

from __future__ import annotations

from typing import Any

from metadata import licenses
from portal.api.dictionaries import license_dict, site_dict
from portal.api.faults import NotFoundFault
from portal.api.parameters import Parameters
from portal.api.registry import action, explained
from portal.context import installation


@action
def status_show(_parameters: Parameters) -> dict[str, Any]:
    """The site's title and address, and the version of CKAN whose API it speaks."""
    settings = installation().settings
    return site_dict(settings.site_title, settings.region_name)


@action
def site_read(_parameters: Parameters) -> bool:
    """Whether the portal may be read; older clients ask this to see whether it is there."""
    return True


@action
def help_show(parameters: Parameters) -> str:
    """What the action `name` does and which parameters it takes."""
    name = parameters.required("name")
    text = explained(name)
    if text is None:
        raise NotFoundFault(f"Action function not found: {name}")
    return text


@action
def license_list(_parameters: Parameters) -> list[dict[str, Any]]:
    """Every licence that a dataset may carry."""
    return [license_dict(license_) for license_ in licenses.every()]


@action
def vocabulary_list(_parameters: Parameters) -> list[Any]:
    """The tag vocabularies: there are none, all tags are free."""
    return []


@action
def package_relationships_list(_parameters: Parameters) -> list[Any]:
    """Relations between datasets in CKAN's sense: there are none."""
    return []


@action
def dataset_follower_count(_parameters: Parameters) -> int:
    """Nobody follows here; feeds (Atom) take that place."""
    return 0


@action
def organization_follower_count(_parameters: Parameters) -> int:
    """Nobody follows here; feeds (Atom) take that place."""
    return 0


@action
def group_follower_count(_parameters: Parameters) -> int:
    """Nobody follows here; feeds (Atom) take that place."""
    return 0
