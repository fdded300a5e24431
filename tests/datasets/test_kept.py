"""What is said in the administration is in force in every process, and nobody's row is lost."""

from __future__ import annotations

import threading
from pathlib import Path

from datasets import kept
from datasets.clock import now
from datasets.db import Database
from datasets.installation import Installation
from datasets.settings import Settings


def test_rows_added_by_two_at_once_are_all_kept(database: Database) -> None:
    together = threading.Barrier(4)

    def add(number: int) -> None:
        together.wait()
        with database.write() as session:
            there = kept.value_to_change(session, "units", at=now()) or []
            kept.keep(session, "units", [*there, {"name": str(number)}], at=now())

    hands = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    with database.read() as session:
        assert sorted(row["name"] for row in kept.value(session, "units")) == ["0", "1", "2", "3"]


def test_a_worker_follows_what_is_said_after_it_began_and_what_is_said_no_more(installation: Installation) -> None:
    def say(**said: object) -> None:
        with installation.database.write() as session:
            kept.keep(session, kept.SETTINGS, said, at=now())

    server = installation.settings
    say(site_title="Data Satu", query_rows=500)
    kept.Following(installation).look(now=True)  # what a command does before its work begins
    following = kept.Following(installation, server)
    say(site_title="Data Dua")
    following.look(now=True)
    assert installation.settings.site_title == "Data Dua"
    assert installation.settings.query_rows == Settings().query_rows


def test_what_the_server_says_goes_before_a_page(tmp_path: Path) -> None:
    server = Settings(home=tmp_path, query_rows=700)
    told = kept.in_force(server, {"query_rows": 900, "sql_seconds": 20, "home": "/"})
    assert (told.query_rows, told.sql_seconds, told.home) == (700, 20, tmp_path)
