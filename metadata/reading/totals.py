"""Rows that add up or average the others: known by their label, or by their figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from metadata.reading.grid import Cell, Row, tidy
from metadata.reading.headwords import words
from metadata.reading.rows import Look, is_note, is_signature, is_total, look

_END = "\x01"
_MAY_BE_TOTAL = re.compile(
    _END + r"[ \t\xa0\"\']*(?:[jJtT]|[sS][uU][bB]|[gG][rR][aA]|[rR][aAeE]|[aA][vV][eE]|[mM][eE][aA])"
)
_TOTAL_BEGINS = re.compile(r"(?:sub|grand|jumlah|jml|total|rata|rerata|average|mean)", re.IGNORECASE)
_INDICATOR = re.compile(r"(?:jumlah|jml|total|rata\s*-?\s*rata)\s+\w", re.IGNORECASE)
_BARE = re.compile(r"(?:(?:sub|grand)[\s-]*)?(?:jumlah|jml|total|rata\s*-?\s*rata)(?:\s+total)?\s*[:.]?", re.IGNORECASE)
_REGION = re.compile(r"\b(?:kab(?:upaten)?|kota|kec(?:amatan)?|prov(?:insi)?)\.?\s+\w{3,}", re.IGNORECASE)
_MANY = 0.3
"""Share of distinct cells from which a column is searched as one text rather than by its distinct cells."""
_REMEMBERED = 20_000
_ORDINALS = frozenset({"no", "nomor", "urut", "id", "num", "number", "rank", "peringkat", "field1"})


@dataclass(slots=True)
class LabelWatch:
    """Watches a column of labels for those of totals, for notes, and for the header itself.

    `indicators` counts the different labels that begin with "Jumlah" or the like and go on.
    """

    header: str
    indicators: int = 0
    _seen: dict[str, bool] = field(default_factory=dict)

    def spot(self, cells: Sequence[Cell]) -> list[int]:
        """The positions of the cells that deserve a closer look at their rows."""
        distinct = set(cells)
        if len(distinct) > max(200, _MANY * len(cells)):
            joined = _END + _END.join(cell for cell in distinct if isinstance(cell, str))
            if self.header not in distinct and not _MAY_BE_TOTAL.search(joined):
                return []
        wanted = {cell for cell in distinct if isinstance(cell, str) and cell and self.is_suspect(cell)}
        return [position for position, cell in enumerate(cells) if cell in wanted] if wanted else []

    def is_suspect(self, cell: str) -> bool:
        """Whether the cell, by itself, deserves that its row is looked at."""
        known = self._seen.get(cell)
        if known is None:
            text = tidy(cell)
            known = is_total(text) if _TOTAL_BEGINS.match(text) else is_note(text) or is_signature(text)
            self.indicators += not known and _INDICATOR.match(text) is not None
            known = known or (text == self.header and bool(text))
            if len(self._seen) < _REMEMBERED:
                self._seen[cell] = known
        return known


def total_label(row: Row, columns: Sequence[int], titles: Mapping[int, str], figures: frozenset[int]) -> str | None:
    """The label of a total row: its only words beside a unit, with only a running number before and figures after."""
    for position, column in enumerate(columns):
        text = tidy(row[column])
        if look(row[column]) is Look.WORDS:
            rest = columns[position + 1 :]
            counted = any(other in figures for other in rest) or not figures
            said = [other for other in rest if look(row[other]) is Look.WORDS and not _is_unit(titles.get(other, ""))]
            return text if is_total(text) and counted and rest and not said else None
        if _ORDINALS.isdisjoint(words(titles.get(column, ""))):
            return None
    return None


def names_region(label: str) -> bool:
    """Whether the label goes on with a region and its name: "Jumlah Kecamatan Ngraho", not "Jumlah Desa Mandiri"."""
    return _REGION.search(label) is not None


def _is_unit(title: str) -> bool:
    return not {"satuan", "unit", "keterangan", "ket"}.isdisjoint(words(title))


def is_bare_total(label: str) -> bool:
    """Whether the label is the word alone, which cannot be an indicator."""
    return _BARE.fullmatch(label) is not None
