"""What a search index is to the rest of the house: values in, ids and counts out, never text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Sort = Literal["relevance", "modified", "title"]

FACETS = ("organization", "theme", "year", "region", "format", "license")
"""The fields by which results are counted and narrowed; each value of a document is a string."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A dataset as the index sees it. `columns` are names and titles of columns, `regions` are codes."""

    id: int
    title: str
    description: str
    organization: str
    organization_title: str
    modified: datetime
    themes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    region_names: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    formats: tuple[str, ...] = ()
    license: str = "notspecified"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked: words, facet values that a hit must have (any of a field's, all fields), order and page.

    `page` counts from 1, `rows` is at most 1,000, results beyond the 10,000th are not paged to. `repair=False` takes
    the words as they are written, for a person who insists on them after a page came back `corrected`.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    rows: int = 20
    facets: tuple[str, ...] = FACETS
    repair: bool = True


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What is found: ids in order, the exact total, counts by facet value (a facet's own filter left out of its count).

    `corrected` is the query as it was understood when words were repaired; `relaxed` says that not every word was met.
    `available` is False while there is no index that can be read: then "nothing found" would be untrue.
    """

    ids: tuple[int, ...]
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    corrected: str | None = None
    relaxed: bool = False
    available: bool = True


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion for what is being typed: a word or a dataset's title (then with its id)."""

    text: str
    dataset_id: int | None = None


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the index is: the last outbox number it has taken over, its documents, the hash of schema and lexicon.

    `healthy` is False when it was never built, was lost or damaged, or was built by another lexicon or analysis: it
    may still answer, but whoever keeps it should call `rebuild`.
    """

    seq: int
    documents: int
    schema: str
    healthy: bool


class SearchIndex(Protocol):
    """An index that can be thrown away at any time and made anew from the database."""

    def search(self, query: SearchQuery) -> SearchPage:
        """Find; never raises for any text."""
        ...

    def suggest(self, prefix: str, limit: int = 8) -> list[Suggestion]:
        """Complete what is being typed."""
        ...

    def apply(self, upserts: Iterable[SearchDocument], deletes: Iterable[int], seq: int) -> None:
        """Take over the present state of some datasets; idempotent; `seq` becomes durable last.

        Raises IndexBusy when another process writes for too long, IndexNotWritten when nothing was taken over.
        """
        ...

    def rebuild(
        self, documents: Iterator[SearchDocument], seq: int, progress: Callable[[int], None] | None = None
    ) -> None:
        """Make the index anew beside the old one, then switch; raises as `apply` does, and then the old one stays."""
        ...

    def state(self) -> IndexState:
        """How far it is."""
        ...
