"""Every kind of error that a table can have: the whole report is that of frictionless, whichever way it was found."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import frictionless
import pytest
from frictionless import Checklist, Dialect, Resource, Schema

from metadata.validate import validate_file, wholesale
from metadata.validate.judge import judge

TYPES: dict[str, list[str]] = {
    "integer": ["7", "-0", "007", "+1", " 1", "1_0", "1.0", "1e3", "x", "٣", "9" * 30],
    "number": ["1.5", "-0", "1e3", "NaN", "Inf", "1,5", "1.2.3", "5.", ".5", "0.10000000000000000001"],
    "string": ["a", " ", "é"],
    "year": ["2024", "24", "+024", "x", "0000"],
    "date": ["2024-02-29", "2023-02-29", "2024-8-7", "0000-01-01", "17/08/2024"],
    "datetime": [
        "2024-01-01T00:00:00",
        "2024-01-01 00:00:00",
        "2024-01-01",
        "2024-01-01T24:00:00",
        "2024-02-30T00:00:00",
    ],
    "time": ["10:00:00", "10:00", "25:00:00"],
    "yearmonth": ["2024-08", "2024-13", "x"],
    "boolean": ["true", "True", "yes", "1"],
    "duration": ["P1Y", "x"],
    "geopoint": ["111.8,-7.1", "-7.1;111.8", "95,200"],
    "object": ['"{""a"": 1}"', "x"],
    "array": ["[1]", "x"],
    "geojson": ['"{""type"": ""Point"", ""coordinates"": [1, 2]}"', "{}"],
    "any": ["a", "1"],
}
CONSTRAINTS: list[tuple[str, str, Any, list[str]]] = [
    ("integer", "minimum", 3, ["3", "2"]),
    ("integer", "maximum", 3, ["3", "4"]),
    ("integer", "exclusiveMinimum", 3, ["4", "3"]),
    ("integer", "exclusiveMaximum", 3, ["2", "3"]),
    ("integer", "enum", [1, 2], ["1", "01", "3"]),
    ("number", "minimum", 0.1, ["0.1", "0.10000000000000000001", "0.09999999999999999999", "NaN"]),
    ("number", "maximum", "2.5", ["2.5", "2.50", "2.6"]),
    ("number", "exclusiveMinimum", 0, ["0", "-0", "0.1"]),
    ("number", "enum", [1, 2], ["1.0", "3"]),
    ("string", "minLength", 2, ["ab", "a", "é"]),
    ("string", "maxLength", 2, ["ab", "abc", "éé"]),
    ("string", "pattern", "Desa [0-9]{3}", ["Desa 001", "Desa 1", "desa 001"]),
    ("string", "pattern", "a|b", ["a", "ax", "xb"]),
    ("string", "pattern", r"\d+", ["12", "٣", "x"]),
    ("string", "pattern", "a.c", ["abc", "a.c", "ac"]),
    ("string", "enum", ["a", "it's"], ["a", "it's", "c"]),
    ("string", "required", True, [""]),
    ("year", "minimum", "2010", ["2010", "2009"]),
    ("year", "maximum", "2020", ["2020", "2021"]),
    ("date", "minimum", "2024-01-01", ["2024-01-01", "2023-12-31"]),
    ("date", "maximum", "2024-01-01", ["2024-01-01", "2024-01-02"]),
    ("boolean", "enum", ["true"], ["true", "false"]),
    ("time", "minimum", "10:00:00", ["10:00:00", "09:59:59"]),
    ("datetime", "maximum", "2024-01-01T00:00:00", ["2024-01-01T00:00:00", "2024-01-01T00:00:01"]),
]
TWO: dict[str, Any] = {"fields": [{"name": "a", "type": "string"}, {"name": "n", "type": "integer"}]}
KEY = TWO | {"primaryKey": ["a"]}
BOTH = TWO | {"primaryKey": ["a", "n"]}
UNIQUE: dict[str, Any] = {"fields": [TWO["fields"][0], TWO["fields"][1] | {"constraints": {"unique": True}}]}
SELF = TWO | {"foreignKeys": [{"fields": ["n"], "reference": {"resource": "", "fields": ["n"]}}]}
TO_TEXT = TWO | {"foreignKeys": [{"fields": ["n"], "reference": {"resource": "", "fields": ["a"]}}]}
MARKS = TWO | {"missingValues": ["", "-"]}
LOOSE = TWO | {"fieldsMatch": "partial", "$schema": "https://datapackage.org/profiles/2.0/tableschema.json"}
SOUND = b"a,n\nx,1\ny,2\n"
Case = tuple[bytes, dict[str, Any] | None, dict[str, Any]]


def cases() -> dict[str, Case]:
    """By name: the file, its schema, and what else is declared or asked."""
    made: dict[str, Case] = {}
    for kind, cells in TYPES.items():
        for cell in cells:
            schema = {"fields": [TWO["fields"][0], {"name": "v", "type": kind}]}
            made[f"type {kind} {cell}"] = (
                f"a,v\nx,{cell if cell[0] == chr(34) else f'{chr(34)}{cell}{chr(34)}'}\n".encode(),
                schema,
                {},
            )
    for kind, name, limit, cells in CONSTRAINTS:
        for cell in cells:
            schema = {"fields": [TWO["fields"][0], {"name": "v", "type": kind, "constraints": {name: limit}}]}
            made[f"constraint {kind} {name} {limit} {cell}"] = (f"a,v\nx,{cell}\nz,\n".encode(), schema, {})
    for text in [
        "a,n\nx\n",
        "a,n\nx,1,2\n",
        "a,n\nx,1,,\n",
        "a,n\n,\n",
        "a,n\n\nx,1\n",
        "a,n\nx,1\n\n",
        "a,n\n,,\n",
        "a,n\nx,y\n,\nz\n",
        'a,n\n"x\ny",1\nz,q\n',
        'a,n\n"x ""y""",q\n',
        'a,n\nx"y,q\n',
        'a,n\n"x"y,q\n',
        'a,n\n"x,1\n',
        "a,n\r\nx,q\r\n",
        "a,n\rx,q\r",
        "a,n\nx,1\r\ny,q\n",
        'a,n\n "x",q\n',
        'a,n\n"x" ,q\n',
        "a,n\nx,q",
        "a,n\n" + "x," * 12 + "\n",
        "a,n\n",
        "\ufeffa,n\nx,q\n",
        "n\nq\n",
        "a,n,b\nx,1,2\n",
        "n,a\n1,x\n",
        "a,a\nx,1\n",
        "a,\nx,1\n",
        ",\nx,1\n",
        "A,n\nx,1\n",
        "b,c\nx,1\n",
        "a\nx\n",
        "\n\n",
        " \n",
        "",
    ]:
        for schema in (TWO, KEY, LOOSE) if len(text) < 14 else (TWO,):
            made[f"form {text!r} {len(made)}"] = (text.encode(), schema, {})
    for rows in [
        "x,1\nx,2\n",
        "x,1\nx,1\nx,1\n",
        "x,1\nx,01\n",
        "x,\nx,\n",
        ",1\n,1\n",
        ",\n,\n",
        "x,q\nx,q\n",
        "x,1\nq,+1\nz, 1\n",
        "-,-\n-,1\n",
        "x,1\n1,2\n2,x\n",
    ]:
        for name, schema in {
            "key": KEY,
            "both": BOTH,
            "unique": UNIQUE,
            "self": SELF,
            "text": TO_TEXT,
            "marks": MARKS,
        }.items():
            made[f"{name} {rows!r}"] = (b"a,n\n" + rows.encode(), schema, {})
    right = hashlib.sha256(SOUND).hexdigest()
    for declared in [
        {"hash": f"sha256:{right}"},
        {"hash": "sha256:00"},
        {"hash": "md5:00"},
        {"hash": "sha1:00"},
        {"bytes": len(SOUND)},
        {"bytes": 3},
        {"fields": 2},
        {"fields": 3},
        {"rows": 2},
        {"rows": 9},
        {"hash": "00", "bytes": 3, "fields": 3, "rows": 9},
        {"encoding": "latin-1"},
        {"encoding": "ascii"},
        {"encoding": "nonsense"},
        {"format": "nonsense"},
        {"format": "xlsx"},
        {"scheme": "nonsense"},
        {"compression": "gz"},
        {"compression": "nonsense"},
        {"format": "tsv"},
        {"path": "nirgends.csv"},
    ]:
        made[f"declared {declared}"] = (SOUND, TWO, {"declared": declared})
    for dialect in [
        {"delimiter": ";"},
        {"delimiter": "\t"},
        {"header": False},
        {"commentChar": "x"},
        {"skipBlankRows": True},
        {"headerRows": [1, 2]},
        {"quoteChar": "'"},
        {"doubleQuote": False},
        {"escapeChar": "\\"},
        {"skipInitialSpace": True},
        {"headerCase": False},
        {"commentRows": [2]},
    ]:
        made[f"dialect {dialect}"] = (SOUND + b"'z', q\n", TWO, {"dialect": dialect})
    made["bytes that are no text"] = (b"a,n\nx,1\n\xff,q\n", TWO, {})
    made["bytes that are no text, late"] = (b"a,n\n" + b"x,1\n" * 9_000 + b"\xff,q\n", TWO, {})
    for limits in [{"limit_errors": 1}, {"limit_errors": 2}, {"limit_rows": 1}, {"limit_rows": 2, "limit_errors": 1}]:
        made[f"limits {limits}"] = (b"a,n\nx,q\nx,q\nx\n", KEY, {"limits": limits})
    for check in [
        {"type": "ascii-value"},
        {"type": "duplicate-row"},
        {"type": "row-constraint", "formula": "n > 5"},
        {"type": "forbidden-value", "fieldName": "a", "values": ["x"]},
        {"type": "table-dimensions", "minRows": 90},
        {"type": "required-value", "fieldName": "a", "values": ["w"]},
        {"type": "truncated-value"},
        {"type": "sequential-value", "fieldName": "n"},
        {"type": "deviated-value", "fieldName": "n", "interval": 1},
        {"type": "deviated-cell", "interval": 1},
        {"type": "sequential-value", "fieldName": "kein"},
    ]:
        rows = b"x,1\nx,1\n\xc3\xa9,1\n" + b"y,2\n" * 9 + b"w" * 255 + b",99999999\n" + b"z" * 9_000 + b",3\n"
        made[f"check {check['type']} {check.get('fieldName')}"] = (
            b"a,n\n" + rows,
            TWO,
            {"checks": {"checks": [check]}},
        )
    made["only some errors"] = (b"a,n\nx,q\nx\n", KEY, {"checks": {"pickErrors": ["type-error"]}})
    made["without some errors"] = (b"a,n\nx,q\nx\n", KEY, {"checks": {"skipErrors": ["#cell"]}})
    return made


