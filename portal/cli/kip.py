"""The commands `lumbung kip …`: the information desk."""

from __future__ import annotations

import click

from portal.cli.context import installation


@click.group("kip")
def kip() -> None:
    """Bring the information desk up to the day, and renew the key of its personal data."""


@kip.command("day")
def day() -> int:
    """Write down what the day has brought: deadlines, reminders, what is to be forgotten. The worker does it daily."""
    from datasets.clock import now  # late: the desk
    from portal.kip.store import acting, daily

    with installation() as here:
        done = daily.run(here, acting.desk(here), at=now())
    click.echo(
        f"{done.cases} perkara, {done.events} peristiwa, {done.reminders} pengingat, "
        f"{done.proofs} berkas dan {done.identities} identitas dihapus.",
        err=True,
    )
    return 0


@kip.command("rotate-key")
def rotate_key() -> int:
    """Make a new master key, bring all personal data under it, and forget the old one.

    It can be repeated after a break. Web workers read the file of keys anew at each request. Copy kip.keys into the
    backup afterwards: without it nothing personal can be read.
    """
    from portal.kip import sealing  # late: the desk
    from portal.kip.store import identity

    with installation() as here:
        ring, count = sealing.add_master(here.settings), 0
        while True:
            with here.database.write() as session:
                done = identity.rewrap(session, ring)
            count += done
            if not done:
                break
        sealing.drop_old(here.settings)
    click.echo(f"{count} dibungkus ulang. / rewrapped.", err=True)
    return 0
