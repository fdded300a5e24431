"""The portal with tables that came through the pipeline, and the same one really listening."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from ckanapi import RemoteCKAN
from shown_tables import POPULATION, Shown, shown
from werkzeug.serving import make_server

__all__ = ["shown"]


@pytest.fixture(scope="session")
def address(shown: Shown) -> Iterator[str]:
    """Where the portal with tables listens."""
    server = make_server("127.0.0.1", 0, shown.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tables(address: str) -> RemoteCKAN:
    """The client library that the world uses, at the portal with tables."""
    return RemoteCKAN(address)


@pytest.fixture
def population(tables: RemoteCKAN) -> str:
    """The id of a table of 140 rows: kecamatan, tahun, laki_laki, perempuan, pertumbuhan, catatan."""
    found: str = tables.action.package_show(id=POPULATION)["resources"][0]["id"]
    return found
