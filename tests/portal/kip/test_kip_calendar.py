"""Working days: the dates of the law are counted as two independent engines counted them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kip.calendar import SpecialDay, WorkingCalendar, desk_date, seed_days

OFF_2026 = """
1-1 1-16 2-16 2-17 3-18 3-19 3-20 3-21 3-22 3-23 3-24 4-3 4-5 5-1
5-14 5-15 5-27 5-28 5-31 6-1 6-16 8-17 8-25 12-24 12-25
"""


def test_the_days_off_of_2026_are_those_of_the_decree(calendar: WorkingCalendar) -> None:
    decreed = {date(2026, *map(int, day.split("-"))) for day in OFF_2026.split()}
    assert {entry.day for entry in calendar.days if entry.day.year == 2026} == decreed
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(map(calendar.is_working_day, year)) == 240


@pytest.mark.parametrize(
    ("received", "check", "answer", "extended", "silence", "superior", "commission"),
    [
        ("2026-07-06", "07-09", "07-20", "07-29", "09-02", "09-03", "2026-09-23"),
        ("2026-03-05", "03-10", "03-26", "04-07", "05-11", "05-12", "2026-06-08"),
        ("2026-03-18", "03-27", "04-08", "04-17", "05-25", "05-26", "2026-06-19"),
        ("2026-02-12", "02-19", "03-02", "03-11", "04-21", "04-22", "2026-05-13"),
        ("2026-05-12", "05-19", "06-02", "06-11", "07-15", "07-16", "2026-08-05"),
        ("2026-07-11", "07-15", "07-24", "08-04", "09-08", "09-08", "2026-09-28"),
        ("2026-08-10", "08-13", "08-26", "09-04", "10-07", "10-08", "2026-10-28"),
    ],
)
def test_worked_dates(
    calendar: WorkingCalendar,
    received: str,
    check: str,
    answer: str,
    extended: str,
    silence: str,
    superior: str,
    commission: str,
) -> None:
    start = date.fromisoformat(received)
    due = calendar.add_working_days(start, 10)
    objected = due + timedelta(days=1)
    decided = calendar.add_working_days(objected, 30)
    counted = [
        calendar.add_working_days(start, 3),
        due,
        calendar.add_working_days(due, 7),
        calendar.add_working_days(due, 30),
        decided,
    ]
    assert [f"{day:%m-%d}" for day in counted] == [check, answer, extended, silence, superior]
    assert calendar.add_working_days(start, 17) == counted[2]
    assert calendar.add_working_days(decided, 14) == date.fromisoformat(commission)


def test_a_deadline_over_the_turn_of_the_year(calendar: WorkingCalendar) -> None:
    start = date(2026, 12, 16)
    assert calendar.add_working_days(start, 10) == date(2027, 1, 4)
    assert calendar.add_working_days(start, 17) == date(2027, 1, 14)


def test_a_decree_of_the_year_moves_a_deadline_later_and_never_earlier(calendar: WorkingCalendar) -> None:
    start = date(2025, 8, 4)
    assert calendar.due(start, 10, told_on=start, as_of=date(2025, 8, 6)) == date(2025, 8, 18)
    assert calendar.due(start, 10, told_on=start, as_of=date(2025, 8, 7)) == date(2025, 8, 19)
    assert calendar.moved(start, 10, told_on=start, as_of=date(2025, 9, 1)) == [(date(2025, 8, 7), date(2025, 8, 19))]
    taken_back = SpecialDay(date(2025, 8, 18), "working", decided_on=date(2025, 8, 12))
    again = WorkingCalendar((*calendar.days, taken_back))
    assert again.is_working_day(date(2025, 8, 18))
    assert again.due(start, 10, told_on=start, as_of=date(2025, 9, 1)) == date(2025, 8, 19)
    assert again.due(date(2025, 8, 12), 4, told_on=date(2025, 8, 12), as_of=date(2025, 9, 1)) == date(2025, 8, 18)


def test_collective_leave_counts_where_the_setting_says_so(calendar: WorkingCalendar) -> None:
    worked = WorkingCalendar(calendar.days, collective_leave_is_off=False)
    assert worked.is_working_day(date(2026, 2, 16))
    assert not worked.is_working_day(date(2026, 2, 17))


def test_the_day_itself_counts_where_the_setting_says_so(calendar: WorkingCalendar) -> None:
    same = WorkingCalendar(calendar.days, first_day="same_day")
    assert same.add_working_days(date(2026, 7, 6), 10) == date(2026, 7, 17)


def test_estimated_feasts_make_a_deadline_provisional() -> None:
    calendar = WorkingCalendar(seed_days((2026, 2027)))
    assert not calendar.is_provisional(date(2026, 7, 6), date(2026, 7, 20))
    assert calendar.is_provisional(date(2027, 3, 1), date(2027, 3, 30))
    assert calendar.is_provisional(date(2027, 12, 20), date(2028, 1, 5))


def test_a_moment_belongs_to_the_desks_own_day() -> None:
    assert desk_date(datetime(2026, 7, 6, 17, 30, tzinfo=UTC)) == date(2026, 7, 7)


DAYS = st.dates(date(2025, 1, 10), date(2027, 6, 30))


@given(start=DAYS, first=st.integers(1, 40), second=st.integers(1, 40))
def test_counting_adds_up_and_turns_back(calendar: WorkingCalendar, start: date, first: int, second: int) -> None:
    there = calendar.add_working_days(start, first)
    assert calendar.is_working_day(there)
    assert there > start
    assert calendar.working_days_between(start, there) == first
    assert calendar.add_working_days(there, second) == calendar.add_working_days(start, first + second)
    back = calendar.add_working_days(there, -first)
    assert calendar.working_days_between(back, there) == first


@given(start=DAYS, later=st.integers(0, 30), count=st.integers(1, 30))
def test_who_files_later_is_never_answered_earlier(
    calendar: WorkingCalendar, start: date, later: int, count: int
) -> None:
    after = start + timedelta(days=later)
    assert calendar.add_working_days(after, count) >= calendar.add_working_days(start, count)