CASES = cases()
CRASHING: dict[str, tuple[str, dict[str, Any]]] = {
    "schema-error": ("schema", {"fields": "x"}),
    "field-error": ("schema", {"fields": [{"name": "a", "type": "nonsense"}]}),
    "dialect-error": ("dialect", {"header": "x"}),
    "control-error": ("dialect", {"csv": {"delimiter": 3}}),
    "resource-error": ("title", {"not": "a text"}),
}
FAMILIES = "error row-error cell-error data-error file-error table-error header-error label-error metadata-error"
OTHER_THINGS = (
    "catalog-error dataset-error inquiry-error inquiry-task-error package-error pipeline-error step-error"
    " report-error report-task-error stats-error detector-error checklist-error"
)
UNREACHABLE = "blank-header"
"""Frictionless 5.21 takes a blank first line for no header at all."""
NOT_OF_A_TABLE = {*FAMILIES.split(), *OTHER_THINGS.split(), UNREACHABLE}
# Frictionless leaves a file open where it trips over it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def told(report: Any) -> dict[str, Any]:
    said: dict[str, Any] = report.to_descriptor()
    for stats in (said["stats"], *(task["stats"] for task in said["tasks"])):
        stats.pop("seconds")
    for task in said["tasks"]:
        if any(warning.startswith("reached") for warning in task["warnings"]):
            # How much had been read when a limit was met hangs on the sizes of buffers.
            task["stats"] = {
                key: value for key, value in task["stats"].items() if key not in ("bytes", "md5", "sha256")
            }
    return said


