"""Turning a canonical CSV into Parquet."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasets.query.cells import text_cell
from datasets.tables.columnar import CellsDoNotFit, NotCanonical, write_parquet


def _schema(**types: str) -> dict[str, Any]:
    return {"fields": [{"name": name, "type": kind} for name, kind in types.items()]}


def _write(folder: Path, text: str | bytes, schema: dict[str, Any], **options: Any) -> tuple[list[Any], list[str]]:
    source, target = folder / "a.csv", folder / "a.parquet"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    write_parquet(source, schema, target, **options)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(target)])
        types = [str(column[1]) for column in found.description or []]
        return found.fetchall(), types


def test_each_type_is_kept_as_itself(tmp_path: Path) -> None:
    schema = _schema(a="integer", b="number", c="year", d="boolean", e="date", f="time", g="datetime", h="string")
    rows, types = _write(
        tmp_path,
        "a,b,c,d,e,f,g,h\n-7,1.5,2024,true,2024-02-29,10:30,2024-02-29T10:30:00,0101\n,,,,,,,\n",
        schema,
    )
    assert types == ["BIGINT", "DOUBLE", "INTEGER", "BOOLEAN", "DATE", "TIME", "TIMESTAMP", "VARCHAR"]
    assert rows == [
        (-7, 1.5, 2024, True, date(2024, 2, 29), time(10, 30), datetime(2024, 2, 29, 10, 30), "0101"),  # noqa: DTZ001
        (None,) * 8,
    ]


def test_moments_with_a_zone_are_kept_as_moments(tmp_path: Path) -> None:
    text = "t\n2024-01-01T10:00:00+07:00\n2024-01-01T10:00:00Z\n"
    rows, _ = _write(tmp_path, text, _schema(t="datetime"))
    assert [row[0].astimezone(UTC).hour for row in rows] == [3, 10]


def test_moments_of_which_only_some_have_a_zone_stay_as_they_were_written(tmp_path: Path) -> None:
    text = "t\n2024-01-01T10:00:00+07:00\n2024-01-01T10:00:00\n"
    rows, _ = _write(tmp_path, text, _schema(t="datetime"))
    assert rows == [("2024-01-01T10:00:00+07:00",), ("2024-01-01T10:00:00",)]


@pytest.mark.parametrize(
    ("kind", "cells", "kept"),
    [
        ("integer", ["9223372036854775807", "-9223372036854775808"], "BIGINT"),
        ("integer", ["9223372036854775808", "1"], "DECIMAL(38,0)"),
        ("integer", ["9" * 38, "-1"], "DECIMAL(38,0)"),
        ("integer", ["9" * 39, "1"], "VARCHAR"),
        ("number", ["0.1", "1234567.891"], "DOUBLE"),
        ("number", ["12345678901234567.25", "0.5"], "DECIMAL(19,2)"),
        ("number", ["0.30000000000000004", "1e300"], "DOUBLE"),
        ("number", ["0.123456789012345678", "3"], "DECIMAL(19,18)"),
    ],
)
def test_no_digit_is_lost_however_long_the_number(tmp_path: Path, kind: str, cells: list[str], kept: str) -> None:
    rows, types = _write(tmp_path, "a\n" + "\n".join(cells) + "\n", _schema(a=kind))
    assert types == [kept]
    assert [Decimal(text_cell(row[0])) for row in rows] == [Decimal(cell) for cell in cells]


@given(
    cells=st.lists(
        st.one_of(st.just(""), st.decimals(-(10**30), 10**30, places=4).map(lambda d: f"{d:f}")),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_column_of_decimals_comes_back_digit_by_digit(tmp_path: Path, cells: list[str]) -> None:
    rows, _ = _write(tmp_path, "a,b\n" + "".join(f"{cell},x\n" for cell in cells), _schema(a="number", b="string"))
    expected = [Decimal(cell) if cell else None for cell in cells]
    found = [None if row[0] is None else Decimal(text_cell(row[0])) for row in rows]
    assert found == expected


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)


@given(rows=st.lists(st.tuples(TEXTS, TEXTS), max_size=30))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_texts_come_back_as_they_were_in_their_order(tmp_path: Path, rows: Sequence[tuple[str, str]]) -> None:
    source = tmp_path / "t.csv"
    with source.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["a", "b"])
        writer.writerows(rows)
    written = write_parquet(source, _schema(a="string", b="string"), tmp_path / "t.parquet")
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "t.parquet")]).fetchall()
    assert found == [(a or None, b or None) for a, b in rows]
    assert written.rows == len(rows)


def test_quoted_line_ends_do_not_break_rows_in_a_file_large_enough_to_be_read_in_parts(tmp_path: Path) -> None:
    source = tmp_path / "t.csv"
    cell = '"baris satu\nbaris ""dua"", koma"'
    with source.open("w", encoding="utf-8", newline="") as handle:
        handle.write("n,a\n")
        handle.writelines(f"{n},{cell}\n" for n in range(1_500_000))
    write_parquet(source, _schema(n="integer", a="string"), tmp_path / "t.parquet")
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT count(*), count(DISTINCT n), min(a), max(a), bool_and(n = file_row_number) "
            "FROM read_parquet(?, file_row_number = true)",
            [str(tmp_path / "t.parquet")],
        ).fetchone()
    text = 'baris satu\nbaris "dua", koma'
    assert found == (1_500_000, 1_500_000, text, text, True)


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("integer", "1.5"),
        ("integer", "12x"),
        ("integer", "0x1F"),
        ("number", "1,5"),
        ("date", "2023-02-29"),
        ("date", "infinity"),
        ("time", "24:00"),
        ("boolean", "yes"),
        ("year", "dua ribu"),
        ("datetime", "2024-13-01T00:00:00"),
    ],
)
def test_a_cell_that_does_not_fit_is_named_with_its_row_and_column(tmp_path: Path, kind: str, cell: str) -> None:
    with pytest.raises(CellsDoNotFit) as caught:
        _write(tmp_path, f'k,a\nx,\ny,"{cell}"\nz,"{cell}"\n', _schema(k="string", a=kind))
    place = caught.value.notice.place
    assert (place.file, place.row, place.column) == ("a.csv", 3, "a")
    assert cell in caught.value.say("id")
    assert "2 " in caught.value.say("en")
    assert not (tmp_path / "a.parquet").exists()


def test_a_column_with_cells_that_do_not_fit_can_be_kept_as_text(tmp_path: Path) -> None:
    rows, types = _write(tmp_path, "a,b\n1,2\nx,3\n", _schema(a="integer", b="integer"), misfit="text")
    assert types == ["VARCHAR", "BIGINT"]
    assert rows == [("1", 2), ("x", 3)]


@pytest.mark.parametrize(
    "text",
    [
        b"a,b\n1\n",
        b"a,b\n1,2,3\n",
        b"b,a\n1,2\n",
        b"a\n1\n",
        b"",
        b"a,b\r\n1,2\r\n",
        b'a,b\n"x,1\n',
        b"a,b\n\xff,1\n",
        b"a,b\n" + b"x" * 3_000_000 + b",1\n",
    ],
)
def test_a_csv_that_is_not_canonical_is_refused_in_words(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(NotCanonical) as caught:
        _write(tmp_path, text, _schema(a="string", b="string"))
    assert "a.csv" in caught.value.say("id")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_what_is_proven_of_columns_changes_nothing(tmp_path: Path) -> None:
    schema = _schema(a="integer", b="number", c="year", d="date", e="string", f="number", g="integer")
    text = "a,b,c,d,e,f,g\n-7,1.5,2024,2024-02-29,0101,12345678901234.56789,12345678901234567890\n,,,,,,\n"
    proven = {"a": ("integer", 2), "b": ("number", 3), "c": ("integer", 4), "d": ("date", 10)}
    long = {"f": ("number", 20), "g": ("integer", 20)}
    looked_at = _write(tmp_path, text, schema)
    assert looked_at == _write(tmp_path, text, schema, proven=proven | long)
    assert looked_at[1] == ["BIGINT", "DOUBLE", "INTEGER", "DATE", "VARCHAR", "DECIMAL(19,5)", "DECIMAL(38,0)"]


def test_a_failed_write_leaves_the_earlier_file(tmp_path: Path) -> None:
    _write(tmp_path, "a\n1\n", _schema(a="integer"))
    before = (tmp_path / "a.parquet").read_bytes()
    with pytest.raises(CellsDoNotFit):
        _write(tmp_path, "a\nx\n", _schema(a="integer"))
    assert (tmp_path / "a.parquet").read_bytes() == before


def test_the_same_csv_gives_the_same_bytes(tmp_path: Path) -> None:
    text = "a,b\n" + "".join(f"{n},nilai {n % 7}\n" for n in range(100_000))
    _write(tmp_path, text, _schema(a="integer", b="string"))
    first = (tmp_path / "a.parquet").read_bytes()
    _write(tmp_path, text, _schema(a="integer", b="string"))
    assert (tmp_path / "a.parquet").read_bytes() == first


def test_a_thousand_columns_and_no_rows_are_both_tables(tmp_path: Path) -> None:
    names = [f"k{n}" for n in range(1_000)]
    rows, _ = _write(tmp_path, ",".join(names) + "\n", _schema(**dict.fromkeys(names, "integer")))
    assert rows == []
    body = ",".join(str(n) for n in range(1_000))
    rows, _ = _write(tmp_path, f"{','.join(names)}\n{body}\n", _schema(**dict.fromkeys(names, "integer")))
    assert rows == [tuple(range(1_000))]


def test_names_and_folders_with_signs_of_sql_and_patterns_are_just_names(tmp_path: Path) -> None:
    folder = tmp_path / "a'b [1]*?"
    folder.mkdir()
    names = {'x"; DROP TABLE t; --': "integer", "select": "string"}
    header = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    rows, _ = _write(folder, f"{header}\n1,y\n", _schema(**names))
    assert rows == [(1, "y")]
