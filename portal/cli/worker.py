"""The command `lumbung worker`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

import click

from datasets.settings import load
from portal.cli.context import installation


@click.command("worker")
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
def worker(once: bool) -> int:
    """Harvest sources when they are due and keep the search index fed, until told to stop.

    It publishes what waits for its hour, does what was decided on many at once, and sends letters when LUMBUNG_SMTP_URL
    is set. Several may run, also on several machines with one PostgreSQL; with LUMBUNG_REDIS_URL they begin at once
    what is asked for. SIGTERM ends within 20 seconds and loses nothing.
    """
    from harvesters.runs.worker import Worker
    from harvesters.sources import load_home_sources  # late: the whole pipeline
    from portal.duties import DUTIES

    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, ask)
    with installation() as here:
        load_home_sources(here)
        click.echo("Pekerja siap. / The worker is ready.", err=True)
        Worker(here, stop=stop, duties=DUTIES, configured=load()).run(once=once)
    click.echo("Pekerja berhenti. / The worker has stopped.", err=True)
    if any(thread.daemon for thread in threading.enumerate()):
        sys.stderr.flush()
        os._exit(0)  # a hand that is stuck outside is not waited for: whatever it would write is refused
    return 0
