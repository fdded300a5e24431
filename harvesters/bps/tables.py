"""What is taken from BPS, as tables: the figures of a variable in long form, and the list of publications."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from harvesters.bps.decoding import Cell, plain_text
from harvesters.bps.protocol import BpsApi
from harvesters.bps.windows import Windows

_GROUP = re.compile(
    r"\b(?:prov|kab|kota|kec|desa|kel(?:urahan)?\b|wilayah|region|regenc|cit|district|sub-?district|village)",
    re.IGNORECASE,
)
_WHOLE = "9999"
_PUBLICATION = {
    "pub_id": "pub_id",
    "judul": "title",
    "issn": "issn",
    "tanggal_rilis": "rl_date",
    "jadwal_rilis": "sch_date",
    "diperbarui": "updt_date",
    "ukuran_berkas": "size",
    "abstrak": "abstract",
}


def figures(api: BpsApi, windows: Windows, number: int, years: Sequence[int], *, domain: str) -> Iterator[list[str]]:
    """Head and rows of a variable: region (or category), kind, year, period, value, unit, remark; none when empty."""
    filled = ((unit, cells) for unit, cells in windows.read(years) if cells)
    first = next(filled, None)
    if first is None:
        return
    regions = _are_regions(api, number, {cell.codes[0] for cell in first[1]}, domain)
    what = "wilayah" if regions else "kategori"
    yield [f"{what}_kode", what, "turvar", "tahun", "periode", "nilai", "satuan", "catatan"]
    for unit, cells in chain([first], filled):
        for cell in cells:
            yield _row(cell, unit)


def publications(api: BpsApi) -> Iterator[list[str]]:
    """Head and rows of the list of publications; without links, which carry the marks of who asked for them."""
    for number, item in enumerate(api.items("publication")):
        if number == 0:
            yield list(_PUBLICATION)
        yield [" ".join(plain_text(item.get(member)).split()) for member in _PUBLICATION.values()]


def _row(cell: Cell, unit: str) -> list[str]:
    vervar, turvar, tahun, turtahun = cell.labels
    return [
        cell.codes[0],
        vervar,
        "" if cell.codes[1] == "0" else turvar,
        tahun,
        turtahun,
        cell.nilai,
        unit,
        cell.catatan,
    ]


def _are_regions(api: BpsApi, number: int, codes: set[str], domain: str) -> bool:
    """Whether the first dimension is regions: its codes lie below the domain, and the group of its items says so."""
    prefix = re.sub(r"^0000$|00$", "", domain)
    below = [code for code in codes if code.startswith(prefix) and len(code) in (4, 7, 10)]
    if not below or not codes <= {*below, _WHOLE}:
        return False
    item = next(api.items("vervar", var=number), {})
    return _GROUP.search(str(item.get("name_group_ver_id") or "")) is not None
