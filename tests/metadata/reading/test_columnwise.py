"""Long files are surveyed by their columns: what is found, said and written is what the look at each cell gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from metadata.profile import profile_csv
from metadata.reading import draft, regions
from metadata.reading.columnwise import survey_columns
from metadata.reading.errors import Unreadable
from metadata.reading.reader import read
from metadata.reading.table import ReadHints
from metadata.reading.wire import reading_to_json

HELD = 40
"""Rows that are held here, so that a table of some hundred rows is a long one."""

Pool = Callable[[random.Random, int], str]
PLAIN: dict[str, Pool] = {
    "id": lambda _, at: str(at + 1),
    "tahun": lambda pick, _: str(pick.randrange(1990, 2030)),
    "jumlah": lambda pick, _: str(pick.randrange(10 ** pick.randrange(1, 9))),
    "selisih": lambda pick, _: str(pick.randrange(-500, 500)),
    "kode_wilayah": lambda pick, _: f"35220{pick.randrange(10**5):05}",
    "nomor": lambda _, at: str(3522000000 + at),
    "nilai": lambda pick, _: f"{pick.uniform(-9, 9999):.{pick.randrange(1, 5)}f}",
    "persen": lambda pick, _: f"{pick.randrange(100)}.{pick.randrange(1, 1000)}",
    "kecamatan": lambda pick, _: f"Kecamatan {pick.choice('ABCDEF')}",
    "desa": lambda pick, _: f"Desa Nomor {pick.randrange(90)}",
    "catatan": lambda pick, at: f"diperiksa petugas {pick.randrange(10**6)} pada {at}",
    "uraian": lambda pick, _: pick.choice(["Meja, kursi", 'Papan "besar"', "Lemari", "Almari kayu", "Rak; buku", ""]),
    "tanggal": lambda pick, _: f"20{pick.randrange(10, 25)}-0{pick.randrange(1, 10)}-{pick.randrange(10, 29)}",
    "kosong": lambda _, __: "",
    "sebagian": lambda pick, at: f"keterangan panjang {at}" if pick.random() < 0.4 else "",
    "nama": lambda pick, at: f"Sekolah Negeri {pick.choice('ABC')}{at} Bojonegoro",
}
"""Columns as tidy files have them."""
ODD: dict[str, Pool] = {
    "tahun": lambda pick, _: f"{pick.randrange(1990, 2030)}.0",
    "angka": lambda pick, _: f"{pick.randrange(1, 999)}.{pick.randrange(100, 999)}",
    "ribuan": lambda pick, _: f"{pick.randrange(1, 99)}.{pick.randrange(100, 999)}.{pick.randrange(100, 999)}",
    "koma": lambda pick, _: f"{pick.randrange(1, 99)},{pick.randrange(10)}",
    "nik": lambda pick, at: f"352201{pick.randrange(10, 29)}0{pick.randrange(1, 9)}90{at % 9000 + 1000:04}",
    "hp": lambda pick, _: f"08123{pick.randrange(10**6):06}",
    "hp2": lambda pick, _: f"62{pick.randrange(811, 899)}.{pick.randrange(10**9):09}",
    "surel": lambda pick, at: f"petugas{at}@contoh.com",
    "tanggal": lambda pick, _: f"{pick.randrange(1, 28)} Agustus {pick.randrange(2000, 2024)}",
    "hari": lambda pick, _: f"Kamis, {pick.randrange(1, 28)}/{pick.randrange(1, 12)}/2020",
    "jam": lambda pick, _: f"{pick.randrange(24):02}:{pick.randrange(60):02}",
    "aktif": lambda pick, _: pick.choice(["ya", "tidak"]),
    "tanda": lambda pick, at: pick.choice(["-", "n/a", str(at)]),
    "nihil": lambda pick, at: pick.choice(["nihil", f"uraian kerja {at}"]),
    "kolom": lambda pick, at: pick.choice([" ", "\xa0", ""]) + f"teks biasa {at}",
    "label": lambda pick, at: pick.choice(["Jumlah", "Sumber: BPS", "Total Kecamatan Malo", f"Desa Ke {at}"]),
    "campur": lambda pick, at: str(at) if pick.random() < 0.92 else "belum diisi",
    "panjang": lambda pick, _: f"{pick.random():.14f}",
    "nol": lambda pick, _: pick.choice(["-0", "0", "1.5", "-0.5"]),
    "kode": lambda pick, at: pick.choice(["12.0", "7.0", f"kode lama {at}"]),
    "besar": lambda pick, _: str(pick.randrange(10**15, 10**17)),
    "negatif": lambda pick, _: str(-pick.randrange(10**8, 10**10)),
    "minggu": lambda pick, _: f"2024-W{pick.randrange(10, 50)}-1",
    "tidak_ada": lambda pick, _: f"2023-02-{pick.randrange(10, 32)}",
}
"""Columns as other files have them."""


def table_text(seed: int) -> str:
    """A table of some hundred rows; every other has a column of the odd ones."""
    pick = random.Random(seed)
    columns = pick.sample(sorted(PLAIN), pick.randrange(2, 7))
    pools = [PLAIN[name] for name in columns]
    if seed % 2:
        name = pick.choice(sorted(ODD))
        at = pick.randrange(len(columns) + 1)
        columns.insert(at, name)
        pools.insert(at, ODD[name])
    rare = pick.random() < 0.3
    delimiter, newline = pick.choice([",", ",", ",", ";", "\t"]), pick.choice(["\n", "\n", "\r\n"])
    rows = [columns]
    for at in range(pick.randrange(60, 700)):
        made = [pool(pick, at) for pool in pools]
        if rare and pick.random() < 0.01:
            made = pick.choice([made[:-1], [*made, "lebih"], [""] * len(made), [made[0]], columns, ["Sumber: BPS"]])
        rows.append(made)
    text = newline.join(delimiter.join(_written(cell, delimiter, pick, seed) for cell in row) for row in rows)
    return text + pick.choice([newline, newline, ""])


def _written(cell: str, delimiter: str, pick: random.Random, seed: int) -> str:
    needed = any(sign in cell for sign in (delimiter, '"', "\n"))
    return '"' + cell.replace('"', '""') + '"' if needed or (seed % 5 == 0 and pick.random() < 0.1) else cell


def everything(path: Path, into: Path) -> dict[str, Any]:
    """All that reading gives, with the bytes written and the profile, whoever made it."""
    try:
        reading = read(path, filename="daftar.csv", into=into)
    except Unreadable as error:
        return {"error": error.notice.as_dict()}
    told = reading_to_json(reading)
    for table, said in zip(reading.tables, told["tables"], strict=True):
        keys = {column.name for column in table.columns if column.type != "number"}
        found = table.profile or profile_csv(table.path, [column.name for column in table.columns], keys=keys)
        order = {name: list(one.values or ()) for name, one in found.items()}
        said |= {"path": "", "bytes": table.path.read_bytes(), "profile": found, "order": order}
    return told


def both_ways(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Read a text both ways, compare all, and tell whether the columns were surveyed in SQL."""
    path = folder / "daftar.csv"
    path.write_bytes(text.encode())
    went: list[object] = []

    def spy(*given: Any, **named: Any) -> object:
        went.append(survey_columns(*given, **named))
        return went[-1]

    monkeypatch.setattr(regions, "MOST_HELD_ROWS", HELD)
    monkeypatch.setattr(draft, "survey_columns", spy)
    by_columns = everything(path, folder / "by-columns")
    monkeypatch.setattr(draft, "survey_columns", lambda *_, **__: None)
    assert by_columns == everything(path, folder / "by-cells")
    return went != [] and went[0] is not None


