"""View model of the search page: heading, messages, chips, results, paging; the facets are in `present_facets`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import url_for
from sqlalchemy.orm import Session

from datasets import catalog
from datasets.search.index import SearchIndex, SearchPage
from portal.catalog.present_cards import DatasetCard, dataset_card, datasets_in_words
from portal.catalog.present_facets import Chip, Facet, chips, facets, names_of
from portal.catalog.search_query import LAST_PAGE, ROWS, Asked
from portal.web.i18n import gettext as _
from portal.web.paging import Paging, pages_of, paging


@dataclass(frozen=True, slots=True)
class SortLink:
    """An order to choose."""

    title: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said above the results, with a link to go on if there is one."""

    text: str
    url: str = ""
    link: str = ""
    kind: str = "info"


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The search page."""

    title: str
    heading: str
    text: str
    shown_text: str
    kept: tuple[tuple[str, str], ...]
    chips: tuple[Chip, ...]
    without_filters: str
    messages: tuple[Message, ...]
    facets: tuple[Facet, ...]
    sorts: tuple[SortLink, ...]
    cards: tuple[DatasetCard, ...]
    paging: Paging
    is_filtered: bool
    available: bool


def search_page(session: Session, index: SearchIndex, asked: Asked) -> ResultsPage:
    """Ask the index, load what it found, say it in words. A page behind the last one shows the last one."""
    found = index.search(asked.query())
    pages = min(pages_of(found.total, ROWS), LAST_PAGE)
    if asked.page > pages:
        asked = asked.on_page(pages)
        found = index.search(asked.query())
    if not found.available and not catalog.slugs(session, limit=1):
        found = replace(found, available=True)  # before the first harvest there is nothing to be found
    base = url_for("search.search")
    names = names_of(session, asked, found)
    shown = found.corrected or asked.text
    return ResultsPage(
        title=_("Search: %(words)s", words=asked.text) if asked.text else _("Datasets"),
        heading=_heading(found, shown),
        text=asked.text,
        shown_text=shown if found.available else "",
        kept=tuple(pair for pair in asked.arguments() if pair[0] not in ("q", "exact", "page")),
        chips=chips(asked, names, base),
        without_filters=replace(asked, filters={}, page=1).url(base),
        messages=_messages(found, asked, base),
        facets=facets(asked, found, names, base),
        sorts=_sorts(asked, base),
        cards=tuple(dataset_card(dataset) for dataset in catalog.by_ids(session, found.ids)),
        paging=paging(asked.page, pages, lambda page: asked.on_page(page).url(base)),
        is_filtered=bool(asked.text or asked.filters or asked.page > 1),
        available=found.available,
    )


def _heading(found: SearchPage, shown: str) -> str:
    if not found.available:
        return _("The search is being prepared")
    counted = datasets_in_words(found.total)
    return _("%(datasets)s for", datasets=counted) if shown else counted


def _messages(found: SearchPage, asked: Asked, base: str) -> tuple[Message, ...]:
    messages = []
    if not found.available:
        text = _("The index of the catalogue is being made anew. Nothing is lost; please try again in a minute.")
        messages.append(Message(text, asked.url(base), _("Try again"), "warn"))
    if found.corrected:
        text = _(
            "Showing results for “%(understood)s”. You typed “%(typed)s”.",
            understood=found.corrected,
            typed=asked.text,
        )
        messages.append(Message(text, replace(asked, exact=True, page=1).url(base), _("Search exactly as typed")))
    if found.relaxed and found.total:
        messages.append(Message(_("No dataset has all of these words; these have most of them.")))
    return tuple(messages)


def _sorts(asked: Asked, base: str) -> tuple[SortLink, ...]:
    words = {"relevance": _("Best match"), "modified": _("Newest"), "title": _("A to Z")}
    shown = [sort for sort in words if sort != "relevance" or asked.text]
    return tuple(
        SortLink(words[sort], replace(asked, sort=sort, page=1).url(base), chosen=asked.sort == sort)  # type: ignore[arg-type]
        for sort in shown
    )
