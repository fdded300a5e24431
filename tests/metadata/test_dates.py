"""Dates as offices write them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.dates import MONTHS, format_date, parse_date, read_date, read_time

INDEPENDENCE = date(2024, 8, 17)


@pytest.mark.parametrize(
    "written",
    [
        *("17 Agustus 2024", "17 agustus 2024", "Sabtu, 17 Agustus 2024", "17 Agt 2024", "17-Ags-2024", "17 Agu. 2024"),
        *("17/08/2024", "17-8-2024", "17.08.2024", "17/8/24", "2024-08-17", "2024/8/17", " 17 August 2024 "),
    ],
)
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert parse_date(written) == INDEPENDENCE


def test_old_spellings_of_months_are_known() -> None:
    assert parse_date("1 Pebruari 1998") == date(1998, 2, 1)
    assert parse_date("10 Nopember 1945") == date(1945, 11, 10)
    assert parse_date("2 Mei 2023") == date(2023, 5, 2)
    assert set(MONTHS.values()) == set(range(1, 13))


def test_the_day_comes_first_unless_the_figures_prove_otherwise() -> None:
    assert parse_date("03/04/2024") == date(2024, 4, 3)
    assert parse_date("03/04/2024", "mdy") == date(2024, 3, 4)
    found = read_date("08/17/2024")
    assert found is not None
    assert (found.day, found.proves) == (INDEPENDENCE, "mdy")
    doubtful = read_date("03/04/2024")
    assert doubtful is not None
    assert not doubtful.certain


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-08", "Agustus 2024", "31/02/2024", "17/13/2024", "2024-13-01", "35.22.01", "17 Foo 2024"]
)
def test_what_is_no_day_stays_text(text: str) -> None:
    assert read_date(text) is None


def test_a_moment_keeps_its_time() -> None:
    found = read_date("17 Agustus 2024 pukul 07.30 WIB")
    assert found is not None
    assert (found.day, found.clock) == (INDEPENDENCE, time(7, 30))
    precise = read_date("2024-08-17T07:30:05.25")
    assert precise is not None
    assert precise.clock == time(7, 30, 5, 250_000)
    assert parse_date("2024-08-17 07:30") is None


def test_a_foreign_zone_or_finer_time_is_left_alone_rather_than_lost() -> None:
    assert read_date("2024-08-17T07:30:00Z") is None
    assert read_date("2024-08-17T07:30:00+07:00") is None
    assert read_time("07:30:00.123456789") is None
    assert read_time("25:00") is None


def test_dates_are_shown_in_words() -> None:
    assert format_date(INDEPENDENCE) == "17 Agustus 2024"
    assert format_date(INDEPENDENCE, "en") == "17 August 2024"
    assert format_date(datetime(2024, 8, 17, 7, 5)) == "17 Agustus 2024 07:05"  # noqa: DTZ001


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_in_words_is_read_back(day: date) -> None:
    assert parse_date(format_date(day)) == day
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day:%d/%m/%Y}") == day
