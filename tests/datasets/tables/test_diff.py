"""Comparing two versions of a table."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasets.diff.compare import Side, compare, write_changes
from datasets.diff.report import CellChange, ColumnChange, TableDiff
from datasets.query.errors import TableBroken, TooSlow

Make = Callable[..., Any]
POPULATION = {"kecamatan": "string", "tahun": "year", "penduduk": "integer", "luas": "number"}
BEFORE = [
    ("Balen", "2022", "60000", "60.5"),
    ("Balen", "2023", "61000", "60.5"),
    ("Dander", "2022", "80000", "118.4"),
    ("Dander", "2023", "81000", "118.4"),
    ("Kapas", "2022", "50000", ""),
]


def _compare(before: Any, after: Any, **options: Any) -> TableDiff:
    found = compare(Side(before.parquet, before.schema), Side(after.parquet, after.schema), **options)
    json.dumps(found.as_dict(), allow_nan=False)
    return found


def test_a_table_is_the_same_as_itself(make_table: Make) -> None:
    table = make_table(POPULATION, BEFORE)
    found = _compare(table, table)
    assert not found
    assert (found.unchanged, found.key, found.key_origin) == (5, ("kecamatan", "tahun"), "found")


def test_revisions_are_told_cell_by_cell(make_table: Make) -> None:
    after = [list(row) for row in BEFORE]
    after[1][2] = "61500"
    after[3] = ["Dander", "2023", "71000", "118.5"]
    after[4][3] = "46.1"
    found = _compare(make_table(POPULATION, BEFORE), make_table(POPULATION, after))
    assert (found.added, found.removed, found.changed, found.cells, found.unchanged) == (0, 0, 3, 4, 2)
    assert found.changes == (
        CellChange(("Balen", 2023), "penduduk", 61000, 61500, 2, 2),
        CellChange(("Dander", 2023), "penduduk", 81000, 71000, 4, 4),
        CellChange(("Dander", 2023), "luas", 118.4, 118.5, 4, 4),
        CellChange(("Kapas", 2022), "luas", None, 46.1, 5, 5),
    )
    assert found.periods == ((2023, 3), (2022, 1))
    largest = {column.column: column.largest for column in found.by_column}
    assert largest["penduduk"] == CellChange(("Dander", 2023), "penduduk", 81000, 71000, 4, 4)


def test_rows_are_the_same_rows_wherever_they_stand(make_table: Make) -> None:
    after = [("Kapas", "2023", "51000", "46"), *reversed(BEFORE[1:])]
    found = _compare(make_table(POPULATION, BEFORE), make_table(POPULATION, after))
    assert (found.added, found.removed, found.changed) == (1, 1, 0)
    assert found.added_rows[0].cells == ("Kapas", 2023, 51000, 46.0)
    assert found.added_rows[0].number == 1
    assert found.removed_rows[0].cells == ("Balen", 2022, 60000, 60.5)


def test_running_numbers_are_no_key(make_table: Make) -> None:
    types = {"no": "integer", "desa": "string", "nilai": "number"}
    before = [("1", "Bakalan", "1"), ("2", "Kapas", "2"), ("3", "Tanjung", "3")]
    after = [("1", "Anyar", "9"), ("2", "Bakalan", "1"), ("3", "Kapas", "2"), ("4", "Tanjung", "3")]
    found = _compare(make_table(types, before), make_table(types, after))
    assert (found.key, found.added, found.removed) == (("desa",), 1, 0)
    assert {change.column for change in found.changes} == {"no"}


def test_a_declared_key_is_used_when_both_versions_keep_to_it(make_table: Make) -> None:
    before, after = make_table(POPULATION, BEFORE), make_table(POPULATION, BEFORE[:-1])
    before.schema["primaryKey"] = ["tahun", "kecamatan"]
    found = _compare(before, after)
    assert (found.key, found.key_origin, found.removed) == (("tahun", "kecamatan"), "declared", 1)
    before.schema["primaryKey"] = "tahun"
    assert _compare(before, after).key_origin == "found"


def test_without_a_key_rows_come_and_go(make_table: Make) -> None:
    types = {"kata": "string", "n": "integer"}
    before = [("a", "1"), ("a", "1"), ("b", "2")]
    after = [("a", "1"), ("b", "3"), ("b", "3"), ("c", "")]
    found = _compare(make_table(types, before), make_table(types, after))
    assert (found.key, found.key_origin) == ((), "none")
    assert (found.added, found.removed, found.changed, found.unchanged) == (3, 2, 0, 1)
    assert [row.number for row in found.added_rows] == [2, 3, 4]
    assert [row.number for row in found.removed_rows] == [2, 3]


def test_columns_that_come_go_or_change_are_told(make_table: Make) -> None:
    before = make_table(
        {"kode": "string", "lama": "string", "jumlah": "integer", "hilang": "string"},
        [("1", "x", "5", "p"), ("2", "y", "6", "q")],
        jumlah={"unit": "jiwa", "title": "Jumlah"},
    )
    after = make_table(
        {"jumlah": "number", "kode": "string", "baru": "string", "nama": "string"},
        [("5", "1", "r", "x"), ("6.5", "2", "s", "y")],
        jumlah={"unit": "ribu jiwa", "title": "Jumlah"},
    )
    found = _compare(before, after)
    assert found.schema.renamed == (("lama", "nama"),)
    assert (found.schema.added, found.schema.removed, found.schema.reordered) == (("baru",), ("hilang",), True)
    assert found.schema.changed == (
        ColumnChange("jumlah", "type", "integer", "number"),
        ColumnChange("jumlah", "unit", "jiwa", "ribu jiwa"),
    )
    assert [(change.before, change.after) for change in found.changes] == [("6", "6.5")]


def test_a_number_that_is_only_stored_otherwise_has_not_changed(make_table: Make) -> None:
    before = make_table({"k": "string", "x": "number"}, [("a", "1.5"), ("b", "2")])
    after = make_table({"k": "string", "x": "number"}, [("a", "1.5"), ("b", "12345678901234567.25")])
    assert [change.key for change in _compare(before, after).changes] == [("b",)]


def test_empty_tables_can_be_compared(make_table: Make) -> None:
    empty, full = make_table(POPULATION, []), make_table(POPULATION, BEFORE)
    assert not _compare(empty, empty)
    assert (_compare(empty, full).added, _compare(full, empty).removed) == (5, 5)
    other = make_table({"lain": "string"}, [("x",)])
    nothing_shared = _compare(full, other)
    assert nothing_shared.schema.removed == tuple(POPULATION)


def test_examples_are_cut_and_counts_are_not(make_table: Make) -> None:
    types = {"id": "integer", "x": "integer", "y": "integer"}
    before = make_table(types, [(str(n), "1", "1") for n in range(50)])
    after = make_table(types, [(str(n), "2", "3") for n in range(50)] + [(str(n), "", "") for n in range(100, 130)])
    found = _compare(before, after, examples=7)
    assert (found.cells, found.changed, found.added) == (100, 50, 30)
    assert [(change.row_after, change.column) for change in found.changes][:4] == [
        (1, "x"),
        (1, "y"),
        (2, "x"),
        (2, "y"),
    ]
    assert (len(found.changes), len(found.added_rows)) == (7, 7)


def test_all_changes_can_be_taken_away_as_csv(make_table: Make, tmp_path: Path) -> None:
    types = {"k": "string", "x": "string", "n": "number"}
    before = make_table(types, [("a", "lama", "1"), ("b", "y", "2"), ("c", "z", "3")])
    after = make_table(types, [("a", "=1+1", "1"), ("c", "z", "3.5"), ("d", "w", "")])
    target = tmp_path / "changes.csv"
    write_changes(Side(before.parquet, before.schema), Side(after.parquet, after.schema), target)
    with target.open(encoding="utf-8", newline="") as handle:
        assert list(csv.reader(handle)) == [
            ["key_k", "column", "before", "after", "row_before", "row_after"],
            ["a", "x", "lama", "'=1+1", "1", "1"],
            ["c", "n", "3", "3.5", "3", "2"],
            ["d", "k", "", "d", "", "3"],
            ["d", "x", "", "w", "", "3"],
            ["b", "k", "b", "", "2", ""],
            ["b", "x", "y", "", "2", ""],
            ["b", "n", "2", "", "2", ""],
        ]


def test_a_file_that_cannot_be_read_is_said_to_be_broken(make_table: Make, tmp_path: Path) -> None:
    table = make_table(POPULATION, BEFORE)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(table.parquet.read_bytes()[:100])
    with pytest.raises(TableBroken):
        compare(Side(table.parquet, table.schema), Side(broken, table.schema))


def test_a_comparison_that_takes_too_long_is_stopped(make_table: Make) -> None:
    table = make_table({"a": "string", "b": "string"}, [(str(n), str(n % 7)) for n in range(200_000)])
    with pytest.raises(TooSlow):
        _compare(table, table, seconds=0.001)


NAMES = st.sampled_from(["k", "select", 'a"b', "x,y", "_row", "c0", "h", "x", "y"])
TABLE = st.dictionaries(st.integers(0, 12), st.tuples(st.sampled_from(["", "p", "q"]), st.sampled_from(["", "1", "2"])))


@given(names=st.lists(NAMES, min_size=3, max_size=3, unique=True), before=TABLE, after=TABLE)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_counts_are_those_that_plain_python_finds(
    make_table: Make, names: list[str], before: dict[int, Any], after: dict[int, Any]
) -> None:
    types = dict(zip(names, ("integer", "string", "number"), strict=True))
    sides = [make_table(types, [(str(k), *cells) for k, cells in table.items()]) for table in (before, after)]
    for side in sides:
        side.schema["primaryKey"] = [names[0]]
    found = _compare(*sides)
    shared = before.keys() & after.keys()
    cells = [(k, n) for k in shared for n in (0, 1) if before[k][n] != after[k][n]]
    assert found.added == len(after.keys() - before.keys())
    assert found.removed == len(before.keys() - after.keys())
    assert found.changed == len({k for k, _ in cells})
    assert found.cells == len(cells)
    per_column = Counter(names[n + 1] for _, n in cells)
    assert {column.column: column.cells for column in found.by_column} == dict(per_column)
    told = {(change.key[0], names.index(change.column) - 1) for change in found.changes}
    assert told == set(cells)
