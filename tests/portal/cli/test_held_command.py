"""`lumbung held` as an officer uses it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from portal.cli import main

HEADER = "kecamatan,tahun,jumlah\n"
GOOD = HEADER + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        main(list(arguments))
    return int(exit_.value.code or 0)


def test_from_the_list_to_the_decision(
    home: Path,
    migrated_sqlite: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    monkeypatch.setenv("LUMBUNG_HOME", str(home))
    file = tmp_path / "penduduk.csv"
    file.write_text(GOOD)
    assert call("publish", str(file), "-o", "Dinas Contoh") == 0
    file.write_text(HEADER + "Kecamatan 1,2023,10\n")
    assert call("publish", str(file), "-o", "Dinas Contoh") == 1
    capsys.readouterr()
    assert call("held", "list", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["acceptable"]
    assert "28" in told["reasons"][0]
    assert call("held", "show", str(told["id"])) == 0
    assert "28 → 1" in capsys.readouterr().out
    assert call("held", "reject", str(told["id"]), "--note", "Berkas keliru", "--by", "Budi") == 0
    assert call("held", "accept", str(told["id"])) == 2
    assert "tidak lagi menunggu" in capsys.readouterr().err
    assert call("held", "accept", "999") == 2


def test_a_mended_file_is_handed_in(
    home: Path,
    migrated_sqlite: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    monkeypatch.setenv("LUMBUNG_HOME", str(home))
    file, mended = tmp_path / "penduduk.csv", tmp_path / "benar.csv"
    file.write_text(GOOD)
    assert call("publish", str(file), "-o", "Dinas Contoh") == 0
    file.write_text(HEADER + "Kecamatan 1,2023,10\n")
    assert call("publish", str(file), "-o", "Dinas Contoh") == 1
    mended.write_text(HEADER + "Kecamatan 1,2023,11\n")
    assert call("held", "fix", "1", str(mended)) == 1
    assert "held" in capsys.readouterr().err
    mended.write_text(GOOD.replace(",10\n", ",11\n"))
    assert call("held", "fix", "2", str(mended), "--note", "Satu angka dibetulkan") == 0
    assert call("held", "fix", "2", str(mended)) == 2
    assert "tidak lagi menunggu" in capsys.readouterr().err
    assert call("held", "fix", "2", str(tmp_path / "tidak-ada.csv")) == 2
