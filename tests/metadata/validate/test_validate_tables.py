"""The verdict on a table is frictionless' own, whatever is in the table; only the time it takes differs."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from frictionless import Dialect, Resource, Schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metadata.validate import fast, suspects, validate_file, validate_table, wholesale

CASES = int(os.environ.get("LUMBUNG_FUZZ") or 120)

CELLS: dict[str, list[str]] = {
    "integer": ["1", "2", "3", "4", "-5", "01", " 1", "+1", "1_0", "1.0", "x", "", "-", "٣", "9" * 25],
    "number": ["1", "2.5", "0.1", "-0", "0", "0.10000000000000000001", "1e3", "NaN", "Inf", "x", "", "-", "1,5", " 2"],
    "string": ["a", "b", "ab", "é", "a b", " a", "panjang sekali", "a\nb", 'kata "x"', "", "-", "NULL"],
    "year": ["2020", "2021", "20", "+024", " 202", "2_24", "x", "", "-"],
    "date": ["2020-01-01", "2020-02-29", "2020-02-30", "2020-1-1", "x", "", "-"],
    "datetime": ["2020-01-01T00:00:00", "2020-01-01 00:00:00", "2020-01-01T24:00:00", "2020-01-01T00:00:00Z", "x", ""],
    "boolean": ["true", "false", "1", "True", "x", "", "-"],
    "array": ["[1]", "x", ""],
    "any": ["a", "1", "", "-"],
}


@pytest.fixture
def short_cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Which way each table went: `fast`, or the reason why it was left to frictionless."""
    ways: list[str] = []
    taken = fast._fast

    def spy(*arguments: Any) -> Any:
        try:
            report = taken(*arguments)
        except Exception as reason:
            ways.append(type(reason).__name__)
            raise
        ways.append("fast")
        return report

    monkeypatch.setattr(fast, "_fast", spy)
    yield ways


def told(report: Any) -> dict[str, Any]:
    """A report without its times; one cut at its limit tells no sizes, because they depend on where reading stopped."""
    said: dict[str, Any] = report.to_descriptor()
    said["stats"].pop("seconds")
    for task in said["tasks"]:
        left = (
            {"errors", "warnings", "rows"}
            if task["warnings"]
            else {"errors", "warnings", "md5", "sha256", "bytes", "fields", "rows"}
        )
        task["stats"] = {name: value for name, value in task["stats"].items() if name in left}
    return said


def plain(
    path: Path, schema: dict[str, Any], dialect: dict[str, Any], **options: Any
) -> dict[str, Any] | type[Exception]:
    try:
        resource = Resource(
            path=path.name,
            basepath=str(path.parent),
            encoding="utf-8",
            schema=Schema.from_descriptor(schema),
            dialect=Dialect.from_descriptor(dict(dialect)),
        )
        return told(resource.validate(**options))
    except Exception as reason:
        return type(reason)


