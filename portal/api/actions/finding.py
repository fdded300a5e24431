"""Actions that complete what is being typed, and the search for single resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from datasets import catalog
from datasets.models import Dataset, Resource, published
from portal.api.faults import InvalidParameter
from portal.api.package_dicts import package_dicts
from portal.api.parameters import Parameters
from portal.api.registry import action
from portal.api.resource_dicts import shown_format
from portal.context import session

MOST = 1000
_FIELDS: dict[str, Callable[[], ColumnElement[str] | InstrumentedAttribute[str]]] = {
    "name": lambda: Resource.title,
    "format": shown_format,
    "mimetype": lambda: Resource.mediatype,
    "hash": lambda: Resource.raw_sha256,
    "id": lambda: Resource.uuid,
    "url": lambda: Resource.raw_filename,
}


@action
def organization_autocomplete(parameters: Parameters) -> list[dict[str, str]]:
    """The agencies whose title or name contains `q`; `limit` (20) bounds them."""
    known = ((owner.slug, owner.title, owner.abbreviation or "") for owner, _ in _agencies())
    return _completed(parameters, [(slug, title, f"{title} {short}") for slug, title, short in known])


@action
def group_autocomplete(parameters: Parameters) -> list[dict[str, str]]:
    """The themes whose title or name contains `q`; `limit` (20) bounds them."""
    themes = catalog.themes_with_counts(session())
    return _completed(parameters, [(theme.slug, theme.title, f"{theme.title} {theme.title_en}") for theme, _ in themes])


@action
def format_autocomplete(parameters: Parameters) -> list[str]:
    """The formats of resources that contain `q`, in lower case, the most frequent first; `limit` (5) bounds them."""
    part = parameters.text("q").strip().casefold()
    form = shown_format()
    wanted = select(form).where(Resource.version_id.in_(_current())).group_by(form).order_by(func.count().desc(), form)
    found = [str(name).lower() for name in session().scalars(wanted) if part in str(name).casefold()]
    return found[: min(parameters.integer("limit", 5), MOST)]


@action
def tag_autocomplete(parameters: Parameters) -> list[str]:
    """The tags that contain `q` (also `query`); `limit` (10) bounds them."""
    from portal.api.actions.tags import tag_search  # late: a room beside this one

    words = parameters.texts("query") or parameters.texts("q")
    found = tag_search(Parameters({"query": words, "limit": parameters.integer("limit", 10)}))
    return [tag["name"] for tag in found["results"]]


@action
def resource_search(parameters: Parameters) -> dict[str, Any]:
    """The resources for which every `field:text` of `query` holds: the field contains the text, letter case aside.

    Parameters: query (one term or a list), limit (1000), offset. Fields: name, description (never met, for our
    resources have none), format, mimetype, hash, id, url (the file's name). Package descriptors are not searched.
    """
    wanted = select(Resource.id, Resource.uuid, Dataset.id).join(
        Dataset, Dataset.current_version_id == Resource.version_id
    )
    wanted = wanted.where(Resource.version_id.in_(_current()))
    terms = parameters.texts("query")
    if not terms:
        raise InvalidParameter("query", "Missing value")
    for term in terms[:20]:
        field, colon, text = term.partition(":")
        if not colon:
            raise InvalidParameter("query", "Must be <field>:<value> pair(s)")
        if field == "description" and text:
            return {"count": 0, "results": []}
        if field not in _FIELDS and field != "description":
            raise InvalidParameter("query", f'Field "{field[:60]}" not recognised in resource_search.')
        if field in _FIELDS:
            column = _FIELDS[field]()
            escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            pattern = f"{escaped}%" if field == "hash" else f"%{escaped}%"
            wanted = wanted.where(func.lower(column).like(pattern.replace("\x00", ""), escape="\\"))
    count = session().scalar(select(func.count()).select_from(wanted.subquery())) or 0
    limit = min(parameters.integer("limit", MOST), MOST)
    rows = session().execute(wanted.order_by(Resource.id).limit(limit).offset(parameters.integer("offset", 0))).all()
    packages = package_dicts(list(dict.fromkeys(row[2] for row in rows)))
    known = {resource["id"]: resource for package in packages for resource in package["resources"]}
    return {"count": count, "results": [known[uuid] for _number, uuid, _owner in rows if uuid in known]}


def _agencies() -> list[Any]:
    return [entry for entry in catalog.organizations_with_counts(session()) if entry[1]]


def _current() -> Any:
    return published().with_only_columns(Dataset.current_version_id)


def _completed(parameters: Parameters, known: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    part = parameters.text("q").strip().casefold()
    limit = min(parameters.integer("limit", 20), MOST)
    found = [(slug, title) for slug, title, words in known if part in words.casefold() or part in slug]
    return [{"id": slug, "name": slug, "title": title} for slug, title in found[:limit]]
