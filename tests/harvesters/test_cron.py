"""When a cron line is due, as crontab(5) says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harvesters.runs.cron import ScheduleMistaken, parse
from harvesters.runs.schedule import JITTER, next_run


@pytest.mark.parametrize(
    ("line", "after", "due"),
    [
        ("30 4 * * 1-5", "2025-03-14 04:30", "2025-03-17 04:30"),
        ("30 4 * * *", "2025-03-14 04:29", "2025-03-14 04:30"),
        ("*/15 * * * *", "2025-03-14 09:30", "2025-03-14 09:45"),
        ("0 0 29 2 *", "2025-03-14 00:00", "2028-02-29 00:00"),
        ("0 6 1 * 1", "2025-03-14 09:30", "2025-03-17 06:00"),
        ("0 6 */10 * *", "2025-12-31 09:30", "2026-01-01 06:00"),
        ("5,10 0-2 * 12 7", "2025-03-14 09:30", "2025-12-07 00:05"),
        ("@monthly", "2025-12-14 09:30", "2026-01-01 00:00"),
    ],
)
def test_the_next_moment(line: str, after: str, due: str) -> None:
    assert parse(line).after(datetime.fromisoformat(after)) == datetime.fromisoformat(due)


@pytest.mark.parametrize("line", ["", "* * * *", "60 * * * *", "* * 0 * *", "*/0 * * * *", "a b c d e", "5-1 * * * *"])
def test_what_is_no_cron_line_is_told(line: str) -> None:
    with pytest.raises(ScheduleMistaken):
        parse(line)


def test_a_day_that_never_comes_is_told_rather_than_searched_for_ever() -> None:
    with pytest.raises(ScheduleMistaken):
        parse("0 0 31 2 *").after(datetime(2025, 1, 1, tzinfo=UTC))


def test_sources_of_one_schedule_are_spread_and_keep_their_places() -> None:
    moment = datetime(2025, 3, 14, 0, 0, tzinfo=UTC)
    dues = {name: next_run(name, "0 9 * * *", moment) for name in ("dinkes", "dpupr", "bps")}
    start = datetime(2025, 3, 14, 2, 0, tzinfo=UTC)  # nine o'clock in Bojonegoro
    assert all(0 <= (due - start).total_seconds() < JITTER for due in dues.values())
    assert len(set(dues.values())) == 3
    assert all((next_run(name, "0 9 * * *", due) - due).total_seconds() == 86_400 for name, due in dues.items())
