"""All figures of one BPS variable, asked for in windows of years as large as the API allows, and smaller ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harvesters.adapter import FetchFailed
from harvesters.bps.decoding import Cell, Coordinates, decode
from harvesters.bps.protocol import BpsApi, WindowTooLarge
from metadata.terms import Bilingual

MOST_SECOND_LOOKS = 300
"""Questions asked at most to clear up ambiguous keys of one variable; what is open then is flagged."""


class UnknownKeys(FetchFailed):
    """Figures whose keys fit none of the places that the answer itself lists."""

    code = "bps.unknown_keys"
    text = Bilingual(
        id="{count} angka di {location} berkode yang tidak cocok dengan daftar wilayah, kategori, tahun, dan "
        "periodenya (misalnya {example}). Versi terakhir dipertahankan; laporkan kepada BPS.",
        en="{count} figures of {location} have codes that do not fit its lists of regions, categories, years and "
        "periods (such as {example}). The last version is kept; report it to BPS.",
    )


class Windows:
    """Reads one variable. `size` years are asked for at once to begin with; answers make it smaller."""

    def __init__(self, api: BpsApi, variable: int, *, size: int) -> None:
        self._api, self._variable, self._size = api, variable, size
        self._looks = 0

    def ask(self, years: Sequence[int], **narrowed: str) -> dict[str, Any] | None:
        """One answer of `model=data`; years as BPS numbers them, 1900 being 0."""
        th = ";".join(str(year) for year in years)
        return self._api.ask("list", model="data", var=self._variable, th=th, **narrowed)

    def read(self, years: Sequence[int]) -> Iterator[tuple[str, list[Cell]]]:
        """The unit and the cells of each window in turn, in the order of year, first dimension, category, period.

        Raises `UnknownKeys`, and `WindowTooLarge` when not even one cell's worth can be had.
        """
        rest = list(years)
        while rest:
            window, after = rest[: self._size], rest[self._size :]
            try:
                found = self._asked(window)
            except WindowTooLarge as fault:
                if len(window) == 1:
                    found = self._piecewise(window, fault)
                else:
                    self._size = min(fault.allowed or len(window) // 2, len(window) - 1)
                    continue
            rest = after
            yield found[0], sorted(found[1].values(), key=_order)

    def _asked(self, window: Sequence[int], **narrowed: str) -> tuple[str, dict[Coordinates, Cell]]:
        answer = self.ask(window, **narrowed)
        if answer is None:
            return "", {}
        decoded = decode(answer)
        if decoded.unknown:
            location = self._api.location("list", model="data", var=self._variable, th=";".join(map(str, window)))
            raise UnknownKeys(location=location, count=len(decoded.unknown), example=decoded.unknown[0][:60])
        cells = {cell.codes: cell for cell in decoded.cells}
        answered = self._second_look(window, decoded.ambiguous, narrowed)
        for alternatives in decoded.ambiguous:
            told = [answered[cell.codes] for cell in alternatives if cell.codes in answered]
            cells |= {cell.codes: cell for cell in told or alternatives}
        return unit_of(answer), cells

    def _second_look(
        self, window: Sequence[int], ambiguous: Sequence[Sequence[Cell]], narrowed: dict[str, str]
    ) -> dict[Coordinates, Cell]:
        """What is answered when ambiguous places are asked for by one year, one region, one category at last."""
        doubtful = [cell for alternatives in ambiguous for cell in alternatives]
        questions: list[tuple[list[int], dict[str, str]]] = []
        if len(window) > 1:
            questions = [([int(code)], narrowed) for code in _codes(doubtful, 2)]
        elif "vervar" not in narrowed:
            questions = [(list(window), narrowed | {"vervar": code}) for code in _codes(doubtful, 0)]
        elif "turvar" not in narrowed:
            questions = [(list(window), narrowed | {"turvar": code}) for code in _codes(doubtful, 1)]
        answered: dict[Coordinates, Cell] = {}
        for years, narrow in questions:
            if self._looks < MOST_SECOND_LOOKS:
                self._looks += 1
                answered |= self._asked(years, **narrow)[1]
        return answered

    def _piecewise(self, window: Sequence[int], fault: WindowTooLarge) -> tuple[str, dict[Coordinates, Cell]]:
        """A single year that is too large, category by category, and where that is too large too, region by region."""
        categories = [str(one.get("turvar_id")) for one in self._api.items("turvar", var=self._variable)]
        regions: list[str] = []
        unit = ""
        cells: dict[Coordinates, Cell] = {}
        for narrowed in [{"turvar": code} for code in categories] if len(categories) > 1 else [{}]:
            try:
                if not narrowed:
                    raise fault
                found = self._asked(window, **narrowed)
                unit, cells = found[0] or unit, cells | found[1]
            except WindowTooLarge:
                regions = regions or [str(o.get("kode_ver_id")) for o in self._api.items("vervar", var=self._variable)]
                if not regions:
                    raise
                for code in regions:
                    found = self._asked(window, **narrowed, vervar=code)
                    unit, cells = found[0] or unit, cells | found[1]
        return unit, cells


def unit_of(answer: Mapping[str, Any]) -> str:
    """The unit that the answer's variable names; empty when it names none."""
    first = variable_of(answer)
    return " ".join(str(first.get("unit") or "").split())


def variable_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer says of its variable: label, unit, subj, def, decimal, note."""
    match answer.get("var"):
        case [dict() as first, *_]:
            return first
    return {}


def _codes(cells: Sequence[Cell], axis: int) -> list[str]:
    return list(dict.fromkeys(cell.codes[axis] for cell in cells))


def _order(cell: Cell) -> list[tuple[int, str]]:
    vervar, turvar, tahun, turtahun = cell.codes
    return [(len(code), code) for code in (tahun, vervar, turvar, turtahun)]
