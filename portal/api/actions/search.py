"""`package_search`: the door that harvesters, catalogues and desktop programs come through."""

from __future__ import annotations

from typing import Any

from datasets import clock
from portal.api.caller import caller
from portal.api.faults import BadSearch
from portal.api.package_dicts import package_dicts
from portal.api.package_query import PackageQuery, sortings
from portal.api.parameters import Parameters
from portal.api.query_syntax import All, split_text, understand
from portal.api.registry import action
from portal.api.tracking import with_tracking
from portal.api.writing.own import asked_for, shown_packages
from portal.context import installation, session

MOST_ROWS = 1000
MOST_FACETS = 20
DEFAULT_SORT = "score desc, metadata_modified desc"

_KNOWN = frozenset(
    (
        *("q", "fq", "fq_list", "fl", "rows", "start", "sort"),
        *("facet", "facet.field", "facet.limit", "facet.mincount"),
        # Known to CKAN, without effect here:
        *("wt", "qf", "bf", "boost", "tie", "defType", "mm", "df", "extras", "callback"),
        *("include_private", "include_drafts", "include_deleted", "use_default_schema", "include_tracking"),
    )
)
_TITLES = {
    "organization": "Organizations",
    "groups": "Groups",
    "tags": "Tags",
    "res_format": "Formats",
    "license_id": "Licenses",
}


@action
def package_search(parameters: Parameters) -> dict[str, Any]:
    """Datasets that fit words and conditions, a page of them, with counts by field.

    Parameters: q (words, or field:value), fq and fq_list (conditions: organization, groups, tags, res_format,
    license_id, name, id, title, region, year, metadata_modified:[from TO to]), rows (10, at most 1000), start,
    sort ("metadata_modified desc", "id asc", …), facet.field (a list), facet.limit (50, -1 for all), facet.mincount,
    fl (the members wanted of each dataset), include_tracking. Only published datasets are found, and with a token
    include_private, include_drafts and include_deleted those that the caller may see.
    """
    _refuse_unknown(parameters)
    query = parameters.text("q")
    filters = [*parameters.texts("fq"), *parameters.texts("fq_list")]
    for text in (query, *filters):
        if "{!" in text:
            raise BadSearch("Local parameters are not supported.")
    words, node = split_text(understand(query))
    conditions = All((node, *(understand(text) for text in filters)))
    sort = parameters.text("sort").strip() or DEFAULT_SORT
    order = sortings(sort)
    rows = min(parameters.integer("rows", 10), MOST_ROWS)
    hidden = asked_for(parameters, caller())
    asked = PackageQuery(session(), installation().search, words, conditions, at=clock.now(), hidden=hidden)
    counted = _facets(asked, parameters)
    page = asked.page(order, parameters.integer("start", 0), rows) if rows else []
    found = with_tracking(package_dicts(page) if hidden is None else shown_packages(page), parameters)
    return {
        "count": asked.total(),
        "sort": sort,
        "facets": {field: {item["name"]: item["count"] for item in items} for field, items in counted.items()},
        "search_facets": {
            field: {"title": _TITLES.get(field, field), "items": items} for field, items in counted.items()
        },
        "results": _reduced(found, parameters),
    }


def _refuse_unknown(parameters: Parameters) -> None:
    unknown = [name for name in parameters.names() if name not in _KNOWN and not name.startswith("ext_")]
    if unknown:
        raise BadSearch(f"Invalid search parameters: {unknown}")


def _facets(asked: PackageQuery, parameters: Parameters) -> dict[str, list[dict[str, Any]]]:
    if not parameters.flag("facet", default=True):
        return {}
    limit = parameters.integer("facet.limit", 50, least=-1)
    least = parameters.integer("facet.mincount", 1)
    fields = list(dict.fromkeys(parameters.texts("facet.field")))[:MOST_FACETS]
    facets = (asked.facet(field, limit) for field in fields)
    return {
        facet.field: [
            {"name": name, "display_name": title, "count": count}
            for name, title, count in facet.items
            if count >= least
        ]
        for facet in facets
    }


def _reduced(found: list[dict[str, Any]], parameters: Parameters) -> list[dict[str, Any]]:
    wanted = {name for text in parameters.texts("fl") for name in text.replace(",", " ").split()}
    if not wanted or "*" in wanted:
        return found
    return [{name: value for name, value in package.items() if name in wanted} for package in found]
