"""The commands `lumbung webhook …`: addresses that are told of publications."""

from __future__ import annotations

from typing import Any

import click

from portal.cli.context import installation, print_json


@click.group("webhook")
def webhook() -> None:
    """Register, list and remove the addresses that are told of publications."""


@webhook.command("add")
@click.argument("url")
@click.option("--owner", required=True, help="The e-mail address that is written to when it is switched off.")
@click.option("--title", default="", help="What it is for; the address when left out.")
@click.option("--dataset", help="Tell of this dataset alone: the last part of its address.")
@click.option("--organization", help="Tell of the datasets of this OPD alone: the last part of its address.")
@click.option("--event", "events", multiple=True, help="Tell of this kind of event alone; repeatable.")
def add(
    url: str, owner: str, title: str, dataset: str | None, organization: str | None, events: tuple[str, ...]
) -> int:
    """Register URL. Its secret goes to standard output, this once."""
    from sqlalchemy import select  # late: the database

    from datasets.clock import now
    from datasets.keys import installation_key
    from datasets.mails import checked_address
    from datasets.models import Dataset, Organization
    from datasets.webhooks import signing, subscribing
    from harvesters.wire.webhooks import check_target
    from metadata.errors import BadInput, NotFound

    if dataset and organization:
        raise BadInput(reason="--dataset, --organization")
    with installation() as here:
        target = check_target(url, internal=here.settings.webhooks_internal.split())
        address = checked_address(owner)
        with here.database.write() as session:
            of_dataset = dataset and session.scalar(select(Dataset.id).where(Dataset.slug == dataset))
            of_agency = organization and session.scalar(
                select(Organization.id).where(Organization.slug == organization)
            )
            for asked, found in ((dataset, of_dataset), (organization, of_agency)):
                if asked and not found:
                    raise NotFound(what=asked)
            wish = subscribing.Wish(target, title, events, of_dataset or None, of_agency or None)
            made = subscribing.add(session, wish, owner=address, language=here.settings.language, at=now())
            number, salt = made.id, made.salt
        secret = signing.secret(installation_key(here.settings), salt)
    click.echo(f"Webhook {number} terdaftar / registered.", err=True)
    click.echo(secret)
    return 0


@webhook.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
def list_(as_json: bool) -> int:
    """All webhooks, of whomever, and how they stand."""
    from datasets.webhooks import subscribing  # late: the database
    from harvesters.wire.addresses import without_query

    with installation() as here, here.database.read() as session:
        found = subscribing.every(session)
    told: list[dict[str, Any]] = [
        {
            "id": one.id,
            "state": f"off ({one.disabled_for})" if one.disabled_at else "failing" if one.failing_since else "on",
            "owner": one.owner,
            "url": without_query(one.url),
            "events": one.events,
            "last_taken": one.taken_at.isoformat() if one.taken_at else None,
        }
        for one in found
    ]
    if as_json:
        print_json(told)
        return 0
    for one in told:
        click.echo("\t".join(str(one[key] or "") for key in ("id", "state", "owner", "url")).rstrip())
    return 0


@webhook.command("remove")
@click.argument("number", type=int)
def remove(number: int) -> int:
    """Forget webhook NUMBER and its deliveries."""
    from datasets.webhooks import subscribing  # late: the database

    with installation() as here, here.database.write() as session:
        subscribing.remove(session, subscribing.get(session, number))
    click.echo("Selesai. / Done.", err=True)
    return 0
