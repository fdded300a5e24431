"""Words looked for in a table's rows: plain ones, or with the signs `& | ! ( )` and `word:*` of PostgreSQL's tsquery.

A word is found as a part of a text, letter case aside, and equal to a number; so `kapas` finds `Kapasan` too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from datasets.query.conditions import NEVER, Sql, condition, joined
from datasets.query.errors import BadValue, TooMuchAsked, shown
from datasets.query.question import Filter, Operator
from datasets.query.shape import ShapeColumn, TableShape

LONGEST = 1_000
MOST_WORDS = 32
DEEPEST = 12

_PLAIN = re.compile(r'"([^"]*)"|(\S+)')
_SIGNED = re.compile(r"\s*(?:(?P<sign>[&|!()]|<->)|'(?P<quoted>(?:[^']|'')*)'(?::\*?\w*)?|(?P<word>[^\s&|!()']+))")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Word:
    """The word must stand in `column`, or in any for None."""

    text: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; none is no condition."""

    parts: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """One part holds at least."""

    parts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part does not hold."""

    part: Words


Words = Word | Every | Some | Without
NOTHING = Every()


def plain_words(text: str, column: str | None = None) -> Words:
    """Each word of a text must be met; words in double quotes stay together."""
    _bounded(text)
    found = [quoted or bare.strip('"') for quoted, bare in _PLAIN.findall(text)]
    words = tuple(Word(word, column) for word in dict.fromkeys(found) if word.strip())
    _few(len(words))
    return Every(words)


def signed_words(text: str, column: str | None = None) -> Words:
    """A tsquery. Raises `BadValue` for one that cannot be read."""
    _bounded(text)
    tokens = [match for match in _SIGNED.finditer(text.rstrip()) if match.group().strip()]
    _few(len(tokens))
    return _Reader(text, tokens, column).read() if tokens else NOTHING


def every(parts: list[Words]) -> Words:
    """All of them."""
    return Every(tuple(part for part in parts if part != NOTHING))


def words_condition(words: Words, shape: TableShape) -> Sql:
    """The condition in SQL over the columns of `shape`. Raises `UnknownColumn`."""
    match words:
        case Word(text, None):
            return joined((_met(text, column) for column in shape.columns), "OR", otherwise=NEVER)
        case Word(text, str(name)):
            return _met(text, shape.column(name))
        case Every(parts):
            return joined((words_condition(part, shape) for part in parts), "AND", otherwise="true")
        case Some(parts):
            return joined((words_condition(part, shape) for part in parts), "OR", otherwise=NEVER)
        case Without(part):
            inner = words_condition(part, shape)
            return Sql(f"NOT coalesce({inner.text}, false)", inner.values)
    raise AssertionError(words)


def _met(word: str, column: ShapeColumn) -> Sql:
    if column.type == "string":
        return Sql(f"contains(lower({column.place}), lower(?))", (word,))
    if column.type in {"integer", "year", "number"}:
        return condition(Filter(column.name, Operator.EQ, (word,)), column) if _NUMBER.fullmatch(word) else Sql(NEVER)
    return Sql(f"starts_with(lower(CAST({column.place} AS VARCHAR)), lower(?))", (word,))


class _Reader:
    """Or over and over not; words beside each other must both be met."""

    def __init__(self, text: str, tokens: list[re.Match[str]], column: str | None) -> None:
        self._text, self._tokens, self._column = text, tokens, column
        self._at = self._depth = 0

    def read(self) -> Words:
        found = self._either()
        if self._at < len(self._tokens):
            raise self._wrong()
        return found

    def _sign(self, *signs: str) -> bool:
        met = self._at < len(self._tokens) and self._tokens[self._at]["sign"] in signs
        self._at += met
        return met

    def _either(self) -> Words:
        parts = [self._both()]
        while self._sign("|"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _both(self) -> Words:
        parts = [self._signed()]
        while self._at < len(self._tokens) and (
            self._sign("&", "<->") or self._tokens[self._at]["sign"] in (None, "!", "(")
        ):
            parts.append(self._signed())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _signed(self) -> Words:
        denied = False
        while self._sign("!"):
            denied = not denied
        found = self._atom()
        return Without(found) if denied else found

    def _atom(self) -> Words:
        if self._sign("("):
            self._depth += 1
            if self._depth > DEEPEST:
                raise self._wrong()
            found = self._either()
            self._depth -= 1
            if not self._sign(")"):
                raise self._wrong()
            return found
        if self._at >= len(self._tokens) or self._tokens[self._at]["sign"]:
            raise self._wrong()
        token = self._tokens[self._at]
        self._at += 1
        if token["quoted"] is not None:
            return Word(token["quoted"].replace("''", "'"), self._column)
        return Word(re.sub(r":(\*|[A-Da-d]\*?)$", "", token["word"]), self._column)

    def _wrong(self) -> BadValue:
        return BadValue(value=shown(self._text), argument="q", expected="a & (b | !c)")


def _bounded(text: str) -> None:
    if len(text) > LONGEST:
        raise TooMuchAsked(argument="q", count=len(text), most=LONGEST)
    if text.encode("utf-8", "replace").decode() != text:
        raise BadValue(value=shown(text), argument="q", expected="UTF-8")


def _few(count: int) -> None:
    if count > MOST_WORDS:
        raise TooMuchAsked(argument="q", count=count, most=MOST_WORDS)
