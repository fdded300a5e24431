"""The profile of a canonical CSV counts what is there and proves what it claims."""

from __future__ import annotations

from pathlib import Path

import pytest
from build import a_table

from metadata import profile as profiling
from metadata.profile import UniquenessProof, profile_csv


def test_empty_cells_values_and_ends_are_counted(tmp_path: Path) -> None:
    table = a_table(tmp_path, {"tahun": "year", "n": "integer"}, [(2021, 5), (2019, None), (2020, 5)])
    found = profile_csv(table.path, ["tahun", "n"])
    assert (found["tahun"].first, found["tahun"].last, found["tahun"].unique) == ("2019", "2021", True)
    assert (found["n"].rows, found["n"].missing, found["n"].values, found["n"].unique) == (3, 1, {"5": 2}, False)


def test_a_column_with_an_empty_cell_is_not_called_unique(tmp_path: Path) -> None:
    table = a_table(tmp_path, {"kode": "string", "n": "integer"}, [("a", 1), (None, 2)])
    assert not profile_csv(table.path, ["kode", "n"])["kode"].unique


def test_a_repetition_far_apart_is_noticed(tmp_path: Path) -> None:
    rows = [(number, 0) for number in range(3 * profiling.BLOCK)]
    rows.append((0, 0))
    table = a_table(tmp_path, {"id": "integer", "n": "integer"}, rows)
    found = profile_csv(table.path, ["id", "n"])["id"]
    assert not found.unique
    assert found.rows == 3 * profiling.BLOCK + 1


def test_many_values_and_long_texts_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiling, "MOST_VALUES", 10)
    table = a_table(tmp_path, {"id": "integer", "teks": "string"}, [(number, "x" * 300) for number in range(11)])
    found = profile_csv(table.path, ["id", "teks"])
    assert found["id"].values is None
    assert found["id"].distinct is None
    assert found["teks"].values is None
    assert found["id"].unique


def test_a_table_without_rows_has_nothing_unique(tmp_path: Path) -> None:
    table = a_table(tmp_path, {"id": "integer"}, [])
    assert not profile_csv(table.path, ["id"])["id"].unique


def test_beyond_its_bound_nothing_is_claimed() -> None:
    proof = UniquenessProof(3)
    proof.take([1, 2])
    proof.take([3, 4])
    assert not proof.proved()


def test_a_wide_table_counts_fewer_values_in_each_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiling, "MOST_VALUES_TOGETHER", 20)
    columns = {f"c{at}": "integer" for at in range(5)}
    table = a_table(tmp_path, columns, [tuple(range(row, row + 5)) for row in range(6)])
    assert all(found.values is None for found in profile_csv(table.path, list(columns)).values())


def test_uniqueness_is_only_looked_for_where_it_is_wanted(tmp_path: Path) -> None:
    table = a_table(tmp_path, {"a": "integer", "b": "integer"}, [(1, 1), (2, 2)])
    found = profile_csv(table.path, ["a", "b"], keys={"a"})
    assert (found["a"].unique, found["b"].unique) == (True, False)
