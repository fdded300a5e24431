"""An installation that published before there was a journal gets all of it entered when it is upgraded."""

from __future__ import annotations

import json
from pathlib import Path

import build
from alembic import command
from build import AT
from sqlalchemy import select, text

from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.models import JournalEntry
from datasets.withdraw import withdraw
from portal import migrations


def test_what_was_published_before_is_entered_in_its_order(database: Database, tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    with database.write() as session:
        for number in range(3):
            build.a_published(session, blobs, f"k{number % 2}", f"a,b\n1,{number}\n", title=f"Data {number % 2}")
        withdraw(session, build.a_published(session, blobs, "k9", "a,b\n9,9\n", title="Data 9").dataset, "x", at=AT)
    before = bodies(database)
    with database.engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0011")
    migrations.upgrade(database)
    assert bodies(database) == before
    assert [json.loads(body)["kind"] for body in before] == ["publication"] * 4 + ["withdrawal"]
    with database.read() as session:
        guarded = session.scalars(text("SELECT count(*) FROM journal_node")).one()
    assert guarded == 5 + 2 + 1


def bodies(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(JournalEntry.body).order_by(JournalEntry.position)))
