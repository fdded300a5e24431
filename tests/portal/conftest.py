"""A portal with a small catalogue in it, asked through the front door, and one that really listens for real clients."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_catalogue import stock
from werkzeug.serving import make_server

from datasets.installation import Installation
from datasets.settings import Settings
from portal.app import create_app


@pytest.fixture(scope="session")
def stocked_home(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """A home with the small catalogue in it, made once; nobody changes it."""
    home = tmp_path_factory.mktemp("stocked") / "home"
    home.mkdir(mode=0o700)
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    made = Installation(Settings(home=home, secret_key="a-secret-of-the-tests"))
    stock(made)
    made.close()
    return home


@pytest.fixture
def stocked(stocked_home: Path, home: Path) -> Iterator[Installation]:
    """An installation with four datasets of two agencies, of the test's own."""
    shutil.copytree(stocked_home, home, dirs_exist_ok=True)
    made = Installation(Settings(home=home, secret_key="a-secret-of-the-tests"))
    yield made
    made.close()


@pytest.fixture
def app(stocked: Installation) -> Flask:
    """The portal over the small catalogue."""
    return create_app(stocked.settings, stocked)


@pytest.fixture
def public(app: Flask) -> FlaskClient:
    """Anyone, with a browser."""
    return app.test_client()


@pytest.fixture
def empty(installation: Installation) -> FlaskClient:
    """Anyone, before the first harvest."""
    return create_app(installation.settings, installation).test_client()


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """The address of the portal, listening."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
