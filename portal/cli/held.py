"""The commands `lumbung held list`, `show`, `accept`, `fix` and `reject`: what waits for a person to decide."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from metadata.errors import LumbungError
from metadata.notices import Notice
from portal.cli.context import installation, print_json

if TYPE_CHECKING:
    from datasets.models import Held

_BY = click.option("--by", "actor", default=getpass.getuser, help="Who decides; the user of the system by default.")


@click.group("held")
def held() -> None:
    """What a harvest held back: the published version stays until somebody decides."""


@held.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
def show_all(as_json: bool) -> int:
    """List what waits for a decision, the oldest first."""
    from datasets import held as holding  # late: the database

    with installation() as here:
        with here.database.read() as session:
            found = holding.waiting(session)
        language = here.settings.language
    if as_json:
        print_json([_told(one, language) for one in found])
        return 0
    for one in found:
        click.echo(f"{one.id}\t{one.at:%Y-%m-%d %H:%M}\t{one.title}")
        for reason in one.reasons[:3]:
            click.echo(f"  • {Notice.from_dict(reason).say(language)}")
    if not found:
        click.echo("Tidak ada yang ditahan. / Nothing is held.", err=True)
    return 0


@held.command("show")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
def show(number: int, as_json: bool) -> int:
    """Show one: why it is held, and what would change in each table."""
    from datasets import held as holding  # late: the database and DuckDB
    from datasets import held_changes

    with installation() as here:
        with here.database.read() as session:
            one = holding.get_held(session, number)
            pairs = held_changes.pairs(session, here.blobs, one)
        language = here.settings.language
    compared: dict[str, Any] = {}
    for pair in pairs:
        try:
            compared[pair.name] = held_changes.changes(pair)
        except LumbungError as fault:  # the reasons are worth showing without it
            compared[pair.name] = {"error": fault.say(language)}
    if as_json:
        print_json(_told(one, language) | {"changes": compared})
        return 0
    click.echo(f"{one.id}\t{one.state.value}\t{one.at:%Y-%m-%d %H:%M}\t{one.title}")
    if one.decided_at is not None:
        click.echo(f"{one.decided_at:%Y-%m-%d %H:%M}\t{one.decided_by or '-'}\t{one.remark or '-'}")
    for reason in one.reasons:
        click.echo(f"  • {Notice.from_dict(reason).say(language)}")
    for name, change in compared.items():
        click.echo(f"{name}: {_summary(change)}")
    return 0


@held.command("accept")
@click.argument("number", type=int)
@click.option("--note", default="", help="Why the change is right; readers see it beside the version.")
@_BY
def accept(number: int, note: str, actor: str) -> int:
    """Publish what is held under NUMBER, as it was fetched and read."""
    from datasets import held as holding  # late: the database
    from datasets.clock import now
    from datasets.search import feed

    with installation() as here:
        with here.database.write() as session:
            done = holding.accept(session, number, actor=actor, remark=note, at=now())
        feed.drain(here.database, here.search)
    click.echo(f"Terbit / published: {done.dataset.title}, {done.version.number}", err=True)
    return 0


@held.command("reject")
@click.argument("number", type=int)
@click.option("--note", required=True, help="What is wrong, for the office that keeps the data.")
@_BY
def reject(number: int, note: str, actor: str) -> int:
    """Turn down what is held under NUMBER; the published version stays."""
    from datasets import held as holding  # late: the database
    from datasets.clock import now

    with installation() as here, here.database.write() as session:
        one = holding.reject(session, number, actor=actor, remark=note, at=now())
    click.echo(f"Ditolak / turned down: {one.title}", err=True)
    return 0


@held.command("fix")
@click.argument("number", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", help="What was mended; readers see it beside the version.")
@_BY
def fix(number: int, file: Path, note: str, actor: str) -> int:
    """Publish FILE in the place of what is held under NUMBER: its description stays, the rows are those of FILE."""
    from harvesters.mending import mend  # late: the whole pipeline

    with installation() as here:
        report = mend(here, number, file, actor=actor, remark=note)
        language = here.settings.language
    click.echo(f"{report.outcome.value}: {report.title}", err=True)
    for message in report.messages:
        click.echo(f"  • {message.say(language)}", err=True)
    return 1 if report.outcome.value == "held" else 0


def _told(one: Held, language: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "key": one.remote_key,
        "source_id": one.source_id,
        "state": one.state.value,
        "at": one.at.isoformat(),
        "acceptable": one.content_key is not None,
        "reasons": [Notice.from_dict(reason).say(language) for reason in one.reasons],
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "decided_by": one.decided_by,
        "remark": one.remark,
    }


def _summary(change: dict[str, Any]) -> str:
    if "error" in change:
        return str(change["error"])
    schema = change["schema"]
    told = [
        f"{change['rows_before']} → {change['rows_after']} baris / rows",
        f"+{change['added']} −{change['removed']} ~{change['changed']}",
    ]
    for sign, names in (("+", schema["added"]), ("−", schema["removed"])):
        if names:
            told.append(f"kolom / columns {sign}{', '.join(names)}")
    return "; ".join(told)
