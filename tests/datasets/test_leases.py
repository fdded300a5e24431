"""Who may work, as all processes see it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from datasets import leases
from datasets.db import Database
from datasets.leases import LeaseLost


def test_one_holder_at_a_time_whoever_asks(database: Database) -> None:
    with database.write() as session:
        first = leases.take(session, "panen:1", "a", seconds=60)
        assert first is not None
        assert leases.take(session, "panen:1", "b", seconds=60) is None
        assert leases.take(session, "panen:1", "a", seconds=60) is None
        assert leases.take(session, "panen:2", "b", seconds=60) is not None


def test_a_dead_holders_lease_runs_out_and_the_fence_grows(database: Database) -> None:
    with database.write() as session:
        dead = leases.take(session, "panen:1", "a", seconds=0.05)
    assert dead is not None
    time.sleep(0.1)
    with database.write() as session:
        heir = leases.take(session, "panen:1", "b", seconds=60)
        assert heir is not None
        assert heir.fence == dead.fence + 1
        leases.check(session, heir)
        for late in (leases.check, lambda s, h: leases.renew(s, h, seconds=60)):
            with pytest.raises(LeaseLost):
                late(session, dead)
        leases.release(session, dead)
        assert not leases.free(session, "panen:1")


def test_a_lease_that_ran_out_but_was_taken_by_nobody_can_be_renewed(database: Database) -> None:
    with database.write() as session:
        held = leases.take(session, "x", "a", seconds=0)
        assert held is not None
        renewed = leases.renew(session, held, seconds=60)
        assert renewed.until > held.until
        assert leases.take(session, "x", "b", seconds=60) is None


def test_a_released_lease_is_free_at_once(database: Database) -> None:
    with database.write() as session:
        assert leases.free(session, "x")
        held = leases.take(session, "x", "a", seconds=60)
        assert held is not None
        assert not leases.free(session, "x")
        leases.release(session, held)
        assert leases.free(session, "x")
        assert leases.take(session, "x", "b", seconds=60) is not None


def test_of_four_that_ask_at_the_same_moment_one_gets_it(database: Database) -> None:
    barrier, got = Barrier(4), []

    def ask(name: str) -> None:
        barrier.wait()
        with database.write() as session:
            got.append(leases.take(session, "x", name, seconds=60))

    threads = [Thread(target=ask, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([holding for holding in got if holding]) == 1
    assert len(got) == 4


def test_a_holder_of_this_machine_that_lives_no_more_is_not_waited_for(database: Database) -> None:
    machine = leases.holder_name().rpartition(":")[0].rpartition(":")[0]
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with database.write() as session:
        for name, holder in (
            ("gone", f"{machine}:{gone.pid}:abc"),
            ("alive", f"{machine}:{os.getpid()}:abc"),
            ("elsewhere", f"other-{machine}:{gone.pid}:abc"),
            ("odd", "x"),
            ("odder", f"{machine}:{10**30}:abc"),
        ):
            assert leases.take(session, name, holder, seconds=60)
        assert leases.free(session, "gone")
        heir = leases.take(session, "gone", leases.holder_name(), seconds=60)
        assert heir is not None
        assert heir.fence == 2
        for name in ("alive", "elsewhere", "odd", "odder", "gone"):
            assert not leases.free(session, name)
            assert leases.take(session, name, "b", seconds=60) is None


def test_the_databases_clock_is_aware_and_right(database: Database) -> None:
    with database.read() as session:
        told = leases.database_time(session)
    assert abs(told - datetime.now(UTC)) < timedelta(seconds=30)
