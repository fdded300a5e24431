"""What a version is worth to who uses it: five parts with fixed weights, each with its reasons (docs/quality.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from metadata import frequencies, licenses
from metadata.notices import Notice, declare
from metadata.profiles import sdi
from metadata.terms import Bilingual

WAY = 1
"""The generation of these rules; raised when the same version would now get another score."""

WEIGHTS: dict[str, int] = {"metadata": 25, "fresh": 20, "readable": 20, "valid": 20, "documented": 15}
"""How many points of a hundred each part is worth."""

SLACK = 1.25
"""A dataset is late when this many times its rhythm has passed: offices publish some days after the period."""

_OPEN_FORMS = frozenset({"csv", "tsv", "json", "jsonl", "ndjson", "parquet", "xml", "geojson", "kml"})
"""Formats that programs read also where no table was found in them."""
_PLAIN_ROLES = frozenset({"region_code", "region_name", "year", "period", "number", "coordinate", "unit"})
"""Roles of columns that explain themselves."""

_LACKING = declare(
    "quality.lacking",
    id="Metadata yang belum diisi ({count} dari {all}): {members}.",
    en="Metadata that is not given ({count} of {all}): {members}.",
)
_NO_LICENSE = declare(
    "quality.no_license",
    id="Lisensinya tidak disebutkan, jadi belum jelas apakah data ini boleh dipakai ulang.",
    en="No licence is stated, so it is not clear whether the data may be used again.",
)
_NOT_OPEN = declare(
    "quality.not_open",
    id="Lisensinya bukan lisensi terbuka.",
    en="Its licence is not an open one.",
)
_FILES = declare(
    "quality.files",
    id="{count} dari {all} berkas tidak dapat dibaca mesin sebagai tabel ({formats}).",
    en="{count} of {all} files cannot be read by a machine as a table ({formats}).",
)
_FAULTS = declare(
    "quality.faults",
    id="{count} sel tidak cocok dengan keterangan kolomnya.",
    en="{count} cells do not fit the description of their column.",
)
_UNCHECKED = declare(
    "quality.unchecked",
    id="Tidak ada tabel yang dapat diperiksa.",
    en="There is no table that could be checked.",
)
_UNDOCUMENTED = declare(
    "quality.undocumented",
    id="{count} dari {all} kolom tanpa penjelasan arti atau satuan: {columns}.",
    en="{count} of {all} columns have no word on what they mean, nor a unit: {columns}.",
)
_NO_COLUMNS = declare(
    "quality.no_columns",
    id="Tidak ada kolom yang dijelaskan, karena isinya bukan tabel.",
    en="No columns are described, because what it holds is no table.",
)
_NO_RHYTHM = declare(
    "quality.no_rhythm",
    id="Tidak disebutkan seberapa sering diperbarui, jadi kemutakhirannya tidak dapat dinilai.",
    en="It is not said how often it is renewed, so nobody can tell whether it is fresh.",
)
_LATE = declare(
    "quality.late",
    id="Terlambat {days} hari dari jadwal pembaruannya ({rhythm}).",
    en="It is {days} days behind its rhythm ({rhythm}).",
)
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its key in `WEIGHTS`, how much of it is reached (0 to 1), and what keeps it from being all."""

    part: str
    share: float
    reasons: tuple[Notice, ...] = ()

    @property
    def points(self) -> float:
        """Of the weight of the part."""
        return WEIGHTS[self.part] * self.share


@dataclass(frozen=True, slots=True)
class Holding:
    """A table or file of a version: its format, and its Table Schema when it is a table."""

    format: str
    schema: Mapping[str, Any] | None


def fixed_parts(
    holdings: Sequence[Holding], report: Mapping[str, Any], *, lacking: Sequence[str], license_id: str
) -> tuple[Part, ...]:
    """The parts that never change for a version: metadata, readable, valid, documented."""
    return (
        _metadata(lacking, license_id),
        _readable(holdings),
        _valid(report),
        _documented(holdings),
    )


