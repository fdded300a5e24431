"""From an answer of BPS to tidy rows: keys are found again from the dimensions, never cut, and never guessed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr)\b[^<>]*>", re.IGNORECASE)
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}\.\d{3}")
LONGEST_CODE = 12
"""Digits of the longest code there may be (a village has ten); it bounds the ways in which a key can be split."""
AMBIGUOUS = "kode sel ganda di sumber; nilainya tidak dapat dipastikan"

Labels = Mapping[str, str]
Coordinates = tuple[str, str, str, str]
"""Codes of vervar, turvar, tahun and turtahun."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with the codes of its place and their labels; `nilai` is a plain decimal figure or empty."""

    codes: Coordinates
    labels: Coordinates
    nilai: str
    catatan: str = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The cells of an answer; for each ambiguous key its places, as cells that say so; and keys that fit no place."""

    cells: tuple[Cell, ...]
    ambiguous: tuple[tuple[Cell, ...], ...] = ()
    unknown: tuple[str, ...] = ()


def decode(answer: Mapping[str, Any]) -> Decoded:
    """The figures in `datacontent`, each under the codes whose concatenation (without padding) is its key.

    A key that two combinations of codes make is ambiguous: each of its places is named, and none gets the value.
    """
    dimensions = [labels_of(answer.get(name)) for name in ("vervar", "turvar", "tahun", "turtahun")]
    variable = next(iter(labels_of(answer.get("var"))), "")
    axes: list[Labels] = [dimensions[0], {variable: ""}, *dimensions[1:]]
    parts = [(codes, sorted({len(code) for code in codes})) for codes in axes]
    content = answer.get("datacontent")
    cells: list[Cell] = []
    ambiguous: list[tuple[Cell, ...]] = []
    unknown: list[str] = []
    for key, value in content.items() if isinstance(content, dict) else ():
        found = [_place(codes, dimensions) for codes in _splits(key, parts)]
        if len(found) > 1:
            ambiguous.append(tuple(Cell(*place, nilai="", catatan=AMBIGUOUS) for place in found))
        elif not found:
            unknown.append(key)
        elif value is not None:
            cells.append(Cell(*found[0], *figure(value)))
    return Decoded(tuple(cells), tuple(ambiguous), tuple(unknown))


def _place(codes: Sequence[str], dimensions: Sequence[Labels]) -> tuple[Coordinates, Coordinates]:
    vervar, _, turvar, tahun, turtahun = codes
    place = (vervar, turvar, tahun, turtahun)
    first, second, third, fourth = (names[code] for names, code in zip(dimensions, place, strict=True))
    return place, (first, second, third, fourth)


def _splits(
    key: str, parts: Sequence[tuple[Labels, Sequence[int]]], before: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Every way to write `key` as one code of each of `parts`: the same as making the keys of all combinations.

    Each part comes with the lengths that its codes have.
    """
    codes, lengths = parts[0]
    if len(parts) == 1:
        if key in codes:
            yield (*before, key)
        return
    for length in lengths:
        if key[:length] in codes:
            yield from _splits(key[length:], parts[1:], (*before, key[:length]))


def labels_of(dimension: Any) -> dict[str, str]:
    """Code to label of a dimension, plain text; a label that occurs twice gets its code behind it."""
    entries = [one for one in dimension if isinstance(one, dict)] if isinstance(dimension, list) else []
    labels: dict[str, str] = {}
    for one in entries:
        code = str(one.get("val", "")).strip()
        if 0 < len(code) <= LONGEST_CODE:
            labels.setdefault(code, " ".join(plain_text(one.get("label")).split()))
    taken = list(labels.values())
    return {code: f"{label} ({code})" if taken.count(label) > 1 else label for code, label in labels.items()}


def figure(value: Any) -> tuple[str, str]:
    """A value as (nilai, catatan): what is not plainly a number stays as it was said, and never becomes 0.

    A text such as "1.234" may mean either number, so it is none.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format(Decimal(repr(value)), "f"), ""
    text = " ".join(plain_text(value).split())
    if _PLAIN.fullmatch(text) and not _GROUPED.fullmatch(text):
        return text, ""
    return "", text[:500]


def plain_text(value: Any) -> str:
    """Text of HTML that may be escaped twice: breaks become line ends, tags and blank lines go."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = html.unescape(html.unescape(str(value))).replace("\xa0", " ")
    text = _TAG.sub("", _BREAK.sub("\n", text))
    return "\n".join(line for line in (" ".join(one.split()) for one in text.splitlines()) if line)


def table_html(value: Any) -> str:
    """The HTML of a static table: it comes escaped, now and then twice."""
    text = str(value or "")
    for _ in range(2):
        if "<table" in text.lower():
            break
        text = html.unescape(text)
    return text


def rhythm(periods: Labels) -> str | None:
    """The frequency that the labels of the periods within a year tell; None when they tell none."""
    words = " ".join(periods.values()).lower()
    for mark, frequency in (("januari", "bulanan"), ("january", "bulanan"), ("triwulan", "triwulanan")):
        if mark in words:
            return frequency
    if "semester" in words:
        return "semesteran"
    return "tahunan" if re.search(r"tahun|annual|year", words) else None
