"""What each column is for: region, time, measure, class, so that pages can chart it and tables can be joined."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from metadata.profile import ColumnProfile
from metadata.reading.table import Column
from metadata.regions import LEVELS, Regions, System, kinds_in

Role = Literal[
    "region_code",
    "region_name",
    "year",
    "period",
    "date",
    "value",
    "category",
    "label",
    "identifier",
    "unit",
    "number",
    "coordinate",
]
"""The values of a field's custom property `lumbung:role`.

`region_code` and `region_name` name a region of the list; `year` and `period` (month, quarter, date) say when the row's
figures were so, `date` is a time that is a property of the thing itself (year built, date of accreditation); `value` is
a measure; `category` a text with few values, `label` one with many; `identifier` a code that is no region's; `unit` the
unit of the row's value; `number` a running number; `coordinate` a longitude or latitude.
"""

ENOUGH = 0.6
"""Share of a column's distinct values that must be regions when its header says so."""
ENOUGH_UNTOLD = 0.85
"""The same when the header says nothing of regions."""
FEW = 60
"""Distinct texts up to which a column can be a class by which the rows are divided."""

_MONTHS = r"jan|feb|peb|mar|apr|mei|may|jun|jul|ag[us]|aug|sep|okt|oct|nov|nop|des|dec"
_PERIOD = re.compile(
    rf"(?:\d{{4}}[-/ ]?)?(?:q|tw|triwulan|kuartal|semester|smt|caturwulan)[-. ]?(?:[1-4]|i{{1,3}}|iv)(?:[-/ ]\d{{4}})?"
    rf"|(?:{_MONTHS})[a-z]*(?:[-/ ]\d{{2,4}})?|\d{{4}}-\d{{2}}|\d{{4}}[-/]\d{{4}}",
    re.IGNORECASE,
)


_OF_THE_FIGURES = re.compile(
    r"(?:tahun|thn|th|tgl|tanggal|bulan|bln|minggu|pekan|hari|triwulan|semester|periode|waktu|jam|date|year|month|time|period"
    r"|ke|data|anggaran|ajaran|pelajaran|laporan|pelaporan|kejadian|pencatatan|pengamatan|update|awal|akhir|panen|tanam)"
)
"""Words of a header that speaks of the time of the figures; any other word makes it the time of something else."""

_COORDINATE = re.compile(
    r"(?:(?:titik|posisi|koordinat)[ _])?"
    r"(?:lintang|bujur|latitude|longitude|lat|lon|lng|long|koordinat[ _][xy])(?:\W.*)?"
)

_CODES = re.compile(
    r"\b(?:kode|kd|id|npsn|nib|nip|nik|nisn|nuptk|no kk|nomor kk|nomor induk|no registrasi|no ruas|nomor ruas|kdppum)\b"
)


_NAMES_NO_MEASURE = re.compile(
    r"(?:[fgo]id|obj(?:ect)?_?id|ogc_fid|label_?no|item_?number|parent|level|tingkat|tipe|type|jenis|category|kategori|var"
    r"|urut(?:an)?|kabupaten|kota|kecamatan|desa|kelurahan|provinsi|rt|rw|slug|order|sort|index|agama|sex)\d*"
)
"""Names of whole numbers that count nothing: numbers of records, levels, kinds, regions."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part that a column plays. `kinds` are the kinds of its regions, `codes` the Kemendagri code of each value."""

    role: Role
    kinds: frozenset[str] = frozenset()
    system: System | None = None
    codes: Mapping[str, str] | None = None


def parts_of(columns: Sequence[Column], profile: Mapping[str, ColumnProfile], regions: Regions) -> dict[str, Part]:
    """The part that each column plays, by name.

    Of several texts that are unique in a small table the first names the rows; the others are labels.
    """
    parts = {column.name: part_of(column, profile[column.name], regions) for column in columns}
    unique = [name for name, part in parts.items() if part.role == "category" and profile[name].unique]
    return parts | {name: Part("label") for name in unique[1:]}


def part_of(column: Column, profile: ColumnProfile, regions: Regions) -> Part:
    """The part that `column` plays, by its header, its type and its values."""
    header = re.sub(r"[_\s]+", " ", f"{column.name} {column.title}".casefold())
    if column.type in ("year", "date", "datetime", "time"):
        if not all(_OF_THE_FIGURES.fullmatch(word) for word in re.findall(r"[a-z]+", header)):
            return Part("date")
        return Part("year" if column.type == "year" else "period")
    return _region_part(header, column, profile, regions) or Part(_role(header, column, profile))


