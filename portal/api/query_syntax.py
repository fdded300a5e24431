"""The part of Solr's query language that CKAN's clients send in `q` and `fq`; anything else is text, never an error.

`field:value`, `field:"a b"`, `field:(a OR b)`, `field:[low TO high]`, `+` `-` `NOT`, `AND`, `OR`, parentheses. Terms
that merely stand beside each other must all hold and bind weakest, so that `organization:a OR organization:b groups:c`
means what its writer means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DEEPEST = 12
LONGEST = 16_000


@dataclass(frozen=True, slots=True)
class Term:
    """`field` must have `value` (with `*` and `?` as wild cards); text without a field has None."""

    field: str | None
    value: str


@dataclass(frozen=True, slots=True)
class Range:
    """`field` lies between `low` and `high`, as written, None for open; `[` `]` include the bounds, `{` `}` do not."""

    field: str
    low: str | None
    high: str | None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; no parts hold always."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Node, ...]


Node = Term | Range | Not | All | Any

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<range>(?P<rfield>[A-Za-z_][\w.]*):(?P<open>[\[{])\s*(?P<low>\S+)\s+TO\s+(?P<high>[^\s\]}]+)\s*(?P<close>[\]}]))
    | (?P<phrase>(?:(?P<pfield>[A-Za-z_*][\w.]*):)?"(?P<quoted>(?:[^"\\]|\\.)*)")
    | (?P<group>(?P<gfield>[A-Za-z_][\w.]*):(?=\())
    | (?P<open_paren>\() | (?P<close_paren>\))
    | (?P<sign>[+!-](?=[\w(*"]))
    | (?P<operator>(?:AND|OR|NOT)(?![^\s()])|&&|\|\|)
    | (?P<term>(?P<tfield>[A-Za-z_*][\w.]*):(?P<value>[^\s()"\[\]{}]+))
    | (?P<word>[^\s()]+)
    )""",
    re.VERBOSE,
)


_KINDS = ("range", "phrase", "group", "open_paren", "close_paren", "sign", "operator", "term", "word")


def understand(query: str) -> Node:
    """The meaning of a query; an empty one and `*:*` mean everything."""
    return _Parser(query[:LONGEST]).parse()


def split_text(node: Node) -> tuple[str, Node]:
    """The words that all must be met, to be given to the search index, and what remains as conditions."""
    parts = node.parts if isinstance(node, All) else (node,)
    words = [part.value for part in parts if isinstance(part, Term) and part.field is None]
    rest = tuple(part for part in parts if not (isinstance(part, Term) and part.field is None))
    return " ".join(words), All(rest)


class _Parser:
    """One pass over the tokens: juxtaposition over OR over AND over signs over atoms."""

    def __init__(self, query: str) -> None:
        self._tokens = [match for match in _TOKEN.finditer(query) if match.group().strip()]
        self._at = 0
        self._depth = 0

    def parse(self) -> Node:
        parts: list[Node] = []
        while self._at < len(self._tokens):
            before = self._at
            parts.append(self._beside(None))
            if self._at == before or self._kind() == "close_paren":
                self._at += 1  # a stray parenthesis or operator means nothing
        return _all(parts)

    def _kind(self) -> str | None:
        if self._at >= len(self._tokens):
            return None
        return next(kind for kind in _KINDS if self._tokens[self._at][kind] is not None)

    def _beside(self, field: str | None) -> Node:
        parts: list[Node] = []
        while self._kind() not in (None, "close_paren"):
            before = self._at
            parts.append(self._either(field))
            if self._at == before:
                self._at += 1
        return _all(parts)

    def _either(self, field: str | None) -> Node:
        parts = [self._both(field)]
        while self._operator("OR", "||"):
            parts.append(self._both(field))
        kept = tuple(part for part in parts if part != All())
        return parts[0] if len(parts) == 1 else Any(kept) if len(kept) > 1 else kept[0] if kept else All()

    def _both(self, field: str | None) -> Node:
        parts = [self._signed(field)]
        while self._operator("AND", "&&"):
            parts.append(self._signed(field))
        return _all(parts)

    def _signed(self, field: str | None) -> Node:
        negated = False
        while self._kind() == "sign" or self._is_operator("NOT"):
            negated ^= self._tokens[self._at].group().strip() in ("-", "!", "NOT")
            self._at += 1
        atom = self._atom(field)
        return Not(atom) if negated and atom != All() else atom

    def _atom(self, field: str | None) -> Node:
        kind = self._kind()
        if kind is None or kind in ("close_paren", "operator"):
            return All()
        token = self._tokens[self._at]
        self._at += 1
        if kind == "open_paren":
            return self._inside(field)
        if kind == "group":
            self._at += 1
            return self._inside(token["gfield"])
        return _leaf(token, kind, field)

    def _inside(self, field: str | None) -> Node:
        self._depth += 1
        node = self._beside(field) if self._depth <= DEEPEST else All()
        self._depth -= 1
        if self._kind() == "close_paren":
            self._at += 1
        return node

    def _is_operator(self, *words: str) -> bool:
        return self._kind() == "operator" and self._tokens[self._at].group().strip() in words

    def _operator(self, *words: str) -> bool:
        found = self._is_operator(*words)
        self._at += found
        return found


def _leaf(token: re.Match[str], kind: str, field: str | None) -> Node:
    if kind == "range":
        low, high = (None if bound == "*" else bound.strip('"') for bound in (token["low"], token["high"]))
        return Range(token["rfield"], low, high, with_low=token["open"] == "[", with_high=token["close"] == "]")
    if kind == "phrase":
        return Term(token["pfield"] or field, re.sub(r"\\(.)", r"\1", token["quoted"]))
    if kind == "term":
        everything = (token["tfield"], token["value"]) == ("*", "*")
        return All() if everything else Term(token["tfield"], re.sub(r"\\(.)", r"\1", token["value"]))
    word = re.sub(r"\\(.)", r"\1", token["word"])
    return All() if word == "*" and field is None else Term(field, word)


def _all(parts: list[Node]) -> Node:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, All) else (part,))
    return flat[0] if len(flat) == 1 else All(tuple(flat))
