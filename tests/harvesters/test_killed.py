"""Killed at any point, or run twice at once: nothing is lost, nothing is half published, nothing is published twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Blob, Dataset, Resource, Run, RunState, SearchOutbox, Version, Visibility
from datasets.publish import Identity, plan
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source

PROGRAM = Path(__file__).with_name("dying_harvest.py")
FILES = 3
FEW = (1, 4, 8, 11, 13, 17, 27, 38, 42, 44)
"""Steps at which the run is killed; `KILLS=44` takes each. How far a step is differs: three hands work at once."""


@pytest.fixture
def ready(installation: Installation, tmp_path: Path) -> Iterator[Installation]:
    """An installation with one source of a few files."""
    folder = tmp_path / "opd"
    folder.mkdir()
    for number in range(FILES):
        rows = "".join(f"Kecamatan {row},2023,{row * number}\n" for row in range(1, 29))
        (folder / f"data-{number}.csv").write_text("kecamatan,tahun,jumlah\n" + rows)
    with installation.database.write() as session:
        entry = {"name": "opd", "kind": "files", "location": str(folder), "organization": "Dinas Contoh"}
        add_source(session, SourceEntry.model_validate(entry), at=now())
    installation.close()
    yield installation


def start(here: Installation, steps: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(here.settings.home), str(steps)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_sound(here: Installation) -> None:
    """Whatever is public is whole: a current version, its blobs durable and unharmed."""
    with here.database.read() as session:
        for dataset in session.scalars(select(Dataset)):
            assert dataset.visibility is Visibility.PUBLISHED
            assert dataset.current_version_id is not None
        for sha256 in session.scalars(select(Blob.sha256)):
            assert here.blobs.verify(sha256)
        assert session.scalar(select(func.count()).select_from(Resource)) == session.scalar(
            select(func.count()).select_from(Version)
        )


@pytest.mark.parametrize("steps", range(1, int(os.environ["KILLS"]) + 1) if "KILLS" in os.environ else FEW)
def test_a_run_killed_anywhere_is_finished_by_the_next(ready: Installation, steps: int) -> None:
    dying = start(ready, steps)
    _, errors = dying.communicate(timeout=120)
    assert dying.returncode == -signal.SIGKILL, errors
    assert_sound(ready)
    (report,) = harvest(ready, "opd")
    assert report.counts["failed"] == report.counts["held"] == 0
    assert report.counts["published"] + report.counts["unchanged"] == FILES
    assert_sound(ready)
    with ready.database.read() as session:
        assert session.scalars(select(Version.number)).all() == [1] * FILES
        assert session.scalar(select(func.count()).select_from(SearchOutbox)) == 0
        assert session.scalars(select(Run.state).order_by(Run.id.desc())).first() is RunState.FINISHED
        assert session.scalar(select(func.count()).where(Run.state == RunState.RUNNING)) == 0
        assert plan(session, Identity(1, "data-0.csv"), title="x").number == 2
    assert ready.search.state().documents == FILES


def test_two_runs_at_once_publish_each_dataset_once(ready: Installation) -> None:
    both = [start(ready, 0), start(ready, 0)]
    for one in both:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    said = sorted(one.communicate(timeout=120)[0].strip() for one in both)
    assert said in (["done 3", "harvest.busy 0"], ["done 0", "done 3"])
    assert_sound(ready)
    with ready.database.read() as session:
        assert session.scalars(select(Version.number)).all() == [1] * FILES
