"""Names for addresses and columns, made from what offices print."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

LONGEST_COLUMN = 63
"""Bytes of an identifier that PostgreSQL keeps; longer names would be cut there without a word."""

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_APOSTROPHES = "'’‘ʼ`´"
_SIGNS = {
    "%": " persen ",
    "‰": " promil ",
    "&": " dan ",
    "@": " at ",
    "²": "2",
    "³": "3",
    "×": " x ",
    "±": " plus minus ",
}


def slug(text: str, limit: int = 100) -> str:
    """`text` as a part of an address: lower-case ASCII letters, digits and single hyphens, at most `limit` long.

    It is cut between words where it can be. A text without any Latin letter or digit gets a name made of its hash, so
    that two such texts do not meet.
    """
    words = _words(text)
    if not words:
        return "u-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    if len(words[0]) > limit:
        return words[0][:limit]
    return _fit(words, limit, "-")


def column_name(text: str) -> str:
    """`text` as a column's name: lower-case ASCII, digits and `_`, never first a digit, at most 63 long.

    A year becomes `tahun_2024`, another leading digit gets `kolom_` before it. From a title that is too long the first
    and the last words are kept, because in joined headers the last level tells the columns apart. Nothing left: "".
    """
    words = _words(_CAMEL.sub(" ", text))
    if not words:
        return ""
    if words[0][0].isdigit():
        words.insert(0, "tahun" if re.fullmatch(r"(?:19|20)\d\d", words[0]) else "kolom")
    if len("_".join(words)) <= LONGEST_COLUMN:
        return "_".join(words)
    head = _fit(words, LONGEST_COLUMN // 2, "_") or words[0][: LONGEST_COLUMN // 2]
    rest = words[head.count("_") + 1 :]
    tail: list[str] = []
    while rest and len("_".join([head, rest[-1], *tail])) <= LONGEST_COLUMN:
        tail.insert(0, rest.pop())
    return "_".join([head, *tail])


def unique_names(names: Iterable[str]) -> list[str]:
    """The same names, each repeated one with `_2`, `_3`, … after it, still within the limit of length."""
    wanted = list(names)
    taken: set[str] = set()
    result = []
    for name in wanted:
        number, made = 1, name
        while made in taken or (number > 1 and made in wanted):
            number += 1
            ending = f"_{number}"
            made = name[: LONGEST_COLUMN - len(ending)] + ending
        taken.add(made)
        result.append(made)
    return result


def _words(text: str) -> list[str]:
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    spaced = "".join(_apart(char) for char in unicodedata.normalize("NFKD", text))
    return [word for word in _NOT_WORD.split(spaced.encode("ascii", "ignore").decode().lower()) if word]


def _apart(char: str) -> str:
    """Nothing for an apostrophe (Jum'at), a blank for any other punctuation: a dash between years parts them."""
    if char in _APOSTROPHES:
        return ""
    return " " if unicodedata.category(char)[0] in "PZS" else char


def _fit(words: list[str], limit: int, joint: str) -> str:
    made = ""
    for word in words:
        longer = f"{made}{joint}{word}" if made else word
        if len(longer) > limit:
            break
        made = longer
    return made