def fresh(frequency: str | None, age: timedelta) -> Part:
    """How fresh a dataset of that rhythm is `age` after it was last renewed.

    Full until `SLACK` times the rhythm has passed, then less and less, nothing at three times; what is renewed when
    needed is always fresh, and of what names no rhythm nobody can tell.
    """
    rhythm = frequencies.match(frequency)
    if rhythm is None:
        return Part("fresh", 0.0, (Notice(_NO_RHYTHM),))
    if not rhythm.days:
        return Part("fresh", 1.0)
    passed = age / timedelta(days=rhythm.days)
    if passed <= SLACK:
        return Part("fresh", 1.0)
    late = Notice(_LATE, params={"days": max(1, (age - timedelta(days=rhythm.days)).days), "rhythm": rhythm.title})
    return Part("fresh", max(0.0, (3 - passed) / (3 - SLACK)), (late,))


def total(parts: Sequence[Part]) -> int:
    """Points of a hundred, rounded."""
    return round(sum(part.points for part in parts))


def _metadata(lacking: Sequence[str], license_id: str) -> Part:
    """Four fifths for the members of Satu Data Indonesia, one fifth for an open licence."""
    count, every = len(lacking), len(sdi.MEMBERS)
    share = 0.8 * (1 - count / every)
    reasons: list[Notice] = []
    if lacking:
        members = ", ".join(found.title.id for key in lacking[:_NAMED] if (found := sdi.member(key)))
        english = ", ".join(found.title.en for key in lacking[:_NAMED] if (found := sdi.member(key)))
        named = _shortened(members, english, count)
        reasons.append(Notice(_LACKING, params={"count": count, "all": every, "members": named}))
    if license_id == licenses.NOT_STATED:
        reasons.append(Notice(_NO_LICENSE))
    elif not licenses.get(license_id).is_open:
        reasons.append(Notice(_NOT_OPEN))
        share += 0.1
    else:
        share += 0.2
    return Part("metadata", share, tuple(reasons))


def _readable(holdings: Sequence[Holding]) -> Part:
    files = [one for one in holdings if not (one.schema or {}).get("fields") and one.format not in _OPEN_FORMS]
    if not holdings:
        return Part("readable", 0.0)
    if not files:
        return Part("readable", 1.0)
    formats = ", ".join(sorted({one.format.upper() or "?" for one in files}))
    told = Notice(_FILES, params={"count": len(files), "all": len(holdings), "formats": formats})
    return Part("readable", 1 - len(files) / len(holdings), (told,))


def _valid(report: Mapping[str, Any]) -> Part:
    """All points without a fault; half of them from the first, and the rest by how many rows have one."""
    if not report.get("tasks"):
        return Part("valid", 0.0, (Notice(_UNCHECKED),))
    faults = int(report.get("stats", {}).get("errors", 0))
    if not faults:
        return Part("valid", 1.0)
    rows = sum(int(task.get("stats", {}).get("rows") or 0) for task in report["tasks"])
    return Part("valid", 0.5 * max(0.0, 1 - faults / max(rows, faults)), (Notice(_FAULTS, params={"count": faults}),))


def _documented(holdings: Sequence[Holding]) -> Part:
    fields = [field for one in holdings for field in (one.schema or {}).get("fields", ())]
    if not fields:
        return Part("documented", 0.0, (Notice(_NO_COLUMNS),))
    bare = [str(field.get("title") or field["name"]) for field in fields if not _says_what_it_is(field)]
    if not bare:
        return Part("documented", 1.0)
    columns = ", ".join(dict.fromkeys(bare[:_NAMED]))
    named = _shortened(columns, columns, len(bare))
    told = Notice(_UNDOCUMENTED, params={"count": len(bare), "all": len(fields), "columns": named})
    return Part("documented", 1 - len(bare) / len(fields), (told,))


def _shortened(indonesian: str, english: str, count: int) -> Bilingual:
    more = count > _NAMED
    return Bilingual(id=indonesian + ", dan lainnya" * more, en=english + ", and others" * more)


def _says_what_it_is(field: Mapping[str, Any]) -> bool:
    if field.get("description") or field.get("unit") or field.get("type") == "year":
        return True
    return field.get("lumbung:role") in _PLAIN_ROLES
