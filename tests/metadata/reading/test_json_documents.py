"""JSON as services and programs give it: records wherever they are, refusals told from data, the rest left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from read_tables import Reader, codes, column, only, rows_of, titles, types

from metadata.reading.errors import BrokenFile, ErrorPage, NoRows, TooDeep

RECORDS = [{"kode": "35.22", "nama": "Bojonegoro", "jumlah": 1}, {"kode": "35.23", "nama": "Tuban", "jumlah": 2.5}]
ROWS = [["35.22", "Bojonegoro", "1"], ["35.23", "Tuban", "2.5"]]


@pytest.mark.parametrize(
    "document",
    [
        RECORDS,
        {"status": "OK", "data": RECORDS},
        {"success": True, "result": {"total": 2, "records": RECORDS, "fields": [{"id": "kode"}]}},
        {"status": "OK", "data": [{"page": 1, "pages": 1, "total": 2}, RECORDS]},
        {"meta": {"total": 2}, "payload": {"isi": {"daftar": RECORDS}}},
        {"kecamatan": RECORDS},
        {"columns": ["kode", "nama", "jumlah"], "data": [list(item.values()) for item in RECORDS]},
        {"kode": ["35.22", "35.23"], "nama": ["Bojonegoro", "Tuban"], "jumlah": [1, 2.5]},
        {"kode": {"0": "35.22", "1": "35.23"}, "nama": {"0": "Bojonegoro", "1": "Tuban"}, "jumlah": {"0": 1, "1": 2.5}},
        {"35.22": RECORDS[0], "35.23": RECORDS[1]},
    ],
)
def test_records_are_found_wherever_they_are(reader: Reader, document: Any) -> None:
    table = only(reader.text(json.dumps(document), "data.json"))
    assert (titles(table), rows_of(table), table.header_row) == (["kode", "nama", "jumlah"], ROWS, 0)


def test_json_lines_are_records(reader: Reader) -> None:
    reading = reader.text("\n".join(json.dumps(item) for item in RECORDS), "data.json")
    assert (reading.format, rows_of(only(reading))) == ("ndjson", ROWS)


def test_lists_of_cells_find_their_header(reader: Reader) -> None:
    table = only(reader.text(json.dumps([["Kecamatan", "Jumlah"], ["Ngraho", 3], ["Malo", 4]]), "data.json"))
    assert (titles(table), rows_of(table)) == (["Kecamatan", "Jumlah"], [["Ngraho", "3"], ["Malo", "4"]])


def test_records_by_a_key_that_they_do_not_hold_get_it_as_a_column(reader: Reader) -> None:
    table = only(reader.text('{"3522010": {"nama": "Margomulyo"}, "3522020": {"nama": "Ngraho"}}', "data.json"))
    assert (titles(table), rows_of(table)[0]) == (["kunci", "nama"], ["3522010", "Margomulyo"])


def test_a_bundle_of_tables_is_several_tables(reader: Reader) -> None:
    reading = reader.text(json.dumps({"kecamatan": RECORDS, "desa": RECORDS[:1]}), "data.json")
    assert [(table.name, table.rows) for table in reading.tables] == [("kecamatan", 2), ("desa", 1)]


def test_a_chart_is_its_categories_beside_its_series(reader: Reader) -> None:
    chart = {"data": {"labels": ["2022", "2023"], "datasets": [{"label": "PAD", "data": [1.5, 2]}, {"data": [3, 4]}]}}
    table = only(reader.text(json.dumps(chart), "grafik.json"))
    assert titles(table) == ["kategori", "PAD", "datasets 2"]
    assert rows_of(table) == [["2022", "1.5", "3"], ["2023", "2", "4"]]


def test_members_that_some_records_lack_are_empty_there(reader: Reader) -> None:
    table = only(reader.text('[{"a": 1}, {"b": 2, "a": null}]', "data.json"))
    assert rows_of(table) == [["1", ""], ["", "2"]]


def test_nested_members_are_unfolded_joined_or_kept_as_json(reader: Reader) -> None:
    record = {"id": 1, "opd": {"kode": "x", "nama": "Dinas"}, "pos": ["62165", "62166"], "garis": [[1, 2], [3, 4]]}
    reading = reader.text(json.dumps([record, {"id": 2}]), "data.json")
    assert titles(only(reading)) == ["id", "opd / kode", "opd / nama", "pos", "garis"]
    assert rows_of(only(reading))[0] == ["1", "x", "Dinas", "62165; 62166", "[[1, 2], [3, 4]]"]
    assert "read.nested_kept" in codes(reading)


def test_figures_are_exact_and_truths_are_truths(reader: Reader) -> None:
    text = '[{"n": 0.1, "besar": 12345678901234.567891, "ya": true}, {"n": NaN, "besar": 1, "ya": true}]'
    table = only(reader.text(text, "data.json"))
    assert rows_of(table) == [["0.1", "12345678901234.567891", "true"], ["", "1", "true"]]
    assert types(table) == {"n": "number", "besar": "number", "ya": "boolean"}


def test_a_page_of_more_is_said_to_be_one(reader: Reader) -> None:
    reading = reader.text(json.dumps({"total": 26, "data": RECORDS}), "data.json")
    assert next(n.params["total"] for n in reading.notices if n.code == "read.page_of_more") == 26


@pytest.mark.parametrize(
    "document",
    [
        {"status": "Error", "message": "Please re-check your key"},
        {"success": False, "error": {"__type": "Not Found Error"}},
        {"status": 404, "pesan": "tidak ada"},
    ],
)
def test_a_service_that_refuses_is_no_data(reader: Reader, document: Any) -> None:
    with pytest.raises(ErrorPage):
        reader.text(json.dumps(document), "data.json")


@pytest.mark.parametrize("document", [[], {}, {"status": "OK", "data": []}, {"status": "OK", "data": ""}])
def test_a_service_with_nothing_to_give_has_no_rows(reader: Reader, document: Any) -> None:
    with pytest.raises(NoRows):
        reader.text(json.dumps(document), "data.json")


@pytest.mark.parametrize(
    "document",
    [
        {"judul": "Profil", "bab": {"satu": {"isi": "teks"}, "dua": "teks"}},
        {"name": "set", "resources": RECORDS, "tags": RECORDS, "title": "x"},
        {"var": [{"val": 1}], "tahun": [{"val": 124}], "datacontent": {"1112401": 3}, "status": "OK"},
        [1, 2, 3],
    ],
)
def test_a_free_form_document_is_published_as_a_file(reader: Reader, document: Any) -> None:
    reading = reader.text(json.dumps(document), "data.json")
    assert reading.tables == ()
    assert "read.not_a_table" in codes(reading)


def test_broken_json_is_told_with_its_place(reader: Reader) -> None:
    with pytest.raises(BrokenFile) as refused:
        reader.text('[{"a": 1},\n {"a": ', "data.json")
    assert refused.value.notice.place.row == 2


def test_deep_json_is_refused(reader: Reader) -> None:
    with pytest.raises(TooDeep):
        reader.text("[" * 100_000 + "]" * 100_000, "data.json")


def test_a_delimited_file_that_begins_with_a_bracket_is_no_json(reader: Reader) -> None:
    reading = reader.text("[Seri 2010] PDRB;\nSektor;Nilai\nA;1\nB;2\n")
    assert (reading.format, only(reading).rows) == ("csv", 2)


def test_total_rows_of_a_service_go_out_too(reader: Reader) -> None:
    records = [{"_id": n, "Uraian": text, "2023": n * 10} for n, text in enumerate(("A", "B", "C", "Jumlah Total"), 1)]
    table = only(reader.text(json.dumps({"result": {"records": records}}), "data.json"))
    assert column(table, "uraian") == ["A", "B", "C"]