@pytest.mark.parametrize("seed", range(0, 60, 6))
def test_any_table_is_read_alike_both_ways(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(seed, seed + 6):
        folder = tmp_path / str(number)
        folder.mkdir()
        both_ways(table_text(number), folder, monkeypatch)


@pytest.mark.parametrize(("columns", "expected"), [(sorted(PLAIN), True), (["id", "nama"], True)])
def test_tidy_tables_are_surveyed_by_columns(
    columns: list[str], expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick = random.Random(1)
    rows = [columns, *([PLAIN[name](pick, at) for name in columns] for at in range(500))]
    text = "".join(",".join(_written(cell, ",", pick, 1) for cell in row) + "\n" for row in rows)
    assert both_ways(text, tmp_path, monkeypatch) is expected


@pytest.mark.parametrize("name", sorted(ODD))
def test_one_odd_cell_among_many_changes_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pick = random.Random(7)
    rows = [[str(at), f"Sekolah Negeri {at}", f"{pick.uniform(0, 99):.2f}"] for at in range(300)]
    rows[250][pick.randrange(3)] = ODD[name](pick, 3)
    text = "id,nama,nilai\n" + "".join(",".join(_written(cell, ",", pick, 1) for cell in row) + "\n" for row in rows)
    both_ways(text, tmp_path, monkeypatch)


def test_declared_types_are_obeyed_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text("id,nama,nilai\n" + "".join(f"{at},Sekolah Negeri {at},{at}.5\n" for at in range(300)))
    monkeypatch.setattr(regions, "MOST_HELD_ROWS", HELD)
    hints = ReadHints(types={"id": "string", "nilai": "string", "nama": "integer"})
    found = [read(path, filename="a.csv", into=tmp_path / "by-columns", hints=hints)]
    monkeypatch.setattr(draft, "survey_columns", lambda *_, **__: None)
    found.append(read(path, filename="a.csv", into=tmp_path / "by-cells", hints=hints))
    columns, cells = (one.tables[0] for one in found)
    assert (columns.columns, columns.repairs) == (cells.columns, cells.repairs)
    assert columns.path.read_bytes() == cells.path.read_bytes()
    assert columns.profile is None or set(columns.profile) == {"id", "nama", "nilai"}
