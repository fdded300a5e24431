"""The commands `lumbung source add`, `list` and `check`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from metadata.errors import BadInput
from portal.cli.context import installation, print_json


@click.group("source")
def source() -> None:
    """Add, list and check the systems to harvest."""


@source.command("add")
@click.argument("kind")
@click.argument("location")
@click.option("--name", required=True, help="A short name: small letters, digits and hyphens.")
@click.option("--organization", required=True, help="The OPD that owns the data: its slug or title; made if unknown.")
@click.option("--title", help="What the source is called; the OPD's title when left out.")
@click.option("--schedule", help='When to harvest, as a cron line, e.g. "30 4 * * 1".')
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="An option of the source; repeatable.")
def add(kind: str, location: str, options: tuple[str, ...], **described: str | None) -> int:
    """Add the source of KIND at LOCATION (a folder, a file or an address)."""
    from datasets.clock import now  # late: the database
    from harvesters.declared import SourceEntry
    from harvesters.sources import add_source

    try:
        place = location if "://" in location else str(Path(location).absolute())
        entry = SourceEntry.model_validate(
            {"kind": kind, "location": place, "options": parse_options(options), **described}
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BadInput(reason=f"--{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    with installation() as here, here.database.write() as session:
        add_source(session, entry, at=now())
    click.echo(f"Sumber ditambahkan / added: {entry.name}", err=True)
    return 0


@source.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
def show(as_json: bool) -> int:
    """List the sources."""
    from dataclasses import asdict

    from harvesters.sources import list_sources, load_home_sources  # late: the database

    with installation() as here:
        load_home_sources(here)
        with here.database.read() as session:
            cards = list_sources(session)
    if as_json:
        print_json([asdict(card) for card in cards])
        return 0
    for card in cards:
        state = "" if card.enabled else " (nonaktif / disabled)"
        click.echo(f"{card.name}\t{card.kind}\t{card.location}\t{card.organization}{state}")
    if not cards:
        click.echo("Belum ada sumber. / No sources yet: lumbung source add …", err=True)
    return 0


@source.command("check")
@click.argument("name")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
def check(name: str, limit: int) -> int:
    """Try the source NAME: list its first datasets without fetching or publishing anything."""
    from harvesters.sources import check_source, get_source, load_home_sources  # late: the database

    with installation() as here:
        load_home_sources(here)
        with here.database.read() as session:
            found = get_source(session, name)
        trial = check_source(here.settings, found, limit=limit)
    for remote in trial.found:
        files = ", ".join(file.filename for file in remote.files)
        click.echo(f"{remote.key}\t{remote.title}\t{files}")
        if remote.fault is not None:
            click.echo(f"  ! {remote.fault.say('id')}")
    more = " …" if trial.more else ""
    click.echo(f"{len(trial.found)} dataset{more}", err=True)
    return 1 if any(remote.fault for remote in trial.found) else 0


def parse_options(given: tuple[str, ...]) -> dict[str, Any]:
    """`KEY=VALUE` pairs: the value as TOML reads it (`true`, `500`, `["a", "b"]`), else as it stands; a repeated key
    makes a list. Raises `BadInput`."""
    options: dict[str, Any] = {}
    for pair in given:
        key, equals, text = pair.partition("=")
        if not equals or not key:
            raise BadInput(reason=f"--option {pair}: KEY=VALUE")
        value = _value(text)
        if key in options:
            before = options[key]
            value = [*(before if isinstance(before, list) else [before]), value]
        options[key] = value
    return options


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
