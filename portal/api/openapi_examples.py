"""Values that lead somewhere in this very portal, so that every example in the document can be tried as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import joinedload, selectinload

from datasets.models import Dataset, Resource, Version, published
from portal.context import session
from portal.web.links import canonical_url

_BY_ID: Final[Mapping[str, tuple[str, ...]]] = {
    "slug": ("package_show", "package_activity_list", "dataset_follower_count"),
    "resource": (
        *("resource_show", "resource_view_list"),
        *("datastore_info", "datastore_search", "datastore_search_sql"),
    ),
    "organization": (
        *("organization_show", "organization_activity_list", "organization_follower_count"),
        "member_list",
    ),
    "theme": ("group_show", "group_package_show", "group_activity_list", "group_follower_count"),
    "tag": ("tag_show",),
}
_TYPED: Final[Mapping[str, Mapping[str, Any]]] = {
    "help_show": {"name": "package_search"},
    "package_autocomplete": {"q": "data"},
    "package_search": {"q": "data"},
    "resource_search": {"query": "format:csv"},
}


def found_examples() -> dict[str, Any]:
    """By name of a place in an address: the last changed dataset that has a table, and what belongs to it."""
    wanted = (
        published()
        .join(Version, Version.id == Dataset.current_version_id)
        .join(Resource, Resource.version_id == Version.id)
        .where(Resource.parquet_sha256.is_not(None))
        .options(joinedload(Dataset.organization), selectinload(Dataset.themes), selectinload(Dataset.tags))
        .order_by(Dataset.modified_at.desc(), Dataset.id.desc(), Resource.id)
        .with_only_columns(Dataset, Version.number, Resource.uuid, Resource.name, Resource.schema)
    )
    row = session().execute(wanted.limit(1)).first()
    if row is None:
        return {}
    dataset, number, uuid, table, schema = row
    columns = [field["name"] for field in schema.get("fields", [])]
    found = {"slug": dataset.slug, "number": number, "resource": uuid, "table": table, "before": 1, "after": number}
    found |= {"organization": dataset.organization.slug, "action": "package_search", "form": "ttl", "kind": "csv"}
    found |= {"folder": "data", "filename": f"{table}.csv", "picture": "svg", "drawn": "svg", "verb": "Identify"}
    found |= {"url": canonical_url("charts.page", slug=dataset.slug, resource=table)}
    found |= {"sql": f'SELECT * FROM "{table}" LIMIT 5'}  # noqa: S608 - shown, never run here
    found |= {"column": columns[0]} if columns else {}
    found |= {"theme": dataset.themes[0].slug} if dataset.themes else {}
    return found | ({"tag": dataset.tags[0].tag} if dataset.tags else {})


def of_action(name: str, examples: Mapping[str, Any]) -> dict[str, Any]:
    """Values of those parameters that the action cannot do without."""
    if name in _TYPED:
        return dict(_TYPED[name])
    kind = next((kind for kind, actions in _BY_ID.items() if name in actions), "")
    if kind not in examples:
        return {}
    value = examples[kind]
    if name == "datastore_search_sql":
        return {"sql": f'SELECT count(*) FROM "{value}"'}  # noqa: S608 - shown, never run here
    return {"resource_id" if name == "datastore_search" else "id": value}
