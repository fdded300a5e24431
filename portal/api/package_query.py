"""Finding packages for the API: words by the search index, everything else by the database, exact counts and facets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from datasets.db import Record
from datasets.models import Dataset, DatasetTag, DatasetTheme, Organization, Resource, Theme, Visibility, published
from datasets.search.index import SearchIndex, SearchQuery
from metadata import licenses
from portal.api.conditions import condition
from portal.api.faults import BadSearch
from portal.api.query_syntax import All, Node
from portal.api.resource_dicts import shown_format

MOST_HITS = 10_000
"""So many hits of the words are looked at; SQLite binds up to 32,766 values."""

_INDEX_PAGE = 1000
_SCORE = "score"
_SORTS: dict[str, InstrumentedAttribute[str] | InstrumentedAttribute[datetime] | ColumnElement[str]] = {
    "metadata_modified": Dataset.modified_at,
    "metadata_created": Dataset.created_at,
    "name": Dataset.slug,
    "title": func.lower(Dataset.title),
    "title_string": func.lower(Dataset.title),
    "id": Dataset.uuid,
}


@dataclass(frozen=True, slots=True)
class Sorting:
    """One key of an order."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The counts of a field: (value, display name, count), the most frequent first."""

    field: str
    items: tuple[tuple[str, str, int], ...]


def public() -> ColumnElement[bool]:
    """As a condition, what `published()` selects."""
    return Dataset.visibility == Visibility.PUBLISHED


def sortings(text: str) -> tuple[Sorting, ...]:
    """The order that `text` (`field asc, field desc`) asks for; raises `BadSearch` for a field that has no order."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        field, _, direction = part.partition(" ")
        direction = direction.strip().lower() or "asc"
        if (field not in _SORTS and field != _SCORE) or direction not in ("asc", "desc"):
            raise BadSearch(f'Invalid "sort" parameter: {part[:100]}')
        found.append(Sorting(field, direction == "desc"))
    return tuple(found)


class PackageQuery:
    """One question to the catalogue: its total, a page of ids, its facets."""

    def __init__(
        self,
        session: Session,
        index: SearchIndex,
        text: str,
        node: Node,
        *,
        at: datetime,
        hidden: ColumnElement[bool] | None = None,
    ) -> None:
        """`hidden` are unpublished datasets that the caller may see and asks for; words find these by their title."""
        self._session = session
        self._hits = _hits(index, text) if text else None
        where = condition(node, at=at) if node != All() else true()
        shown = published() if hidden is None else select(Dataset).where(or_(public(), hidden))
        self._wanted: Select[Dataset] = shown.where(where)
        if self._hits is not None and hidden is not None:
            titled = func.lower(Dataset.title).contains(text.lower(), autoescape=True)
            found = session.scalars(select(Dataset.id).where(hidden, titled).order_by(Dataset.id).limit(MOST_HITS))
            self._hits = list(dict.fromkeys([*self._hits, *found]))
        if self._hits is not None:
            self._wanted = self._wanted.where(Dataset.id.in_(self._hits))

    def total(self) -> int:
        """How many there are."""
        return self._session.scalar(select(func.count()).select_from(self._ids().subquery())) or 0

    def page(self, order: Sequence[Sorting], start: int, rows: int) -> list[int]:
        """The database ids of one page. Where words were given, `score` is the index's order."""
        if self._hits is not None and order and order[0].field == _SCORE:
            rank = {number: place for place, number in enumerate(self._hits)}
            found = sorted(self._session.scalars(self._ids()), key=rank.__getitem__, reverse=not order[0].descending)
            return found[start : start + rows]
        keys = [
            _SORTS[key.field].desc() if key.descending else _SORTS[key.field].asc()
            for key in order
            if key.field != _SCORE
        ]
        wanted = self._ids().order_by(*keys, Dataset.id.desc()).limit(rows).offset(start)
        return list(self._session.scalars(wanted))

    def facet(self, field: str, limit: int) -> Facet:
        """The counts of one field over everything found; a field that is not counted has none. -1 is no limit."""
        counted = _FACETS.get(field)
        if counted is None:
            return Facet(field, ())
        number = func.count(Dataset.id.distinct())
        wanted = select(counted.value, counted.label, number).select_from(Dataset)
        for target, on in counted.joins:
            wanted = wanted.join(target, on)
        wanted = wanted.where(Dataset.id.in_(self._ids())).group_by(counted.value, counted.label)
        wanted = wanted.order_by(number.desc(), counted.value)
        rows = self._session.execute(wanted if limit < 0 else wanted.limit(limit)).all()
        names = {known.id: known.title.id for known in licenses.every()} if field == "license_id" else {}
        return Facet(field, tuple((str(name), names.get(name, str(title)), count) for name, title, count in rows))

    def _ids(self) -> Select[int]:
        return self._wanted.with_only_columns(Dataset.id)


@dataclass(frozen=True, slots=True)
class _Counted:
    """How a facet is counted: its value, its display name, and the joins that lead there from the dataset."""

    value: ColumnElement[str] | InstrumentedAttribute[str]
    label: ColumnElement[str] | InstrumentedAttribute[str]
    joins: tuple[tuple[type[Record], ColumnElement[bool]], ...] = ()


_FACETS = {
    "organization": _Counted(
        Organization.slug, Organization.title, ((Organization, Dataset.organization_id == Organization.id),)
    ),
    "groups": _Counted(
        Theme.slug,
        Theme.title,
        ((DatasetTheme, DatasetTheme.dataset_id == Dataset.id), (Theme, Theme.id == DatasetTheme.theme_id)),
    ),
    "tags": _Counted(DatasetTag.tag, DatasetTag.tag, ((DatasetTag, DatasetTag.dataset_id == Dataset.id),)),
    "license_id": _Counted(Dataset.license_id, Dataset.license_id),
    "res_format": _Counted(
        shown_format(),
        shown_format(),
        ((Resource, Resource.version_id == Dataset.current_version_id),),
    ),
}


def _hits(index: SearchIndex, text: str) -> list[int]:
    found: list[int] = []
    page = 1
    while len(found) < MOST_HITS:
        answer = index.search(SearchQuery(text=text, page=page, rows=_INDEX_PAGE, facets=()))
        found += answer.ids
        if not answer.ids or len(found) >= answer.total:
            break
        page += 1
    return list(dict.fromkeys(found))[:MOST_HITS]
