"""Cells are written as an Indonesian reader writes them, and none says what the data do not."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from portal.web.cells import MISSING, Writer, figure, writer


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1234567.8, "1.234.567,8"),
        (-5.25, "−5,25"),
        (0, "0"),
        (Decimal("12345678901234567890"), "12.345.678.901.234.567.890"),
        (Decimal("1.50"), "1,50"),
        (0.0000001, "0,0000001"),
        (0.1 + 0.2, "0,3"),
        (100 / 3, "33,333333"),
        (float("nan"), "NaN"),
        (float("-inf"), "−∞"),
    ],
)
def test_figures_have_points_between_thousands_and_a_decimal_comma(value: Any, written: str) -> None:
    assert Writer("number", "id").write(value) == written


def test_english_readers_get_english_figures() -> None:
    assert Writer("number", "en").write(1234567.8) == "1,234,567.8"


def test_a_year_is_not_a_quantity() -> None:
    assert Writer("year", "id").write(2024) == "2024"


@pytest.mark.parametrize("value", [None, ""])
def test_what_is_missing_is_shown_as_missing_and_not_as_zero(value: Any) -> None:
    assert Writer("number", "id").write(value) == MISSING


def test_dates_and_answers_are_in_words() -> None:
    assert Writer("date", "id").write(date(2024, 8, 17)) == "17 Agu 2024"
    assert Writer("datetime", "id").write(datetime(2024, 8, 17, 10, 5)) == "17 Agu 2024 10.05"  # noqa: DTZ001
    assert Writer("boolean", "id").write(True) == "ya"
    assert Writer("boolean", "en").write(False) == "no"


def test_decimals_of_one_column_stand_under_each_other() -> None:
    column = writer("number", [71.8, 72.15, 70.0, None])
    assert [column.write(value) for value in (71.8, 72.15, 70.0)] == ["71,80", "72,15", "70,00"]


def test_a_column_that_mixes_counts_and_ratios_keeps_each_figure_as_it_is() -> None:
    column = writer("number", [1301635.0, 28.0, 71.8, 430.0])
    assert [column.write(value) for value in (1301635.0, 71.8)] == ["1.301.635", "71,8"]


def test_a_long_text_is_cut_for_the_page() -> None:
    written = Writer("string", "id").write("kata " * 1000)
    assert len(written) < 300
    assert written.endswith("…")


def test_a_figure_beyond_all_formats_is_still_written() -> None:
    assert figure(1e300, None, "id").startswith("1.000.000.000")
