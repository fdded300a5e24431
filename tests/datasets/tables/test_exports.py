"""Files to take away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import duckdb
import openpyxl
import pytest

from datasets.exports.about import ExportAbout
from datasets.exports.files import Export, Format, TableExports
from datasets.query.cells import json_cell
from datasets.query.engine import TableEngine
from datasets.query.errors import UnknownColumn
from datasets.query.url import parse

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


@pytest.mark.parametrize("kind", [Format.CSV, Format.JSON, Format.NDJSON, Format.PARQUET])
def test_many_rows_are_written_alone_and_alike(
    engine: TableEngine, villages: Any, kind: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "tahun__ge=2000&_sort=-tahun"
    together = _export(engine, villages, url, kind).path.read_bytes()
    monkeypatch.setattr("datasets.exports.files.MANY", 0)
    monkeypatch.setattr("datasets.exports.files.LAYOUT", "not made before")
    alone = _export(engine, villages, url, kind)
    assert alone.path.read_bytes() == together
    assert not list(alone.path.parent.glob(".making-*")), "nothing is left of the making"
