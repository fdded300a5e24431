"""From a plan to a page: which datasets meet it, in what order, and how many there are of each facet value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from heapq import nsmallest
from operator import and_, or_

from datasets.search.bitmaps import members, pick
from datasets.search.index import SearchPage, SearchQuery
from datasets.search.lexicon import Lexicon
from datasets.search.plan import Plan, Term, make_plan
from datasets.search.state import CatalogState

LAST_RESULT = 10_000
"""Nobody pages further than this result; the total stays exact."""

MOST_ROWS = 1_000

_EXTRA = 0.5
"""What the very word of the query adds to the concept that stands for it."""

_TOO_COMMON_FROM = 1_000  # datasets; from here on a token that more than half of them hold is not scored


@dataclass(frozen=True, slots=True)
class Met:
    """The datasets that meet a plan; when `relaxed`, `levels` are those that meet half of it, one more, and so on."""

    bits: int
    relaxed: bool = False
    levels: tuple[int, ...] = ()


def answer(state: CatalogState, query: SearchQuery, lexicon: Lexicon) -> SearchPage:
    """The page for a query, from memory where the same was asked of this generation before."""
    filters = {name: frozenset(values) for name, values in query.filters.items() if values}
    key = (
        query.text, query.sort, query.page, query.rows, query.facets, query.repair, frozenset(filters.items())
    )  # fmt: skip
    page = state.pages.get(key)
    if page is None:
        page = _answer(state, query, filters, lexicon)
        state.keep_page(key, page)
    return page


def _answer(
    state: CatalogState, query: SearchQuery, filters: Mapping[str, frozenset[str]], lexicon: Lexicon
) -> SearchPage:
    plan = make_plan(query.text, lexicon, state, repair=query.repair)
    met = meeting(state, plan)
    allowed = {
        name: reduce(or_, (state.facets.get(name, {}).get(value, 0) for value in values), 0)
        for name, values in filters.items()
    }
    found = reduce(and_, allowed.values(), met.bits)
    rows = min(max(query.rows, 0), MOST_ROWS)
    start = (max(query.page, 1) - 1) * rows
    stop = min(start + rows, LAST_RESULT)
    if query.sort == "title":
        numbers = pick(state.by_title, found, start, stop)
    elif query.sort == "modified" or not plan.terms:
        numbers = pick(state.by_modified, found, start, stop)
    else:
        numbers = ranked(state, plan, Met(found, met.relaxed, met.levels), range(start, stop))
    return SearchPage(
        ids=tuple(state.row_at(number).id for number in numbers),
        total=found.bit_count(),
        facets={name: _count(state, name, met.bits, allowed) for name in query.facets if name in state.facets},
        corrected=plan.corrected,
        relaxed=met.relaxed,
    )


def _count(state: CatalogState, name: str, met: int, allowed: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Counts of a facet's values, its own filter left out; the commonest first, then by value."""
    base = reduce(and_, (bits for other, bits in allowed.items() if other != name), met)
    counts = ((value, (bits & base).bit_count()) for value, bits in state.facets[name].items())
    return tuple(sorted((pair for pair in counts if pair[1]), key=lambda pair: (-pair[1], pair[0])))


def meeting(state: CatalogState, plan: Plan) -> Met:
    """The datasets that meet a plan: all its required terms, or where no dataset has all of them, at least half."""
    required = plan.required
    if not required:
        return Met(state.alive if plan.browse else 0)
    sets = [term_bits(state, term) for term in required]
    everything = reduce(and_, sets)
    if everything or len(sets) == 1:
        return Met(everything)
    at_least = [0] * (len(sets) + 1)
    for bits in sets:
        for level in range(len(sets) - 1, 0, -1):
            at_least[level + 1] |= at_least[level] & bits
        at_least[1] |= bits
    fewest = next((level for level in range((len(sets) + 1) // 2, 0, -1) if at_least[level]), 0)
    return Met(at_least[fewest], relaxed=True, levels=tuple(at_least[fewest:])) if fewest else Met(0)


def term_bits(state: CatalogState, term: Term) -> int:
    """The datasets in which all tokens of any alternative stand, or all the loose ones."""
    ways = (*term.alternatives, term.loose) if term.loose else term.alternatives
    return reduce(or_, (reduce(and_, (state.postings(token).bits for token in tokens)) for tokens in ways), 0)


def ranked(state: CatalogState, plan: Plan, met: Met, window: range) -> list[int]:
    """The window of the datasets in `met`, the best first: by terms met, then BM25F, then the newest."""
    scores = dict.fromkeys(members(met.bits), 0.0)
    if not scores or not window:
        return []
    for term in plan.terms:
        _add(state, scores, term)
    levels = dict.fromkeys(scores, 0)
    for bits in met.levels:
        for number in members(bits & met.bits):
            levels[number] += 1
    newness = state.newness
    best = nsmallest(window.stop, scores, key=lambda number: (-levels[number], -scores[number], newness[number]))
    return best[window.start :]


def _add(state: CatalogState, scores: dict[int, float], term: Term) -> None:
    """Add a term's worth: the best of its alternatives, and half of what its extra tokens are worth."""
    best: dict[int, float] = {}
    for tokens in term.alternatives:
        sums: dict[int, float] = {}
        for token in tokens:
            for number, worth in _worth(state, scores, token):
                sums[number] = sums.get(number, 0.0) + worth
        for number, worth in sums.items():
            if worth > best.get(number, 0.0):
                best[number] = worth
    for number, worth in best.items():
        scores[number] += worth
    for token in term.extra:
        for number, worth in _worth(state, scores, token):
            scores[number] += _EXTRA * worth


def _worth(state: CatalogState, scores: Mapping[int, float], token: str) -> list[tuple[int, float]]:
    postings = state.postings(token)
    if state.count >= _TOO_COMMON_FROM and len(postings.documents) * 2 > state.count:
        return []
    return [pair for pair in zip(postings.documents, postings.worth, strict=True) if pair[0] in scores]
