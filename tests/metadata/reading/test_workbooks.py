"""Workbooks: sheets, hidden things, formats, and those made to harm or broken."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from read_tables import Reader, codes, column, only, rows_of, titles

from metadata.reading.errors import (
    BrokenWorkbook,
    DangerousFile,
    EmptyFile,
    NoRows,
    NotWhatItSays,
    ProtectedFile,
    TooLarge,
)

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def a_book(rows: list[list[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def with_sheet(xml: str) -> bytes:
    """A workbook whose sheet is this XML."""
    out, given = io.BytesIO(), io.BytesIO()
    a_book([["a", "b"], [1, 2]]).save(given)
    with zipfile.ZipFile(given) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, xml if name.endswith("sheet1.xml") else source.read(name))
    return out.getvalue()


def an_ods(rows: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
            f'<table:table table:name="Data">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def test_every_visible_sheet_is_a_table_under_its_own_name(reader: Reader) -> None:
    book = a_book([["Kecamatan", "Jumlah"], ["Ngraho", 1]])
    book.active.title = "2023"
    other = book.create_sheet("2024")
    for row in (["Kecamatan", "Jumlah"], ["Ngraho", 2]):
        other.append(row)
    reading = reader.book(book)
    assert [(table.sheet, table.name) for table in reading.tables] == [("2023", "2023"), ("2024", "2024")]
    assert [rows_of(table)[0][1] for table in reading.tables] == ["1", "2"]


def test_a_hidden_sheet_is_not_read_and_said(reader: Reader) -> None:
    book = a_book([["Kecamatan", "Jumlah"], ["Ngraho", 1]])
    hidden = book.create_sheet("gaji")
    hidden.append(["Nama", "Gaji"])
    hidden.append(["Budi", 5_000_000])
    hidden.sheet_state = "hidden"
    reading = reader.book(book)
    assert [table.sheet for table in reading.tables] == ["Sheet"]
    assert next(n.place.sheet for n in reading.notices if n.code == "read.sheet_hidden") == "gaji"
    assert "Budi" not in only(reading).path.read_text()


def test_hidden_rows_and_columns_comments_and_errors_are_said(reader: Reader) -> None:
    book = a_book([["Kecamatan", "Jumlah", "Rasio"], ["Ngraho", 1, 2], ["Malo", 3, 4]])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.active["A2"].comment = Comment("rahasia", "seseorang")
    book.active["C2"] = "#N/A"
    book.active["C2"].data_type = "e"
    reading = reader.book(book)
    expected = {"read.rows_hidden", "read.columns_hidden", "read.comments_found", "read.cell_errors"}
    assert expected <= codes(reading)
    assert column(only(reading), "rasio") == ["", "4"]


def test_formulas_without_a_saved_result_are_counted(reader: Reader) -> None:
    reading = reader.sheet([["Kecamatan", "L", "P", "Jumlah"], ["Ngraho", 1, 2, "=B2+C2"], ["Malo", 3, 4, "=B3+C3"]])
    assert next(n.params["count"] for n in reading.notices if n.code == "read.formulas_uncomputed") == 2
    assert column(only(reading), "jumlah") == ["", ""]


def test_a_sheet_asked_for_is_the_only_one_read(reader: Reader) -> None:
    book = a_book([["a", "b"], [1, 2]])
    other = book.create_sheet("Data")
    for row in (["c", "d"], [3, 4]):
        other.append(row)
    assert titles(only(reader.book(book, sheet="Data"))) == ["c", "d"]
    assert "read.sheet_absent" in codes(reader.book(book, sheet="Tidak Ada"))


def test_empty_sheets_and_headers_without_rows_are_skipped_and_said(reader: Reader) -> None:
    book = a_book([["Kecamatan", "Jumlah"], ["Ngraho", 1]])
    book.create_sheet("kosong")
    book.create_sheet("formulir").append(["Nama", "Nilai", "Satuan"])
    reading = reader.book(book)
    assert only(reading).sheet == "Sheet"
    assert {"read.sheet_empty", "read.empty_with_header"} <= codes(reading)


def test_a_cover_sheet_is_skipped_and_said(reader: Reader) -> None:
    book = a_book([[], [None, "LAPORAN TAHUNAN"], [None, None, "Dinas Pendidikan"], [], ["Tahun 2024"]])
    book.active.title = "Sampul"
    data = book.create_sheet("Data")
    for row in (["Kecamatan", "SD"], ["Ngraho", 20], ["Malo", 18]):
        data.append(row)
    reading = reader.book(book)
    assert only(reading).sheet == "Data"
    assert next(n.place.sheet for n in reading.notices if n.code == "read.sheet_strewn") == "Sampul"


def test_a_workbook_of_forms_only_has_no_rows(reader: Reader) -> None:
    with pytest.raises(NoRows):
        reader.sheet([["Nama", "Nilai", "Satuan"]])
    with pytest.raises(EmptyFile):
        reader.book(openpyxl.Workbook())


def test_rows_and_columns_are_counted_as_the_sheet_shows_them(reader: Reader) -> None:
    book = openpyxl.Workbook()
    for place, value in {"C5": "Kecamatan", "D5": "Jumlah", "C6": "Ngraho", "D6": 7, "C7": "Malo", "D7": 8}.items():
        book.active[place] = value
    table = only(reader.book(book))
    assert (table.header_row, rows_of(table)) == (5, [["Ngraho", "7"], ["Malo", "8"]])


def test_what_xlsxwriter_makes_is_read_too(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Rekap")
        sheet.merge_range("A1:C1", "REKAP PENDUDUK 2024")
        sheet.merge_range("A3:A4", "Kecamatan")
        sheet.merge_range("B3:C3", "Penduduk")
        sheet.write_row("B4", ["L", "P"])
        sheet.write_row("A5", ["Ngraho", 10, 12])
        sheet.write_row("A6", ["Malo", 9, 8])
        sheet.write_formula("B7", "=SUM(B5:B6)", value=19)
        sheet.write("A7", "Jumlah")
    table = only(reader.text(path.read_bytes(), "rekap.xlsx"))
    assert titles(table) == ["Kecamatan", "Penduduk / L", "Penduduk / P"]
    assert (table.header_row, table.rows, table.title) == (4, 2, "REKAP PENDUDUK 2024")


def test_an_ods_is_read_like_any_workbook(reader: Reader) -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def text(value: str, span: int = 1) -> str:
        spread = f' table:number-columns-spanned="{span}"' if span > 1 else ""
        return f'<table:table-cell office:value-type="string"{spread}><text:p>{value}</text:p></table:table-cell>'

    def number(value: float) -> str:
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>x</text:p></table:table-cell>'
        )

    rows = row(text("Kecamatan"), text("Jumlah")) + row(text("Ngraho"), number(1.5)) + row(text("Malo"), number(2))
    reading = reader.text(an_ods(rows), "data.ods")
    assert (reading.format, rows_of(only(reading))) == ("ods", [["Ngraho", "1.5"], ["Malo", "2"]])


def test_a_cell_far_away_is_refused_with_its_place_before_anything_opens_the_file(reader: Reader) -> None:
    far = f'<worksheet xmlns="{SHEET}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    far += '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
    content = with_sheet(far)
    assert len(content) < 6_000
    with pytest.raises(TooLarge) as refused:
        reader.text(content, "jauh.xlsx")
    assert "XFD1048576" in refused.value.say("id")


def test_a_zip_bomb_is_refused(reader: Reader) -> None:
    with pytest.raises(DangerousFile):
        reader.text(with_sheet(f'<worksheet xmlns="{SHEET}"><sheetData>{"<row/>" * 9_000_000}'), "bom.xlsx")


def test_repeats_of_an_ods_are_refused_when_they_unfold_to_billions(reader: Reader) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with pytest.raises(TooLarge):
        reader.text(an_ods(rows), "bom.ods")


def test_a_broken_workbook_says_so(reader: Reader, tmp_path: Path) -> None:
    out = io.BytesIO()
    a_book([["a", "b"], *([n, n] for n in range(400))]).save(out)
    for content in (out.getvalue()[:3000], b"PK\x03\x04" + b"rusak" * 90):
        with pytest.raises(BrokenWorkbook):
            reader.text(content, "rusak.xlsx")
    with pytest.raises(BrokenWorkbook):
        reader.text(with_sheet("<worksheet><sheetData><row"), "rusak.xlsx")
    with pytest.raises(BrokenWorkbook):
        reader.text(OLE + bytes(500) + "Workbook".encode("utf-16-le") + bytes(3000), "rusak.xls")


def test_a_password_is_told_from_damage(reader: Reader) -> None:
    content = OLE + bytes(500) + "EncryptionInfo".encode("utf-16-le") + bytes(2000)
    with pytest.raises(ProtectedFile):
        reader.text(content, "rahasia.xlsx")


def test_a_text_that_calls_itself_a_workbook_is_read_as_what_it_is(reader: Reader) -> None:
    reading = reader.text("Kecamatan;Jumlah\nNgraho;1\nMalo;2\n", "data.xls")
    assert (reading.format, only(reading).rows) == ("csv", 2)
    assert "read.name_says_other" in codes(reading)


@pytest.mark.parametrize("name", ["data.csv", "data.xlsx"])
def test_bytes_that_are_nothing_of_the_kind_are_refused(reader: Reader, name: str) -> None:
    for content in (bytes(range(256)) * 90, b"%PDF-1.7\n" + b"x" * 500, b"\x89PNG\r\n\x1a\n" + bytes(99)):
        with pytest.raises(NotWhatItSays):
            reader.text(content, name)


def test_documents_and_pictures_are_published_as_what_they_are(reader: Reader) -> None:
    for content, name, kind in (
        (b"%PDF-1.7\n", "juknis.pdf", "pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "peta.png", "png"),
        (b"-- dump\nCREATE TABLE `a` (id int);\nINSERT INTO a VALUES (1);\n", "dump.sql", "sql"),
    ):
        reading = reader.text(content, name)
        assert (reading.format, reading.tables) == (kind, ())
        assert "read.not_a_table" in codes(reading)
