"""Figures as offices write them, read and written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.numbers import Style, Writing, format_number, parse_number, plain, undress, writing_of

MONEY = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.234.567,89", "1234567.89"),
        ("Rp 1.234.567,00", "1234567.00"),
        ("Rp1.000,-", "1000"),
        ("Rp. -5.000", "-5000"),
        ("(1.234)", "-1234"),
        ("1.234-", "-1234"),
        ("−12,5", "-12.5"),
        ("12,5 %", "12.5"),
        ("(12,5%)", "-12.5"),
        ("12 persen", "12"),
        ("1 234 567", "1234567"),
        ("1.234 *)", "1234"),
        ("5,2**", "5.2"),
        ("7,1 r", "7.1"),
        ("12 1)", "12"),
        ("3,5¹", "3.5"),
        ("0,00", "0.00"),
        ("0", "0"),
    ],
)
def test_an_indonesian_figure_is_read_in_any_dress(written: str, value: str) -> None:
    assert parse_number(written) == Decimal(value)


@pytest.mark.parametrize(("written", "value"), [("1,234,567.89", "1234567.89"), ("$12.5", "12.5"), ("1.5E+3", "1500")])
def test_an_english_figure_is_read_in_english(written: str, value: str) -> None:
    assert parse_number(written, Style.ENGLISH) == Decimal(value)
    assert parse_number(written, Style.INDONESIAN) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "n/a", "5.1.02", "35.22.01.2001", "2024-01", "100-200", "1/2", "12a", "0812 3456 789"),
        *("+628123456789", "007", "01.234", "1,2,3", "1.", ".5", "1e5", "3522 123", "12 34", "1.23.4", "Rp", "(5"),
    ],
)
def test_what_is_no_figure_stays_text(text: str) -> None:
    assert undress(text) is None


@pytest.mark.parametrize(
    ("digits", "writing"),
    [
        ("1234", Writing.WHOLE),
        ("1.234", Writing.POINT),
        ("1,234", Writing.COMMA),
        ("1.234.567", Writing.INDONESIAN),
        ("1,234,567", Writing.ENGLISH),
        ("12,34", Writing.INDONESIAN),
        ("12.34", Writing.ENGLISH),
        ("1234.567", Writing.ENGLISH),
        ("0.123", Writing.ENGLISH),
        ("0,123", Writing.INDONESIAN),
    ],
)
def test_only_three_digits_after_a_mark_are_ambiguous(digits: str, writing: Writing) -> None:
    assert writing_of(digits) is writing


def test_figures_are_shown_in_the_reader_s_form() -> None:
    assert format_number(1234567.8) == "1.234.567,8"
    assert format_number(1234567.8, language="en") == "1,234,567.8"
    assert format_number(0.1 + 0.2) == "0,3"
    assert format_number(Decimal("12.50")) == "12,50"
    assert format_number(2, decimals=1) == "2,0"


@given(MONEY)
def test_what_is_written_in_indonesian_is_read_back(value: Decimal) -> None:
    assert parse_number(format_number(value, decimals=2)) == value
    assert parse_number(format_number(value, decimals=2, language="en"), Style.ENGLISH) == value


@given(st.text(max_size=40))
def test_any_text_is_a_figure_or_none(text: str) -> None:
    figure = undress(text)
    if figure is not None:
        values = {figure.value(style) for style in Style} - {None}
        assert values
        assert all(Decimal(plain(value)) == value for value in values if value is not None)
