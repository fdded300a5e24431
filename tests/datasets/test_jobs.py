"""Work that is due is done at least once, by one at a time, and is never forgotten or piled up."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from datasets import jobs, leases
from datasets.db import Database
from datasets.models import Job
from metadata.notices import Notice


def take(database: Database, holder: str = "h:1:x") -> jobs.Taken | None:
    with database.write() as session:
        return jobs.take(session, ["harvest"], holder, seconds=60)


def ask(database: Database, subject: str = "opd", **more: object) -> None:
    with database.write() as session:
        jobs.ask(session, "harvest", subject, **more)  # type: ignore[arg-type]


def rows(database: Database) -> list[Job]:
    with database.read() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def test_asked_many_times_it_is_one_piece_of_work(database: Database) -> None:
    for _ in range(5):
        ask(database)
    assert len(rows(database)) == 1
    taken = take(database)
    assert taken is not None
    assert take(database) is None
    with database.write() as session:
        jobs.finish(session, taken)
    assert rows(database) == []


def test_asked_while_it_is_being_done_it_is_done_once_more(database: Database) -> None:
    ask(database)
    taken = take(database)
    assert taken is not None
    ask(database)
    assert take(database) is None
    with database.write() as session:
        jobs.finish(session, taken)
    assert take(database) is not None


def test_the_more_urgent_goes_first_and_what_is_not_due_waits(database: Database) -> None:
    ask(database, "biasa")
    ask(database, "segera", priority=10)
    ask(database, "besok", due=datetime.now(UTC) + timedelta(days=1), priority=99)
    order = [taken.subject for taken in iter(lambda: take(database), None)]
    assert order == ["segera", "biasa"]


def test_a_lease_that_ran_out_is_taken_over_and_the_late_one_is_told(database: Database) -> None:
    ask(database)
    slow = take(database)
    assert slow is not None
    with database.write() as session:
        session.execute(update(Job).values(lease_until=datetime(2020, 1, 1, tzinfo=UTC)))
    second = take(database, "h:2:y")
    assert second is not None
    assert second.fence == slow.fence + 1
    with database.write() as session, pytest.raises(leases.LeaseLost):
        jobs.renew(session, slow, seconds=60)
    with database.write() as session:
        jobs.finish(session, slow)
    assert len(rows(database)) == 1


def test_the_work_of_a_process_that_died_here_is_taken_at_once(database: Database) -> None:
    told = "from datasets.leases import holder_name; print(holder_name())"
    dead = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip()
    ask(database)
    assert take(database, dead) is not None
    assert take(database) is not None


def test_what_fails_again_and_again_is_given_up_with_the_reason_until_somebody_asks(database: Database) -> None:
    ask(database)
    for attempt in range(1, jobs.ATTEMPTS + 1):
        with database.write() as session:
            session.execute(update(Job).values(due=datetime(2020, 1, 1, tzinfo=UTC)))
        taken = take(database)
        assert taken is not None
        with database.write() as session:
            dead = jobs.fail(session, taken, Notice("source.unavailable", params={"location": "x", "reason": "y"}))
        assert dead is (attempt == jobs.ATTEMPTS)
    (job,) = rows(database)
    assert job.error
    assert job.error["code"] == "source.unavailable"
    assert take(database) is None
    ask(database)
    assert take(database) is not None


def test_given_back_it_costs_no_attempt(database: Database) -> None:
    ask(database)
    for _ in range(20):
        taken = take(database)
        assert taken is not None
        with database.write() as session:
            jobs.give_back(session, taken)
    (job,) = rows(database)
    assert job.attempts == 0
