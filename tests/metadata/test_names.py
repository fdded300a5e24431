"""Names for addresses and columns, made from what offices print."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.names import LONGEST_COLUMN, column_name, slug, unique_names


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Kabupaten/Kota", "kabupaten_kota"),
        ("  Jumlah   Penduduk (jiwa) ", "jumlah_penduduk_jiwa"),
        ("2017", "tahun_2017"),
        ("2017 / Q1", "tahun_2017_q1"),
        ("301a", "kolom_301a"),
        ("%", "persen"),
        ("Luas (km²)", "luas_km2"),
        ("postCode", "post_code"),
        ("Kabupaten Ma'rang & Sekitarnya", "kabupaten_marang_dan_sekitarnya"),
        ("???", ""),
    ],
)
def test_a_header_becomes_a_name_that_any_database_takes(printed: str, name: str) -> None:
    assert column_name(printed) == name


def test_long_titles_that_differ_at_the_end_get_different_names() -> None:
    common = "Rata-rata Pengeluaran per Kapita Sebulan di Perkotaan dan Perdesaan Menurut Kabupaten/Kota - "
    names = [column_name(common + ending) for ending in ("Makanan", "Bukan Makanan", "Jumlah")]
    assert len(set(names)) == 3
    assert all(len(name) <= LONGEST_COLUMN for name in names)
    assert names[0].endswith("makanan")


def test_repeated_names_are_numbered_and_never_meet_a_given_one() -> None:
    assert unique_names(["nilai", "nilai_2", "nilai", "nilai"]) == ["nilai", "nilai_2", "nilai_3", "nilai_4"]


def test_a_slug_is_cut_between_words() -> None:
    assert (
        slug("Indeks Pembangunan Manusia – Kab. Bojonegoro, 2024") == "indeks-pembangunan-manusia-kab-bojonegoro-2024"
    )
    assert slug("satu dua tiga", limit=9) == "satu-dua"


def test_texts_without_latin_letters_get_slugs_that_differ() -> None:
    assert slug("ꦧꦗꦤꦼꦒꦫ") != slug("ꦱꦸꦫꦧꦪ")
    assert re.fullmatch(r"[a-z0-9-]+", slug("ꦧꦗꦤꦼꦒꦫ"))


@given(st.lists(st.text(max_size=120), max_size=12))
def test_any_titles_give_unique_valid_names(titles: list[str]) -> None:
    made = unique_names(column_name(title) or f"field{at + 1}" for at, title in enumerate(titles))
    assert len(set(made)) == len(titles)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) and len(name) <= LONGEST_COLUMN for name in made)


@given(st.text(max_size=300), st.integers(min_value=12, max_value=100))
def test_any_text_gives_a_slug_within_its_limit(text: str, limit: int) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug(text, limit))
    assert len(slug(text, limit)) <= limit