@st.composite
def fields(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from([*CELLS, "integer", "number", "string"]))
    field: dict[str, Any] = {"name": name, "type": kind}
    possible: dict[str, st.SearchStrategy[Any]] = {"required": st.booleans(), "unique": st.booleans()}
    if kind in ("integer", "number"):
        possible |= {name: st.sampled_from([0, 2, "1"]) for name in ("minimum", "maximum", "exclusiveMinimum")}
        possible["enum"] = st.just([1, 2, 3])
    if kind == "year":
        possible |= {"minimum": st.sampled_from([2020, 2]), "maximum": st.just(2021)}
    if kind == "string":
        possible |= {"minLength": st.sampled_from([0, 2]), "maxLength": st.sampled_from([1, 20])}
        possible |= {
            "pattern": st.sampled_from(["a|b", "[ab ]+", ".*", "(", r"\\w{1,2}", "a.*"]),
            "enum": st.just(["a", "b"]),
        }
    chosen = draw(st.sets(st.sampled_from(sorted(possible)), max_size=2))
    field["constraints"] = {constraint: draw(possible[constraint]) for constraint in sorted(chosen)}
    if kind in ("integer", "number") and draw(st.integers(0, 9)) == 0:
        field["bareNumber"] = False
    if kind == "number" and draw(st.integers(0, 5)) == 0:
        field |= draw(st.sampled_from([{"decimalChar": ","}, {"groupChar": "."}, {"floatNumber": True}]))
    return field


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]:
    width = draw(st.integers(1, 4))
    schema: dict[str, Any] = {"fields": [draw(fields(f"f{at}")) for at in range(width)]}
    if draw(st.booleans()):
        schema["$schema"] = "https://datapackage.org/profiles/2.0/tableschema.json"
    names = [field["name"] for field in schema["fields"]]
    if draw(st.booleans()):
        schema["missingValues"] = draw(st.sampled_from([[""], ["", "-"], ["-"], ["", "1"], []]))
    if draw(st.booleans()):
        schema["primaryKey"] = draw(st.lists(st.sampled_from(names), min_size=1, max_size=width, unique=True))
    if draw(st.integers(0, 9)) == 0:
        reference = {"resource": "", "fields": [draw(st.sampled_from(names))]}
        schema["foreignKeys"] = [{"fields": [names[0]], "reference": reference}]
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    dialect: dict[str, Any] = {"delimiter": delimiter}
    dialect |= draw(
        st.sampled_from([{}, {}, {"commentChar": "#"}, {"skipBlankRows": True}, {"skipInitialSpace": True}])
    )
    # The first values of each type are sound ones: a table is clean, or dirty in few places.
    soundness = draw(st.sampled_from([2, 3, 99]))
    rows = [
        [draw(st.sampled_from(CELLS[field["type"]][:soundness])) for field in schema["fields"]]
        for _ in range(draw(st.integers(0, 12)))
    ]
    labels = draw(st.sampled_from([names, names, names, [*names, "lebih"], names[:-1] or names, ["zz", *names[1:]]]))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    writer.writerow(labels)
    for row in rows:
        oddity = draw(st.integers(0, 30))
        writer.writerow({0: [*row, "lebih"], 1: row[:-1], 2: [""] * width, 3: []}.get(oddity, row))
    options = draw(st.sampled_from([{}, {}, {"limit_errors": 1}, {"limit_errors": 3}, {"limit_rows": 2}]))
    return text.getvalue(), schema, dialect, options


@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables(), block=st.sampled_from([1, 3, 1_000]), columns=st.booleans())
def test_the_report_is_that_of_frictionless_whatever_the_table(
    table: tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]], block: int, columns: bool, tmp_path: Path
) -> None:
    text, schema, dialect, options = table
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    whole, suspects.BLOCK = suspects.BLOCK, block
    least, wholesale.SMALLEST = wholesale.SMALLEST, 0 if columns else sys.maxsize
    try:
        ours = told(validate_file(path, schema=schema, dialect=dialect, encoding="utf-8", **options))
    finally:
        suspects.BLOCK, wholesale.SMALLEST = whole, least
    theirs = plain(path, schema, dialect, **options)
    if isinstance(theirs, type):
        assert not ours["valid"]
        assert ours["errors"]
    else:
        assert ours == theirs


