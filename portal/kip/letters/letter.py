"""A letter in words, before it is set: blocks that the PDF and the HTML show alike."""

from __future__ import annotations

from dataclasses import dataclass

from portal.kip.letters.facts import Signatory


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody else wrote, shown as theirs: the question, the reason of an objection."""

    text: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Names with their values, one a line; those without a value are left out by who composes."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list; `letters` counts a, b, c instead of 1, 2, 3."""

    items: tuple[str, ...]
    letters: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table inside a letter; `widths` are shares of the width."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Block = Text | Heading | Quote | Fields | Points | Grid


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: a titled one (`title` in the middle, number below), or one to somebody (`to`, with its `subject`).

    `place_date` stands over the signature; `signed` are the signatories, the last one at the right.
    """

    title: str
    number: str
    subject: str
    to: tuple[str, ...]
    blocks: tuple[Block, ...]
    place_date: str
    signed: tuple[Signatory, ...]
