"""What a query of the API means in the database: conditions on datasets, values bound, columns from a fixed list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from datasets.models import (
    Dataset,
    DatasetRegion,
    DatasetTag,
    DatasetTheme,
    Organization,
    Resource,
    Theme,
)
from portal.api.moments import moment
from portal.api.query_syntax import All, Any, Node, Not, Range, Term
from portal.api.resource_dicts import shown_format

Condition = ColumnElement[bool]

_ALWAYS = {
    "state": "active",
    "type": "dataset",
    "dataset_type": "dataset",
    "entity_type": "package",
    "capacity": "public",
    "private": "false",
    "site_id": "*",
}
_MOMENTS: dict[str, InstrumentedAttribute[datetime]] = {
    "metadata_modified": Dataset.modified_at,
    "metadata_created": Dataset.created_at,
}


def condition(node: Node, *, at: datetime) -> Condition:
    """The datasets for which `node` holds; `at` is what NOW means."""
    if isinstance(node, All):
        return and_(true(), *(condition(part, at=at) for part in node.parts))
    if isinstance(node, Any):
        return or_(false(), *(condition(part, at=at) for part in node.parts))
    if isinstance(node, Not):
        return not_(condition(node.part, at=at))
    if isinstance(node, Range):
        return _range(node, at)
    return _term(node)


def _range(node: Range, at: datetime) -> Condition:
    column = _MOMENTS.get(node.field)
    bounds = [None if bound is None else moment(bound, at=at) for bound in (node.low, node.high)]
    if column is None or (node.low and bounds[0] is None) or (node.high and bounds[1] is None):
        return _words(f"{node.field} {node.low or ''} {node.high or ''}")
    low, high = bounds
    parts: list[Condition] = []
    if low is not None:
        parts.append(column >= low if node.with_low else column > low)
    if high is not None:
        parts.append(column <= high if node.with_high else column < high)
    return and_(true(), *parts)


def _term(node: Term) -> Condition:
    if node.field is None:
        return _words(node.value)
    if node.field in _ALWAYS:
        return true() if node.value.lower() == _ALWAYS[node.field] or node.value == "*" else false()
    if node.field in _FIELDS:
        return _FIELDS[node.field](node.value)
    return _words(f"{node.field}:{node.value}")


def _words(text: str) -> Condition:
    return or_(_contains(Dataset.title, text), _contains(Dataset.description, text))


def _contains(column: InstrumentedAttribute[str], text: str) -> Condition:
    return func.lower(column).like(f"%{_pattern(text.lower())}%", escape="\\")


def _matches(column: InstrumentedAttribute[str] | ColumnElement[str], value: str) -> Condition:
    """Equal without regard to case, with `*` and `?` as wild cards."""
    return func.lower(column).like(_pattern(value.lower()), escape="\\")


def _pattern(value: str) -> str:
    for plain in ("\\", "%", "_"):
        value = value.replace(plain, f"\\{plain}")
    return value.replace("*", "%").replace("?", "_")


def _of_organization(value: str) -> Condition:
    owners = select(Organization.id).where(_matches(Organization.slug, value))
    return Dataset.organization_id.in_(owners)


def _of_theme(value: str) -> Condition:
    members = select(DatasetTheme.dataset_id).join(Theme, Theme.id == DatasetTheme.theme_id)
    return Dataset.id.in_(members.where(_matches(Theme.slug, value)))


def _of_tag(value: str) -> Condition:
    return Dataset.id.in_(select(DatasetTag.dataset_id).where(_matches(DatasetTag.tag, value)))


def _of_region(value: str) -> Condition:
    return Dataset.id.in_(select(DatasetRegion.dataset_id).where(_matches(DatasetRegion.region_code, value)))


def _of_format(value: str) -> Condition:
    return Dataset.current_version_id.in_(select(Resource.version_id).where(_matches(shown_format(), value)))


def _of_year(value: str) -> Condition:
    if not (value.isascii() and value.isdigit() and len(value) == 4):
        return false()
    return and_(Dataset.year_from <= int(value), func.coalesce(Dataset.year_to, Dataset.year_from) >= int(value))


_FIELDS: dict[str, Callable[[str], Condition]] = {
    "organization": _of_organization,
    "owner_org": _of_organization,
    "groups": _of_theme,
    "tags": _of_tag,
    "res_format": _of_format,
    "license_id": lambda value: _matches(Dataset.license_id, value),
    "name": lambda value: _matches(Dataset.slug, value),
    "id": lambda value: or_(_matches(Dataset.uuid, value), _matches(Dataset.slug, value)),
    "title": lambda value: _contains(Dataset.title, value.strip("*")),
    "notes": lambda value: _contains(Dataset.description, value.strip("*")),
    "region": _of_region,
    "year": _of_year,
}
