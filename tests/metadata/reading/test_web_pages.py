"""Web pages: workbooks that are pages in truth, pages with a table, and pages that say no."""

from __future__ import annotations

import pytest
from read_tables import Reader, codes, only, rows_of, titles

from metadata.reading.errors import ErrorPage, NotWhatItSays

TABLE = """<table><tr><th rowspan="2">Kecamatan</th><th colspan="2">Penduduk</th></tr>
<tr><th>L</th><th>P</th></tr><tr><td>Ngraho</td><td>1.234</td><td>2.345,5</td></tr>
<tr><td>Malo&nbsp;</td><td>789</td><td>-</td></tr><tr><td>Jumlah</td><td>2.023</td><td>2.345,5</td></tr></table>"""


def page(body: str, title: str = "Data") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


def test_a_workbook_that_is_a_page_in_truth_is_read(reader: Reader) -> None:
    reading = reader.text(page(TABLE), "penduduk.xls")
    table = only(reading)
    assert (reading.format, titles(table)) == ("html", ["Kecamatan", "Penduduk / L", "Penduduk / P"])
    assert rows_of(table) == [["Ngraho", "1234", "2345.5"], ["Malo", "789", ""]]
    assert {"read.name_says_other", "read.total_row"} <= codes(reading)


def test_layout_around_a_table_is_no_table(reader: Reader) -> None:
    layout = f"<table><tr><td>menu</td><td>{TABLE}</td></tr></table><table><tr><td>kaki</td></tr></table>"
    assert only(reader.text(page(layout), "a.html")).rows == 2


def test_several_tables_of_a_page_are_several_tables(reader: Reader) -> None:
    assert len(reader.text(page(TABLE + TABLE), "a.html").tables) == 2


@pytest.mark.parametrize(
    "content",
    [
        page('<form><input type="password"></form>', "Google Sheets"),
        page("<p>x</p>", "403 Forbidden"),
        page(f"<h2>Akses ini ditolak</h2>{TABLE}", "Perimeter"),
        page("<h1>Halaman tidak ditemukan</h1>", "Portal"),
    ],
)
def test_a_page_that_says_no_is_no_data(reader: Reader, content: str) -> None:
    with pytest.raises(ErrorPage):
        reader.text(content, "data.csv")


def test_a_page_without_a_table_is_no_workbook_but_may_be_a_page(reader: Reader) -> None:
    with pytest.raises(NotWhatItSays):
        reader.text(page("<p>Selamat datang</p>"), "data.xlsx")
    assert reader.text(page("<p>Selamat datang</p>"), "beranda.html").tables == ()


def test_scripts_and_spans_without_end_do_no_harm(reader: Reader) -> None:
    wild = '<table><tr><td colspan="999999999" rowspan="99999999">A</td></tr><tr><td>1</td><td>2</td></tr></table>'
    reader.text(page(f"<script>alert(1)</script>{wild}{TABLE}"), "a.html")
