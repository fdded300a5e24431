"""The doctor's look at harvests: runs that claim to be running though nobody is at work, and what they left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from datasets import leases
from datasets.doctor.finding import Finding, finding
from datasets.installation import Installation
from datasets.models import Run, RunState
from datasets.sweep import DAY
from metadata.notices import declare

DEAD_RUN = declare(
    "doctor.dead_run",
    id="Panen {source} yang dimulai {started} terhenti di tengah jalan.",
    en="The harvest of {source} begun at {started} was cut off.",
)
STALE_WORK = declare(
    "doctor.stale_work",
    id="Map kerja “{name}” ditinggalkan pekerjaan yang terhenti.",
    en="Work folder “{name}” was left behind by work that was cut off.",
)


def check(installation: Installation, repair: bool, at: float) -> Iterator[Finding]:
    """Runs whose lease has run out. Repair: they are written down as abandoned; the next run does their work.

    And folders of files on the way that nobody has touched for a day. Repair: they go.
    """
    yield from _dead_runs(installation, repair)
    for folder in _stale(installation, at - DAY):
        found = finding(STALE_WORK, "warning", name=folder.name)
        if repair:
            shutil.rmtree(folder, ignore_errors=True)
            found = found.mended()
        yield found


def _stale(installation: Installation, before: float) -> Iterator[Path]:
    """Folders of sources that are not being harvested, and of files handed in, all of them old."""
    work = installation.settings.home / "work"
    with installation.database.read() as session:
        for folder in sorted(work.iterdir()) if work.is_dir() else ():
            old = folder.is_dir() and folder.stat().st_mtime < before
            if old and leases.free(session, leases.of_source(folder.name)):
                yield folder


def _dead_runs(installation: Installation, repair: bool) -> Iterator[Finding]:
    database = installation.database
    with database.read() as session:
        wanted = select(Run).where(Run.state == RunState.RUNNING).options(joinedload(Run.source))
        dead = [run for run in session.scalars(wanted) if leases.free(session, leases.of_source(run.source.name))]
    for run in dead:
        found = finding(DEAD_RUN, "warning", source=run.source.name, started=run.started_at.isoformat())
        if repair:
            with database.write() as session:
                still = session.get_one(Run, run.id)
                if still.state is RunState.RUNNING and leases.free(session, leases.of_source(run.source.name)):
                    still.state, still.finished_at = RunState.ABANDONED, leases.database_time(session)
            found = found.mended()
        yield found
