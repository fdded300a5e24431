"""The words of government statistics that mean the same, kept as data in `lexicon.toml` and edited by the Walidata."""

from __future__ import annotations

import hashlib
import logging
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from datasets.search.indonesian import Stemmer, words
from metadata import regions
from metadata.errors import BadInput

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).with_name("lexicon.toml")

CONCEPT = "c:"
"""Opens the token of a concept; no word can, since words hold no colon."""


@dataclass(frozen=True, slots=True)
class Group:
    """One concept: the phrases that name it, and the wider concepts whose seekers are served by it as well."""

    id: str
    phrases: tuple[str, ...]
    wider: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Where concepts stand in a sequence of stems: `start` and `length` in words."""

    start: int
    length: int
    concepts: tuple[str, ...]


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """Concepts, families of stems, names that are not stemmed, stop and soft words; `digest` tells editions apart."""

    groups: tuple[Group, ...]
    families: dict[str, str]
    names: frozenset[str]
    stop: frozenset[str]
    soft: frozenset[str]
    digest: str

    @classmethod
    def load(cls, *files: Path) -> Lexicon:
        """Read the shipped lexicon and, on top of it, any further files that exist; raises BadInput naming the file.

        The names of all regions are protected in any case. A further file may add groups, or phrases to a group of the
        same id, and words to each of the other lists.
        """
        hashed = hashlib.sha256()
        groups: dict[str, Group] = {}
        families: dict[str, str] = {}
        lists: dict[str, set[str]] = {"names": _regions(), "stop": set(), "soft": set()}
        hashed.update(" ".join(sorted(lists["names"])).encode())
        for file in (SHIPPED, *files):
            if file.exists():
                content = file.read_bytes()
                hashed.update(content)
                try:
                    _merge(tomllib.loads(content.decode()), groups, families, lists)
                except (ValueError, TypeError, AttributeError, KeyError) as error:
                    raise BadInput(reason=f"{file.name}: {error}") from error
        return cls(
            groups=tuple(groups.values()),
            families=families,
            names=frozenset(lists["names"]),
            stop=frozenset(lists["stop"]),
            soft=frozenset(lists["soft"]),
            digest=hashed.hexdigest(),
        )

    @classmethod
    def load_or_shipped(cls, *files: Path) -> Lexicon:
        """The same, but with a mistake in a further file only logged: a search by fewer words beats none at all."""
        try:
            return cls.load(*files)
        except BadInput as error:
            log.error("%s", error)
            return cls.load()

    @cached_property
    def stemmer(self) -> Stemmer:
        """The stemmer with this lexicon's families and names."""
        return Stemmer(self.families, self.names)

    @cached_property
    def wider(self) -> dict[str, tuple[str, ...]]:
        """For each concept all that it serves as well, to the top."""
        direct = {group.id: group.wider for group in self.groups}
        return {start: tuple(_climb(start, direct)) for start in direct}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every single word that names a concept by itself, folded: what a misspelt word may have been meant to be."""
        return frozenset(
            folded[0] for group in self.groups for phrase in group.phrases if len(folded := words(phrase)) == 1
        )

    @cached_property
    def _root(self) -> _Node:
        root = _Node()
        for group in self.groups:
            for phrase in group.phrases:
                stems = self.stems(phrase)
                for variant in (stems, [stem for stem in stems if stem != "dan"]):  # "&" is no word
                    _plant(root, variant, group.id)
        return root

    def stems(self, phrase: str) -> list[str]:
        """The stems of a phrase, as concepts are looked up by them."""
        return [self.stemmer.stem(word) for word in words(phrase)]

    def knows(self, stem: str) -> bool:
        """Whether the stem stands in any phrase, so that it is no slip of the pen even if no dataset holds it."""
        return stem in self._phrase_stems

    @cached_property
    def _phrase_stems(self) -> frozenset[str]:
        return frozenset(stem for group in self.groups for phrase in group.phrases for stem in self.stems(phrase))

    def spans(self, stems: Sequence[str]) -> Iterator[Span]:
        """Every concept in a sequence of stems, also those inside a longer one."""
        for start in range(len(stems)):
            node = self._root
            for end in range(start, len(stems)):
                found = node.children.get(stems[end])
                if found is None:
                    break
                node = found
                if node.concepts:
                    yield Span(start, end - start + 1, node.concepts)


def _regions() -> set[str]:
    """The words of the regions' names: Snowball makes "dewan", a council, of Kedewan, "kacang", nuts, of Kacangan."""
    return {word for region in regions.load() for name in (region.name, *region.aliases) for word in words(name)}


def _plant(root: _Node, stems: Sequence[str], concept: str) -> None:
    node = root
    for stem in stems:
        node = node.children.setdefault(stem, _Node())
    if node is not root and concept not in node.concepts:
        node.concepts = (*node.concepts, concept)


def _merge(
    content: dict[str, object], groups: dict[str, Group], families: dict[str, str], lists: dict[str, set[str]]
) -> None:
    unknown = content.keys() - {"concepts", "wider", "families", *lists}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    wider = _table(content, "wider")
    for id_, phrases in _table(content, "concepts").items():
        earlier = groups.get(id_, Group(id_, ()))
        groups[id_] = Group(id_, tuple(dict.fromkeys((*earlier.phrases, *phrases))), earlier.wider)
    for id_, above in wider.items():
        missing = [name for name in (id_, *above) if name not in groups]
        if missing:
            raise ValueError(f"wider: no concept {', '.join(missing)}")
        groups[id_] = Group(id_, groups[id_].phrases, tuple(dict.fromkeys((*groups[id_].wider, *above))))
    for stem, members in _table(content, "families").items():
        for member in (stem, *members):
            if families.setdefault(member, stem) != stem:
                raise ValueError(f"families: {member} belongs to {families[member]} already")
    for name, listed in lists.items():
        table = content.get(name, {})
        if not isinstance(table, dict):
            raise TypeError(f"{name}: a table of lists is expected")
        for texts in table.values():
            listed.update(word for text in texts for word in words(text))


def _table(content: dict[str, object], name: str) -> dict[str, list[str]]:
    table = content.get(name, {})
    if not isinstance(table, dict):
        raise TypeError(f"{name}: a table is expected")
    for key, value in table.items():
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise TypeError(f"{name}.{key}: a list of texts is expected")
    return table


def _climb(start: str, direct: dict[str, tuple[str, ...]]) -> Iterator[str]:
    seen, waiting = {start}, list(direct[start])
    while waiting:
        concept = waiting.pop(0)
        if concept not in seen:
            seen.add(concept)
            yield concept
            waiting.extend(direct[concept])
