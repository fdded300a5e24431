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
def harvest(source: str | None, as_json: bool, refresh: bool) -> int:
    """Harvest SOURCE, or every source that is enabled.

    Sources declared in LUMBUNG_HOME/sources.toml are taken over first. Interrupted, the next run goes on where this one
    stopped. Exit code 1 when a source or a dataset failed.
    """
    from harvesters import reports, runner  # late: the whole pipeline
    from harvesters.sources import load_home_sources
    from portal.cli.progress import HarvestProgress

    signal.signal(signal.SIGTERM, _interrupt)
    with installation() as here:
        load_home_sources(here)
        progress = HarvestProgress()
        done = runner.harvest(here, source, progress=progress, refresh=refresh)
        progress.summary()
        if as_json:
            print_json(reports.as_json(done, here.settings.language))
    return 1 if any(report.failed for report in done) else 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
