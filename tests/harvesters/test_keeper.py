"""A lease that is kept while its holder lives, and taken over when it is dead."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from peers.http_peer import wait_for

from datasets import leases
from datasets.db import Database
from datasets.installation import Installation
from harvesters.runs import keeper


def hold(database: Database, holder: str) -> None:
    with database.write() as session:
        assert leases.take(session, "kerja", holder, seconds=60)


def taken(database: Database) -> leases.Holding | None:
    with database.write() as session:
        return keeper.take(session, "kerja")


def test_what_is_free_is_taken_and_what_is_held_is_not(database: Database) -> None:
    assert taken(database) is not None
    assert taken(database) is None


def test_the_lease_of_a_process_that_is_gone_is_taken_over_at_once(database: Database) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    hold(database, f"{socket.gethostname()[:40]}:{gone.pid}:abc")
    holding = taken(database)
    assert holding is not None
    assert holding.fence == 2  # so that the old holder, were it alive, could write nothing


@pytest.mark.parametrize("holder", [f"mesin-lain:{2**22}:abc", "tanpa-nomor", f"{socket.gethostname()[:40]}:1:abc"])
def test_the_lease_of_another_machine_or_of_a_living_process_is_waited_for(database: Database, holder: str) -> None:
    hold(database, holder)
    assert taken(database) is None


def test_a_lease_is_kept_for_as_long_as_the_work_lasts(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "SECONDS", 0.4)
    holding = taken(installation.database)
    assert holding is not None
    with keeper.Keeper(installation, holding):

        def renewed() -> bool:
            with installation.database.read() as session:
                lease = session.get(leases.Lease, "kerja")
                return lease is not None and lease.until > holding.until

        assert wait_for(renewed)
    with installation.database.write() as session:
        leases.release(session, holding)
    assert taken(installation.database) is not None


def test_a_keeper_of_a_lost_lease_gives_up(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "SECONDS", 0.1)
    holding = taken(installation.database)
    assert holding is not None
    with installation.database.write() as session:
        leases.release(session, holding)
    hold(installation.database, f"{os.getpid()}")
    with keeper.Keeper(installation, holding) as kept:
        assert wait_for(lambda: not kept._thread.is_alive())
