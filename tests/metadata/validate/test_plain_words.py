"""A report is said in sentences that an office can act on: every kind of error, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frictionless
import pytest

from metadata import vocabularies
from metadata.terms import LANGUAGES
from metadata.validate import plain_words, validate_table

SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "kode", "type": "string", "constraints": {"unique": True}},
        {"name": "nilai", "type": "number", "constraints": {"minimum": 0, "required": True}},
    ]
}


def findings(tmp_path: Path, text: str, language: str, **options: Any) -> list[str]:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return [str(line) for line in plain_words(validate_table(path, SCHEMA).to_descriptor(), language, **options)]


def test_a_valid_report_says_nothing(tmp_path: Path) -> None:
    assert findings(tmp_path, "kode,nilai\na,1\n", "id") == []


def test_a_sentence_says_what_where_and_what_to_do(tmp_path: Path) -> None:
    text = "kode,nilai\na,x\nb,1\nc,y\n"
    assert findings(tmp_path, text, "id") == [
        "Kolom “nilai” harus berisi angka, tetapi ada isi lain, misalnya “x”. Baris 2, 4. "
        "Perbaiki isian itu; kosongkan bila datanya memang tidak ada."
    ]
    assert findings(tmp_path, text, "en") == [
        "Column “nilai” must hold numbers but holds something else, e.g. “x”. Rows 2, 4. "
        "Correct those cells; leave them empty where there is no value."
    ]


def test_many_errors_of_a_kind_are_one_sentence_with_their_number(tmp_path: Path) -> None:
    text = "kode,nilai\n" + "".join(f"k{number},-1\n" for number in range(40))
    (only,) = findings(tmp_path, text, "id")
    assert "tidak boleh kurang dari 0, tetapi ada “-1”. Baris 2, 3, 4, 5, 6 dan 35 lainnya." in only


def test_the_printed_header_is_used_where_it_is_known(tmp_path: Path) -> None:
    (line,) = findings(tmp_path, "kode,nilai\na,\n", "en", titles={"nilai": "Nilai (juta rupiah)"})
    assert line.startswith("Column “Nilai (juta rupiah)” must be filled in")


def test_each_missing_column_is_its_own_sentence(tmp_path: Path) -> None:
    schema = {"fields": [{"name": name} for name in ("a", "b", "c")]}
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    report = validate_table(path, schema).to_descriptor()
    assert [line.column for line in plain_words(report, "id") if line.type == "missing-label"] == ["b", "c"]


def test_a_cell_with_braces_and_lines_is_shown_short_and_unharmed(tmp_path: Path) -> None:
    (line,) = findings(tmp_path, 'kode,nilai\na,"{x}\n' + "y" * 200 + '"\n', "id")
    assert "misalnya “{x} yyy" in line
    assert "…”" in line


def kinds() -> list[str]:
    made = [frictionless.Error, *frictionless.Error.list_children()]
    return sorted({kind.type for kind in made if not kind.type.startswith(("catalog", "dataset", "report", "inquiry"))})


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_of_error_has_words(kind: str) -> None:
    error = {"type": kind, "note": "catatan", "message": "message", "fieldName": "n", "fieldNumber": 2, "cell": "x"}
    report = {"errors": [error | {"label": "L"}], "tasks": []}
    for language in LANGUAGES:
        (line,) = plain_words(report, language)
        assert line.text
        assert line.advice
        assert "{" not in str(line)


def test_an_unknown_kind_of_error_still_says_its_note() -> None:
    (line,) = plain_words({"errors": [{"type": "new-error", "note": "sesuatu"}]}, "id")
    assert "sesuatu" in str(line)


def test_the_words_are_complete() -> None:
    rows = vocabularies.rows("report_words")
    assert all(all(row.values()) for row in rows)
    assert len({row["type"] for row in rows}) == len(rows)
    # Kinds of which frictionless has no more specific word for a person.
    rare = {"stats-error", "detector-error", "pipeline-error", "step-error"}
    assert set(kinds()) - {row["type"] for row in rows} <= rare
