"""The worker: what is due is done, once, whoever else works; told to stop it stops and gives its work back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, update

from datasets import jobs, leases
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Job, Run, RunState, Source, Version
from harvesters.declared import SourceEntry
from harvesters.runs import schedule
from harvesters.runs.worker import Worker
from harvesters.sources import add_source

ROWS = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))
HARVESTS = select(Job).where(Job.kind == schedule.HARVEST).order_by(Job.subject)
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def installation(anywhere: Installation) -> Installation:
    """On both databases."""
    return anywhere


def add(here: Installation, folder: Path, name: str, line: str | None = None) -> None:
    place = folder / name
    place.mkdir()
    (place / f"{name}.csv").write_text(ROWS)
    entry = {"name": name, "kind": "files", "location": str(place), "organization": "Dinas Contoh", "schedule": line}
    with here.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())


def queue(here: Installation, *names: str) -> None:
    with here.database.write() as session:
        for name in names:
            jobs.ask(session, schedule.HARVEST, name)


def due_jobs(here: Installation) -> list[tuple[str, bool]]:
    with here.database.read() as session:
        at = leases.database_time(session)
        return [(job.subject, job.due <= at) for job in session.scalars(HARVESTS)]


def process(here: Installation) -> subprocess.Popen[str]:
    settings = here.settings
    given = {"LUMBUNG_HOME": str(settings.home), "LUMBUNG_DATABASE_URL": settings.database_url}
    return subprocess.Popen(
        [sys.executable, "-m", "portal.cli", "worker"],
        env={key: value for key, value in os.environ.items() if not key.startswith("LUMBUNG_")} | given,
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_what_is_due_is_harvested_and_what_has_a_schedule_gets_its_next_moment(
    installation: Installation, folder: Path
) -> None:
    add(installation, folder, "malam", "0 2 * * *")
    add(installation, folder, "tangan")
    queue(installation, "malam", "tangan")
    Worker(installation, stop=threading.Event()).run(once=True)
    with installation.database.read() as session:
        assert len(session.scalars(select(Version)).all()) == 2
    assert installation.search.state().documents == 2
    with installation.database.write() as session:
        schedule.plan(session)
        assert schedule.plan(session) == 0
    assert due_jobs(installation) == [("malam", False)]


def test_a_moment_missed_while_nobody_worked_is_made_up_for_once(installation: Installation, folder: Path) -> None:
    add(installation, folder, "malam", "0 2 * * *")
    with installation.database.write() as session:
        schedule.plan(session)
        session.execute(update(Job).values(due=Job.created_at))
    Worker(installation, stop=threading.Event()).run(once=True)
    with installation.database.read() as session:
        assert len(session.scalars(select(Run)).all()) == 1


def test_a_schedule_that_changes_or_ends_changes_or_ends_the_plan(installation: Installation, folder: Path) -> None:
    add(installation, folder, "malam", "0 2 * * *")
    with installation.database.write() as session:
        schedule.plan(session)
        session.execute(update(Source).values(schedule="0 3 * * *"))
        schedule.plan(session)
        session.expire_all()
        assert session.scalars(select(Job.cause)).all() == ["0 3 * * *"]
        session.execute(update(Source).values(enabled=False))
        schedule.plan(session)
    assert due_jobs(installation) == []


def test_a_source_that_is_down_is_tried_again_later_with_the_reason(installation: Installation, folder: Path) -> None:
    add(installation, folder, "mati")
    (folder / "mati" / "mati.csv").unlink()
    (folder / "mati").rmdir()
    queue(installation, "mati")
    Worker(installation, stop=threading.Event()).run(once=True)
    with installation.database.read() as session:
        job = session.scalars(HARVESTS).one()
        assert (job.attempts, job.holder, job.dead_at) == (1, None, None)
        assert job.error
    assert due_jobs(installation) == [("mati", False)]


def test_two_workers_do_each_piece_once_and_stop_when_told(installation: Installation, folder: Path) -> None:
    names = [f"s{number}" for number in range(4)]
    for name in names:
        add(installation, folder, name)
    queue(installation, *names)
    workers = [process(installation), process(installation)]
    waiting = threading.Event()
    for _ in range(600):
        if not due_jobs(installation):
            break
        waiting.wait(0.2)
    for one in workers:
        one.send_signal(signal.SIGTERM)
    for one in workers:
        _, said = one.communicate(timeout=60)
        assert one.returncode == 0, said
    assert due_jobs(installation) == []
    with installation.database.read() as session:
        states = session.scalars(select(Run.state)).all()
        assert states == [RunState.FINISHED] * 4
