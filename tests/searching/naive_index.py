"""A search index as one would write it on a single page: a dict, sets and loops. What the real ones are measured by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from math import log

from datasets.search.analysis import Analysed, analyse
from datasets.search.index import (
    FACETS,
    IndexState,
    SearchDocument,
    SearchPage,
    SearchQuery,
    Suggestion,
)
from datasets.search.indonesian import words
from datasets.search.lexicon import Lexicon
from datasets.search.plan import Term, make_plan
from datasets.search.words import WordTable


class NaiveIndex:
    """Keeps everything in memory, scans all of it for every question."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._documents: dict[int, SearchDocument] = {}
        self._analysed: dict[int, Analysed] = {}
        self._seq = 0
        self._whole = False

    def frequency(self, token: str) -> int:
        return sum(token in one.tokens for one in self._analysed.values())

    @property
    def words(self) -> WordTable:
        return WordTable(Counter(word for one in self._analysed.values() for word in one.words))

    def search(self, query: SearchQuery) -> SearchPage:
        plan = make_plan(query.text, self._lexicon, self, repair=query.repair)
        required = [{number for number in self._documents if self._meets(number, term)} for term in plan.required]
        levels = {number: sum(number in met for met in required) for number in self._documents}
        if not required:
            least = 0 if plan.browse else 1
        elif any(level == len(required) for level in levels.values()):
            least = len(required)
        else:
            half, most = (len(required) + 1) // 2, max(levels.values(), default=0)
            least = min(half, most) or len(required)
        met = {number for number, level in levels.items() if level >= least}
        found = [number for number in met if self._allowed(number, query, leave_out=None)]
        found.sort(key=self._order(query, plan.terms, levels))
        rows = min(max(query.rows, 0), 1000)
        start = (max(query.page, 1) - 1) * rows
        return SearchPage(
            ids=tuple(found[start : start + rows]) if start < 10_000 else (),
            total=len(found),
            facets={name: self._counts(name, met, query) for name in query.facets if name in FACETS},
            corrected=plan.corrected,
            relaxed=bool(met) and bool(required) and least < len(required),
        )

    def suggest(self, prefix: str, limit: int = 8) -> list[Suggestion]:
        typed = words(prefix)
        if not typed or limit < 1:
            return []
        found = [one for one in self._documents.values() if _holds(words(one.title), typed)]
        return [Suggestion(one.title, one.id) for one in sorted(found, key=lambda one: -one.id)][:limit]

    def apply(self, upserts: Iterable[SearchDocument], deletes: Iterable[int], seq: int) -> None:
        upserts = {one.id: one for one in upserts}
        for number in {*deletes} - upserts.keys():
            self._documents.pop(number, None)
            self._analysed.pop(number, None)
        for number, one in upserts.items():
            self._documents[number] = one
            self._analysed[number] = analyse(one, self._lexicon)
        self._seq = max(seq, self._seq)

    def rebuild(
        self, documents: Iterator[SearchDocument], seq: int, progress: Callable[[int], None] | None = None
    ) -> None:
        made = {one.id: one for one in documents}
        self._documents, self._analysed, self._seq, self._whole = {}, {}, seq, True
        self.apply(made.values(), (), seq)
        if progress:
            progress(len(made))

    def state(self) -> IndexState:
        return IndexState(self._seq, len(self._documents), self._lexicon.digest, self._whole)

    def _meets(self, number: int, term: Term) -> bool:
        tokens = self._analysed[number].tokens
        ways = [*term.alternatives, *([term.loose] if term.loose else [])]
        return any(all(token in tokens for token in way) for way in ways)

    def _allowed(self, number: int, query: SearchQuery, *, leave_out: str | None) -> bool:
        return all(
            set(wanted) & set(self._values(number, name))
            for name, wanted in query.filters.items()
            if wanted and name != leave_out
        )

    def _values(self, number: int, name: str) -> tuple[str, ...]:
        one = self._documents[number]
        return {
            "organization": (one.organization,),
            "theme": one.themes,
            "year": tuple(map(str, one.years)),
            "region": one.regions,
            "format": one.formats,
            "license": (one.license,),
        }.get(name, ())

    def _counts(self, name: str, met: set[int], query: SearchQuery) -> tuple[tuple[str, int], ...]:
        counts = Counter(
            value
            for number in met
            if self._allowed(number, query, leave_out=name)
            for value in set(self._values(number, name))
        )
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def _order(
        self, query: SearchQuery, terms: tuple[Term, ...], levels: dict[int, int]
    ) -> Callable[[int], tuple[object, ...]]:
        def newest(number: int) -> tuple[object, ...]:
            return -self._documents[number].modified.timestamp(), -number

        if query.sort == "title":
            return lambda number: (" ".join(words(self._documents[number].title)), number)
        if query.sort == "modified" or not terms:
            return newest
        average = sum(one.length for one in self._analysed.values()) / max(len(self._analysed), 1) or 1.0
        worths = {number: sum(self._worth(number, term, average) for term in terms) for number in levels}
        return lambda number: (-levels[number], -round(worths[number], 4), *newest(number))

    def _worth(self, number: int, term: Term, average: float) -> float:
        best = max((sum(self._bm25(number, token, average) for token in way) for way in term.alternatives), default=0.0)
        return best + 0.5 * sum(self._bm25(number, token, average) for token in term.extra)

    def _bm25(self, number: int, token: str, average: float) -> float:
        one = self._analysed[number]
        weight = one.tokens.get(token, 0.0)
        many = self.frequency(token)
        rarity = log(1 + (len(self._analysed) - many + 0.5) / (many + 0.5))
        return rarity * weight * 2.2 / (weight + 1.2 * (0.5 + 0.5 * one.length / average))


def _holds(title: list[str], typed: list[str]) -> bool:
    return all(word in title for word in typed[:-1]) and any(word.startswith(typed[-1]) for word in title)
