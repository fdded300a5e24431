"""Satu Data Indonesia: which members of Standar Data and metadata baku a dataset has, and which it lacks.

The members are those of Perpres 39/2019 Pasal 4-10 and of the BPS forms MS-Ind and MS-Var (Peraturan BPS 5/2020).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metadata import frequencies, licenses, vocabularies
from metadata.about import About
from metadata.regions import load
from metadata.terms import Bilingual


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its `key` in the package's `lumbung:sdi`, its name, what it means, and which duty it belongs to.

    `standar` is Standar Data (Pasal 4), `metadata` metadata baku (Pasal 5 and 6), `interoperabilitas` Pasal 7 and 8,
    `kode` kode referensi and data induk (Pasal 9 and 10).
    """

    key: str
    part: str
    title: Bilingual
    meaning: Bilingual


MEMBERS: tuple[Member, ...] = tuple(
    Member(
        key=row["key"],
        part=row["part"],
        title=Bilingual(row["title_id"], row["title_en"]),
        meaning=Bilingual(row["meaning_id"], row["meaning_en"]),
    )
    for row in vocabularies.rows("sdi")
)
_BY_KEY = {member.key: member for member in MEMBERS}


def block(
    about: About,
    *,
    producer: str | None = None,
    years: tuple[int | None, int | None] = (None, None),
    regions: tuple[str, ...] = (),
    schemas: tuple[Mapping[str, Any], ...] = (),
) -> dict[str, str]:
    """What is known of each member, by key, as words; what is not known is left out, never invented.

    `years` and `regions` are what the tables cover, `schemas` theirs: a unit or a region code that stands in the
    columns is as good as one that the office declares.
    """
    rhythm = frequencies.match(about.frequency)
    licence = licenses.match(about.license)
    fields = [field for schema in schemas for field in schema.get("fields", [])]
    units = list(dict.fromkeys(field["unit"] for field in fields if field.get("unit")))
    coded = next((field for field in fields if field.get("lumbung:role") == "region_code"), None)
    period = _span(about.period_start, about.period_end) or _span(*(str(year) if year else None for year in years))
    systems = {"kemendagri": "Kode wilayah Kemendagri", "bps": "Kode wilayah BPS"}
    said: dict[str, str | None] = {
        "konsep": about.concept,
        "definisi": about.definition,
        "klasifikasi": about.classification,
        "ukuran": about.measure,
        "satuan": about.unit or ", ".join(units),
        "judul": about.title,
        "deskripsi": about.description,
        "produsenData": producer,
        "kontak": "; ".join(contact.title for contact in about.contacts),
        "frekuensi": rhythm.title.id if rhythm else about.frequency,
        "metode": about.method,
        "periode": period,
        "cakupanWilayah": ", ".join(about.regions) or _regions_in_words(regions),
        "lisensi": licence.id if licence and licence.id != licenses.NOT_STATED else None,
        "kodeReferensi": about.reference_code or (systems.get(str(coded.get("lumbung:codeSystem"))) if coded else None),
    }
    return {key: value for key, value in said.items() if value}


def lacking(
    about: About,
    schema: Mapping[str, Any] | None = None,
    *,
    producer: str | None = None,
    years: tuple[int | None, int | None] = (None, None),
    regions: tuple[str, ...] = (),
) -> list[str]:
    """The keys of the members that neither the office nor the table gives, in the order of `MEMBERS`."""
    known = block(about, producer=producer, years=years, regions=regions, schemas=(schema,) if schema else ())
    return lacking_in(known)


def lacking_in(known: Mapping[str, str]) -> list[str]:
    """The keys of the members that a block (see `block`) does not have."""
    return [member.key for member in MEMBERS if not known.get(member.key)]


def member(key: str) -> Member | None:
    """The member of that key, for its words."""
    return _BY_KEY.get(key)


def completeness(known: Mapping[str, str]) -> float:
    """The share of members that a block has, from 0 to 1: what EPSS, the yearly appraisal by BPS, asks for."""
    return 1 - len(lacking_in(known)) / len(MEMBERS)


def _span(start: str | None, end: str | None) -> str | None:
    if start and end and start != end:
        return f"{start}/{end}"
    return start or end


def _regions_in_words(codes: tuple[str, ...]) -> str:
    """The level of detail: the one region's title, or how many of each kind."""
    known = [region for code in codes if (region := load().get(code))]
    if len(known) == 1:
        return known[0].title
    counts = Counter(region.kind for region in known)
    return ", ".join(f"{count} {kind}" for kind, count in counts.items()) or ", ".join(codes[:5])
