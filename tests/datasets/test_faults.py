"""What is acknowledged stays, whoever is killed and whoever else writes: the order blob, database, index holds."""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import publisher
import pytest
from sqlalchemy import func, select

from datasets.doctor import examine
from datasets.installation import Installation
from datasets.models import Blob, Dataset, JournalEntry, Resource, SearchOutbox, Version, WebhookDelivery, WebhookEvent
from datasets.search import feed
from datasets.settings import Settings
from datasets.webhooks import subscribing

KILLS = int(os.environ.get("KILLS", "60"))
KEYS = ("a", "b", "c")
DAY = 86_400.0


@pytest.fixture(scope="module")
def processes() -> Iterator[ForkServerContext]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["publisher"])
    with pytest.MonkeyPatch.context() as patch:  # the fork server looks nowhere else for what to load before forking
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        yield context


@pytest.fixture
def here(home: Path, database_url: str) -> Iterator[Installation]:
    made = Installation(Settings(home=home, database_url=database_url))
    with made.database.write() as session:
        wish = subscribing.Wish("https://93.184.216.34/")
        subscribing.add(session, wish, owner="a@b.example", at=datetime.now(UTC))
    yield made
    made.close()


def told_so_far(pipe: Connection) -> Iterator[publisher.Told]:
    """All that a process said before its end."""
    try:
        while True:
            message = pipe.recv()
            if message != "ready":
                yield message
    except EOFError:
        pipe.close()


def check_whole(here: Installation, told: dict[tuple[str, int], str], checked: set[str]) -> int:
    """Every acknowledged version is there, numbers have no gaps, the newest is current, every named blob is right.

    And the journal has each version once, in an unbroken row, and the webhook is owed each once.
    """
    with here.database.read() as session:
        versions = session.execute(
            select(Dataset.remote_key, Version.number, Version.content_key, Dataset.current_version_id, Version.id)
            .join(Version, Version.dataset_id == Dataset.id)
            .order_by(Version.dataset_id, Version.number)
        ).all()
        blobs = {blob.sha256: blob.size for blob in session.scalars(select(Blob))}
        resources = session.scalars(select(Resource.version_id)).all()
        told_of = session.scalars(select(WebhookEvent.facts)).all()
        owed = session.scalar(select(func.count()).select_from(WebhookDelivery))
        slugs = session.execute(
            select(Dataset.slug, Version.number).join(Version, Version.dataset_id == Dataset.id)
        ).all()
        entries = session.execute(select(JournalEntry.position, JournalEntry.version_id)).all()
    stored = {(key, number): content for key, number, content, _, _ in versions}
    assert told.items() <= stored.items()
    newest: dict[str, tuple[int, int, int]] = {}
    for key, number, _, current, version_id in versions:
        assert number == newest.get(key, (0, 0, 0))[0] + 1
        newest[key] = (number, current, version_id)
    assert all(current == version_id for _, current, version_id in newest.values())
    events = sorted((facts["dataset"]["name"], facts["version"]["number"]) for facts in told_of)
    assert events == sorted((slug, number) for slug, number in slugs)
    assert owed == len(events)
    assert sorted(resources) == sorted(version_id for *_, version_id in versions)
    assert sorted(position for position, _ in entries) == list(range(len(versions)))
    assert sorted(version_id or 0 for _, version_id in entries) == sorted(resources)
    for sha256 in blobs.keys() - checked:
        assert here.blobs.size(sha256) == blobs[sha256]
        assert here.blobs.verify(sha256)
        checked.add(sha256)
    return len(versions)


@pytest.mark.timeout(1800)
def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(
    here: Installation, processes: ForkServerContext
) -> None:
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    told: dict[tuple[str, int], str] = {}
    checked: set[str] = set()
    for kill in range(KILLS):
        reader, writer = processes.Pipe(duplex=False)
        url, home = here.settings.database_url, here.settings.home
        process = processes.Process(target=publisher.work, args=(home, url, seed + kill, KEYS, writer))
        process.start()
        writer.close()
        assert reader.recv() == "ready"
        for _ in range(dice.randrange(3)):
            key, number, content = reader.recv()
            told[key, number] = content
        time.sleep(dice.uniform(0, 0.08))
        process.kill()
        process.join()
        process.close()
        for key, number, content in told_so_far(reader):
            told[key, number] = content
        check_whole(here, told, checked)
        left = [finding for finding in examine(here, repair=True, at=time.time() + 2 * DAY) if not finding.repaired]
        assert left == [], (seed, kill)
        assert examine(here) == [], (seed, kill)
    assert check_whole(here, told, set()) >= len(told)
    assert len(told) >= KILLS / 2, "too few publications to mean anything"
    time.sleep(0.5)  # the lease of a killed feeder has run out
    assert examine(here, repair=True) == []
    with here.database.read() as session:
        assert here.search.state().documents == len(session.scalars(select(Dataset)).all())


@pytest.mark.timeout(600)
def test_four_processes_writing_at_once_lose_nothing(here: Installation, processes: ForkServerContext) -> None:
    count, readers, running = 15, [], []
    for number in range(4):
        reader, writer = processes.Pipe(duplex=False)
        arguments = (here.settings.home, here.settings.database_url, number, (*KEYS, f"own-{number}"), writer, count)
        process = processes.Process(target=publisher.work, args=arguments)
        process.start()
        writer.close()
        readers.append(reader)
        running.append(process)
    acknowledged = [told for reader in readers for told in told_so_far(reader)]
    for process in running:
        process.join()
        assert process.exitcode == 0
        process.close()
    told = {(key, number): content for key, number, content in acknowledged}
    assert len(told) == len(acknowledged) == 4 * count
    assert check_whole(here, told, set()) == 4 * count
    feed.drain(here.database, here.search)
    with here.database.read() as session:
        assert session.scalars(select(SearchOutbox)).all() == []
    assert here.search.state().documents == len({key for key, _ in told})
    assert examine(here) == []
