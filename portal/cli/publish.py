"""The command that publishes one file at hand, by the way of a harvest."""

from __future__ import annotations

from pathlib import Path

import click

from metadata.about import About
from portal.cli.context import installation, print_json


@click.command("publish")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", "-o", required=True, help="The office (slug or title); made when there is none.")
@click.option("--title", help="Instead of the one that the file or its sidecar gives.")
@click.option("--description", help="What the dataset is about, in Markdown.")
@click.option("--theme", "themes", multiple=True, help="Slug of a theme; may be given several times.")
@click.option("--license", "license_", help="Identifier of a licence, such as CC-BY-4.0.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON to standard output.")
def publish(
    file: Path,
    organization: str,
    title: str | None,
    description: str | None,
    themes: tuple[str, ...],
    license_: str | None,
    as_json: bool,
) -> int:
    """Publish FILE as a dataset. The same file name again is its next version; unchanged, nothing is published.

    Exit code 1 when it is held for a person to decide.
    """
    from metadata.reading.child import warm  # the readers load while this process loads all the rest

    warm()
    from datasets.models import ItemOutcome, RunState  # late: the database
    from harvesters.handing_in import publish_file
    from harvesters.runs import reports

    about = About(description=description, themes=themes, license=license_)
    with installation() as here:
        report = publish_file(here, file, organization=organization, title=title, about=about)
        if as_json:
            run = reports.RunReport(file.name, report.title, RunState.FINISHED, (report,))
            print_json(reports.as_json([run], here.settings.language))
        else:
            click.echo(f"{report.outcome.value}: {report.title}")
            for notice in report.messages:
                click.echo(f"  • {notice.say(here.settings.language)}", err=True)
    return 0 if report.outcome in (ItemOutcome.PUBLISHED, ItemOutcome.UNCHANGED) else 1
