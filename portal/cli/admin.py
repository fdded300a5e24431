"""Commands for whoever keeps an installation: init, config, doctor."""

from __future__ import annotations

import os
from dataclasses import fields

import click

from datasets.installation import Installation
from datasets.settings import PREFIX, SECRETS, Settings, load
from portal.cli.context import print_json


@click.command("init")
def init() -> int:
    """Make the folder, the database and the index of an installation; run again, it upgrades them."""
    here = Installation(load())
    try:
        prepare(here)
        click.echo(f"Siap / ready: {here.settings.home}", err=True)
    finally:
        here.close()
    return 0


def prepare(here: Installation) -> None:
    """Make or upgrade everything that an installation needs. Idempotent."""
    from datasets.clock import now  # late: commands that need no database do not pay for it
    from datasets.seed import seed
    from portal import migrations

    here.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrations.upgrade(here.database)
    with here.database.write() as session:
        seed(session, at=now())


@click.command("config")
@click.option("--explain", is_flag=True, help="Say where each value comes from.")
def config(explain: bool) -> int:
    """Print every setting with its value. Secrets are not shown."""
    settings = load()
    for field in fields(Settings):
        name = PREFIX + field.name.upper()
        value = getattr(settings, field.name)
        shown = "(set)" if field.name in SECRETS and value else value
        origin = "environment" if name in os.environ else "default"
        click.echo(f"{name}={shown}" + (f"  # {origin}" if explain else ""))
    return 0


@click.command("doctor")
@click.option("--repair", is_flag=True, help="Mend what can be mended without losing anything.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
def doctor(repair: bool, as_json: bool) -> int:
    """Say what is wrong with the installation. Exit code 1 when something is left wrong."""
    from datasets.doctor import examine  # late: hashes every blob

    here = Installation(load())  # not `installation()`: a database that is not current is a finding, not an end
    try:
        findings = examine(here, repair=repair)
    finally:
        here.close()
    left = [finding for finding in findings if not finding.repaired]
    if as_json:
        print_json({"ok": not left, "findings": [finding.as_dict() for finding in findings]})
    else:
        for finding in findings:
            mark = "✓" if finding.repaired else "✗"
            click.echo(f"{mark} {finding.say('id')}")
        click.echo("Sehat. / Healthy." if not left else f"{len(left)} masalah. / {len(left)} problems.")
    return 1 if left else 0
