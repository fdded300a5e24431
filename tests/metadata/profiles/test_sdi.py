"""What Satu Data Indonesia asks for is known, and what is lacking is said."""

from __future__ import annotations

import pytest

from metadata.about import About, Contact
from metadata.profiles import sdi
from metadata.terms import LANGUAGES


def test_nothing_said_is_everything_lacking() -> None:
    assert sdi.lacking(About()) == [member.key for member in sdi.MEMBERS]
    assert sdi.completeness({}) == 0


def test_everything_said_is_nothing_lacking() -> None:
    about = About(
        title="a",
        description="b",
        concept="c",
        definition="d",
        classification="e",
        measure="f",
        unit="jiwa",
        method="g",
        frequency="tahunan",
        period_start="2020",
        period_end="2024",
        regions=("35.22",),
        license="CC-BY-4.0",
        reference_code="h",
        contacts=(Contact(title="Bidang Statistik"),),
    )
    assert sdi.lacking(about, producer="Dinas Kominfo") == []
    known = sdi.block(about, producer="Dinas Kominfo")
    assert (known["frekuensi"], known["periode"], sdi.completeness(known)) == ("Tahunan", "2020/2024", 1)


def test_a_unit_and_a_region_code_in_the_table_count() -> None:
    schema = {
        "fields": [
            {"name": "kode", "lumbung:role": "region_code", "lumbung:codeSystem": "bps"},
            {"name": "n", "unit": "persen"},
        ]
    }
    left = sdi.lacking(About(), schema, years=(2020, 2021), regions=("35.22.01", "35.22.02"))
    assert not {"satuan", "kodeReferensi", "periode", "cakupanWilayah"} & set(left)
    known = sdi.block(About(), years=(2020, 2021), regions=("35.22.01", "35.22.02"), schemas=(schema,))
    assert known == {
        "satuan": "persen",
        "periode": "2020/2021",
        "cakupanWilayah": "2 kecamatan",
        "kodeReferensi": "Kode wilayah BPS",
    }


@pytest.mark.parametrize("licence", ["notspecified", None, "Lisensi Kami"])
def test_a_licence_that_is_not_known_is_lacking(licence: str | None) -> None:
    assert "lisensi" in sdi.lacking(About(license=licence))


def test_each_member_is_explained_in_both_languages() -> None:
    for member in sdi.MEMBERS:
        assert all(member.title.say(language) and member.meaning.say(language) for language in LANGUAGES)
        assert sdi.member(member.key) is member
    assert {member.part for member in sdi.MEMBERS} == {"standar", "metadata", "interoperabilitas", "kode"}