def resource(folder: Path, case: Case) -> Resource:
    _, schema, more = case
    declared = {"path": "t.csv", "encoding": "utf-8"} | more.get("declared", {})
    dialect = {"delimiter": ","} | more.get("dialect", {})
    made: Resource = Resource(
        basepath=str(folder),
        schema=Schema.from_descriptor(dict(schema)) if schema else None,
        dialect=Dialect.from_descriptor(dialect),
        **declared,
    )
    return made


def outcome(work: Any) -> Any:
    try:
        return told(work())
    except Exception as reason:
        return type(reason)


@pytest.mark.parametrize("name", CASES)
def test_the_report_is_that_of_frictionless(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[name]
    (tmp_path / "t.csv").write_bytes(case[0])
    limits = case[2].get("limits", {})

    def checks() -> Checklist | None:
        return Checklist.from_descriptor(case[2]["checks"]) if "checks" in case[2] else None

    theirs = outcome(lambda: resource(tmp_path, case).validate(checks(), **limits))
    for least in (0, sys.maxsize):
        monkeypatch.setattr(wholesale, "SMALLEST", least)
        ours = outcome(lambda: judge(resource(tmp_path, case), checklist=checks(), **limits))
        if isinstance(theirs, type) and isinstance(ours, dict):
            assert not ours["valid"]
        else:
            assert ours == theirs


def test_there_are_two_hundred_cases() -> None:
    assert len(CASES) >= 200


def test_the_cases_cover_every_kind_of_error_that_a_table_can_have(tmp_path: Path) -> None:
    seen: set[str] = set()
    for case in CASES.values():
        (tmp_path / "t.csv").write_bytes(case[0])
        checklist = Checklist.from_descriptor(case[2]["checks"]) if "checks" in case[2] else None
        said = outcome(lambda case=case, checklist=checklist: resource(tmp_path, case).validate(checklist))
        seen |= (
            {error["type"] for task in said["tasks"] for error in task["errors"]} if isinstance(said, dict) else set()
        )
    known = {kind.type for kind in [frictionless.Error, *frictionless.Error.list_children()]}
    assert known - seen - NOT_OF_A_TABLE == set(CRASHING)


@pytest.mark.parametrize("kind", CRASHING)
def test_what_frictionless_raises_is_an_error_of_the_report(kind: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(SOUND)
    key, value = CRASHING[kind]
    report = validate_file(tmp_path / "t.csv", **{key: value})
    assert not report.valid
    assert kind in {error.type for error in [*report.errors, *(e for task in report.tasks for e in task.errors)]}
