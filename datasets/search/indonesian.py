"""Indonesian words for searching: folded, cut at seams, and brought to one stem by Snowball and our own families."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

LONGEST_WORD = 64
"""Characters of a word that are looked at; what is longer is no word."""

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’`ʼ‘](?=\w)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEAM = re.compile(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)")
_LATIN = re.compile(r"[a-z]+")
_SHORTEST_STEMMED = 4


def fold(text: str) -> str:
    """Lower case without accents and apostrophes: "Jum'at" and "JUMAT" are one, "é" is "e", full-width is plain."""
    if text.isascii():
        folded = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return _APOSTROPHE.sub("", folded)


def words(text: str, *, camel: bool = False) -> list[str]:
    """The folded words of `text` in order; `camel` also cuts "jumlahPenduduk", as in the names of columns."""
    if camel:
        text = _CAMEL.sub(" ", text)
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=65_536)
def parts(word: str) -> tuple[str, ...]:
    """What a word of letters and digits is made of ("pdrb2023": "pdrb", "2023"); nothing for an unmixed word."""
    if word.isalpha() or word.isdecimal():
        return ()
    pieces = tuple(_SEAM.split(word))
    return pieces if len(pieces) > 1 else ()


class Stemmer:
    """Brings the forms of a word together, and leaves names alone.

    `families` says for a word what its stem is, where Snowball splits what belongs together (penduduk, kependudukan);
    `names` are never touched: Snowball makes "dewan", a council, of the kecamatan "Kedewan".
    """

    def __init__(self, families: Mapping[str, str], names: frozenset[str]) -> None:
        self._families = families
        self._names = names
        self._local = threading.local()
        self._known: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """The stem of one folded word; the word itself for digits, names, other scripts and up to three letters."""
        known = self._known.get(word)
        if known is None:
            known = self._stem(word)
            if len(self._known) > 200_000:  # strangers may send any number of words: the memory stays bounded
                self._known.clear()
            self._known[word] = known
        return known

    def _stem(self, word: str) -> str:
        if word in self._families:
            return self._families[word]
        if len(word) < _SHORTEST_STEMMED or word in self._names or not _LATIN.fullmatch(word):
            return word
        stem = self._snowball(word)
        return self._families.get(stem, stem)

    def _snowball(self, word: str) -> str:
        # Snowball keeps the word at work in the object, so each thread has its own.
        snowball = getattr(self._local, "snowball", None)
        if snowball is None:
            import snowballstemmer  # late: its languages load in 0.1 s

            snowball = self._local.snowball = snowballstemmer.stemmer("indonesian")
        stem = str(snowball.stemWord(word))
        return stem if len(stem) > 1 else word
