"""A portal that really listens, two agencies, and a client of CKAN for each kind of token."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from build import AT, DINKES
from ckanapi import RemoteCKAN
from flask import Flask
from flask.testing import FlaskClient
from small_catalogue import DISDIK
from werkzeug.serving import make_server

from datasets.clock import now
from datasets.describing import ensure_organization
from datasets.installation import Installation
from datasets.seed import seed
from datasets.settings import Settings
from portal.accounts import people, tokens
from portal.app import create_app
from portal.policy import Actor, Grant, Role, Scope

SYSTEM = Actor(email="tests")
OWNER = DINKES.slug
OTHER = DISDIK.slug
CSV = b"kecamatan,tahun,penduduk\nNgraho,2023,42000\nKalitidu,2023,51000\nMalo,2023,30500\n"


@dataclass(frozen=True, slots=True)
class Portal:
    """Where it listens, what is behind, and the secrets by name."""

    address: str
    here: Installation
    app: Flask
    secrets: dict[str, str]

    def as_(self, name: str) -> RemoteCKAN:
        """The client library that the world uses, with that token."""
        return RemoteCKAN(self.address, apikey=self.secrets.get(name, name))

    def client(self) -> FlaskClient:
        """The same portal without a socket between."""
        return self.app.test_client()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Portal]:
    """Made once for a module: each test writes datasets of its own."""
    home = tmp_path_factory.mktemp("written") / "home"
    home.mkdir(mode=0o700)
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    here = Installation(Settings(home=home, secret_key="a-secret-of-the-tests", asked_per_minute=100_000))
    secrets = peopled(here)
    app = create_app(here.settings, here)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Portal(f"http://127.0.0.1:{server.server_port}", here, app, secrets)
    server.shutdown()
    thread.join()
    server.server_close()
    here.close()


@pytest.fixture
def walidata(portal: Portal) -> RemoteCKAN:
    """Who may write and publish everywhere."""
    return portal.as_("walidata")


@pytest.fixture
def pengelola(portal: Portal) -> RemoteCKAN:
    """Who may write at the first agency, and publish nothing."""
    return portal.as_("pengelola")


@pytest.fixture
def public(portal: Portal) -> RemoteCKAN:
    """Everybody."""
    return RemoteCKAN(portal.address)


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """`table()`: a small file to upload; with other bytes or another name."""

    def write(content: bytes = CSV, name: str = "penduduk.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def peopled(here: Installation) -> dict[str, str]:
    """Two agencies, four people and their tokens; gives the secrets by name."""
    secrets = {}
    with here.database.write() as session:
        seed(session, at=AT)
        agencies = {one.slug: ensure_organization(session, one).id for one in (DINKES, DISDIK)}
        persons = {
            "walidata": Grant(Role.CUSTODIAN),
            "pengelola": Grant(Role.STEWARD, agencies[OWNER]),
            "tetangga": Grant(Role.STEWARD, agencies[OTHER]),
            "administrator": Grant(Role.ADMINISTRATOR),
        }
        scopes = {"administrator": [Scope.MANAGE], "walidata": [Scope.WRITE, Scope.PUBLISH, Scope.MANAGE]}
        for name, grant in persons.items():
            user = people.add_user(session, email=f"{name}@kantor.example", name=name.title(), at=now(), actor=SYSTEM)
            people.set_grants(session, user, [grant], at=now(), actor=SYSTEM)
            wanted = {name: scopes.get(name, [Scope.WRITE])}
            wanted |= {"pembaca": [Scope.READ], "dicabut": [Scope.WRITE]} if name == "pengelola" else {}
            for token, allowed in wanted.items():
                made = tokens.issue(session, user, name=token, scopes=allowed, days=30, at=now(), actor=SYSTEM)
                secrets[token] = made.secret
                if token == "dicabut":
                    tokens.revoke(session, made.id, owner_id=user.id, at=now(), actor=SYSTEM)
            if name == "pengelola":
                past = now() - timedelta(days=2)
                secrets["kedaluwarsa"] = tokens.issue(
                    session, user, name="lama", scopes=[Scope.WRITE], days=1, at=past, actor=SYSTEM
                ).secret
    return secrets
