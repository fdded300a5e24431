"""The doctor's look at harvests: runs that claim to be running though nobody is at work."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from datasets import leases
from datasets.doctor.finding import Finding, finding
from datasets.installation import Installation
from datasets.models import Run, RunState
from metadata.notices import declare

DEAD_RUN = declare(
    "doctor.dead_run",
    id="Panen {source} yang dimulai {started} terhenti di tengah jalan.",
    en="The harvest of {source} begun at {started} was cut off.",
)


def check(installation: Installation, repair: bool) -> Iterator[Finding]:
    """Runs whose lease has run out. Repair: they are written down as abandoned; the next run does their work."""
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
