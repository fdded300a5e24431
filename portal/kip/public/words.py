"""The stems by which published answers are found, and how well a question fits them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from math import log

from datasets.search.indonesian import parts, words
from datasets.search.lexicon import Lexicon

MOST = 400
"""Stems that are kept of one text."""
COMMON = frozenset(
    [
        *("yang", "dan", "di", "ke", "dari", "untuk", "pada", "dengan", "adalah", "ini"),
        *("itu", "apa", "apakah", "berapa", "bagaimana", "mana", "siapa", "kapan", "saya", "kami"),
        *("mohon", "minta", "data", "informasi", "tentang", "the", "of", "and", "in", "to"),
        *("is", "are", "what", "how", "many", "please", "about"),
    ]
)
"""Words that every question has and that say nothing of what is asked."""


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The words of offices as they are shipped."""
    return Lexicon.load_or_shipped()


def stems(*texts: str) -> tuple[str, ...]:
    """The stems of texts, each once, without common words."""
    found: dict[str, None] = {}
    stemmer = lexicon().stemmer
    for text in texts:
        for word in words(text)[: MOST * 5]:
            if word not in COMMON:
                found.update(dict.fromkeys((stemmer.stem(word), *parts(word))))
    return tuple(found)[:MOST]


def kept(*texts: str) -> str:
    """Stems as the column `words` holds them: with blanks around each, so that whole ones are looked for."""
    return f" {' '.join(stems(*texts))} "


def score(asked: Collection[str], held: str, rarity: dict[str, float]) -> float:
    """How well a text fits: what its words are worth, of all that was asked for."""
    return sum(rarity.get(stem, 1.0) for stem in asked if f" {stem} " in held)


def rarity_of(asked: Iterable[str], texts: Collection[str]) -> dict[str, float]:
    """What each stem is worth: the rarer the more."""
    count = max(1, len(texts))
    return {stem: log(1 + count / (1 + sum(f" {stem} " in text for text in texts))) + 0.3 for stem in asked}
