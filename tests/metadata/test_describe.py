"""A description holds for every row of its table, and says what the office says where it says something."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from build import a_table

from metadata.about import About, ColumnAbout
from metadata.describe import coverage, describe, table_schema
from metadata.reading.table import Table
from metadata.validate import validate_table

KECAMATAN = ("Ngraho", "Tambakrejo", "Ngambon", "Kepoh Baru", "Bojonegoro")


def roles(schema: dict[str, Any]) -> dict[str, str]:
    return {field["name"]: field["lumbung:role"] for field in schema["fields"]}


def field(schema: dict[str, Any], name: str) -> dict[str, Any]:
    return next(field for field in schema["fields"] if field["name"] == name)


@pytest.fixture
def population(tmp_path: Path) -> Table:
    """Five districts over three years, as a portal's long form has it."""
    rows = [(name, year, 40_000 + year, "JIWA") for name in KECAMATAN for year in (2021, 2022, 2023)]
    columns = {
        "kecamatan": "string Kecamatan",
        "tahun": "year Tahun",
        "jumlah": "integer Jumlah Penduduk",
        "satuan": "string Satuan",
    }
    return a_table(tmp_path, columns, rows, title="Jumlah Penduduk")


def test_each_column_is_known_for_what_it_is(population: Table) -> None:
    assert roles(table_schema(population, About())) == {
        "kecamatan": "region_name",
        "tahun": "year",
        "jumlah": "value",
        "satuan": "unit",
    }


def test_regions_and_years_are_covered(population: Table) -> None:
    found = coverage(population)
    assert found == (2021, 2023, ("35.22.01", "35.22.02", "35.22.03", "35.22.09", "35.22.15"))


def test_the_key_is_region_and_year(population: Table) -> None:
    assert table_schema(population, About())["primaryKey"] == ["kecamatan", "tahun"]


def test_a_constant_satuan_column_gives_the_measure_its_unit(population: Table) -> None:
    assert field(table_schema(population, About()), "jumlah")["unit"] == "jiwa"


def test_the_schema_holds_for_the_table(population: Table) -> None:
    report = validate_table(population.path, table_schema(population, About()))
    assert report.valid
    assert report.tasks[0].stats["rows"] == 15


def test_what_the_office_declares_wins(population: Table) -> None:
    about = About(
        columns={"Jumlah Penduduk": ColumnAbout(unit="orang", description="Terdaftar", constraints={"minimum": 1})}
    )
    found = field(table_schema(population, about), "jumlah")
    assert (found["unit"], found["description"]) == ("orang", "Terdaftar")
    assert found["constraints"] == {"required": True, "minimum": 1}


def test_a_cell_that_is_missing_takes_the_duty_away(tmp_path: Path) -> None:
    table = a_table(tmp_path, {"tahun": "year", "n": "integer"}, [(2020, 1), (2021, None)])
    schema = table_schema(table, About())
    assert field(schema, "tahun")["constraints"]["required"]
    assert "required" not in field(schema, "n").get("constraints", {})


def test_codes_are_text_and_name_their_system(tmp_path: Path) -> None:
    rows = [("3522010", "35.22.22", 4), ("3522020", "35.22.01", 5), ("3522030", "35.22.02", 6)]
    table = a_table(tmp_path, {"bps_kode": "integer", "kode_kecamatan": "string", "n": "integer"}, rows)
    schema = table_schema(table, About())
    assert field(schema, "bps_kode")["type"] == "string"
    assert (field(schema, "bps_kode")["lumbung:codeSystem"], field(schema, "kode_kecamatan")["lumbung:codeSystem"]) == (
        "bps",
        "kemendagri",
    )
    assert coverage(table).regions == ("35.22.01", "35.22.02", "35.22.22")


def test_numbers_that_count_nothing_are_no_measures(tmp_path: Path) -> None:
    columns = {"no": "integer No", "fid": "integer", "field1": "integer", "jumlah_desa": "integer Jumlah Desa"}
    table = a_table(tmp_path, columns, [(1, 90, 1, 7), (2, 80, 2, 9), (3, 70, 3, 9)])
    assert roles(table_schema(table, About())) == {
        "no": "number",
        "fid": "identifier",
        "field1": "number",
        "jumlah_desa": "value",
    }


def test_the_year_a_thing_was_built_is_not_the_year_of_the_figures(tmp_path: Path) -> None:
    columns = {"nama": "string Nama Jembatan", "tahun_bangun": "year Tahun Bangun", "panjang": "number Panjang (m)"}
    table = a_table(tmp_path, columns, [("A", 1980, 12), ("B", 1990, 20.5), ("C", 1980, 9)], title="Jembatan, 2024")
    described = describe(table, About())
    assert roles(described.schema)["tahun_bangun"] == "date"
    assert described.schema["primaryKey"] == ["nama"]
    assert (described.coverage.year_from, described.coverage.year_to) == (2024, 2024)
    assert field(described.schema, "panjang")["unit"] == "m"


