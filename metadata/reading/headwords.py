"""What the words of a column's header say about its cells: a code, a year, a ratio, a coordinate, a unit."""

from __future__ import annotations

import re
from itertools import pairwise

from metadata import units

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z0-9]+")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CODES = _set(
    "kode kd code nik nip nrp npsn nss nsm nisn nis nuptk npwp nib kodepos postcode zip zipcode telp tlp telepon telpon"
    " phone hp handphone whatsapp fax faks rekening norek nokk noktp mfd nopol imei"
)
_NUMBERED = _set("kk ktp wa rek rumah polisi induk registrasi seri sk")
"""What is a code when "no" or "nomor" stands before it: "No. KK", but not "KK" or "Jumlah KK"."""
_YEARS = _set("tahun thn th year tahunan ta periode period angkatan")
_QUANTITIES = _set(
    "jumlah jml banyak banyaknya total nilai luas panjang lebar volume produksi anggaran realisasi pagu target capaian"
    " persen persentase rata rasio indeks laju pendapatan belanja harga biaya upah"
)
_RATIOS = _set("persen persentase prosentase persentasi rasio ratio indeks index laju gini koefisien")
_COORDINATES = _set("lat lng lon long latitude longitude lintang bujur koordinat")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]")
_WITHIN = re.compile(r"\b(?:dalam|satuan|in)\s*:?\s+([^()\[\],;]{1,40})", re.IGNORECASE)


def words(title: str) -> list[str]:
    """The words of a header, lower-case: `kode_pos`, `postCode` and `Kode Pos` give two each."""
    return _WORD.findall(_CAMEL.sub(" ", title).lower())


def names_code(title: str) -> bool:
    """Whether the header says that its figures are codes, which are text: `kode_desa`, `NPSN`, `No. KK`."""
    found = words(title)
    if not found or found[0] in _QUANTITIES:
        return False
    numbered = any(before in ("no", "nomor", "nmr") and word in _NUMBERED for before, word in pairwise(found))
    return numbered or not _CODES.isdisjoint(found)


def names_year(title: str) -> bool:
    """Whether the header speaks of years: `Tahun`, `tahun_data`; not when it is a year itself or counts something."""
    found = words(title)
    if not found or found[0] in _QUANTITIES:
        return False
    return not _YEARS.isdisjoint(found) and not any(re.fullmatch(r"(?:19|20)\d\d", word) for word in found)


def names_fraction(title: str) -> bool:
    """Whether the header speaks of ratios or coordinates, whose figures have decimals and no thousands."""
    found = set(words(title))
    return bool(found & _RATIOS) or "%" in title or names_coordinate(title)


def names_coordinate(title: str) -> bool:
    """Whether the header speaks of longitude or latitude."""
    return not _COORDINATES.isdisjoint(words(title))


def names_no_measure(title: str) -> bool:
    """Whether the header names a running number, a year, a code or a ratio: nothing a table's unit belongs to."""
    return not words(title) or any(names(title) for names in (names_ordinal, names_year, names_code, names_fraction))


def names_ordinal(title: str) -> bool:
    """Whether the header names a running number."""
    found = words(title)
    return bool(found) and (found[0] in ("no", "nomor", "urut", "urutan") or found[-1] in ("id", "index"))


def unit_in(title: str) -> str | None:
    """The unit that a header or title names, in brackets, after "dalam", or as its last word; None for none."""
    for text in reversed(_BRACKETS.findall(title)):
        if known := units.match(text):
            return known.name
        if within := re.match(r"(?:dalam|satuan|in)\s*:?\s+(.+)", text, re.IGNORECASE):
            return units.canonical(within[1])
    if (within := _WITHIN.search(title)) and (longest := _longest(within[1])):
        return longest
    return units.in_header(title)


def _longest(text: str) -> str | None:
    parts = text.split()
    for length in range(min(4, len(parts)), 0, -1):
        if known := units.match(" ".join(parts[:length])):
            return known.name
    return None
