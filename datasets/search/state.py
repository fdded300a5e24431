"""One generation of a catalogue in memory: bitmaps per facet value, orders, lengths and the postings read so far."""

from __future__ import annotations

import sys
import threading
from array import array
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import log

from datasets.search.analysis import Analysed
from datasets.search.bitmaps import bitmap, members
from datasets.search.index import FACETS, SearchDocument, SearchPage
from datasets.search.indonesian import words
from datasets.search.words import WordTable

SATURATION, LENGTH_NORM = 1.2, 0.5
"""BM25's k1 and b: how soon more of a word says no more, and how much a long dataset has to pay for its length."""

POSTINGS_KEPT = 2_000_000
"""Postings kept per process and generation, 12 bytes each and a bit per dataset for the set of them."""

PAGES_KEPT = 512

Raw = tuple["array[int]", "array[float]"]
"""Ascending document numbers and the weight of a token in each."""


@dataclass(frozen=True, slots=True)
class Row:
    """What an engine keeps beside the tokens of a dataset, enough to sort, count and suggest without the database."""

    id: int
    modified: int
    title: str
    facets: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    length: float


def row(document: SearchDocument, analysed: Analysed) -> Row:
    """The row of a dataset; `modified` in microseconds since 1970."""
    facets: dict[str, tuple[str, ...]] = {
        "organization": (document.organization,),
        "theme": document.themes,
        "year": tuple(map(str, document.years)),
        "region": document.regions,
        "format": document.formats,
        "license": (document.license,),
    }
    since = document.modified.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return Row(
        id=document.id,
        modified=(since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds,
        title=document.title,
        facets=tuple(tuple(dict.fromkeys(facets[name])) for name in FACETS),
        words=analysed.words,
        length=analysed.length,
    )


class Segment:
    """The rows of a part of the index that never changes but for rows that die; `size` counts holes as well."""

    def __init__(self, size: int, rows: Iterable[tuple[int, Row]]) -> None:
        self.size = size
        self.rows: dict[int, Row] = {}
        self.word_counts: Counter[str] = Counter()
        numbers: dict[tuple[int, str], list[int]] = {}
        for number, one in rows:
            self.rows[number] = one
            self.word_counts.update(map(sys.intern, one.words))
            for place, values in enumerate(one.facets):
                for value in values:
                    numbers.setdefault((place, value), []).append(number)
        self.loaded = bitmap(self.rows, size)
        self.facets = {key: bitmap(where, size) for key, where in numbers.items()}

    @cached_property
    def folded(self) -> dict[int, str]:
        """The titles as they are compared and completed: folded words with one space between them."""
        return {number: " ".join(words(one.title)) for number, one in self.rows.items()}

    @cached_property
    def titled(self) -> dict[str, array[int]]:
        """For each word of a title the rows that have it there."""
        found: dict[str, array[int]] = {}
        for number, title in self.folded.items():
            for word in set(title.split()):
                found.setdefault(word, array("I")).append(number)
        return found


@dataclass(frozen=True, slots=True)
class Postings:
    """The datasets of one token, ascending, with what it is worth in each of them, and the same as a bitmap."""

    documents: array[int]
    worth: array[float]
    bits: int


class CatalogState:
    """Everything a search needs, as of one generation. Shared by threads: what it holds never changes, it only grows.

    `read` fetches the postings of a token from the engine; it may raise the engine's error, which is passed on.
    """

    def __init__(self, segments: Sequence[tuple[Segment, int]], read: Callable[[str], Raw]) -> None:
        """`segments` with the bitmap of their rows that live."""
        self._segments = segments
        self._read = read
        self._postings: OrderedDict[str, Postings] = OrderedDict()
        self._kept = 0
        self._lock = threading.Lock()
        self.pages: OrderedDict[object, SearchPage] = OrderedDict()
        self.size = sum(segment.size for segment, _ in segments)
        self.alive = 0
        self.facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        self.rows: list[Row | None] = [None] * self.size
        offset = 0
        for segment, alive in segments:
            self.alive |= alive << offset
            for (place, value), bits in segment.facets.items():
                if living := bits & alive:
                    values = self.facets[FACETS[place]]
                    values[value] = values.get(value, 0) | living << offset
            for number in members(alive):
                self.rows[offset + number] = segment.rows[number]
            offset += segment.size
        self.count = self.alive.bit_count()
        self.lengths = array("f", (one.length if one else 0.0 for one in self.rows))
        self._average = (sum(self.lengths) / self.count if self.count else 0.0) or 1.0

    def row_at(self, number: int) -> Row:
        """The row of a living document number."""
        found = self.rows[number]
        if found is None:
            raise LookupError(number)
        return found

    def frequency(self, token: str) -> int:
        """How many datasets hold the token."""
        return len(self.postings(token).documents)

    def postings(self, token: str) -> Postings:
        """The datasets of a token with its worth by BM25F in each; read once, kept while there is room."""
        with self._lock:
            found = self._postings.get(token)
            if found is not None:
                self._postings.move_to_end(token)
                return found
        found = self._weigh(*self._read(token))
        with self._lock:
            if token not in self._postings:
                self._postings[token] = found
                self._kept += len(found.documents) + 64
                while self._kept > POSTINGS_KEPT and len(self._postings) > 1:
                    _, dropped = self._postings.popitem(last=False)
                    self._kept -= len(dropped.documents) + 64
        return found

    def _weigh(self, documents: array[int], weights: array[float]) -> Postings:
        many = len(documents)
        rarity = log(1 + (self.count - many + 0.5) / (many + 0.5)) if many <= self.count else 0.0
        lengths, scale = self.lengths, SATURATION * LENGTH_NORM / self._average
        floor, gain = SATURATION * (1 - LENGTH_NORM), rarity * (SATURATION + 1)
        worth = array(
            "f",
            [
                gain * weight / (weight + floor + scale * lengths[number])
                for number, weight in zip(documents, weights, strict=True)
            ],
        )
        return Postings(documents, worth, bitmap(documents, self.size))

    def keep_page(self, key: object, page: SearchPage) -> None:
        """Remember an answer for as long as this generation lives."""
        with self._lock:
            self.pages[key] = page
            while len(self.pages) > PAGES_KEPT:
                self.pages.popitem(last=False)

    @cached_property
    def by_modified(self) -> list[int]:
        """Document numbers, the newest first; among equals the higher id."""
        return sorted(members(self.alive), key=lambda n: (-self.row_at(n).modified, -self.row_at(n).id))

    @cached_property
    def by_title(self) -> list[int]:
        """Document numbers by the words of the title, then id."""
        return [number for _, _, number in self._titles]

    @cached_property
    def _titles(self) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        offset = 0
        for segment, alive in self._segments:
            folded, rows = segment.folded, segment.rows
            found.extend((folded[number], rows[number].id, offset + number) for number in members(alive))
            offset += segment.size
        return sorted(found)

    def titles_opening(self, text: str, limit: int) -> list[int]:
        """Document numbers of the first titles, by the alphabet, that open with folded `text`."""
        start = bisect_left(self._titles, (text,))
        return [number for title, _, number in self._titles[start : start + limit] if title.startswith(text)]

    def titled(self, word: str) -> int:
        """The living datasets with the plain word in their title."""
        bits = offset = 0
        for segment, alive in self._segments:
            if (numbers := segment.titled.get(word)) is not None:
                bits |= (bitmap(numbers, segment.size) & alive) << offset
            offset += segment.size
        return bits

    @cached_property
    def newness(self) -> list[int]:
        """For each document number its place in `by_modified`, the lower the newer."""
        places = [self.size] * self.size
        for place, number in enumerate(self.by_modified):
            places[number] = place
        return places

    @cached_property
    def words(self) -> WordTable:
        """The plain words of the living datasets."""
        counts: Counter[str] = Counter()
        for segment, alive in self._segments:
            counts.update(segment.word_counts)
            for number in members(segment.loaded & ~alive):
                counts.subtract(segment.rows[number].words)
        return WordTable({word: count for word, count in counts.items() if count > 0})
