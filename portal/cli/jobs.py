"""The commands `lumbung jobs …`: the work that is wanted, and what to do with work that was given up."""

from __future__ import annotations

import click

from metadata.notices import Notice
from portal.cli.context import installation, print_json


@click.group("jobs", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
@click.option("--dead", is_flag=True, help="Only what was given up.")
@click.pass_context
def jobs(context: click.Context, as_json: bool, dead: bool) -> int:
    """List the work that is due, under way, or given up with its reason; or retry or drop it."""
    if context.invoked_subcommand is not None:
        return 0
    from datasets import jobs as queue  # late: the database
    from harvesters.runs.spoken import learn

    learn("files")
    with installation() as here:
        with here.database.read() as session:
            found = queue.every(session, dead=dead)
        language = here.settings.language
    told = [
        {
            "kind": job.kind,
            "subject": job.subject,
            "due": job.due.isoformat(),
            "state": "dead" if job.dead_at else "working" if job.holder else "waiting",
            "attempts": job.attempts,
            "priority": job.priority,
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


@jobs.command("retry")
@click.argument("subject")
@click.option("--kind", default="harvest", show_default=True)
@click.option("--priority", default=10, show_default=True, help="The higher goes first.")
def retry(subject: str, kind: str, priority: int) -> int:
    """Do the work of SUBJECT (of a harvest: the source's name) now, also when it was given up."""
    from datasets import jobs as queue  # late: the database

    with installation() as here, here.database.write() as session:
        done = queue.retry(session, kind, subject, priority=priority)
    click.echo("Masuk antrean lagi. / Queued again." if done else "Tidak ada. / There is no such work.", err=True)
    return 0 if done else 1


@jobs.command("drop")
@click.argument("subject")
@click.option("--kind", default="harvest", show_default=True)
def drop(subject: str, kind: str) -> int:
    """Take the work of SUBJECT out of the queue, unless somebody is at it. A schedule plans it again."""
    from datasets import jobs as queue  # late: the database

    with installation() as here, here.database.write() as session:
        done = queue.drop(session, kind, subject)
    click.echo("Dihapus dari antrean. / Dropped." if done else "Tidak ada. / There is no such work.", err=True)
    return 0 if done else 1