def _role(header: str, column: Column, profile: ColumnProfile) -> Role:
    if column.type == "integer" and re.search(r"\b(?:tahun|periode|year)\b", header) and _all_years(profile):
        return "year"
    if any(_COORDINATE.fullmatch(said.strip()) for said in (column.name, column.title.casefold())):
        return "coordinate"
    if _is_running_number(header, column, profile):
        return "number"
    if _CODES.search(header) or (column.type == "integer" and _NAMES_NO_MEASURE.fullmatch(column.name)):
        return "identifier"
    return "value" if column.type in ("integer", "number") else _text_role(header, column, profile)


def _text_role(header: str, column: Column, profile: ColumnProfile) -> Role:
    values = profile.values
    if column.type == "boolean":
        return "category"
    if re.search(r"\b(?:satuan|unit satuan)\b", header):
        return "unit"
    if values and all(_PERIOD.fullmatch(value.strip()) for value in values):
        return "period"
    if values and len(values) <= FEW and profile.rows - profile.missing >= 2 * len(values):
        return "category"
    # A table with one row for each class (a ranking, one year's figures) repeats nothing: the class is still a class.
    return "category" if values and profile.unique and len(values) <= FEW else "label"


def _all_years(profile: ColumnProfile) -> bool:
    return bool(profile.values) and all(re.fullmatch(r"(?:19|20)\d\d", value) for value in profile.values or ())


def _is_running_number(header: str, column: Column, profile: ColumnProfile) -> bool:
    if column.type != "integer":
        return False
    if re.search(r"\b(?:no|nomor|no urut|nomor urut|id|id index|index)\b", header):
        return profile.values is None or "1" in profile.values
    values = profile.values or {}
    return profile.unique and profile.rows > 2 and all(str(at) in values for at in (1, 2, profile.rows))


def _region_part(header: str, column: Column, profile: ColumnProfile, regions: Regions) -> Part | None:
    if not profile.values or column.type not in ("string", "integer", "number"):
        return None
    told = kinds_in(header)
    if re.search(r"\b(?:kode|code|id)\b", header) and (
        column.type != "number" or any("." in value for value in profile.values)
    ):
        return _by_code(header, told, profile.values, regions)
    if column.type != "string":
        return None
    return _by_name(told, header, profile.values, regions)


def _by_code(header: str, told: frozenset[str], values: Mapping[str, int], regions: Regions) -> Part | None:
    systems: tuple[System, ...] = ("kemendagri", "bps")
    if "bps" in header:
        systems = ("bps",)
    elif "kemendagri" in header or "dagri" in header:
        systems = ("kemendagri",)
    enough = ENOUGH if told or "wilayah" in header else ENOUGH_UNTOLD
    for system in systems:
        found = {value: region for value in values if (region := regions.by_code(value, system))}
        if found and len(found) >= enough * len(values):
            kinds = frozenset(region.kind for region in found.values())
            return Part("region_code", kinds, system, {value: region.code for value, region in found.items()})
    return None


def _by_name(told: frozenset[str], header: str, values: Mapping[str, int], regions: Regions) -> Part | None:
    named = bool(told) or bool(re.search(r"\b(?:wilayah|daerah|region)\b", header))
    if not named and len(values) < 3:
        return None
    best: dict[str, str] = {}
    for kinds in [told] if told else _levels():
        found = {value: region.code for value in values if (region := regions.match(value, kinds))}
        if len(found) > len(best):
            best = found
    known = [value for value in values if not re.match(r"\s*(?:jumlah|total|lain)", value, re.IGNORECASE)]
    if not best or len(best) < (ENOUGH if named else ENOUGH_UNTOLD) * len(known):
        # Village names repeat across districts, so a column of them matches few alone; its header must do.
        return Part("region_name", told, None, best) if told and told <= {"desa", "kelurahan"} and best else None
    reached = frozenset(region.kind for code in best.values() if (region := regions.get(code)))
    return Part("region_name", reached, None, best)


def _levels() -> list[frozenset[str]]:
    return [
        frozenset(kind for kind, level in LEVELS.items() if level == wanted) for wanted in sorted(set(LEVELS.values()))
    ]
