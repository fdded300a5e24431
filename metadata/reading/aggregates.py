"""Rows without the word "Jumlah" that are totals all the same: the last adds up the others, or a region its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from metadata.reading import headwords
from metadata.reading.body import Body, Reason
from metadata.reading.canonical import converter
from metadata.reading.grid import Cell, is_blank, tidy
from metadata.reading.remarks import Read
from metadata.reading.rows import Look, look

MOST_ROWS = 20_000
"""Rows up to which the sums are tried; a longer table is no report with a total below it."""
FEWEST_PARTS = 3
ENOUGH_PARTS = 5
"""Parts from which one column that adds up is enough."""

_PROVINCES = frozenset(
    (
        *("aceh", "sumatera utara", "sumatera barat", "riau", "jambi", "sumatera selatan", "bengkulu", "lampung"),
        *("kepulauan bangka belitung", "kep bangka belitung", "kepulauan riau", "kep riau", "dki jakarta", "jakarta"),
        *("jawa barat", "jawa tengah", "di yogyakarta", "d i yogyakarta", "yogyakarta", "jawa timur", "banten", "bali"),
        *("nusa tenggara barat", "nusa tenggara timur", "kalimantan barat", "kalimantan tengah", "kalimantan selatan"),
        *("kalimantan timur", "kalimantan utara", "sulawesi utara", "sulawesi tengah", "sulawesi selatan", "gorontalo"),
        *("sulawesi tenggara", "sulawesi barat", "maluku", "maluku utara", "papua", "papua barat", "papua selatan"),
        *("papua tengah", "papua pegunungan", "papua barat daya"),
    )
)
_LEVELS = (
    ("nation", re.compile(r"indonesia|nasional|republik indonesia|ri")),
    ("province", re.compile(r"(?:provinsi|propinsi|prov|prop)\b.*")),
    ("regency", re.compile(r"(?:kabupaten|kab|kota|kotamadya)\b.+")),
    ("district", re.compile(r"(?:kecamatan|kec)\b.+")),
)


@dataclass(frozen=True, slots=True)
class _Sums:
    """The figures of one column: of the row in question, and of all others together."""

    own: float
    others: float
    parts: int
    decimals: int
    least: float
    most: float

    @property
    def adds_up(self) -> bool:
        """Whether the row's figure is the sum of the others, but for their rounding."""
        rounding = 0.51 * self.parts * 10.0**-self.decimals if self.decimals else 0
        return self.parts >= FEWEST_PARTS and abs(self.own - self.others) <= rounding + 1e-9 * abs(self.own)

    @property
    def lies_between(self) -> bool:
        """Whether it is among the others, as a rate or mean of them is."""
        return self.least <= self.own <= self.most


def drop_aggregates(body: Body, columns: Sequence[Read], places: Sequence[int]) -> None:
    """Take out of `body` the first or last row if it is the sum of the others.

    The last row counts as a sum when all its figures are, or one over five parts while the others lie among those of
    the parts, as rates do. A region above the others (Kabupaten below its kecamatan, a province beside its regencies)
    needs one figure that is a sum. A row whose code begins the codes of the others is a member of a register and stays.
    """
    if body.stop is None or not FEWEST_PARTS < body.kept <= MOST_ROWS:
        return
    rows = [pair for block in body.numbered() for pair in block]
    cells = list(zip(*(row for _, row in rows), strict=True))
    measures = [
        converter(column.plan)(cells[place])
        for column, place in zip(columns, places, strict=True)
        if column.plan.type in ("integer", "number") and not headwords.names_ordinal(column.title)
    ]
    for position in (len(rows) - 1, 0):
        label = _label(rows[position][1], places, columns)
        if label is None or _begins_codes(cells, places, columns, position):
            continue
        sums = [found for figures in measures if (found := _sums(figures, position)) is not None]
        region = _is_above(label, [_label(row, places, columns) for _, row in rows if row is not rows[position][1]])
        if _is_total(sums, is_region=region, is_last=position > 0):
            number, row = rows[position]
            body.drop(number, row, Reason.TOTAL)
            body.labels[number] = label
            body.kept -= 1
            return


def _is_total(sums: list[_Sums], *, is_region: bool, is_last: bool) -> bool:
    telling = [found for found in sums if found.own]
    right = [found for found in telling if found.adds_up]
    if not right:
        return False
    if is_region:
        return True
    sound = all(found.adds_up or found.lies_between for found in telling)
    return is_last and sound and (len(right) == len(telling) > 1 or right[0].parts >= ENOUGH_PARTS)


def _sums(column: Sequence[Cell], position: int) -> _Sums | None:
    own = str(column[position])
    if not own:
        return None
    others = [str(cell) for at, cell in enumerate(column) if at != position and cell != ""]
    decimals = max((len(cell.partition(".")[2]) for cell in (own, *others)), default=0)
    figures = [float(cell) for cell in others]
    ends = (min(figures), max(figures)) if figures else (0.0, 0.0)
    return _Sums(float(own), sum(figures), len(figures), min(decimals, 6), *ends)


def _label(row: Sequence[Cell], places: Sequence[int], columns: Sequence[Read]) -> str | None:
    for place, column in zip(places, columns, strict=True):
        if column.plan.type == "string" and not column.plan.code and not is_blank(row[place]):
            text = tidy(row[place])
            return text if look(row[place]) is Look.WORDS else None
    return None


def _begins_codes(cells: list[tuple[Cell, ...]], places: Sequence[int], columns: Sequence[Read], position: int) -> bool:
    """Whether the row's code is the beginning of the codes of half the others: 35 before 35.01, 35.02, …"""
    for place, column in zip(places, columns, strict=True):
        if column.plan.type == "string" and headwords.names_code(column.title):
            codes = [tidy(cell).rstrip(".0") if "." in tidy(cell) else tidy(cell) for cell in cells[place]]
            own = codes[position]
            others = [code for at, code in enumerate(codes) if at != position and code]
            if own and sum(code.startswith(own) for code in others) >= 0.5 * len(others) > 0:
                return True
    return False


def _is_above(label: str, others: Sequence[str | None]) -> bool:
    """Whether the label names a region of a higher level than the other labels do."""
    level = _level(label)
    if level is None:
        return False
    levels = [_level(other) for other in others if other]
    return sum(other == level for other in levels) <= 0.1 * len(levels)


def _level(label: str) -> str | None:
    plain = " ".join(re.findall(r"[a-z]+", label.lower()))
    if plain in _PROVINCES:
        return "province"
    return next((level for level, pattern in _LEVELS if pattern.fullmatch(plain)), None)
