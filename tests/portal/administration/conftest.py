"""An administrator and a steward at the peopled small catalogue; made once for a module."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from accounts_pages import SECRET, SYSTEM, Person
from flask.testing import FlaskClient
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Organization
from datasets.settings import Settings
from metadata import vocabularies
from portal.accounts import people, sessions
from portal.accounts.sessions import Device
from portal.app import create_app
from portal.policy import OF_AN_AGENCY, Grant, Role


@dataclass
class Office:
    """The portal and who works there."""

    here: Installation
    admin: Person
    steward: Person
    public: FlaskClient


@pytest.fixture(scope="module")
def office(stocked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """`admin` has shown a second step; `steward` is at the first agency."""
    home = tmp_path_factory.mktemp("office") / "home"
    shutil.copytree(stocked_home, home)
    here = Installation(Settings(home=home, secret_key=SECRET))
    app = create_app(here.settings, here)

    def enter(role: Role) -> Person:
        with here.database.write() as session:
            agency = session.scalars(select(Organization.id).order_by(Organization.id)).first()
            address = f"{role.value}@kantor.example"
            user = people.add_user(session, email=address, name=role.value, at=now(), actor=SYSTEM)
            grant = Grant(role, agency if role in OF_AN_AGENCY else None)
            people.set_grants(session, user, [grant], at=now(), actor=SYSTEM)
            secret = sessions.open_session(session, user, Device("Firefox", ""), at=now(), factor=True)
        client = app.test_client()
        client.set_cookie("lumbung_session", secret)
        return Person(client, user.id)

    yield Office(here, enter(Role.ADMINISTRATOR), enter(Role.STEWARD), app.test_client())
    here.close()
    for name in vocabularies.EXTENDED:
        vocabularies.extend(name, [])