def test_an_ordinary_table_takes_the_short_cut(tmp_path: Path, short_cut: list[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("kode,n\na,1\nb,2\nb,x\n,3\n", encoding="utf-8")
    schema = {
        "fields": [{"name": "kode", "type": "string"}, {"name": "n", "type": "integer", "constraints": {"minimum": 2}}],
        "primaryKey": ["kode"],
    }
    report = validate_table(path, schema)
    assert short_cut == ["fast"]
    assert [(error.type, getattr(error, "row_number", None)) for error in report.tasks[0].errors] == [
        ("constraint-error", 2),
        ("type-error", 4),
        ("primary-key", 4),
        ("primary-key", 5),
    ]


def test_a_clash_across_the_whole_table_names_the_nearest_earlier_row(tmp_path: Path, short_cut: list[str]) -> None:
    path = tmp_path / "t.csv"
    lines = [str(number) for number in range(5_000)]
    lines[4_000] = lines[4_500] = "7"
    path.write_text("id\n" + "\n".join(lines) + "\n", encoding="utf-8")
    schema = {"fields": [{"name": "id", "type": "integer", "constraints": {"unique": True}}]}
    notes = [error.note for error in validate_table(path, schema).tasks[0].errors]
    assert notes == ["the same as in the row at position 9", "the same as in the row at position 4002"]
    assert short_cut == ["fast"]


@pytest.mark.parametrize("rule", ["unique", "primaryKey"])
@pytest.mark.parametrize("options", [{}, {"floatNumber": True}])
def test_what_is_no_number_is_never_the_same_as_another(tmp_path: Path, rule: str, options: dict[str, Any]) -> None:
    """Each row is suspicious by its second cell, so that all their keys are looked at."""
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "NaN,x\n1,x\n1,x\n" * 3)
    number: dict[str, Any] = {"name": "a", "type": "number"} | options
    schema: dict[str, Any] = {"fields": [number, {"name": "b", "type": "integer"}]}
    if rule == "unique":
        number["constraints"] = {"unique": True}
    else:
        schema["primaryKey"] = ["a"]
    assert told(validate_file(path, schema=schema, encoding="utf-8")) == plain(path, schema, {})


def test_a_dirty_table_stops_at_its_limit_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("n\n" + "x\n" * 3_000, encoding="utf-8")
    report = validate_table(path, {"fields": [{"name": "n", "type": "integer"}]})
    assert (len(report.tasks[0].errors), report.tasks[0].warnings) == (1_000, ["reached error limit: 1000"])


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"fields": "x"},
        {"fields": [3]},
        {"fields": [{"name": "a", "type": []}]},
        {"fields": [{"name": "a", "type": "string", "constraints": {"pattern": "("}}]},
        {"fields": [{"name": "a", "type": "array", "constraints": {"unique": True}}]},
        {"fields": [{"name": "a", "type": "number", "constraints": {"minimum": "x"}}]},
        {"fields": [{"name": "a"}], "foreignKeys": 4},
        {"fields": ["https://example.org/field.json"]},
        {"fields": [{"name": "a", "type": "string", "constraints": {"pattern": "a" * 5_000}}]},
        {"fields": [{"name": f"f{at}"} for at in range(6_000)]},
    ],
)
def test_a_schema_that_cannot_be_used_is_an_error_of_the_report(tmp_path: Path, schema: dict[str, Any]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n[1]\n[1]\n", encoding="utf-8")
    report = validate_table(path, schema)
    assert not report.valid
    assert report.stats["errors"] >= 1


def test_blanks_after_a_comma_are_part_of_a_canonical_cell(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "x, 1\n" * 200, encoding="utf-8")
    schema = {"fields": [{"name": "a"}, {"name": "b", "type": "string", "constraints": {"enum": ["1"]}}]}
    assert not validate_table(path, schema).valid


def test_a_file_that_is_not_there_is_an_error_of_the_report(tmp_path: Path) -> None:
    report = validate_table(tmp_path / "t.csv", {"fields": [{"name": "a"}]})
    assert [error.type for error in report.tasks[0].errors] == ["scheme-error"]


def test_bytes_that_are_no_utf8_are_an_error_of_the_report(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a\n" + b"x\n" * 100_000 + b"\xff\xfe\n")
    report = validate_table(path, {"fields": [{"name": "a"}]})
    assert [error.type for error in report.tasks[0].errors] == ["encoding-error"]


def test_without_a_schema_only_the_form_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3\n", encoding="utf-8")
    report = validate_file(path)
    assert [error.type for error in report.tasks[0].errors] == ["missing-cell"]


def test_a_declared_size_that_is_wrong_is_noticed_on_the_short_cut(tmp_path: Path, short_cut: list[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    report = validate_file(path, schema={"fields": [{"name": "a"}]}, encoding="utf-8", bytes=5, hash="sha256:00")
    assert [error.type for error in report.tasks[0].errors] == ["hash-count", "byte-count"]
    assert short_cut == ["fast"]
