"""Files to take away."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import duckdb
import openpyxl
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasets.exports import workbook
from datasets.exports.about import ExportAbout
from datasets.exports.files import Export, Format, TableExports
from datasets.exports.workbook import TooManyRows
from datasets.query_cells import json_cell
from datasets.query_duckdb import TableEngine
from datasets.query_errors import UnknownColumn
from datasets.query_url import parse

Make = Callable[..., Any]
ABOUT = ExportAbout(
    title="Penduduk menurut desa",
    organization="Dinas Kependudukan",
    version="3",
    published="2025-03-14",
    licence="CC-BY-4.0",
    source="https://data.example.go.id/dataset/penduduk/v/3",
    query="kecamatan = Kapas",
    citation="Dinas Kependudukan (2025). Penduduk menurut desa, versi 3.",
    notes=("Angka sementara.",),
)


def _export(engine: TableEngine, table: Any, url: str, kind: Format, **options: Any) -> Export:
    shape = engine.shape(table.parquet, table.schema)
    query = parse(parse_qsl(url, keep_blank_values=True), shape)
    return TableExports(engine).export(table.parquet, table.schema, query, kind, ABOUT, **options)


def _text(export: Export) -> str:
    return b"".join(export.chunks()).decode()


def test_the_csv_of_the_whole_table_is_the_canonical_csv(engine: TableEngine, villages: Any) -> None:
    assert _text(_export(engine, villages, "", Format.CSV)) == villages.csv.read_text(encoding="utf-8")


def test_each_type_is_written_in_csv_as_it_was_read(engine: TableEngine, make_table: Make) -> None:
    types = {
        "a": "integer",
        "b": "number",
        "c": "number",
        "d": "datetime",
        "e": "datetime",
        "f": "time",
        "g": "string",
        "h": "integer",
    }
    rows = [
        (
            "1",
            "1.5",
            "12345678901234567.25",
            "2024-01-01T10:00:00",
            "2024-01-01T03:00:00Z",
            "10:30:00",
            "a,b",
            "9" * 20,
        ),
        ("-2", "1000000", "0.5", "2024-01-01T10:00:00.5", "2024-06-30T00:00:00Z", "10:30:00.25", 'k"k\nb', "1"),
        ("", "", "", "", "", "", "", ""),
        ("0", "NaN", "7", "2024-01-01T10:00:00", "2024-06-30T00:00:00Z", "00:00:00", " spasi ", "-1"),
        ("0", "INF", "7", "2024-01-01T10:00:00", "2024-06-30T00:00:00Z", "00:00:00", "é", "-1"),
        ("0", "-123456789.125", "7", "2024-01-01T10:00:00", "2024-06-30T00:00:00Z", "00:00:00", "007", "-1"),
    ]
    table = make_table(types, rows)
    written = list(csv.reader(io.StringIO(_text(_export(engine, table, "", Format.CSV)), newline="")))
    assert written == [list(types), *(list(row) for row in rows)]


def test_a_question_is_exported_whole_whatever_its_page(engine: TableEngine, villages: Any) -> None:
    text = _text(
        _export(engine, villages, "tahun__ge=2020&_sort=-penduduk&_columns=desa,penduduk&_page=2&_size=1", Format.CSV)
    )
    assert text.splitlines() == [
        "desa,penduduk",
        "Ngumpakdalem,9050",
        "Bakalan,3120",
        "Balenrejo,2870",
        '"jalan ""lama"", Pilang",1999',
        "Sumberarum,",
    ]


def test_groups_can_be_exported(engine: TableEngine, villages: Any) -> None:
    url = "_group=kecamatan&_measure=sum:penduduk,mean:luas,count&_sort=-sum_penduduk"
    assert _text(_export(engine, villages, url, Format.CSV)).splitlines() == [
        "kecamatan,sum_penduduk,mean_luas,count",
        "Dander,9050,7.375,2",
        "Kapas,7330,1.875,2",
        "Balen,4869,0.1,2",
    ]
    rows = json.loads(_text(_export(engine, villages, url, Format.JSON)))["rows"]
    assert rows[0] == {"kecamatan": "Dander", "sum_penduduk": 9050, "mean_luas": 7.375, "count": 2}


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "=", "-"]
HARMLESS = ["-12", "+62812", "-1.234,5", "biasa", "a=b", "'=1", ""]


def test_csv_cells_that_a_spreadsheet_would_run_get_an_apostrophe(engine: TableEngine, make_table: Make) -> None:
    cells = [*FORMULAS, *HARMLESS]
    table = make_table({"a": "string", "n": "integer"}, [(cell, "-5") for cell in cells])
    guarded = list(csv.reader(io.StringIO(_text(_export(engine, table, "", Format.CSV)), newline="")))
    assert [row[0] for row in guarded[1:]] == [*("'" + cell for cell in FORMULAS), *HARMLESS]
    assert {row[1] for row in guarded[1:]} == {"-5"}
    exact = list(csv.reader(io.StringIO(_text(_export(engine, table, "", Format.CSV, exact=True)), newline="")))
    assert [row[0] for row in exact[1:]] == cells


def test_json_holds_what_the_page_holds(engine: TableEngine, villages: Any) -> None:
    url = "luas__ge=1&_sort=-luas"
    document = json.loads(_text(_export(engine, villages, url, Format.JSON)))
    page = engine.page(
        villages.parquet, villages.schema, parse(parse_qsl(url), engine.shape(villages.parquet, villages.schema))
    )
    names = [column.name for column in page.columns]
    assert document["rows"] == [dict(zip(names, map(json_cell, row), strict=True)) for row in page.rows]
    assert document["meta"]["citation"] == ABOUT.citation
    assert document["meta"]["notes"] == ["Angka sementara."]
    assert [column["name"] for column in document["columns"]] == names
    lines = _text(_export(engine, villages, url, Format.NDJSON)).splitlines()
    assert [json.loads(line) for line in lines] == document["rows"]


def test_json_is_json_whatever_the_cells(engine: TableEngine, make_table: Make) -> None:
    rows = [
        ("NaN", "12345678901234567.25", "9" * 25, "2024-01-01T10:00:00", 'k"\n\\é\u2028'),
        ("-INF", "0.5", "1", "2024-01-01T10:00:00.5", "<script>"),
        ("", "", "", "", ""),
    ]
    table = make_table({"x": "number", "y": "number", "n": "integer", "t": "datetime", "s": "string"}, rows)

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    document = json.loads(_text(_export(engine, table, "", Format.JSON)), parse_constant=refuse)
    page = engine.page(table.parquet, table.schema, parse([], engine.shape(table.parquet, table.schema)))
    assert [list(row.values()) for row in document["rows"]] == [[json_cell(cell) for cell in row] for row in page.rows]
    assert document["rows"][0]["n"] == int("9" * 25)


def test_no_rows_are_a_file_too(engine: TableEngine, villages: Any) -> None:
    url = "kecamatan=Tidak+ada"
    assert _text(_export(engine, villages, url, Format.CSV)).count("\n") == 1
    assert json.loads(_text(_export(engine, villages, url, Format.JSON)))["rows"] == []
    assert _text(_export(engine, villages, url, Format.NDJSON)) == ""
    book = openpyxl.load_workbook(_export(engine, villages, url, Format.XLSX).path)
    assert [cell.value for cell in book["Data"][1]][:2] == ["kode", "kecamatan"]
    assert book["Data"].max_row == 1


def test_parquet_keeps_names_types_and_order(engine: TableEngine, villages: Any) -> None:
    export = _export(engine, villages, "tahun__ge=2020&_sort=desa&_columns=kode,penduduk,dicatat,luas", Format.PARQUET)
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(export.path)])
        assert [(column[0], str(column[1])) for column in found.description or []] == [
            ("kode", "VARCHAR"),
            ("penduduk", "BIGINT"),
            ("dicatat", "DATE"),
            ("luas", "DOUBLE"),
        ]
        assert [row[0] for row in found.fetchall()] == ["0102", "0301", "0201", "0202", "0302"]


def test_a_workbook_holds_numbers_dates_and_codes_as_such(engine: TableEngine, make_table: Make) -> None:
    types = {"kode": "string", "n": "integer", "x": "number", "t": "year", "d": "date", "w": "datetime", "j": "time"}
    types |= {"b": "boolean", "panjang": "integer", "uang": "number"}
    table = make_table(
        types,
        [
            (
                "007",
                "1234567",
                "0.5",
                "2024",
                "2024-08-17",
                "2024-08-17T10:30:00",
                "07:15:00",
                "true",
                "9" * 18,
                "1" * 17 + ".25",
            ),
            ("=1+1", "-1", "NaN", "1899", "1899-12-31", "1800-01-01T00:00:00", "23:59:59", "false", "1", "0.5"),
            ("", "", "", "", "", "", "", "", "", ""),
        ],
        x={"title": "Nilai", "unit": "juta rupiah"},
    )
    book = openpyxl.load_workbook(_export(engine, table, "", Format.XLSX).path)
    sheet = book["Data"]
    header, first, second, *_ = [[cell.value for cell in row] for row in sheet.rows]
    assert header[:3] == ["kode", "n", "Nilai (juta rupiah)"]
    assert first == [
        "007",
        1234567,
        0.5,
        2024,
        dt.datetime(2024, 8, 17),  # noqa: DTZ001
        dt.datetime(2024, 8, 17, 10, 30),  # noqa: DTZ001
        dt.time(7, 15),
        True,
        "9" * 18,
        "1" * 17 + ".25",
    ]
    assert second == ["=1+1", -1, "NaN", 1899, "1899-12-31", "1800-01-01T00:00:00", dt.time(23, 59, 59), False, 1, 0.5]
    assert sheet["A3"].data_type == "s"
    assert sheet["A3"].quotePrefix
    assert not sheet["A2"].quotePrefix
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:J4"


def test_the_second_sheet_says_where_the_table_is_from(engine: TableEngine, villages: Any) -> None:
    book = openpyxl.load_workbook(_export(engine, villages, "kecamatan=Kapas", Format.XLSX).path)
    lines = [tuple(cell.value for cell in row) for row in book["Keterangan"].rows]
    told = {line[0]: line[1] for line in lines}
    assert told["Cara mengutip"] == ABOUT.citation
    assert told["Versi"] == "3"
    assert told["Catatan"] == "Angka sementara."
    assert ("penduduk", "penduduk", None, "integer") in lines or ("penduduk", "penduduk", "", "integer") in lines


def test_texts_too_long_for_a_cell_are_cut_and_it_is_said(engine: TableEngine, make_table: Make) -> None:
    table = make_table({"a": "string", "b": "string"}, [("x" * 40_000, "\x01\x0b\ufffe"), ("y", "z")])
    book = openpyxl.load_workbook(_export(engine, table, "", Format.XLSX).path)
    assert len(book["Data"]["A2"].value) == 32_767
    assert any("1 teks dipotong" in str(row[1].value) for row in book["Keterangan"].rows)


def test_more_rows_than_a_sheet_has_are_refused_before_anything_is_written(
    engine: TableEngine, villages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    with pytest.raises(TooManyRows) as caught:
        _export(engine, villages, "", Format.XLSX)
    assert caught.value.status == 422
    assert "Parquet" in caught.value.say("id")
    folder = engine.tables.folder / "exports"
    assert [path for path in folder.iterdir() if path.suffix != ".lock"] == []
    assert _export(engine, villages, "kecamatan=Kapas", Format.XLSX).size > 0


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=10),
    st.sampled_from(
        ["=1+1", "_x0041_", "a\r\nb", "a\rb", " depan", "belakang ", "\n", "<&>\"'", "]]>", "&amp;", "\x01", "\ufffe"]
    ),
)


@given(cells=st.lists(CELLS, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_out_of_a_workbook_as_it_went_in(
    engine: TableEngine, make_table: Make, cells: list[str]
) -> None:
    kept = [cell.replace("\x00", "") for cell in cells]
    table = make_table({"a": "string", "n": "integer"}, [(cell, "1") for cell in kept])
    path = _export(engine, table, "", Format.XLSX).path
    rows = python_calamine.load_workbook(str(path)).get_sheet_by_name("Data").to_python()[1:]
    unspeakable = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
    assert [row[0] for row in rows] == [unspeakable.sub("\ufffd", cell) for cell in kept]
    book = openpyxl.load_workbook(path)
    assert book["Data"].max_row == len(cells) + 1


def test_a_workbook_of_a_thousand_columns_is_written(engine: TableEngine, make_table: Make) -> None:
    names = [f"k{n}" for n in range(1_000)]
    table = make_table(dict.fromkeys(names, "integer"), [[str(n + row) for n in range(1_000)] for row in range(3)])
    rows = python_calamine.load_workbook(str(_export(engine, table, "", Format.XLSX).path)).get_sheet_by_index(0)
    assert rows.to_python()[3] == [float(n + 2) for n in range(1_000)]


def test_the_same_rows_give_the_same_workbook(engine: TableEngine, villages: Any) -> None:
    first = _export(engine, villages, "kecamatan=Kapas", Format.XLSX)
    content = first.path.read_bytes()
    first.path.unlink()
    assert _export(engine, villages, "kecamatan=Kapas", Format.XLSX).path.read_bytes() == content


def test_workbooks_are_whole_archives(engine: TableEngine, villages: Any) -> None:
    with zipfile.ZipFile(_export(engine, villages, "", Format.XLSX).path) as archive:
        assert archive.testzip() is None


def test_the_same_question_is_made_once(engine: TableEngine, villages: Any) -> None:
    first = _export(engine, villages, "kecamatan=Kapas&tahun__ge=2019", Format.CSV)
    made = first.path.stat().st_mtime_ns
    again = _export(engine, villages, "tahun__ge=2019&kecamatan=Kapas&_page=2", Format.CSV)
    assert again == first
    assert again.path.stat().st_mtime_ns == made
    assert _export(engine, villages, "tahun__ge=2020&kecamatan=Kapas", Format.CSV).tag != first.tag


def test_a_file_thrown_away_while_it_is_sent_is_sent_whole(engine: TableEngine, villages: Any) -> None:
    export = _export(engine, villages, "", Format.CSV)
    chunks = export.chunks()
    export.path.unlink()
    assert b"".join(chunks).decode() == villages.csv.read_text(encoding="utf-8")


def test_a_question_that_cannot_be_asked_makes_no_file(engine: TableEngine, villages: Any) -> None:
    with pytest.raises(UnknownColumn):
        _export(engine, villages, "tidak_ada=1", Format.CSV)


def test_the_kept_files_have_a_bound(engine: TableEngine, make_table: Make) -> None:
    table = make_table({"n": "integer", "x": "string"}, [(str(n), "isi " * 50) for n in range(3_000)])
    exports = TableExports(engine, megabytes=1)
    shape = engine.shape(table.parquet, table.schema)
    for least in range(8):
        query = parse([("n__ge", str(least))], shape)
        exports.export(table.parquet, table.schema, query, Format.CSV, ABOUT)
    kept = list((engine.tables.folder / "exports").glob("*.csv"))
    assert 1 <= len(kept) < 8
    assert sum(path.stat().st_size for path in kept) <= 2**20


def test_decimals_are_exact_in_every_format(engine: TableEngine, make_table: Make, tmp_path: Path) -> None:
    cells = ["12345678901234567.25", "0.1", "-3"]
    table = make_table({"uang": "number"}, [(cell,) for cell in cells])
    expected = [Decimal(cell) for cell in cells]
    text = _text(_export(engine, table, "", Format.CSV))
    assert [Decimal(line) for line in text.splitlines()[1:]] == expected
    rows = json.loads(_text(_export(engine, table, "", Format.JSON)))["rows"]
    assert [Decimal(row["uang"]) for row in rows] == expected
    with duckdb.connect() as connection:
        path = str(_export(engine, table, "", Format.PARQUET).path)
        assert [row[0] for row in connection.execute("FROM read_parquet(?)", [path]).fetchall()] == expected


def test_files_are_made_even_where_there_is_no_serving_file(tmp_path: Path, villages: Any) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "serving").write_text("a file where the folder should be")
    engine = TableEngine(tmp_path / "tables")
    assert _text(_export(engine, villages, "", Format.CSV)) == villages.csv.read_text(encoding="utf-8")
    assert _export(engine, villages, "kecamatan=Kapas", Format.XLSX).size > 0
    engine.close()
