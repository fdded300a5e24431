"""Old Excel workbooks (.xls, BIFF8): read by their bytes, from a folder and from the web, to a published table."""

from __future__ import annotations

import csv
import struct
from datetime import date
from pathlib import Path

import pytest
from biff import Cell, workbook
from peers.http_peer import HttpPeer
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Resource
from harvesters.declared import SourceEntry
from harvesters.runs.reports import RunReport
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from metadata.reading.child import read_safely
from metadata.reading.errors import Unreadable
from metadata.reading.table import Reading

ROWS: list[list[Cell]] = [
    ["Realisasi Panen Kabupaten Bojonegoro"],
    ["Kode", "Kecamatan", "Tanggal", "Luas (ha)", "Produksi (ton)"],
    ["0101", "Ngraho", date(2024, 3, 1), 1234, 7404.5],
    ["0102", "Tambakrejo – ćž", date(2024, 3, 2), 2345, 14070],
    ["0103", "Ngambon", date(2024, 3, 3), 3456, 12345678901.25],
    [None, "Jumlah", None, 7035, 12345700375.75],
]


def reading(content: bytes, into: Path, name: str = "panen.xls") -> Reading:
    path = into / "given"
    path.write_bytes(content)
    return read_safely(path, filename=name, into=into / "read")


def harvested(installation: Installation, name: str, location: str, **options: object) -> RunReport:
    entry = {"name": name, "kind": name, "location": location, "organization": "Dinas Pertanian", "options": options}
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(installation, name)
    return report


@pytest.mark.parametrize("name", ["panen.xls", "panen.xlsx", "panen"])
def test_texts_numbers_days_and_titles_are_read_whatever_the_name(tmp_path: Path, name: str) -> None:
    found = reading(workbook({"Panen": ROWS}), tmp_path, name)
    (table,) = found.tables
    assert (found.format, table.title) == ("xls", "Realisasi Panen Kabupaten Bojonegoro")
    assert [one.type for one in table.columns] == ["string", "string", "date", "integer", "number"]
    with table.path.open(newline="", encoding="utf-8") as source:
        rows = list(csv.reader(source))
    assert rows[2] == ["0102", "Tambakrejo – ćž", "2024-03-02", "2345", "14070"]
    assert rows[3][4] == "12345678901.25"
    assert len(rows) == 4  # the row of totals is none of the data


def test_sheets_are_tables_and_a_hidden_one_is_told(tmp_path: Path) -> None:
    more: list[list[Cell]] = [["tahun", "ada"], [2023, True], [2024, False]]
    content = workbook({"Panen": ROWS, "Lain": more, "Rahasia": [["x"], [1]]}, hidden=["Rahasia"])
    found = reading(content, tmp_path)
    assert [table.sheet for table in found.tables] == ["Panen", "Lain"]
    assert "read.sheet_hidden" in {notice.code for notice in found.notices}


def test_more_words_than_one_record_holds_are_read_to_the_last(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["no", "uraian"],
        *([number, f"Uraian kegiatan ke-{number:05}"] for number in range(2000)),
    ]
    (table,) = reading(workbook({"Panjang": rows}), tmp_path).tables
    assert table.rows == 2000
    assert table.path.read_text().splitlines()[-1] == "1999,Uraian kegiatan ke-01999"


@pytest.mark.parametrize("hurt", ["cut", "sheet outside", "no sheets"])
def test_a_broken_one_is_told_and_breaks_nothing(tmp_path: Path, hurt: str) -> None:
    content = workbook({"Panen": ROWS})
    if hurt == "cut":
        content = content[:2000]
    elif hurt == "sheet outside":
        at = content.index(struct.pack("<H", 0x0085))
        content = content[: at + 4] + struct.pack("<I", 0x7FFFFFF0) + content[at + 8 :]
    else:
        content = workbook({"Kosong": []})
    with pytest.raises(Unreadable):
        reading(content, tmp_path)


def test_one_from_a_folder_and_one_from_the_web_are_published(installation: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "tani"
    folder.mkdir()
    (folder / "panen.xls").write_bytes(workbook({"Panen": ROWS}))
    assert harvested(installation, "files", str(folder)).counts["published"] == 1
    with HttpPeer() as peer:
        location = peer.on("/unduh/panen-web.xls", lambda x: x.reply((folder / "panen.xls").read_bytes()))
        report = harvested(installation, "web", location, internal=True, requests_per_second=100)
    assert report.counts["published"] == 1
    with installation.database.read() as session:
        kept = session.scalars(select(Resource)).all()
    assert [(one.format, one.rows) for one in kept] == [("xls", 3), ("xls", 3)]
