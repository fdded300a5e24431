"""Reading in a process of its own: the same result, the same errors, and an end to whatever will not end."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_tables import rows_of

from metadata.notices import Notice, Place
from metadata.reading import cell_repairs
from metadata.reading.child import read_safely
from metadata.reading.errors import EmptyFile, ReaderKilled, TooManyColumns
from metadata.reading.reader import read
from metadata.reading.table import Column, ReadHints, Reading, Table
from metadata.reading.wire import error_from_json, error_to_json, reading_from_json, reading_to_json

MESSY = "DATA PENDUDUK\n\nKec;Jumlah (jiwa)\nNgraho;1.234\nMalo;-\nJumlah;1.234\nSumber: Dukcapil\n"


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "aa" / "blob"
    path.parent.mkdir()
    path.write_text(MESSY, "utf-8")
    return path


def test_the_child_reads_just_as_the_parent_would(messy: Path, tmp_path: Path) -> None:
    here = read(messy, filename="penduduk.csv", into=tmp_path / "here")
    there = read_safely(messy, filename="penduduk.csv", into=tmp_path / "there")
    assert rows_of(there.tables[0]) == rows_of(here.tables[0]) == [["Ngraho", "1234"], ["Malo", ""]]
    assert there.tables[0].path.parent == tmp_path / "there"
    assert reading_to_json(there)["tables"][0] | {"path": ""} == reading_to_json(here)["tables"][0] | {"path": ""}
    assert all(notice.say("id") != notice.code for notice in there.tables[0].repairs)


def test_hints_reach_the_child(messy: Path, tmp_path: Path) -> None:
    hints = ReadHints(types={"jumlah_jiwa": "string"})
    (table,) = read_safely(messy, filename="penduduk.csv", into=tmp_path / "out", hints=hints).tables
    assert rows_of(table)[0] == ["Ngraho", "1.234"]


def test_errors_come_back_as_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "kosong.csv"
    path.write_bytes(b"")
    with pytest.raises(EmptyFile) as refused:
        read_safely(path, filename="kosong.csv", into=tmp_path / "out")
    assert refused.value.notice.place.file == "kosong.csv"


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "lama.csv"
    path.write_text("a;b\n" + "".join(f"{n};{n}\n" for n in range(2_000_000)), "utf-8")
    with pytest.raises(ReaderKilled):
        read_safely(path, filename="lama.csv", into=tmp_path / "out", seconds=1)


def test_what_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "besar.json"
    path.write_text("[" + ",".join('{"a":1,"b":[1,2,3]}' for _ in range(900_000)) + "]", "utf-8")
    with pytest.raises(ReaderKilled) as killed:
        read_safely(path, filename="besar.json", into=tmp_path / "out", megabytes=300)
    assert "300" in killed.value.say("id")


def test_a_reading_crosses_the_wire_whole(tmp_path: Path) -> None:
    place = Place(file="a", sheet="s", row=3, column="k")
    notice = Notice(cell_repairs.MISSING_MARKS, place, {"count": 2, "marks": ("-",)})
    column = Column("n", "N", "integer", unit="jiwa", missing=("-",))
    table = Table(
        "t", tmp_path / "t.csv", (column,), 3, 2, "judul", "s", "utf-8", ";", ("c",), (notice,), ((4, "blank"),)
    )
    reading = Reading("csv", "text/csv", (table,), (notice,), (notice,), tmp_path / "t.geojson")
    assert reading_from_json(reading_to_json(reading)) == reading


def test_an_error_crosses_the_wire_as_its_class() -> None:
    error = TooManyColumns(place=Place(file="a.csv"), count=2000, limit=1000)
    back = error_from_json(error_to_json(error))
    assert (type(back), back.notice, str(back)) == (TooManyColumns, error.notice, str(error))
