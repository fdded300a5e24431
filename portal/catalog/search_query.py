"""What a search page is asked, to and from the query of its address; odd values are dropped, never an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from datasets.search.index import FACETS, SearchQuery, Sort

ROWS = 20
LONGEST_TEXT = 300
LONGEST_VALUE = 200
MOST_VALUES = 20
LAST_PAGE = 500

SORTS: tuple[Sort, ...] = ("relevance", "modified", "title")

# The names under which CKAN's own search page takes the same filters.
_ALSO = {"groups": "theme", "res_format": "format", "license_id": "license"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search page's state: words, chosen facet values, order, page; `exact` takes the words as they are typed."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    exact: bool = False

    def query(self) -> SearchQuery:
        """As the index takes it."""
        return SearchQuery(
            text=self.text,
            filters=self.filters,
            sort=self.sort,
            page=self.page,
            rows=ROWS,
            repair=not self.exact,
        )

    def arguments(self) -> list[tuple[str, str]]:
        """The query of the address in canonical order, defaults left out."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name in FACETS for value in self.filters.get(name, ())]
        if self.sort != self.default_sort():
            pairs.append(("sort", self.sort))
        if self.exact:
            pairs.append(("exact", "1"))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def url(self, base: str) -> str:
        """The address of this state under `base`."""
        query = urlencode(self.arguments())
        return f"{base}?{query}" if query else base

    def default_sort(self) -> Sort:
        """By relevance where there are words, else the newest first."""
        return "relevance" if self.text else "modified"

    def toggled(self, name: str, value: str) -> Asked:
        """With a facet value chosen or, if it was, no longer; on the first page."""
        chosen = self.filters.get(name, ())
        values = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
        filters = {key: kept for key, kept in {**self.filters, name: values}.items() if kept}
        return replace(self, filters=filters, page=1)

    def on_page(self, page: int) -> Asked:
        """Another page of the same results."""
        return replace(self, page=page)

    def saying(self, text: str) -> Asked:
        """Other words, the same filters, the first page."""
        return replace(self, text=text, page=1, exact=False)


def asked(arguments: Mapping[str, list[str]]) -> Asked:
    """Parse the query of an address. Unknown names are ignored, impossible values dropped."""
    text = clean(_first(arguments, "q"))[:LONGEST_TEXT]
    filters: dict[str, tuple[str, ...]] = {}
    for given, name in (*((name, name) for name in FACETS), *_ALSO.items()):
        values = [clean(value) for value in arguments.get(given, ())]
        kept = dict.fromkeys((*filters.get(name, ()), *(v for v in values if v and len(v) <= LONGEST_VALUE)))
        if kept:
            filters[name] = tuple(kept)[:MOST_VALUES]
    exact = bool(text) and _first(arguments, "exact") == "1"
    state = Asked(text=text, filters=filters, page=page_number(_first(arguments, "page")), exact=exact)
    wanted = _first(arguments, "sort")
    sort = next((sort for sort in SORTS if sort == wanted), state.default_sort())
    return replace(state, sort=sort)


def clean(text: str) -> str:
    """Without control characters and doubled blanks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _first(arguments: Mapping[str, list[str]], name: str) -> str:
    return (arguments.get(name) or [""])[0]


def page_number(text: str) -> int:
    """A page's number, counted from 1; anything else is the first page."""
    return min(int(text), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0 else 1
