"""Rows that add up or average the others: known by their label, or by their figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from metadata.reading.grid import Cell, Row, tidy
from metadata.reading.headwords import words
from metadata.reading.rows import NOTE_BEGINS, Look, is_total, look

_END = "\x1f"
_TOTAL_BEGINS = re.compile(r"(?:^|\x1f)\s*(?:sub|grand|jumlah|jml|total|rata|rerata|average|mean)", re.IGNORECASE)
_BEGINS = re.compile(rf"\s*(?:(?:sub|grand|jumlah|jml|total|rata|rerata|average|mean)|{NOTE_BEGINS})", re.IGNORECASE)
_NOTED = re.compile(rf"(?:^|\x1f)\s*(?:{NOTE_BEGINS})", re.IGNORECASE)
_INDICATOR = re.compile(r"(?:jumlah|jml|total|rata\s*-?\s*rata)\s+\w", re.IGNORECASE)
_BARE = re.compile(r"(?:(?:sub|grand)[\s-]*)?(?:jumlah|jml|total|rata\s*-?\s*rata)(?:\s+total)?\s*[:.]?", re.IGNORECASE)
_ORDINALS = frozenset({"no", "nomor", "urut", "id", "num", "number", "rank", "peringkat", "field1"})


def spotted(cells: Sequence[Cell], header: str) -> list[int]:
    """Positions of the cells that may be the label of a total, begin a note, or repeat the header."""
    texts = [cell if isinstance(cell, str) else "" for cell in cells]
    joined = _END.join(texts)
    found = []
    if _TOTAL_BEGINS.search(joined) or _NOTED.search(joined):
        found = [position for position, text in enumerate(texts) if text and _BEGINS.match(text)]
    if header and header in joined:
        found += [position for position, text in enumerate(texts) if tidy(text) == header]
    return found


def total_label(row: Row, columns: Sequence[int], titles: Mapping[int, str], figures: frozenset[int]) -> str | None:
    """The label of a total row: its first words, with only a running number before them and figures after."""
    for position, column in enumerate(columns):
        text = tidy(row[column])
        if look(row[column]) is Look.WORDS:
            rest = columns[position + 1 :]
            counted = any(other in figures for other in rest) or not figures
            return text if is_total(text) and counted and rest else None
        if _ORDINALS.isdisjoint(words(titles.get(column, ""))):
            return None
    return None


def begins_like_indicator(text: str) -> bool:
    """Whether a label begins with "Jumlah" or the like and goes on: a list of indicators, not a total."""
    return _INDICATOR.match(text) is not None and not is_total(text)


def is_bare_total(label: str) -> bool:
    """Whether the label is the word alone, which cannot be an indicator."""
    return _BARE.fullmatch(label) is not None
