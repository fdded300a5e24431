"""From a person's words to what is looked for: concepts, repairs, completions; the same above every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from datasets.search.indonesian import parts, words
from datasets.search.lexicon import CONCEPT, Lexicon, Span
from datasets.search.words import WordTable

LONGEST_TEXT = 1_000
"""Characters of a query that are read; LONGEST_PLAN words of these are looked for."""

LONGEST_PLAN = 24

_SHORTEST_BEGINNING = 3
_COMPLETIONS = 40


class Vocabulary(Protocol):
    """What a catalogue knows of words; both calls are cheap."""

    def frequency(self, token: str) -> int:
        """How many datasets hold the token."""
        ...

    @property
    def words(self) -> WordTable:
        """The plain words, for repairs and completions."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for: met where all tokens of any alternative stand, or all the `loose` ones.

    `loose` are the words of a phrase where it does not stand as a phrase; that counts for less. `extra` tokens only
    raise the rank. A term that is not `required` only ranks too.
    """

    alternatives: tuple[tuple[str, ...], ...]
    loose: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for. Without terms: everything if `browse` (nothing was said), else nothing (no word was in it)."""

    terms: tuple[Term, ...] = ()
    corrected: str | None = None
    browse: bool = False

    @property
    def required(self) -> tuple[Term, ...]:
        """The terms that decide what is found."""
        return tuple(term for term in self.terms if term.required)


@dataclass(slots=True)
class _Word:
    """A word of the query on its way into the plan; `completions` when it is only the beginning of known words."""

    text: str
    stem: str
    completions: tuple[str, ...] = field(default=())


def make_plan(text: str, lexicon: Lexicon, vocabulary: Vocabulary, *, repair: bool = True) -> Plan:
    """Understand a query. Never raises, whatever the text holds.

    `repair=False` takes every word as it is written: for those who insist on what they typed.
    """
    typed = list(dict.fromkeys(words(text[:LONGEST_TEXT])))[:LONGEST_PLAN]
    if not typed:
        return Plan(browse=not text.strip())
    query: list[_Word] = []
    mended = False
    for word in typed:
        understood = _understand(word, lexicon, vocabulary) if repair else [_Word(word, lexicon.stemmer.stem(word))]
        mended = mended or [found.text for found in understood] != [word]
        query.extend(understood)
    terms = list({term.alternatives: term for term in _terms(query, lexicon, vocabulary)}.values())
    if not terms:  # "data apa saja?"
        return Plan(browse=True)
    if not any(term.required for term in terms):
        terms = [replace(term, required=True) for term in terms]
    return Plan(terms=tuple(terms), corrected=" ".join(word.text for word in query) if mended else None)


def _understand(word: str, lexicon: Lexicon, vocabulary: Vocabulary) -> list[_Word]:
    """The word itself where it is known or beyond repair, else what was probably meant."""
    stem = lexicon.stemmer.stem(word)
    asis = [_Word(word, stem)]
    pieces = parts(word)
    if (
        word.isdecimal()
        or word in lexicon.stop
        or word in lexicon.soft
        or lexicon.knows(stem)
        or vocabulary.frequency(stem)
        or (pieces and all(vocabulary.frequency(piece) for piece in pieces))
    ):
        return asis
    table = vocabulary.words
    if len(word) >= _SHORTEST_BEGINNING and (completions := table.commonest(word, _COMPLETIONS)):
        return [_Word(word, stem, tuple(completions))]
    meant = table.nearest(word)
    if meant is None:
        halves = table.halves(word)
        return [_Word(half, lexicon.stemmer.stem(half)) for half in halves] if halves else asis
    return [_Word(meant, lexicon.stemmer.stem(meant))]


def _terms(query: list[_Word], lexicon: Lexicon, vocabulary: Vocabulary) -> Iterator[Term]:
    """Concepts first, the longest at each place, in the place of their words; then the words that are left."""
    longest: dict[int, Span] = {}
    for span in lexicon.spans([word.stem for word in query]):
        if any(vocabulary.frequency(CONCEPT + concept) for concept in span.concepts):
            longest[span.start] = span  # spans of one start come shortest first
    position = 0
    while position < len(query):
        span_here = longest.get(position)
        if span_here is not None:
            covered = query[position : position + span_here.length]
            stems = tuple(word.stem for word in covered)
            yield Term(
                alternatives=tuple((CONCEPT + concept,) for concept in span_here.concepts),
                loose=stems if len(stems) > 1 else (),
                extra=stems,
                required=any(word.text not in lexicon.soft for word in covered),
            )
            position += span_here.length
            continue
        word = query[position]
        position += 1
        if word.completions:
            yield _completed(word, lexicon, vocabulary)
        elif word.text not in lexicon.stop:
            plain = _plain(word, vocabulary)
            yield Term(plain.alternatives, required=word.text not in lexicon.soft)


def _plain(word: _Word, vocabulary: Vocabulary) -> Term:
    pieces = parts(word.text)
    if pieces and all(vocabulary.frequency(piece) for piece in pieces):
        return Term(((word.stem,), pieces))
    return Term(((word.stem,),))


def _completed(word: _Word, lexicon: Lexicon, vocabulary: Vocabulary) -> Term:
    stems = dict.fromkeys(lexicon.stemmer.stem(completion) for completion in word.completions)
    return Term(tuple((stem,) for stem in stems if vocabulary.frequency(stem)) or ((word.stem,),))
