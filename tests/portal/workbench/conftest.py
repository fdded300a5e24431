"""A workbench with two stewards of one agency, one of another, and a reviewer; made once for a module."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from accounts_pages import SECRET, SYSTEM, Person
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import DeskDraft, Organization
from datasets.settings import Settings
from portal.accounts import people, sessions
from portal.accounts.sessions import Device
from portal.app import create_app
from portal.policy import Grant, Role


@dataclass
class Bench:
    """The portal, and who works there; `ani` and `budi` at one agency, `citra` at another, `wali` reviews."""

    here: Installation
    ani: Person
    budi: Person
    citra: Person
    wali: Person
    public: FlaskClient

    def begin(self, person: Person, title: str = "", dataset: int | None = None) -> int:
        """A new draft of that person; its number."""
        answer = person.post(
            "/kerja/draf/baru", page="/kerja/draf/baru", title=title, dataset="" if dataset is None else str(dataset)
        )
        found = re.search(r"/kerja/draf/(\d+)/berkas$", answer.location or "")
        assert found, answer.text
        return int(found[1])

    def upload(self, person: Person, number: int, path: Path) -> TestResponse:
        """Upload a file by the plain form; the page that follows."""
        page = f"/kerja/draf/{number}/berkas"
        with path.open("rb") as stream:
            answer = person.post(page, page=page, revision=str(self.draft(number).revision), file=(stream, path.name))
        return person.get(answer.location) if answer.status_code == 303 else answer

    def send(self, person: Person, number: int, step: str, **fields: object) -> TestResponse:
        """Send the form of a step as its page shows it, with these fields changed."""
        page = f"/kerja/draf/{number}/{step}"
        return person.client.post(page, data=self.forms(person, page) | fields)

    def forms(self, person: Person, page: str) -> dict[str, object]:
        """What that page's form would send if its button were pressed."""
        return self.form_of(person.get(page))

    def draft(self, number: int) -> DeskDraft:
        """The row as it is now."""
        with self.here.database.read() as session:
            found = session.get_one(DeskDraft, number)
            _ = found.seen, found.prepared
            session.expunge(found)
            return found

    @staticmethod
    def form_of(page: TestResponse) -> dict[str, object]:
        """The same of a page at hand: of its longest form, every field as it stands."""
        from lxml import html

        forms = html.fromstring(page.text).xpath("//main//form")
        told: dict[str, list[str]] = {}
        for name, value in max(forms, key=lambda one: len(one.inputs.keys())).form_values() if forms else ():
            told.setdefault(name, []).append(value)
        return dict(told)


@pytest.fixture(scope="module")
def bench(stocked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Made once; each test begins a draft of its own."""
    home = tmp_path_factory.mktemp("bench") / "home"
    shutil.copytree(stocked_home, home)
    here = Installation(Settings(home=home, secret_key=SECRET, max_file_megabytes=4))
    app = create_app(here.settings, here)
    browsers = {}
    with here.database.write() as session:
        agencies = session.scalars(select(Organization.id).order_by(Organization.id)).all()
        for name, role, agency in (
            ("ani", Role.STEWARD, agencies[0]),
            ("budi", Role.STEWARD, agencies[0]),
            ("citra", Role.STEWARD, agencies[1]),
            ("wali", Role.CUSTODIAN, None),
        ):
            user = people.add_user(session, email=f"{name}@kantor.example", name=name.title(), at=now(), actor=SYSTEM)
            people.set_grants(session, user, [Grant(role, agency)], at=now(), actor=SYSTEM)
            secret = sessions.open_session(session, user, Device("Firefox", ""), at=now(), factor=True)
            browser = app.test_client()
            browser.set_cookie("lumbung_session", secret)
            browsers[name] = Person(browser, user.id)
    yield Bench(here, public=app.test_client(), **browsers)
    here.close()
