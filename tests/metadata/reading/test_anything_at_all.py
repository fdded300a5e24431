"""What must hold for any table and for any bytes whatever."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from read_tables import Reader, column, only, rows_of, titles, types

from metadata.errors import LumbungError
from metadata.numbers import format_number
from metadata.reading.errors import Unreadable

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFG éü-./()", min_size=2, max_size=14).map(
    lambda text: f"Desa {' '.join(text.split())}".strip()
)
FIGURES = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


def a_reader() -> Reader:
    return Reader(Path(tempfile.mkdtemp(prefix="lumbung-test-")))


@SLOW
@given(
    st.lists(
        st.tuples(WORDS, FIGURES, st.integers(0, 10**6), st.dates(min_value=date(1900, 1, 1))), min_size=3, max_size=40
    ),
    st.sampled_from(";\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.booleans(),
)
def test_a_table_in_indonesian_writing_is_read_back_equal(
    rows: list[tuple[str, Decimal, int, object]], delimiter: str, encoding: str, titled: bool
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    if titled:
        writer.writerow(["LAPORAN KEADAAN DESA TAHUN 2024", "", "", ""])
    writer.writerow(["Nama Desa", "Nilai (Rp)", "Jumlah", "Tanggal"])
    for name, value, count, day in rows:
        writer.writerow([name, f"Rp {format_number(value, 2)}", format_number(count), f"{day:%d/%m/%Y}"])
    table = only(a_reader().text(out.getvalue().encode(encoding)))
    assert table.rows == len(rows)
    assert column(table, "nama_desa") == [name for name, *_ in rows]
    assert [Decimal(cell) for cell in column(table, "nilai_rp")] == [value for _, value, *_ in rows]
    assert [int(cell) for cell in column(table, "jumlah")] == [count for *_, count, _ in rows]
    assert types(table)["tanggal"] in ("date", "string")
    if types(table)["tanggal"] == "date":
        assert column(table, "tanggal") == [f"{day:%Y-%m-%d}" for *_, day in rows]


@SLOW
@given(
    st.integers(0, 3),
    st.integers(1, 3),
    st.integers(2, 5),
    st.integers(3, 12),
    st.booleans(),
    st.booleans(),
    st.randoms(),
)
def test_a_sheet_as_offices_lay_it_out_gives_back_its_table(
    title_rows: int, levels: int, figures: int, count: int, numbered: bool, total: bool, dice: random.Random
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for n in range(title_rows):
        sheet.append([f"JUDUL LAPORAN BARIS KE {'I' * (n + 1)}"])
    if title_rows and dice.random() < 0.5:
        sheet.append([])
    top = sheet.max_row + 1 if sheet.max_row > 1 or title_rows else 1
    expected = ["Kecamatan"]
    sheet.cell(top, 1, "Kecamatan")
    if levels > 1:
        sheet.merge_cells(start_row=top, end_row=top + levels - 1, start_column=1, end_column=1)
    for level in range(levels - 1):
        sheet.cell(top + level, 2, f"Kelompok {level}")
        sheet.merge_cells(start_row=top + level, end_row=top + level, start_column=2, end_column=1 + figures)
    for n in range(figures):
        sheet.cell(top + levels - 1, 2 + n, f"Ukuran {chr(65 + n)}")
        expected.append(f"Ukuran {chr(65 + n)}")
    at = top + levels
    if numbered:
        for n in range(figures + 1):
            sheet.cell(at, 1 + n, f"({n + 1})")
        at += 1
    values = [[dice.randint(1, 9999) + 0.25 for _ in range(figures)] for _ in range(count)]
    for n, line in enumerate(values):
        for place, cell in enumerate([f"Kecamatan {chr(65 + n)}", *line], 1):
            sheet.cell(at + n, place, cell)
    at += count
    if total:
        for place, cell in enumerate(["JUMLAH", *(sum(line) for line in zip(*values, strict=True))], 1):
            sheet.cell(at, place, cell)
        at += 1
    sheet.cell(at + 1, 1, "Sumber: Dinas")
    table = only(a_reader().book(book))
    assert table.rows == count
    assert table.header_row == top + levels - 1
    assert [title.rpartition(" / ")[2] for title in titles(table)] == expected
    assert [[float(cell) for cell in row[1:]] for row in rows_of(table)] == values
    assert table.notes == ("Sumber: Dinas",)


@SLOW
@given(st.binary(max_size=3000), st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.kml", "a.html", "a.xls", "a.bin"]))
def test_any_bytes_are_read_or_refused_in_words(content: bytes, name: str) -> None:
    try:
        a_reader().text(content, name)
    except LumbungError as refused:
        assert isinstance(refused, Unreadable)
        assert refused.say("id")
        assert refused.say("en")
        assert refused.notice.place.file == name


@SLOW
@given(st.text('01 ,;"\n\r\t-.ab<>{}[]:é', max_size=300), st.sampled_from(["a.csv", "a.json", "a.html"]))
def test_any_text_is_read_or_refused_in_words(content: str, name: str) -> None:
    try:
        reading = a_reader().text(content.encode(), name)
    except Unreadable:
        return
    for table in reading.tables:
        rows = rows_of(table)
        assert len(rows) == table.rows
        assert all(len(row) == len(table.columns) for row in rows)


@SLOW
@given(st.lists(st.lists(st.text("ab1,.- \n\"é'", max_size=6), min_size=1, max_size=5), min_size=1, max_size=12))
def test_no_cell_of_a_delimited_file_is_lost(rows: list[list[str]]) -> None:
    """Every cell is in the table, in its title, its header, its notes, or told as dropped or missing."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    try:
        reading = a_reader().text(out.getvalue())
    except Unreadable:
        return
    said = "\n".join(
        [table.path.read_text("utf-8") for table in reading.tables]
        + [str(table.columns) + str(table.title) + str(table.notes) for table in reading.tables]
        + [str(notice.params) for table in reading.tables for notice in table.repairs]
    ).replace('""', '"')
    kept = {letter for letter in said if letter.isalnum()}
    assert {letter for row in rows for cell in row for letter in cell if letter.isalnum()} <= kept | set("0")


@pytest.mark.parametrize("name", ["ipm_2022.csv", "tpt_wilayah_2022.csv"])
def test_a_real_file_cut_anywhere_is_read_or_refused_in_words(shared_data: Path, tmp_path: Path, name: str) -> None:
    whole = (shared_data / "bps_jatim_csv" / name).read_bytes()
    for end in range(0, len(whole), 37):
        try:
            Reader(tmp_path).text(whole[:end], name)
        except Unreadable as refused:
            assert refused.say("id")


def test_a_real_workbook_with_broken_bytes_is_read_or_refused_in_words(shared_data: Path, tmp_path: Path) -> None:
    whole = bytearray((shared_data / "xlsx" / "ipm_provinsi_2010_2022.xlsx").read_bytes())
    dice = random.Random(3522)
    for _ in range(120):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 30)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            Reader(tmp_path).text(bytes(broken), "ipm.xlsx")
        except Unreadable as refused:
            assert refused.say("id")
