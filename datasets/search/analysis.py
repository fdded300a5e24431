"""What of a dataset goes into the index: weighted tokens of its words and concepts, and its plain words for repairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from datasets.search.index import SearchDocument
from datasets.search.indonesian import parts, words
from datasets.search.lexicon import CONCEPT, Lexicon

ANALYSIS = 1
"""Edition of the rules in this file; raise it when the tokens they make change, and every index is made anew."""

TITLE, TAGS, ORGANISATION, COLUMNS, DESCRIPTION = 6.0, 4.0, 2.0, 1.5, 1.0
"""How much a word counts by where it stands; a word's weights add up before they saturate, as BM25F has it."""

WIDER = 0.15
"""What a narrower concept is worth to those who ask for the wider one."""

LONGEST_SECTION = 2_000
"""Words that are read of any one section, so that no dataset, with whatever description, slows the others down."""

_REPEATS = 3  # a word is counted at most so often in one section


@dataclass(frozen=True, slots=True)
class Analysed:
    """A dataset as tokens with their weights, its `length` in words for ranking, and its plain words in order."""

    tokens: dict[str, float]
    words: tuple[str, ...]
    length: float


@dataclass(frozen=True, slots=True)
class _Section:
    weight: float
    texts: Iterable[str]
    plain: bool = True
    camel: bool = False


def analyse(document: SearchDocument, lexicon: Lexicon) -> Analysed:
    """Bring a dataset to tokens. Pure: the same document and lexicon always give the same."""
    tokens: defaultdict[str, float] = defaultdict(float)
    plain: dict[str, None] = {}
    length = 0.0
    for section in _sections(document):
        counts: Counter[str] = Counter()
        read = 0
        for text in section.texts:
            found = words(text, camel=section.camel)[: LONGEST_SECTION - read]
            read += len(found)
            counts.update(_tokens(found, lexicon))
            if section.plain:
                plain.update(dict.fromkeys(found))
            if read >= LONGEST_SECTION:
                break
        wider: set[str] = set()
        for token, count in counts.items():
            tokens[token] += section.weight * min(count, _REPEATS)
            if token.startswith(CONCEPT):
                wider.update(lexicon.wider[token.removeprefix(CONCEPT)])
            else:
                length += min(count, _REPEATS)
        for concept in wider:
            if CONCEPT + concept not in counts:
                tokens[CONCEPT + concept] += section.weight * WIDER
    kept = tuple(word for word in plain if len(word) > 2 and not word.isdecimal())
    return Analysed(tokens=dict(tokens), words=kept, length=length)


def _sections(document: SearchDocument) -> Iterator[_Section]:
    yield _Section(TITLE, (document.title,))
    yield _Section(TAGS, document.tags)
    yield _Section(ORGANISATION, (document.organization_title, document.organization))
    yield _Section(ORGANISATION, document.region_names)
    yield _Section(ORGANISATION, (*map(str, document.years), *document.themes), plain=False)
    yield _Section(COLUMNS, document.columns, camel=True)
    yield _Section(DESCRIPTION, (document.description,), plain=False)


def _tokens(found: list[str], lexicon: Lexicon) -> Iterator[str]:
    """Stems, the parts of mixed words, and every concept that stands here."""
    stems = [lexicon.stemmer.stem(word) for word in found]
    yield from stems
    for word in found:
        yield from parts(word)
    for span in lexicon.spans(stems):
        for concept in span.concepts:
            yield CONCEPT + concept
