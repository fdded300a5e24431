"""Themes are found by name, and guessed from words only when words tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from metadata import themes
from metadata.terms import LANGUAGES


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Jumlah Penduduk Menurut Kecamatan", "kependudukan"),
        ("Jumlah Penduduk Miskin Menurut Kabupaten/Kota", "sosial"),
        ("PDRB Atas Dasar Harga Berlaku", "ekonomi"),
        ("Luas Panen dan Produksi Padi", "pertanian"),
        ("Kasus Demam Berdarah Dengue (DBD) 2024", "kesehatan"),
        ("Panjang Jalan Menurut Kondisi", "infrastruktur"),
        ("Ringkasan APBD 2024", "keuangan-daerah"),
        ("Hasil Evaluasi Akuntabilitas Kinerja (AKIP)", "pemerintahan"),
        ("Indeks Pembangunan Manusia", "pembangunan-manusia"),
        ("Upah Minimum Kabupaten/Kota", "ketenagakerjaan"),
        ("Kejadian Banjir per Desa", "keamanan-kebencanaan"),
    ],
)
def test_a_title_tells_its_subject(title: str, slug: str) -> None:
    assert themes.guess(title)[0] == slug


def test_the_classes_after_menurut_do_not_make_the_subject() -> None:
    assert themes.guess("Jumlah Siswa Menurut Jenis Kelamin dan Umur") == ("pendidikan",)


def test_words_that_say_nothing_give_no_theme() -> None:
    assert themes.guess("Tabel 1", ["data"], ["kolom a"]) == ()


def test_hints_help_where_the_title_is_silent() -> None:
    assert themes.guess("Rekap 2024", ["puskesmas", "imunisasi"]) == ("kesehatan",)


def test_a_portals_group_is_found_by_its_title_in_either_language() -> None:
    assert [theme.slug for name in ("Kesehatan", "HEALTH", "kesehatan") if (theme := themes.match(name))] == [
        "kesehatan"
    ] * 3
    assert themes.match("Olahraga Air") is None


def test_each_theme_has_words_in_both_languages_and_an_icon_of_the_sprite() -> None:
    sprite = (Path(__file__).parents[2] / "portal" / "static" / "icons.svg").read_text(encoding="utf-8")
    for theme in themes.every():
        assert all(theme.title.say(language) and theme.description.say(language) for language in LANGUAGES)
        assert f'"{theme.icon}"' in sprite or f"icon-{theme.icon}" in sprite, theme.icon
