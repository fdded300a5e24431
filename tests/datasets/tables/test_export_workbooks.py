"""What a workbook that is given out holds, and that it is the same each time."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import openpyxl
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasets.exports import workbook
from datasets.exports.about import ExportAbout
from datasets.exports.files import Export, Format, TableExports
from datasets.exports.workbook import TooManyRows
from datasets.query.engine import TableEngine
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
