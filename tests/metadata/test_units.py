"""Units are published in one spelling, and only read from headers that name them."""

from __future__ import annotations

import pytest

from metadata import units, vocabularies


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("Persen ", "persen"),
        ("(%)", "persen"),
        ("TRILIUN RUPIAH", "triliun rupiah"),
        ("Milyar Rupiah", "miliar rupiah"),
        ("Km2", "km²"),
        ("Kw/Ha", "kuintal per hektare"),
        ("Ribu Jiwa", "ribu jiwa"),
        ("PERANGKAT DAERAH", "perangkat daerah"),
        ("Tempat Duduk", "Tempat Duduk"),
        ("***", None),
        ("-", None),
        (None, None),
    ],
)
def test_a_unit_has_one_published_spelling(written: str | None, published: str | None) -> None:
    assert units.canonical(written) == published


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("luas_panen_ha", "ha"),
        ("PDRB (Miliar Rupiah)", "miliar rupiah"),
        ("penduduk_ribu_jiwa", "ribu jiwa"),
        ("Persentase Penduduk", "persen"),
        ("Garis Kemiskinan (Rupiah/Kapita/Bulan) / 2024", "rupiah per kapita per bulan"),
        ("Kepadatan Penduduk per km persegi (Km2)", "jiwa per km²"),
        ("harga_per_kg", None),
        ("Jumlah Desa", None),
        ("Jumlah", None),
        ("ha", None),
    ],
)
def test_a_header_tells_a_unit_only_when_it_names_one(header: str, unit: str | None) -> None:
    assert units.in_header(header) == unit


def test_a_multiple_of_a_unit_says_how_many() -> None:
    million = units.match("juta rupiah")
    assert million is not None
    assert (million.base, million.factor) == ("rupiah", 1_000_000)


def test_a_unit_is_said_in_english_and_an_unknown_one_says_itself() -> None:
    assert units.say("jiwa", "en") == "people"
    assert units.say("perangkat daerah", "en") == "perangkat daerah"


def test_a_word_that_a_release_ships_is_the_releases_where_an_office_had_it_for_something_else() -> None:
    ours = {"name": "pikul besar", "title_en": "large loads", "kind": "mass", "aliases": "ton | pikulan besar"}
    vocabularies.extend("units", [ours])  # a row of an older release, which lacks columns
    try:
        assert units.canonical("ton") == "ton"
        assert units.canonical("pikulan besar") == "pikul besar"
    finally:
        vocabularies.extend("units", [])
