"""What could take the machine down is judged in a process of its own, and its end is an error like any other."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from frictionless import Resource, Schema

from metadata.confined import Bounds
from metadata.validate import validate_file, validate_package
from metadata.validate.judge import may_backtrack, may_run_away

SHORT = Bounds(seconds=2, megabytes=1_000)


def told(report: Any) -> dict[str, Any]:
    said: dict[str, Any] = report.to_descriptor()
    for stats in (said["stats"], *(task["stats"] for task in said["tasks"])):
        stats.pop("seconds")
    return said


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"(a|a)*", r"(?:x*)*", r".*.*x", r"[^@]+@[^@]+", r"(\d{1,3}){2,}"])
def test_a_pattern_that_may_backtrack_is_known(pattern: str) -> None:
    assert may_backtrack(pattern)


@pytest.mark.parametrize("pattern", [r"35\.22\.\d{2}\.\d{4}", r"[A-Z]+", r"a\+b\+c", r"(a|b)c", r"\d{4}-\d{2}"])
def test_a_pattern_that_cannot_is_not_held(pattern: str) -> None:
    assert not may_backtrack(pattern)


def test_a_pattern_that_never_ends_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n" + "a" * 40 + "c\n", encoding="utf-8")
    schema = {"fields": [{"name": "a", "type": "string", "constraints": {"pattern": "(a+)+b"}}]}
    report = validate_file(path, schema=schema, bounds=SHORT)
    assert [error.note for error in report.errors] == ['"t" cannot be checked: it needs more than 2 seconds']


def test_a_held_report_is_the_same_report(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,n\nbaik@example.org,1\nburuk,x\n", encoding="utf-8")
    fields = [
        {"name": "a", "type": "string", "constraints": {"pattern": "[^@]+@[^@]+"}},
        {"name": "n", "type": "integer"},
    ]
    schema = {"fields": fields, "primaryKey": ["a"]}
    plain = Resource(
        path=path.name, basepath=str(tmp_path), schema=Schema.from_descriptor(json.loads(json.dumps(schema)))
    )
    theirs = plain.validate()
    assert told(validate_file(path, schema=schema)) == told(theirs)


def test_a_workbook_is_judged_behind_the_wall(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("tahun", "n"), (2020, 1), (2021, "x")):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    schema = {"fields": [{"name": "tahun", "type": "year"}, {"name": "n", "type": "integer"}]}
    report = validate_file(tmp_path / "t.xlsx", schema=schema)
    assert [error.type for error in report.tasks[0].errors] == ["type-error"]


def test_a_workbook_with_a_cell_at_the_end_of_the_world_is_stopped(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.cell(1, 1, "a")
    sheet.cell(1_048_576, 16_384, "b")
    book.save(tmp_path / "t.xlsx")
    report = validate_file(tmp_path / "t.xlsx", schema={"fields": [{"name": "a"}]}, bounds=SHORT)
    assert not report.valid
    assert "cannot be checked" in report.errors[0].note


def test_a_packed_bomb_does_not_fill_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as stream:
        stream.write(b"a\n")
        for _ in range(300):
            stream.write(b"x" * 1_000_000)
    (tmp_path / "datapackage.json").write_text('{"resources": [{"name": "t", "path": "t.csv.gz"}]}', encoding="utf-8")
    report = validate_package(tmp_path / "datapackage.json", bounds=Bounds(seconds=20, megabytes=400))
    assert not report.valid


def test_an_archive_inside_a_package_is_opened_behind_the_wall(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("t.csv", "a\n1\n")
    resource = {"name": "t", "path": "t.zip", "schema": {"fields": [{"name": "a", "type": "integer"}]}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}), encoding="utf-8")
    assert validate_package(tmp_path / "datapackage.json").valid


def test_an_endless_line_is_held(tmp_path: Path) -> None:
    short, long = tmp_path / "a.csv", tmp_path / "b.csv"
    short.write_bytes(b"a\n" + b"x\n" * 1_000_000)
    long.write_bytes(b"a\n" + b"x" * 3_000_000)
    assert not may_run_away(Resource(path=short.name, basepath=str(tmp_path)))
    assert may_run_away(Resource(path=long.name, basepath=str(tmp_path)))
