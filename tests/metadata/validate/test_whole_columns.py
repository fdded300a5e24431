"""A table judged by its whole columns gets frictionless' own report, also where bytes, keys and rows are unusual."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from frictionless import Dialect, Resource, Schema

from metadata.package.descriptor import DIALECT
from metadata.scan import ScanFailed
from metadata.survey import Surveying
from metadata.validate import validate_table, wholesale
from metadata.validate.wholesale import Unsupported, Wholesale

SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True}},
        {"name": "tahun", "type": "year"},
        {"name": "teks", "type": "string"},
    ],
    "primaryKey": ["id"],
}
BODIES: dict[str, str] = {
    "a blank before a quoted cell": '1,2020, "a"\n2,2021,b\n',
    "a blank behind a quoted cell": '1,2020,"a" \n2,2021,b\n',
    "a blank before one and a mark in another": '1,2020, "a"\n2,2021,b"c\n',
    "marks within cells": '1,2020,"a ""b"" c"\n2,2021,d"e\n3,2022,""\n',
    "a blank line in between": "1,2020,a\n\n2,2021,b\n",
    "a quote left open": '1,2020,a\n2,2021,"b\n3,2022,c\n',
    "a quote left open over closed ones": '1,2020,"a\n2,2021,b",c"\n',
    "several lines in a cell": '1,2020,"a\nb"\n2,2021,"c\n"\n',
    "no end of the last line": "1,2020,a\n2,2021,b",
    "only a header": "",
    "numbers written in other ways": "01,2020,a\n+2,2021,b\n 3,0999,c\n1_0,+024,d\n1, 202,e\n",
    "a number that comes again, written otherwise": "7,2020,a\n8,2020,b\n07,2020,c\n8,2020,d\n7,2020,e\n",
    "numbers far apart": "1,2020,a\n9000000000,2020,b\n-9000000000,2020,c\n9000000000,2020,d\n",
    "numbers beyond every integer": "99999999999999999999,2020,a\n1,2020,b\n99999999999999999999,2020,c\n",
    "no number in some rows": ",2020,a\n1,2020,b\n,2020,c\nx,2020,d\nx,2020,e\n",
    "rows too short and too long": "1,2020\n2,2021,b,c\n3\n1,2020,d\n",
    "cells too many with marks in them": '1,2020,a,"b""c"\n2,2021,b\n',
    "rows of nothing": ",,\n1,2020,a\n,,\n",
    "letters beyond ASCII": "1,2020,é\n2,٢٠٢٠,ü\n",
}


@pytest.mark.parametrize("marked", [wholesale.MOST_MARKED, 0], ids=["marked", "numbered"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_the_report_is_that_of_frictionless(
    body: str, newline: str, marked: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wholesale, "SMALLEST", 0)
    monkeypatch.setattr(wholesale, "MOST_MARKED", marked)
    path = tmp_path / "t.csv"
    path.write_bytes(("id,tahun,teks\n" + body).replace("\n", newline).encode())
    ours = validate_table(path, SCHEMA).to_descriptor()
    assert _timeless(ours) == _timeless(_plain(path))


@pytest.mark.parametrize("name", ["a blank before a quoted cell", "a blank line in between", "a quote left open"])
def test_what_duckdb_would_leave_out_is_left_to_another_reader(name: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,tahun,teks\n" + BODIES[name], encoding="utf-8")
    with _resource(path) as resource, pytest.raises((Unsupported, ScanFailed)):
        list(Wholesale(resource, Surveying(path)))


@pytest.mark.parametrize("enum", [None, [f"Desa {at}" for at in range(40)]], ids=["free", "listed"])
def test_rows_stay_in_their_order_when_several_threads_read_them(enum: list[str] | None, tmp_path: Path) -> None:
    rows, wide = 300_000, "x" * 120
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,desa,teks\n")
        for at in range(rows):
            stream.write(f"{at - 100_001 if at % 25_000 == 24_999 else at},{'' if at % 15_000 else 'desa'},{wide}\n")
    desa = {"name": "desa", "type": "string", "constraints": {"enum": enum} if enum else {"pattern": "Desa [0-9]+"}}
    schema = {"fields": [{"name": "id", "type": "integer"}, desa, {"name": "teks", "type": "string"}]}
    report = validate_table(path, schema | {"primaryKey": ["id"]}).to_descriptor()
    found = [(error["rowNumber"], error["type"]) for error in report["tasks"][0]["errors"]]
    again = [(at + 2, "primary-key") for at in range(124_999, rows, 25_000)]
    assert found == sorted([*again, *((at + 2, "constraint-error") for at in range(0, rows, 15_000))])


def _resource(path: Path) -> Resource:
    schema, dialect = Schema.from_descriptor(SCHEMA), Dialect.from_descriptor(dict(DIALECT))
    return Resource(path=path.name, basepath=str(path.parent), encoding="utf-8", schema=schema, dialect=dialect)


def _plain(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = _resource(path).validate().to_descriptor()
    return report


def _timeless(report: dict[str, Any]) -> dict[str, Any]:
    for stats in (report["stats"], *(task["stats"] for task in report["tasks"])):
        stats.pop("seconds")
    for task in report["tasks"]:
        task.pop("name", None)
    return report
