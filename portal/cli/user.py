"""The commands `lumbung user` and `lumbung token`: the first administrator, roles, tokens for programs."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Any

import click

from metadata.errors import BadInput
from portal.cli.context import installation, print_json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.accounts.models import User
    from portal.policy import Actor, Grant

ROLES = ("pengelola", "walidata", "ppid_pelaksana", "ppid_utama", "atasan_ppid", "administrator")
SCOPES = ("read", "write", "publish", "harvest", "manage")
_ROLE = click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="ROLE[@OPD]",
    help=f"One of {', '.join(ROLES)}; an agency's role with its OPD, as pengelola@dinas-kesehatan. Repeatable.",
)


@click.group("user")
def user() -> None:
    """People who may sign in, and what they may do."""


@user.command("add")
@click.argument("email")
@click.option("--name", default="", help="The person's name; the address when left out.")
@_ROLE
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")
@click.option("--no-password", is_flag=True, help="Without a password: for single sign-on, or to be set by mail.")
def add(email: str, name: str, roles: tuple[str, ...], password_stdin: bool, no_password: bool) -> int:
    """Add the person with the address EMAIL."""
    from datasets.clock import now  # late: the database
    from portal.accounts import people
    from portal.accounts.credentials import Credentials
    from portal.accounts.keys import installation_key

    with installation() as here:
        hashed = None
        if not no_password:
            password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _asked()
            credentials = Credentials(installation_key(here.settings), issuer=here.settings.site_title)
            credentials.check_new(password, email=email, name=name)
            hashed = credentials.hash(password)
        with here.database.write() as session:
            grants = _grants(session, roles)
            made = people.add_user(session, email=email, name=name, at=now(), actor=operator(), password_hash=hashed)
            people.set_grants(session, made, grants, at=now(), actor=operator())
    click.echo(f"Pengguna ditambahkan / added: {made.email}", err=True)
    return 0


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
def show(as_json: bool) -> int:
    """List the people with their roles."""
    from sqlalchemy import select

    from portal.accounts import people  # late: the database
    from portal.accounts.models import User

    with installation() as here, here.database.read() as session:
        rows: list[dict[str, Any]] = [
            {
                "email": one.email,
                "name": one.name,
                "active": one.active,
                "second_factor": one.totp_secret is not None,
                "roles": _shown(session, people.grants_of(session, one.id)),
                "signed_in_at": one.signed_in_at,
            }
            for one in session.scalars(select(User).order_by(User.email))
        ]
    if as_json:
        print_json(rows)
        return 0
    for row in rows:
        state = "" if row["active"] else " (nonaktif / disabled)"
        click.echo(f"{row['email']}\t{row['name']}\t{', '.join(row['roles'])}{state}")
    if not rows:
        click.echo("Belum ada pengguna. / No people yet: lumbung user add …", err=True)
    return 0


@user.command("role")
@click.argument("email")
@_ROLE
def role(email: str, roles: tuple[str, ...]) -> int:
    """Let EMAIL hold these roles and no others; without --role, none."""
    from datasets.clock import now  # late: the database
    from portal.accounts import people

    with installation() as here, here.database.write() as session:
        grants = _grants(session, roles)
        people.set_grants(session, _known(session, email), grants, at=now(), actor=operator())
    click.echo(f"{email}: {', '.join(roles) or '–'}", err=True)
    return 0


@user.command("disable")
@click.argument("email")
@click.option("--undo", is_flag=True, help="Let the person in again.")
def disable(email: str, undo: bool) -> int:
    """Shut EMAIL out: sessions and tokens die at once."""
    from datasets.clock import now  # late: the database
    from portal.accounts import people

    with installation() as here, here.database.write() as session:
        people.set_active(session, _known(session, email), undo, at=now(), actor=operator())
    click.echo(f"{email}: {'aktif / enabled' if undo else 'nonaktif / disabled'}", err=True)
    return 0


@click.group("token")
def token() -> None:
    """Tokens with which programs use the API in a person's name."""


@token.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="Repeatable.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366), help="How long it is good for.")
def token_add(email: str, name: str, scopes: tuple[str, ...], days: int) -> int:
    """Make a token of EMAIL and print it: it is shown this once."""
    from datasets.clock import now  # late: the database
    from portal.accounts import tokens
    from portal.policy import Scope

    with installation() as here, here.database.write() as session:
        issued = tokens.issue(
            session, _known(session, email), name=name, scopes=[Scope(one) for one in scopes], days=days,
            at=now(), actor=operator(),
        )  # fmt: skip
    click.echo(issued.secret)
    click.echo(f"{issued.id}: berlaku sampai / good until {issued.expires_at:%Y-%m-%d}", err=True)
    return 0


@token.command("list")
@click.argument("email")
def token_list(email: str) -> int:
    """List the tokens of EMAIL, without their secrets."""
    from portal.accounts import tokens  # late: the database

    with installation() as here, here.database.read() as session:
        for one in tokens.tokens_of(session, _known(session, email).id):
            used = f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "–"
            click.echo(f"{one.id}\t{one.hint}…\t{one.name}\t{','.join(one.scopes)}\t{one.expires_at:%Y-%m-%d}\t{used}")
    return 0


@token.command("revoke")
@click.argument("number", type=int)
def token_revoke(number: int) -> int:
    """End the token with that number."""
    from datasets.clock import now  # late: the database
    from portal.accounts import tokens

    with installation() as here, here.database.write() as session:
        tokens.revoke(session, number, owner_id=None, at=now(), actor=operator())
    click.echo(f"{number}: dicabut / revoked", err=True)
    return 0


def operator() -> Actor:
    """Whoever sits at the machine, in the rows of the audit log."""
    from portal.policy import Actor  # late: keeps `--help` quick

    return Actor(email=f"{getpass.getuser()} (lumbung)")


def _asked() -> str:
    answer: str = click.prompt("Kata sandi / password", hide_input=True, confirmation_prompt=True)
    return answer


def _known(session: Session, email: str) -> User:
    from metadata.errors import NotFound
    from portal.accounts import people  # late: the database

    found = people.find_user(session, email)
    if found is None:
        raise NotFound(what=email)
    return found


def _grants(session: Session, roles: tuple[str, ...]) -> list[Grant]:
    from sqlalchemy import select

    from datasets.models import Organization  # late: the database
    from portal.policy import Grant, Role

    grants = []
    for told in roles:
        name, _, slug = told.partition("@")
        if name not in ROLES:
            raise BadInput(reason=f"--role {told}: {', '.join(ROLES)}")
        found = session.scalar(select(Organization.id).where(Organization.slug == slug)) if slug else None
        if slug and found is None:
            raise BadInput(reason=f"--role {told}: OPD?")
        grants.append(Grant(Role(name), found))
    return grants


def _shown(session: Session, grants: frozenset[Grant]) -> list[str]:
    from datasets.models import Organization  # late: the database

    told = []
    for grant in grants:
        agency = session.get(Organization, grant.organization_id) if grant.organization_id else None
        told.append(grant.role.value + (f"@{agency.slug}" if agency else ""))
    return sorted(told)
