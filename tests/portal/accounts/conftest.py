"""People of every role over the small catalogue, and browsers in which they are signed in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from accounts_pages import PASSWORD, SECRET, SYSTEM, Person
from flask import Flask
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Organization
from datasets.settings import Settings
from portal.accounts import people, sessions
from portal.accounts.credentials import Credentials
from portal.accounts.models import User
from portal.accounts.sessions import Device
from portal.policy import OF_AN_AGENCY, Grant, Role


@pytest.fixture(scope="session")
def credentials() -> Credentials:
    """Made once: Flask-Security and a hash are not for every test."""
    return Credentials(SECRET, issuer="Lumbung")


@pytest.fixture(scope="session")
def peopled_home(stocked_home: Path, credentials: Credentials, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small catalogue with a person for each role (at the first agency) and one, `tanpa`, without any."""
    home = tmp_path_factory.mktemp("peopled") / "home"
    shutil.copytree(stocked_home, home)
    hashed = credentials.hash(PASSWORD)
    made = Installation(Settings(home=home, secret_key=SECRET))
    with made.database.write() as session:
        agency = session.scalars(select(Organization.id).order_by(Organization.id)).first()
        for role in (None, *Role):
            name = role.value if role else "tanpa"
            user = people.add_user(
                session, email=f"{name}@kantor.example", name=name.title(), at=now(), actor=SYSTEM, password_hash=hashed
            )
            if role is not None:
                grant = Grant(role, agency if role in OF_AN_AGENCY else None)
                people.set_grants(session, user, [grant], at=now(), actor=SYSTEM)
    made.close()
    return home


@pytest.fixture
def stocked_home_copy(peopled_home: Path, home: Path) -> Path:
    """A home of the test's own with these people."""
    shutil.copytree(peopled_home, home, dirs_exist_ok=True)
    return home


@pytest.fixture
def stocked(stocked_home_copy: Path) -> Installation:
    """In place of the catalogue without people."""
    return Installation(Settings(home=stocked_home_copy, secret_key=SECRET))


@pytest.fixture
def app(stocked: Installation, credentials: Credentials) -> Flask:
    """The portal with people, and the credentials that were made once."""
    from portal.app import create_app

    made = create_app(stocked.settings, stocked)
    made.extensions["lumbung.credentials"] = credentials
    return made


@pytest.fixture
def signed_in(app: Flask, stocked: Installation) -> Callable[..., Person]:
    """`signed_in(Role.STEWARD)`: a browser of that person, the second factor shown."""

    def enter(role: Role | None, *, factor: bool = True) -> Person:
        with stocked.database.write() as session:
            name = role.value if role else "tanpa"
            user = session.scalars(select(User).where(User.email == f"{name}@kantor.example")).one()
            secret = sessions.open_session(session, user, Device("Firefox", ""), at=now(), factor=factor)
        client = app.test_client()
        client.set_cookie("lumbung_session", secret)
        return Person(client, user.id)

    return enter
