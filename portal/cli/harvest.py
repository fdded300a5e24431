"""The command `lumbung harvest`."""

from __future__ import annotations

import signal
from types import FrameType

import click

from portal.cli.context import installation, print_json


@click.command("harvest")
@click.argument("source", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON to standard output.")
@click.option("--refresh", is_flag=True, help="Fetch and read everything again, also what has not changed.")
@click.option("--believe", is_flag=True, help="Believe a listing that has suddenly lost many datasets.")
@click.option("--retry", is_flag=True, help="Ask also the hosts that are left alone after failures.")
@click.option("--cancel", is_flag=True, help="Ask the harvest of SOURCE that is under way to stop.")
@click.option("--queue", is_flag=True, help="Let the worker harvest it now, before what is only on a schedule.")
def harvest(
    source: str | None, as_json: bool, refresh: bool, believe: bool, retry: bool, cancel: bool, queue: bool
) -> int:
    """Harvest SOURCE, or every source that is enabled.

    Sources declared in LUMBUNG_HOME/sources.toml are taken over first. Interrupted, the next run goes on where this one
    stopped. Exit code 1 when a source or a dataset failed.
    """
    from harvesters.runs import reports, runner  # late: the whole pipeline
    from harvesters.sources import load_home_sources
    from portal.cli.progress import HarvestProgress

    if cancel:
        return _cancel(source)
    if queue:
        return _queue(source)
    signal.signal(signal.SIGTERM, _interrupt)
    with installation() as here:
        load_home_sources(here)
        progress = HarvestProgress()
        done = runner.harvest(here, source, progress=progress, refresh=refresh, believe=believe, retry=retry)
        progress.summary()
        if as_json:
            print_json(reports.as_json(done, here.settings.language))
    return 1 if any(report.failed for report in done) else 0


def _queue(source: str | None) -> int:
    from datasets import jobs  # late: the database
    from harvesters.runs import schedule
    from harvesters.sources import get_source, list_sources, load_home_sources

    with installation() as here:
        load_home_sources(here)
        with here.database.write() as session:
            named = [get_source(session, source).name] if source else []
            names = named or [card.name for card in list_sources(session) if card.enabled]
            for name in names:
                jobs.ask(session, schedule.HARVEST, name, priority=10)
    click.echo(f"Masuk antrean / queued: {', '.join(names)}", err=True)
    return 0


def _cancel(source: str | None) -> int:
    from datasets.clock import now  # late: the database
    from harvesters.runs import ledger
    from harvesters.sources import get_source

    if source is None:
        raise click.UsageError("--cancel SOURCE")
    with installation() as here, here.database.write() as session:
        found = ledger.ask_to_stop(session, get_source(session, source).id, at=now())
    click.echo("Panen diminta berhenti. / Asked to stop." if found else "Tidak ada panen. / No harvest.", err=True)
    return 0 if found else 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
