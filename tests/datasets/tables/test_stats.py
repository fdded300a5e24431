"""The figures about each column."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasets.tables.stats import table_stats
from datasets.tables.stats_bins import BINS, nice_edges

Make = Callable[..., Any]


def _stats(table: Any) -> dict[str, Any]:
    found = table_stats(table.parquet, table.schema)
    json.dumps(found, allow_nan=False)
    return found


def test_every_column_is_counted(villages: Any) -> None:
    found = _stats(villages)
    assert found["rows"] == 6
    columns = found["columns"]
    assert list(columns) == [field["name"] for field in villages.schema["fields"]]
    assert columns["kecamatan"] == {
        "missing": 0,
        "distinct": 3,
        "min": "Balen",
        "max": "Kapas",
        "longest": 6,
        "top": [["Balen", 2], ["Dander", 2], ["Kapas", 2]],
    }
    assert columns["penduduk"]["missing"] == 1
    assert columns["penduduk"]["median"] == 3120
    assert columns["penduduk"]["mean"] == pytest.approx(4249.8)
    assert columns["luas"]["min"] == 0.1
    assert columns["dicatat"]["max"] == "2022-01-01"
    assert columns["dicatat"]["histogram"][0] == ["2019-04-01", "2019-07-01", 1]
    assert columns["tahun"]["histogram"] == [[2019, 2020, 1], [2020, 2021, 2], [2021, 2022, 2], [2022, 2023, 1]]
    assert columns["berlistrik"]["top"] == [[True, 3], [False, 2]]


def test_the_figures_are_the_same_on_every_run(make_table: Make) -> None:
    rows = [(f"{n * 7919 % 1_000_003 / 7:.6f}", f"k{n % 50}") for n in range(60_000)]
    table = make_table({"x": "number", "k": "string"}, rows)
    assert _stats(table) == _stats(table)


@pytest.mark.parametrize("rows", [998, 999])
def test_the_middle_of_very_many_is_found_by_sorting(
    make_table: Make, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = make_table(
        {"n": "integer", "x": "number"},
        [(n * 7919 % 997, "" if n % 5 == 0 else f"{n * 31 % 1009 / 8}") for n in range(rows)],
    )
    told = _stats(table)
    monkeypatch.setattr("datasets.tables.stats.SORTED", 10)
    assert _stats(table) == told
    assert told["columns"]["n"]["median"] == statistics.median(n * 7919 % 997 for n in range(rows))


def test_a_table_without_rows_and_a_column_without_values_have_figures(make_table: Make) -> None:
    empty = _stats(make_table({"a": "string", "b": "number", "c": "date"}, []))
    assert empty["rows"] == 0
    assert empty["columns"]["b"] == {"missing": 0, "distinct": 0, "min": None, "max": None}
    missing = _stats(make_table({"a": "string", "b": "number"}, [("x", "")] * 3))
    assert missing["columns"]["b"] == {"missing": 3, "distinct": 0, "min": None, "max": None}


def test_cells_that_a_spreadsheet_would_run_are_counted(make_table: Make) -> None:
    cells = ["=1+1", "@SUM(A1)", "-cmd", "+62 812", "-12", "+62812", "-1.234,5", "biasa", "\tx", ""]
    found = _stats(make_table({"a": "string", "b": "string"}, [(cell, "x") for cell in cells]))
    assert found["columns"]["a"]["formulas"] == 5
    assert "formulas" not in found["columns"]["b"]


def test_what_json_does_not_know_is_written_out(make_table: Make) -> None:
    table = make_table({"x": "number", "n": "integer"}, [("NaN", "9" * 20), ("INF", "1"), ("1.5", "2"), ("2.5", "")])
    found = _stats(table)["columns"]
    assert found["x"]["max"] == "NaN"
    assert found["x"]["mean"] == 2.0
    assert sum(count for _, _, count in found["x"]["histogram"]) == 2
    assert found["n"]["max"] == int("9" * 20)


@pytest.mark.parametrize(
    ("cells", "distinct"),
    [([-(2**63)] * 3, 1), ([2**63 - 1, 2**63 - 2, 2**63 - 1], 2), ([-(2**63), 2**63 - 1], 2), ([7, 7, -7], 2)],
)
def test_numbers_at_the_end_of_what_64_bits_hold_are_counted(make_table: Make, cells: list[int], distinct: int) -> None:
    found = _stats(make_table({"n": "integer"}, [(str(cell),) for cell in cells]))["columns"]["n"]
    assert (found["distinct"], found["min"], found["max"]) == (distinct, min(cells), max(cells))


def test_numbers_too_far_apart_for_a_bit_each_are_counted_all_the_same(
    make_table: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasets.tables.stats.BITS_A_ROW", 10**9)
    found = _stats(make_table({"n": "integer"}, [("0",), ("1900000000",), ("",)]))["columns"]["n"]
    assert found["distinct"] == 2


def test_many_distinct_values_have_no_most_frequent_ones(make_table: Make) -> None:
    found = _stats(make_table({"a": "string"}, [(str(n),) for n in range(1_001)]))["columns"]["a"]
    assert found["distinct"] == 1_001
    assert "top" not in found


def test_a_wide_table_has_figures_for_each_column(make_table: Make) -> None:
    names = [f"k{n}" for n in range(300)]
    rows = [[str(n % 7 + row) for n in range(300)] for row in range(4)]
    columns = _stats(make_table(dict.fromkeys(names, "integer"), rows))["columns"]
    assert [columns[name]["min"] for name in names] == [n % 7 for n in range(300)]


NUMBERS = st.lists(st.one_of(st.integers(-(10**6), 10**6), st.integers(0, 3)), min_size=1, max_size=40)


@given(values=NUMBERS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_histograms_put_each_value_where_it_belongs(make_table: Make, values: list[int]) -> None:
    table = make_table({"n": "integer", "x": "number"}, [(str(v), f"{v / 8}") for v in values])
    columns = _stats(table)["columns"]
    for name, numbers in (("n", values), ("x", [v / 8 for v in values])):
        bins = columns[name]["histogram"]
        assert len(bins) <= BINS
        assert all(left[1] == right[0] for left, right in pairwise(bins))
        for low, high, count in bins:
            assert count == sum(low <= number < high for number in numbers)
        assert sum(count for *_, count in bins) == len(values)
        assert columns[name]["mean"] == pytest.approx(statistics.fmean(numbers))
        assert columns[name]["median"] == statistics.median(numbers)
        common = Counter(numbers).most_common()
        assert columns[name]["top"] == [list(pair) for pair in sorted(common, key=lambda p: (-p[1], p[0]))[:10]]


@given(low=st.floats(-1e300, 1e300), span=st.one_of(st.floats(0, 1e300), st.floats(0, 1)), whole=st.booleans())
def test_edges_are_ascending_and_cover_the_values(low: float, span: float, whole: bool) -> None:
    edges = nice_edges(low, low + span, whole=whole)
    assert edges[0] <= low <= low + span <= edges[-1]
    assert all(left < right for left, right in pairwise(edges))
    assert len(edges) <= BINS + 1


@pytest.mark.parametrize(
    ("days", "first", "count"),
    [
        (["2024-01-01", "2024-01-15"], ["2024-01-01", "2024-01-02", 1], 15),
        (["2024-01-01", "2024-06-15"], ["2024-01-01", "2024-02-01", 1], 6),
        (["2021-02-01", "2024-06-15"], ["2021-01-01", "2021-04-01", 1], 14),
        (["2010-02-01", "2024-06-15"], ["2010-01-01", "2011-01-01", 1], 15),
        (["1945-08-17", "2024-06-15"], ["1940-01-01", "1950-01-01", 1], 9),
        (["1500-08-17", "2024-06-15"], ["1500-01-01", "1600-01-01", 1], 6),
        (["0001-01-01", "9999-12-31"], ["0001-01-01", "1000-01-01", 1], 10),
    ],
)
def test_dates_are_put_together_by_periods_of_the_calendar(
    make_table: Make, days: list[str], first: list[Any], count: int
) -> None:
    bins = _stats(make_table({"d": "date"}, [(day,) for day in days]))["columns"]["d"]["histogram"]
    assert bins[0] == first
    assert len(bins) == count
    assert sum(n for *_, n in bins) == 2
