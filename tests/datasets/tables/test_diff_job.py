"""A comparison in a process of its own says the same, and says plainly why it could not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasets.diff.compare import Side, compare
from datasets.diff.job import changes_written, compared
from datasets.query.errors import TableBroken, TooSlow

Make = Callable[..., Any]
TYPES = {"kecamatan": "string", "tahun": "year", "tanggal": "date", "nilai": "number"}
BEFORE = [("Balen", "2022", "2022-01-31", "1.5"), ("Dander", "2022", "2022-01-31", "2"), ("Kapas", "2022", "", "")]
AFTER = [("Balen", "2022", "2022-02-01", "1.5"), ("Dander", "2022", "2022-01-31", "2.25"), ("Malo", "2023", "", "7")]


def _sides(make_table: Make) -> tuple[Side, Side]:
    one, other = make_table(TYPES, BEFORE), make_table(TYPES, AFTER)
    return Side(one.parquet, one.schema), Side(other.parquet, other.schema)


def test_it_says_what_the_comparison_says(make_table: Make) -> None:
    sides = _sides(make_table)
    assert compared(*sides) == compare(*sides).as_dict()


def test_changed_cells_are_written(make_table: Make, tmp_path: Path) -> None:
    changes_written(*_sides(make_table), tmp_path / "changes.csv")
    text = (tmp_path / "changes.csv").read_text("utf-8")
    assert "Dander" in text
    assert "2.25" in text


def test_a_broken_file_is_told(make_table: Make, tmp_path: Path) -> None:
    before, after = _sides(make_table)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(TableBroken):
        compared(before, Side(broken, after.schema))


def test_a_met_time_limit_is_told(make_table: Make) -> None:
    with pytest.raises(TooSlow) as caught:
        compared(*_sides(make_table), seconds=0.0001)
    assert caught.value.status == 422