@pytest.mark.parametrize(
    ("titles", "years"),
    [
        (("2019", "2020", "2021"), (2019, 2021)),
        (("Harga Konstan 2010 / 2022", "Harga Konstan 2010 / 2023"), (2022, 2023)),
        (("Indeks (2012=100)", "Nilai"), (None, None)),
    ],
)
def test_years_in_headers_are_covered_and_base_years_are_not(
    tmp_path: Path, titles: tuple[str, ...], years: tuple[int | None, int | None]
) -> None:
    columns = {"uraian": "string Uraian"} | {f"c{at}": f"number {title}" for at, title in enumerate(titles)}
    table = a_table(tmp_path, columns, [("a", *(1.5 for _ in titles)), ("b", *(2.5 for _ in titles))])
    assert coverage(table)[:2] == years


def test_the_datasets_unit_is_not_given_to_its_ratios(tmp_path: Path) -> None:
    columns = {"kecamatan": "string Kecamatan", "l": "integer Laki-laki", "p": "integer Perempuan"}
    rows = [(name, 10, 12) for name in KECAMATAN]
    together = table_schema(a_table(tmp_path, columns, rows), About(unit="jiwa"))
    assert [field(together, name).get("unit") for name in ("l", "p")] == ["jiwa", "jiwa"]
    mixed = columns | {"rasio": "number Rasio Jenis Kelamin"}
    apart = table_schema(a_table(tmp_path, mixed, [(*row, 0.9) for row in rows]), About(unit="jiwa"))
    assert [field(apart, name).get("unit") for name in ("l", "rasio")] == [None, None]


def test_time_belongs_to_the_key_even_where_a_class_would_do(tmp_path: Path) -> None:
    rows = [(2021, "a", 1), (2021, "b", 2), (2022, "c", 3), (2022, "d", 4)]
    table = a_table(tmp_path, {"tahun": "year Tahun", "jenis": "string Jenis", "n": "integer Jumlah"}, rows)
    assert table_schema(table, About())["primaryKey"] == ["tahun", "jenis"]


def test_rows_that_repeat_have_no_key(tmp_path: Path) -> None:
    table = a_table(tmp_path, {"jenis": "string Jenis", "n": "integer Jumlah"}, [("a", 1), ("a", 1), ("b", 2)])
    assert "primaryKey" not in table_schema(table, About())


def test_villages_with_one_name_need_their_district(tmp_path: Path) -> None:
    rows = [("Ngraho", "Sugihwaras", 1), ("Sugihwaras", "Sugihwaras", 2), ("Ngraho", "Luwihaji", 3)]
    table = a_table(tmp_path, {"kecamatan": "string Kecamatan", "desa": "string Desa", "n": "integer Jumlah"}, rows)
    assert table_schema(table, About())["primaryKey"] == ["kecamatan", "desa"]


def test_a_table_without_rows_is_described(tmp_path: Path) -> None:
    table = a_table(tmp_path, {"tahun": "year", "n": "integer"}, [])
    described = describe(table, About(title="Kosong, 2020", regions=("Kab. Bojonegoro",)))
    assert described.coverage == (2020, 2020, ("35.22",))
    assert validate_table(table.path, described.schema).valid


def test_the_real_files_are_described_so_that_they_hold(shared_data: Path, tmp_path: Path) -> None:
    from metadata.reading.reader import read

    names = ["opendata_jatim/upah_minimum_kabkota.csv", "xlsx/jatim_pdrb_ipm_2016_2021.xlsx"]
    found = []
    for name in names:
        (tmp_path / Path(name).stem).mkdir()
        reading = read(shared_data / name, filename=Path(name).name, into=tmp_path / Path(name).stem)
        described = describe(reading.tables[0], About())
        assert validate_table(reading.tables[0].path, described.schema).valid
        found.append((described.schema["primaryKey"], described.coverage[:2], len(described.coverage.regions)))
    assert found == [
        (["kode_kabupaten_kota", "tahun"], (2020, 2024), 39),
        (["tahun", "kabupaten"], (2016, 2021), 38),
    ]


def test_a_questionnaire_with_many_answers_is_described_in_little_memory(tmp_path: Path) -> None:
    questions = {f"soal_{number}": f"string Soal {number}" for number in range(80)}
    rows = [tuple(("Ya", "Tidak")[(row >> number % 7) % 2] for number in range(80)) for row in range(30)]
    table = a_table(tmp_path, questions, rows)
    tracemalloc.start()
    try:
        described = table_schema(table, About())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(described["fields"]) == 80
    assert peak < 50_000_000
