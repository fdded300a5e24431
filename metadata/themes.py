"""The subjects by which people browse, and a guess at those of a dataset from its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from metadata import vocabularies
from metadata.terms import Bilingual

MOST = 2
"""A guess names no more themes than this: a dataset that is everywhere is found nowhere."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject. `icon` is a symbol of the sprite, `keywords` the words that give it away, `position` its place."""

    slug: str
    title: Bilingual
    description: Bilingual
    icon: str
    keywords: tuple[str, ...]
    position: int


def every() -> tuple[Theme, ...]:
    """All subjects in the order in which they are shown."""
    return tuple(_by_slug().values())


def get(slug: str) -> Theme | None:
    """The subject of that slug."""
    return _by_slug().get(slug)


def match(text: str) -> Theme | None:
    """The subject meant by a slug or a title in either language, as a portal's group is named."""
    wanted = vocabularies.key(text)
    for theme in every():
        if wanted in map(vocabularies.key, (theme.slug, theme.title.id, theme.title.en)):
            return theme
    return None


def guess(text: str, *more: Iterable[str]) -> tuple[str, ...]:
    """The slugs of the subjects that `text` (a title) speaks of, the strongest first; empty when no word tells.

    `more` are weaker hints (keywords, a description, column titles), each worth a third of the title, as is what
    follows "menurut" in it. A key word of several words counts as many times: "penduduk miskin" outweighs "penduduk".
    """
    scores = dict.fromkeys(_by_slug(), 0.0)
    subject, _, classes = vocabularies.key(text).partition(" menurut ")
    for weight, said in ((3.0, subject), (1.0, classes), *((1.0, " | ".join(hint)) for hint in more)):
        normal = f" {vocabularies.key(said)} "
        for slug, words in _patterns().items():
            scores[slug] += weight * sum(worth for pattern, worth in words if pattern.search(normal))
    ranked = sorted((slug for slug in scores if scores[slug] > 0), key=lambda slug: -scores[slug])
    if not ranked:
        return ()
    return tuple(slug for slug in ranked[:MOST] if scores[slug] >= 0.5 * scores[ranked[0]])


@cache
def _by_slug() -> dict[str, Theme]:
    return {
        row["slug"]: Theme(
            slug=row["slug"],
            title=Bilingual(row["title_id"], row["title_en"]),
            description=Bilingual(row["description_id"], row["description_en"]),
            icon=row["icon"],
            keywords=vocabularies.words(row["keywords"]),
            position=position,
        )
        for position, row in enumerate(vocabularies.rows("themes"))
    }


@cache
def _patterns() -> dict[str, tuple[tuple[re.Pattern[str], int], ...]]:
    return {
        slug: tuple(
            (re.compile(rf" {re.escape(word)}(?:nya)? "), len(word.split()))
            for word in dict.fromkeys(map(vocabularies.key, theme.keywords))
        )
        for slug, theme in _by_slug().items()
    }
