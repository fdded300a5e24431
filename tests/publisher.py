"""A process that publishes without end, to be killed; it says what it has done only after the commit."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import build

from datasets.draft import Identity
from datasets.errors import Busy
from datasets.installation import Installation
from datasets.publish import Overtaken, plan, publish
from datasets.search import feed
from datasets.settings import Settings

Told = tuple[str, int, str]
"""What is acknowledged: the key of the dataset, the number of its version, the hash of its content."""


def work(home: Path, url: str, seed: int, keys: tuple[str, ...], told: Connection, count: int | None = None) -> None:
    """Publish new versions of these datasets, `count` of them or until killed, and feed the index now and then."""
    dice = random.Random(seed)
    here = Installation(Settings(home=home, database_url=url))
    feed.LEASE_SECONDS = 0.3  # whoever comes after a killed one need not wait a minute
    done = 0
    with here.database.write():
        here.search.state()  # everything is open: from here on each moment is one of publishing
    told.send("ready")
    while count is None or done < count:
        key, content = dice.choice(keys), build.CSV + f"Desa {dice.getrandbits(64)},2024,{done}\n"
        told.send(publish_once(here, key, content))
        done += 1
        if dice.random() < 0.2:
            feed.drain(here.database, here.search)
    here.close()


def publish_once(here: Installation, key: str, content: str) -> Told:
    """The way of the intake: plan, keep the blobs, publish; again when another process was faster."""
    while True:
        try:
            with here.database.read() as session:
                place = plan(session, Identity(None, key), title=f"Data {key}")
            draft = build.a_draft(place, here.blobs, content, title=f"Data {key}")
            with here.database.write() as session:
                published = publish(session, draft, at=datetime.now(UTC))
        except (Overtaken, Busy):
            continue
        return key, published.version.number, draft.content_key
