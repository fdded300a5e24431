"""The rows of a file as they are, what is declared to be missing, and the shape by which a kind is known."""

from __future__ import annotations

from pathlib import Path

from messy_book import messy_book

from metadata.reading.glance import glance
from metadata.reading.reader import read
from metadata.reading.table import ReadHints


def test_rows_stand_under_their_own_numbers_with_the_cells_as_they_are(tmp_path: Path) -> None:
    (sheet,) = glance(messy_book(tmp_path / "a.xlsx"), filename="a.xlsx", hints=ReadHints())
    rows = dict(sheet.rows)
    assert rows[3] == ("No", "Kecamatan", "Kunjungan", "Biaya (Rp)", "Cakupan")
    assert rows[6][2] == "belum lapor" and rows[15][1] == "JUMLAH"


def test_a_row_far_below_is_shown_when_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("desa,jumlah\n" + "".join(f"Desa {at},{at}\n" for at in range(2, 3_001)))
    (sheet,) = glance(path, filename="a.csv", hints=ReadHints(), wanted=[2_500])
    assert [number for number, _ in sheet.rows][-3:] == [2_499, 2_500, 2_501]
    assert dict(sheet.rows)[2_500] == ("Desa 2500", "2500")


def test_next_years_file_has_the_same_shape_and_another_kind_has_not(tmp_path: Path) -> None:
    books = [messy_book(tmp_path / f"{year}.xlsx", year=year, more=year % 7) for year in (2023, 2024)]
    other = tmp_path / "b.csv"
    other.write_text("desa,jumlah\nNgraho,3\n")
    shapes = [glance(path, filename=path.name, hints=ReadHints())[0].shape for path in (*books, other)]
    assert shapes[0] == shapes[1] != shapes[2]


def test_declared_marks_are_read_as_empty_and_said_to_be(tmp_path: Path) -> None:
    path = messy_book(tmp_path / "a.xlsx")
    hints = ReadHints(missing=("Belum Lapor",))
    (table,) = read(path, filename="a.xlsx", into=tmp_path / "into", hints=hints).tables
    assert {column.name: column.type for column in table.columns}["kunjungan"] == "integer"
    assert table.path.read_text().splitlines()[3].split(",")[2] == ""
    assert [repair.params["marks"] for repair in table.repairs if repair.code == "read.marks_declared"] == [
        hints.missing
    ]
    assert table.places == (0, 1, 2, 3, 4)
