"""The commands `lumbung worker` and `lumbung jobs`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

import click

from metadata.notices import Notice
from portal.cli.context import installation, print_json


@click.command("worker")
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
def worker(once: bool) -> int:
    """Harvest sources when they are due and keep the search index fed, until told to stop.

    Several may run, also on several machines with one PostgreSQL. SIGTERM ends within 20 seconds and loses nothing.
    """
    from harvesters.runs.worker import Worker
    from harvesters.sources import load_home_sources  # late: the whole pipeline

    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, ask)
    with installation() as here:
        load_home_sources(here)
        click.echo("Pekerja siap. / The worker is ready.", err=True)
        Worker(here, stop=stop).run(once=once)
    click.echo("Pekerja berhenti. / The worker has stopped.", err=True)
    if any(thread.daemon for thread in threading.enumerate()):
        sys.stderr.flush()
        os._exit(0)  # a hand that is stuck outside is not waited for: whatever it would write is refused
    return 0


@click.command("jobs")
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
def jobs(as_json: bool) -> int:
    """List the work that is due, under way, or given up with its reason."""
    from sqlalchemy import select  # late: the database

    from datasets.models import Job

    with installation() as here:
        with here.database.read() as session:
            found = session.scalars(select(Job).order_by(Job.due, Job.id)).all()
        language = here.settings.language
    told = [
        {
            "kind": job.kind,
            "subject": job.subject,
            "due": job.due.isoformat(),
            "state": "dead" if job.dead_at else "working" if job.holder else "waiting",
            "attempts": job.attempts,
            "schedule": job.cause,
            "error": Notice.from_dict(job.error).say(language) if job.error else None,
        }
        for job in found
    ]
    if as_json:
        print_json(told)
        return 0
    for one in told:
        click.echo("\t".join(str(one[key] or "") for key in ("due", "state", "kind", "subject", "error")).rstrip())
    return 0
