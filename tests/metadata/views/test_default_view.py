"""A table gets the chart that tells the truth about it, or none."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from build import a_table

from metadata.about import About
from metadata.describe import describe
from metadata.reading.table import Table
from metadata.regions import load
from metadata.views import default_view

KECAMATAN = ("Ngraho", "Tambakrejo", "Ngambon", "Ngasem", "Bubulan", "Dander", "Sugihwaras", "Kedungadem")


def drawn(table: Table, **about: Any) -> dict[str, Any] | None:
    schema = describe(table, About(**about)).schema
    with table.path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = {name: {"distinct": len(Counter(row[name] for row in rows if row[name]))} for name in rows[0]}
    return default_view(table.path, schema, {"rows": len(rows), "columns": columns}, title="Judul")


def values(spec: dict[str, Any] | None) -> list[tuple[Any, ...]]:
    assert spec is not None
    return [(point.get("time"), point.get("series"), point["value"]) for point in spec["data"]["values"]]


def test_figures_over_years_are_a_line(tmp_path: Path) -> None:
    rows = [(2022, 66.5), (2020, 65.0), (2021, None), (2024, 68.0)]
    spec = drawn(a_table(tmp_path, {"tahun": "year Tahun", "ipm": "number IPM"}, rows))
    assert spec is not None
    assert spec["mark"]["type"] == "line"
    assert values(spec) == [(2020, None, 65), (2021, None, None), (2022, None, 66.5), (2024, None, 68)]
    assert spec["encoding"]["x"]["type"] == "quantitative"


def test_measures_in_one_unit_share_the_axis_and_others_do_not(tmp_path: Path) -> None:
    columns = {
        "tahun": "year Tahun",
        "tpt": "number TPT (persen)",
        "tpak": "number TPAK (persen)",
        "n": "integer Jumlah",
    }
    rows = [(2020 + at, 3.5 + at, 70 + at, 1000 + at) for at in range(4)]
    spec = drawn(a_table(tmp_path, columns, rows))
    assert {series for _, series, _ in values(spec)} == {"TPT (persen)", "TPAK (persen)"}


def test_many_regions_over_years_become_a_ranking_of_the_latest_year(tmp_path: Path) -> None:
    rows = [(name, year, 10 * at + year) for year in (2021, 2022, 2023) for at, name in enumerate(KECAMATAN)]
    columns = {"kecamatan": "string Kecamatan", "tahun": "year Tahun", "n": "integer Jumlah Penduduk"}
    spec = drawn(a_table(tmp_path, columns, rows), unit="jiwa")
    assert spec is not None
    assert spec["mark"]["type"] == "bar"
    assert [series for _, series, _ in values(spec)] == list(reversed(KECAMATAN))
    assert spec["title"]["subtitle"] == ["Dalam jiwa, 2023"]
    assert spec["encoding"]["x"]["scale"] == {"zero": True}


def test_few_classes_over_years_are_lines_of_their_own(tmp_path: Path) -> None:
    rows = [(jenis, year, at + year) for year in (2021, 2022, 2023) for at, jenis in enumerate(("Padi", "Jagung"))]
    columns = {"komoditas": "string Komoditas", "tahun": "year Tahun", "n": "number Produksi (ton)"}
    spec = drawn(a_table(tmp_path, columns, rows))
    assert spec is not None
    assert (spec["mark"]["type"], spec["encoding"]["color"]["field"]) == ("line", "series")


def test_a_ranking_shows_twenty_and_says_of_how_many(tmp_path: Path) -> None:
    rows = [(f"Pasar {number}", number) for number in range(35)]
    spec = drawn(a_table(tmp_path, {"pasar": "string Pasar", "n": "integer Jumlah Pedagang"}, rows))
    assert [value for _, _, value in values(spec)] == list(range(34, 14, -1))
    assert spec is not None
    assert spec["title"]["subtitle"] == ["20 tertinggi dari 35"]


def test_the_whole_does_not_stand_among_its_parts(tmp_path: Path) -> None:
    rows = [
        ("Kabupaten Pacitan", 5.5),
        ("Kota Malang", 7.5),
        ("Kabupaten Tuban", 6.5),
        ("Jawa Timur", 600.5),
        ("Jumlah", 9),
    ]
    spec = drawn(a_table(tmp_path, {"kabupaten_kota": "string Kabupaten/Kota", "n": "number Nilai"}, rows))
    assert [series for _, series, _ in values(spec)] == ["Kota Malang", "Kabupaten Tuban", "Kabupaten Pacitan"]


def test_age_groups_keep_their_order(tmp_path: Path) -> None:
    rows = [("0-4", 90), ("5-9", 120), ("10-14", 100), ("75+", 20)]
    spec = drawn(a_table(tmp_path, {"umur": "string Kelompok Umur", "n": "integer Jumlah"}, rows))
    assert [series for _, series, _ in values(spec)] == ["0-4", "5-9", "10-14", "75+"]


def test_years_in_the_headers_are_the_axis(tmp_path: Path) -> None:
    columns = {"uraian": "string Uraian"} | {f"t{year}": f"number {year}" for year in range(2019, 2024)}
    spec = drawn(a_table(tmp_path, columns, [("Jasa umum", 1, 2, 3, 4, 5), ("Jasa usaha", 2, 3, 4, 5, 6.5)]))
    assert [year for year, _, _ in values(spec)] == [year for year in range(2019, 2024) for _ in range(2)]
    assert [value for _, series, value in values(spec) if series == "Jasa usaha"] == [2, 3, 4, 5, 6.5]


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ({"kode": "string Kode", "nama": "string Nama"}, [("1", "a"), ("2", "b"), ("3", "c")]),
        ({"nama": "string Nama", "tahun": "year Tahun"}, [("a", 2001), ("b", 2002), ("c", 2003)]),
        ({"nama": "string Nama", "fid": "integer FID"}, [("a", 7), ("b", 9), ("c", 8)]),
        ({"nama": "string Nama", "n": "integer Jumlah"}, [("a", 1), ("b", 1), ("c", 1)]),
        ({"nama": "string Nama", "n": "integer Jumlah"}, [("a", 1), ("a", 2), ("b", 3)]),
        ({"tahun": "year Tahun", "n": "integer Jumlah"}, [(2020, 1), (2021, 2)]),
    ],
    ids=["register", "codes", "record numbers", "all the same", "not one a row", "two points"],
)
def test_there_is_no_chart_where_it_would_mislead(
    tmp_path: Path, columns: dict[str, str], rows: list[tuple[Any, ...]]
) -> None:
    assert drawn(a_table(tmp_path, columns, rows)) is None


def test_shouted_names_are_calmed_and_abbreviations_are_left(tmp_path: Path) -> None:
    rows = [("KOTA BLITAR", 70), ("KABUPATEN TUBAN", 30), ("KOTA KEDIRI", 45)]
    spec = drawn(a_table(tmp_path, {"kabupaten_kota": "string Kabupaten/Kota", "n": "integer Jumlah (jiwa)"}, rows))
    assert {series for _, series, _ in values(spec)} == {"Kota Blitar", "Kabupaten Tuban", "Kota Kediri"}
    columns = {"tahun": "year Tahun", "tpt": "number TPT (%)", "tpak": "number TPAK (%)"}
    spec = drawn(a_table(tmp_path, columns, [(2020 + at, 3.5 + at, 70.5 + at) for at in range(4)]))
    assert {series for _, series, _ in values(spec)} == {"TPT (%)", "TPAK (%)"}


THREE = {"kecamatan": "string Kecamatan", "jk": "string Jenis Kelamin", "tahun": "year Tahun"}


def _three(sexes: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return [
        (name, sex, year, 100 * at + 10 * len(sex) + year - 2020)
        for at, name in enumerate(KECAMATAN)
        for sex in sexes
        for year in (2020, 2021)
    ]


def test_of_three_dimensions_what_is_counted_is_added_up_at_the_latest_time_and_that_is_said(tmp_path: Path) -> None:
    columns = THREE | {"n": "integer Jumlah Penduduk (jiwa)"}
    spec = drawn(a_table(tmp_path, columns, _three(("Laki-laki", "Perempuan"))))
    assert spec is not None
    assert values(spec)[0] == (None, "Kedungadem", 2 * 701 + 180)
    assert "2021" in spec["title"]["subtitle"][0]
    assert "dijumlahkan dari semua Jenis Kelamin" in spec["title"]["subtitle"][0]


def test_of_three_dimensions_a_total_that_the_table_has_is_shown_and_nothing_counted_twice(tmp_path: Path) -> None:
    columns = THREE | {"n": "integer Jumlah Penduduk (jiwa)"}
    spec = drawn(a_table(tmp_path, columns, _three(("Laki-laki", "Perempuan", "Jumlah"))))
    assert spec is not None
    assert values(spec)[0] == (None, "Kedungadem", 700 + 60 + 1)
    assert "Jenis Kelamin: Jumlah" in spec["title"]["subtitle"][0]


def test_prices_are_never_added_up_but_one_of_them_is_shown_by_name(tmp_path: Path) -> None:
    rows = [
        (f"2024-0{month}-01", place, what, 1000 * at + month)
        for month in range(1, 6)
        for at, (place, what) in enumerate(
            (p, w) for p in ("Pasar Kota", "Pasar Banjarejo") for w in ("Beras", "Cabai", "Gula")
        )
    ]
    columns = {
        "tanggal": "date Tanggal",
        "pasar": "string Pasar",
        "komoditas": "string Komoditas",
        "harga": "integer Harga (rupiah per kilogram)",
    }
    spec = drawn(a_table(tmp_path, columns, rows))
    assert spec is not None
    assert spec["mark"]["type"] == "line"
    assert {series for _, series, _ in values(spec)} == {"Beras", "Cabai", "Gula"}
    assert max(value for _, _, value in values(spec)) < 3000
    assert "Pasar: Pasar Kota" in spec["title"]["subtitle"][0]


def test_a_year_that_has_only_begun_ranks_nobody(tmp_path: Path) -> None:
    rows = [(name, year, 10 * at + year) for year in (2022, 2023) for at, name in enumerate(KECAMATAN)]
    columns = {"kecamatan": "string Kecamatan", "tahun": "year Tahun", "n": "integer Jumlah Penduduk"}
    spec = drawn(a_table(tmp_path, columns, [*rows, ("Ngraho", 2024, 9999)]), unit="jiwa")
    assert len(values(spec)) == len(KECAMATAN)
    assert spec is not None
    assert "2023" in spec["title"]["subtitle"][0]


def test_villages_of_one_name_are_told_apart_by_their_kecamatan(tmp_path: Path) -> None:
    places = [(kecamatan, desa) for kecamatan in load().children("35.22") for desa in load().children(kecamatan.code)]
    rows = [(desa.code, kecamatan.name, desa.name, 500 + at) for at, (kecamatan, desa) in enumerate(places[:150])]
    names = {f"{desa} ({kecamatan})" for _code, kecamatan, desa, _figure in rows}
    assert len({desa for _code, _kecamatan, desa, _figure in rows}) < len(rows)
    columns = {
        "kode_desa": "string Kode Desa",
        "kecamatan": "string Kecamatan",
        "desa": "string Desa",
        "jumlah": "integer Jumlah (rupiah)",
    }
    spec = drawn(a_table(tmp_path, columns, rows))
    assert spec is not None
    assert {series for _, series, _ in values(spec)} <= names
    assert f"20 tertinggi dari {len(rows)}" in spec["title"]["subtitle"][0]


def test_a_long_series_keeps_its_latest_points_and_says_since_when(tmp_path: Path) -> None:
    rows = [(f"{1900 + at // 300}-{1 + at // 25 % 12:02}-{1 + at % 25:02}", at) for at in range(700)]
    spec = drawn(a_table(tmp_path, {"tanggal": "date Tanggal", "n": "integer Jumlah"}, rows))
    assert spec is not None
    assert len(spec["data"]["values"]) == 500
    assert spec["title"]["subtitle"] == [f"sejak {rows[200][0]}"]


def test_names_and_headers_that_shout_are_calmed(tmp_path: Path) -> None:
    rows = [("KABUPATEN TUBAN", 5.5), ("KOTA MALANG", 7.5), ("KABUPATEN PACITAN", 6.5)]
    spec = drawn(a_table(tmp_path, {"nama_kabupaten_kota": "string", "nilai_investasi": "number"}, rows), unit="rupiah")
    assert spec is not None
    assert spec["encoding"]["x"]["title"] == "Nilai investasi (rupiah)"
    assert values(spec)[0][1] == "Kota Malang"


def test_the_specification_can_be_drawn(tmp_path: Path) -> None:
    rows = [(name, 10_000.5 * at) for at, name in enumerate(KECAMATAN)]
    spec = drawn(a_table(tmp_path, {"kecamatan": "string Kecamatan", "n": "number PDRB (juta rupiah)"}, rows))
    locale = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}
    picture = vl_convert.vegalite_to_svg(json.dumps(spec), format_locale=locale, allowed_base_urls=[])
    assert "Kedungadem" in picture
    assert "70.000" in picture
