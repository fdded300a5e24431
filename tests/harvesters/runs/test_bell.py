"""With a Redis workers on several machines are woken at once; without it, or while it is away, nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from redis_server import RedisServer
from services import program
from sqlalchemy import select

from datasets import jobs
from datasets.bell import RedisBell
from datasets.clock import now
from datasets.db import Database
from datasets.installation import Installation
from datasets.models import Job, Run, RunState
from harvesters.declared import SourceEntry
from harvesters.runs import schedule
from harvesters.runs import worker as workers
from harvesters.runs.worker import Worker
from harvesters.sources import add_source

REPOSITORY = Path(__file__).parents[3]
MACHINE = """
import os, socket, sys
socket.gethostname = lambda: sys.argv[1]
from harvesters.runs import worker
worker.SECONDS = 3.0
from portal.cli import main
main(["worker"])
"""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    program("redis-server")
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


def soon(true: Callable[[], object], seconds: float = 30.0) -> bool:
    """Wait for something, briefly and often."""
    waiting = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if true():
            return True
        waiting.wait(0.05)
    return False


def ask(database: Database, *subjects: str) -> None:
    with database.write() as session:
        for subject in subjects:
            jobs.ask(session, schedule.HARVEST, subject)


def left(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Job.subject).where(Job.kind == schedule.HARVEST)))


def test_work_that_is_asked_for_rings_after_its_commit_and_only_then(redis: RedisServer, database: Database) -> None:
    heard, stop = threading.Event(), threading.Event()
    ear = threading.Thread(target=RedisBell(redis.url).listen, args=(heard.set, stop))
    ear.start()
    try:
        assert heard.wait(10)  # whoever begins to listen looks once
        heard.clear()
        database.bell = RedisBell(redis.url)
        with pytest.raises(KeyError), database.write() as session:
            jobs.ask(session, "harvest", "batal")
            raise KeyError
        with database.write() as session:
            jobs.ask(session, "harvest", "opd")
            assert not heard.is_set()
        assert heard.wait(10)
    finally:
        stop.set()
        ear.join(10)


def test_a_worker_that_would_look_in_an_hour_begins_at_the_ring(
    redis: RedisServer, anywhere: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LOOK_EVERY", 3600.0)
    anywhere.database.bell = RedisBell(redis.url)
    stop = threading.Event()
    worker = Worker(anywhere, stop=stop)
    running = threading.Thread(target=worker.run)
    running.start()
    try:
        for subject in ("tiada-1", "tiada-2"):  # sources that are gone: their work ends at once
            ask(anywhere.database, subject)
            assert soon(lambda: not left(anywhere.database), 10)
    finally:
        stop.set()
        worker.wake()
        running.join(20)


def test_while_redis_is_away_work_goes_on_and_it_is_heard_again_when_it_is_back(
    redis: RedisServer, anywhere: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasets.bell.PATIENCE", 0.1)
    monkeypatch.setattr("datasets.bell.QUIET", 0.0)
    monkeypatch.setattr(workers, "LOOK_EVERY", 0.1)
    anywhere.database.bell = bell = RedisBell(redis.url)
    stop, heard = threading.Event(), threading.Event()
    running = threading.Thread(target=Worker(anywhere, stop=stop).run)
    ear = threading.Thread(target=bell.listen, args=(heard.set, stop))
    running.start()
    ear.start()
    try:
        assert heard.wait(10)
        redis.stop()
        ask(anywhere.database, "tiada")
        assert soon(lambda: not left(anywhere.database), 10)
        heard.clear()
        redis.start()
        assert heard.wait(10)
        heard.clear()
        ask(anywhere.database, "tiada-lagi")
        assert heard.wait(10)
    finally:
        stop.set()
        running.join(20)
        ear.join(10)


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_one_of_two_machines_dies_and_the_other_does_its_work(
    redis: RedisServer, anywhere: Installation, folder: Path
) -> None:
    names = [f"s{number}" for number in range(3)]
    rows = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {n},2023,{n * 10}\n" for n in range(1, 29))
    for name in names:
        (folder / name).mkdir()
        (folder / name / f"{name}.csv").write_text(rows)
        entry = {"name": name, "kind": "files", "location": str(folder / name), "organization": "Dinas Contoh"}
        with anywhere.database.write() as session:
            add_source(session, SourceEntry.model_validate(entry), at=now())
    with anywhere.database.write() as session:  # a machine that died with work in hand
        jobs.ask(session, schedule.HARVEST, names[0])
        assert jobs.take(session, [schedule.HARVEST], "mesin-mati:1:x", seconds=3)
    anywhere.settings = replace(anywhere.settings, redis_url=redis.url)
    machines = [machine(anywhere, "mesin-a"), machine(anywhere, "mesin-b")]
    try:
        ask(anywhere.database, *names[1:])
        assert soon(lambda: not left(anywhere.database))
        machines[0].kill()  # kill -9
        ask(anywhere.database, *names)
        assert soon(lambda: not left(anywhere.database))
    finally:
        for one in machines:
            one.kill()
            one.communicate(timeout=30)
    with anywhere.database.read() as session:
        runs = session.scalars(select(Run).order_by(Run.source_id, Run.id)).all()
    finished = [run for run in runs if run.state is RunState.FINISHED]
    assert {run.source_id for run in finished} == {1, 2, 3}
    assert len(finished) >= 6
    for one, next_ in pairwise(finished):
        assert one.source_id != next_.source_id or (one.finished_at and one.finished_at <= next_.started_at)


def machine(here: Installation, name: str) -> subprocess.Popen[str]:
    given = {
        "LUMBUNG_HOME": str(here.settings.home),
        "LUMBUNG_DATABASE_URL": here.settings.database_url,
        "LUMBUNG_REDIS_URL": here.settings.redis_url,
    }
    environ = {key: value for key, value in os.environ.items() if not key.startswith("LUMBUNG_")} | given
    command = [sys.executable, "-c", MACHINE, name]
    return subprocess.Popen(command, env=environ, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True)
