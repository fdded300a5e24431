"""`lumbung source` and `lumbung harvest` as another program calls them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from portal.cli import main

ROWS = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


@pytest.fixture
def folder(home: Path, migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data beside an installation that the environment names."""
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    monkeypatch.setenv("LUMBUNG_HOME", str(home))
    made = tmp_path / "opd"
    made.mkdir()
    return made


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        main(list(arguments))
    return int(exit_.value.code or 0)


def test_a_source_is_added_harvested_and_reported_as_json_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.csv").write_text(ROWS)
    added = call("source", "add", "files", str(folder), "--name", "opd", "--organization", "Dinas Contoh")
    assert added == 0
    assert call("harvest", "opd", "--json") == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["counts"] == {"published": 1, "unchanged": 0, "held": 0, "failed": 0}
    assert [(item["id"], item["outcome"]) for item in told["items"]] == [("a.csv", "published")]
    assert "opd: 1 terbit" in err


def test_a_failure_is_exit_code_1_and_wrong_use_is_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "kosong.csv").write_text("")
    call("source", "add", "files", str(folder), "--name", "opd", "--organization", "Dinas Contoh")
    assert call("harvest", "--json") == 1
    assert json.loads(capsys.readouterr().out)["counts"]["failed"] == 1
    assert call("harvest", "tidak-ada") == 2
    assert "opd" in capsys.readouterr().err
    assert call("source", "add", "ftp", "x", "--name", "y", "--organization", "z") == 2
    assert call("source", "add", "files", "x", "--name", "Nama Salah", "--organization", "z") == 2
    assert "--name" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_a_failure_and_none_at_all_is_wrong_use(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "rusak.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    for command in ("read", "describe"):
        assert call(command, str(folder / "rusak.xlsx")) == 1
        out, err = capsys.readouterr()
        assert not out
        assert "rusak" in err
        assert call(command, str(folder / "tidak-ada.xlsx")) == 2


def test_options_are_read_as_toml_and_repeated_ones_make_a_list(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.csv", "b.xlsx", "c.txt"):
        (folder / name).write_text(ROWS)
    options = ("--option", "pattern=*.csv", "--option", "pattern=*.txt", "--option", "recursive=false")
    call("source", "add", "files", str(folder), "--name", "opd", "--organization", "Dinas Contoh", *options)
    capsys.readouterr()
    assert call("source", "check", "opd") == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == ["a.csv", "c.txt"]
    assert call("source", "add", "files", "x", "--name", "y", "--organization", "z", "--option", "rekursif=1") == 2


def test_the_homes_own_list_of_sources_is_taken_over(
    folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.csv").write_text(ROWS)
    declared = '[[organization]]\nname = "dinas"\ntitle = "Dinas"\n[[source]]\nname = "opd"\nkind = "files"\n'
    (home / "sources.toml").write_text(declared + f'organization = "dinas"\nlocation = "{folder}"\n')
    assert call("source", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "opd"
    assert call("harvest", "--json") == 0
    assert json.loads(capsys.readouterr().out)["counts"]["published"] == 1
    (home / "sources.toml").write_text(declared)
    assert call("harvest") == 2
    assert "baris 4" in capsys.readouterr().err


def test_a_home_that_was_never_set_up_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LUMBUNG_HOME", str(tmp_path / "baru"))
    assert call("harvest") == 2
    assert "lumbung init" in capsys.readouterr().err
