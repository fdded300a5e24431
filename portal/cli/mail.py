"""The commands `lumbung mail …`: the outbox of letters."""

from __future__ import annotations

import click

from metadata.notices import Notice
from portal.cli.context import installation, print_json


@click.group("mail")
def mail() -> None:
    """List the letters that wait or were given up; try them again or drop them."""


@mail.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
@click.option("--all", "gone", is_flag=True, help="Also those that went out in the last 30 days.")
def list_(as_json: bool, gone: bool) -> int:
    """Letters that wait or were given up, with the reason. Their texts are not shown."""
    from datasets import mails  # late: the database
    from harvesters.wire import smtp as _words  # noqa: F401 - its notices' words

    with installation() as here:
        with here.database.read() as session:
            found = mails.every(session, gone=gone)
        language, ready = here.settings.language, bool(here.settings.smtp_url)
    told = [
        {
            "id": one.id,
            "state": "sent" if one.sent_at else "dead" if one.dead_at else "waiting",
            "to": one.address,
            "subject": one.subject,
            "due": one.due.isoformat(),
            "attempts": one.attempts,
            "error": Notice.from_dict(one.error).say(language) if one.error else None,
        }
        for one in found
    ]
    if as_json:
        print_json(told)
        return 0
    for one in told:
        click.echo("\t".join(str(one[key] or "") for key in ("id", "state", "to", "subject", "error")).rstrip())
    if told and not ready:
        click.echo("LUMBUNG_SMTP_URL kosong: surat menunggu. / It is empty: letters wait.", err=True)
    return 0


@mail.command("retry")
@click.argument("number", type=int)
def retry(number: int) -> int:
    """Try letter NUMBER again now."""
    from datasets import leases, mails  # late: the database

    with installation() as here, here.database.write() as session:
        done = mails.retry(session, number, at=leases.database_time(session))
    return _said(done)


@mail.command("drop")
@click.argument("number", type=int)
def drop(number: int) -> int:
    """Throw letter NUMBER away; it has not gone out and will not."""
    from datasets import mails  # late: the database

    with installation() as here, here.database.write() as session:
        done = mails.drop(session, number)
    return _said(done)


def _said(done: bool) -> int:
    click.echo("Selesai. / Done." if done else "Tidak ada surat itu. / There is no such letter.", err=True)
    return 0 if done else 1
