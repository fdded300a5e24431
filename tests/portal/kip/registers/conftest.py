"""A desk with a year of work behind it, an officer of the PPID, one of an agency, and everybody; made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import desk_records
import pytest
from accounts_pages import SECRET, SYSTEM, Person
from flask.testing import FlaskClient
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Organization
from datasets.settings import Settings
from portal.accounts import people, sessions
from portal.accounts.sessions import Device
from portal.app import create_app
from portal.policy import Grant, Role


@dataclass
class Records:
    """The portal with its cases, and who looks at them."""

    here: Installation
    cases: list[int]
    ppid: Person
    agency: Person
    public: FlaskClient


@pytest.fixture(scope="module")
def records(stocked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    home = tmp_path_factory.mktemp("records") / "home"
    shutil.copytree(stocked_home, home)
    here = Installation(Settings(home=home, secret_key=SECRET))
    cases = desk_records.work(here)
    app = create_app(here.settings, here)
    found = []
    for role in (Role.PPID_UTAMA, Role.PPID_PELAKSANA):
        with here.database.write() as session:
            first = session.scalars(select(Organization.id).order_by(Organization.id)).first()
            user = people.add_user(session, email=f"{role.value}@kantor.example", name="P", at=now(), actor=SYSTEM)
            grant = Grant(role, first if role is Role.PPID_PELAKSANA else None)
            people.set_grants(session, user, [grant], at=now(), actor=SYSTEM)
            secret = sessions.open_session(session, user, Device("Firefox", ""), at=now(), factor=True)
            number = user.id
        client = app.test_client()
        client.set_cookie("lumbung_session", secret)
        found.append(Person(client, number))
    yield Records(here, cases, *found, app.test_client())
    here.close()
