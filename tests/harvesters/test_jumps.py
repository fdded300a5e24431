"""What is implausible in a dataset's own history, and what is ordinary growth."""

from __future__ import annotations

import pytest

from harvesters.jumps import Figures, figures_of, implausible, judge_figures, robust_z


@pytest.mark.parametrize(
    ("history", "value", "held"),
    [
        ([], 5.0, False),
        ([100.0], 140.0, False),
        ([100.0], 900.0, False),
        ([100.0], 100_000.0, True),
        ([100_000.0], 100.0, True),
        ([100, 102, 104, 106, 108], 110, False),
        ([100, 102, 104, 106, 108], 149, False),
        ([100, 102, 104, 106, 108], 320, True),
        ([100, 100, 100, 100, 100], 101, False),
        ([100, 900, 40, 700, 300, 1200], 1500, False),
        ([0, 0, 0, 0, 0], 50, False),
        ([-5, -6, -5, -6, -5], -5.5, False),
    ],
)
def test_a_jump_is_judged_by_what_was_usual(history: list[float], value: float, held: bool) -> None:
    assert implausible(history, value) is held


def test_the_score_is_that_of_the_textbook() -> None:
    assert robust_z([1, 2, 3, 4, 5], 9) == pytest.approx(0.6745 * 6 / 1)


def test_a_key_that_is_lost_holds_but_one_that_was_chance_does_not() -> None:
    def codes(before: Figures, after: Figures) -> list[str]:
        return [notice.code for notice in judge_figures([before], after, table="data")]

    assert codes(Figures(28, ("kode",)), Figures(29)) == ["gate.key_lost"]
    assert codes(Figures(28, ("kode",)), Figures(56, ("kode", "tahun"))) == []
    assert codes(Figures(4, ("kode",)), Figures(40)) == []


def test_years_and_keys_are_no_measurements() -> None:
    schema = {
        "fields": [
            {"name": "kode", "type": "integer"},
            {"name": "tahun", "type": "year"},
            {"name": "jumlah", "type": "number"},
        ],
        "primaryKey": ["kode"],
    }
    stats = {"rows": 9, "columns": {"kode": {"mean": 5}, "tahun": {"mean": 2023}, "jumlah": {"mean": 7.5}}}
    assert figures_of(schema, stats) == Figures(9, ("kode",), {"jumlah": 7.5})
