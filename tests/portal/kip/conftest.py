"""A calendar of three years, and the desk with the people who work there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts_pages import SECRET, SYSTEM, Person
from kip_desk import Made, Office, file_request
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Organization
from datasets.settings import Settings
from portal.accounts import people, sessions
from portal.accounts.sessions import Device
from portal.app import create_app
from portal.kip.calendar import WorkingCalendar, seed_days
from portal.policy import Grant, Role


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    return WorkingCalendar(seed_days((2025, 2026, 2027)))


@pytest.fixture(scope="module")
def office(stocked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Made once for a module."""
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(stocked_home, home)
    here = Installation(Settings(home=home, secret_key=SECRET, site_url="http://localhost"))
    app = create_app(here.settings, here)
    people_here = []
    with here.database.write() as session:
        agency = session.scalars(select(Organization.id).order_by(Organization.id)).first()
        for role in (Role.PPID_UTAMA, Role.PPID_PELAKSANA, Role.ATASAN_PPID):
            user = people.add_user(
                session, email=f"{role.value}@kantor.example", name=role.value.title(), at=now(), actor=SYSTEM
            )
            grant = Grant(role, agency if role is Role.PPID_PELAKSANA else None)
            people.set_grants(session, user, [grant], at=now(), actor=SYSTEM)
            secret = sessions.open_session(session, user, Device("Firefox", ""), at=now(), factor=True)
            client = app.test_client()
            client.set_cookie("lumbung_session", secret)
            people_here.append(Person(client, user.id))
    yield Office(here, app, *people_here, app.test_client())
    here.close()


@pytest.fixture
def made(office: Office) -> Made:
    """A request that is with the first agency."""
    return file_request(office.here)
