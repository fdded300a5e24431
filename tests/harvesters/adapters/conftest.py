"""Systems of other offices that the adapters talk to: a BPS WebAPI, and databases on real servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import mariadb_server
import pytest
from peers.bps_peer import KEY, BpsPeer
from peers.sql_office import Office, run_by_driver, run_by_sqlite
from services import lacking


@pytest.fixture(scope="session")
def mariadb() -> Iterator[mariadb_server.Server]:
    """A MariaDB server, started for this run; skipped with the reason where there is none, but never under CI=true."""
    try:
        with mariadb_server.running() as server:
            yield server
    except mariadb_server.NoServer as reason:
        lacking(str(reason))


@pytest.fixture
def bps(monkeypatch: pytest.MonkeyPatch) -> Iterator[BpsPeer]:
    """A BPS WebAPI, its key in the environment."""
    monkeypatch.setenv("SOURCE_BPS_KEY", KEY)
    with BpsPeer() as peer:
        yield peer


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres), "mariadb"])
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office's empty database, once on each engine; its address in the environment."""
    if request.param == "mariadb":
        server: mariadb_server.Server = request.getfixturevalue("mariadb")
        name = server.new_database()
        made = Office(server.url(name), lambda script: server.run(script, name), "mariadb")
    elif request.param == "sqlite":
        path = tmp_path / "kantor.sqlite"
        made = Office(f"sqlite:///{path}", lambda script: run_by_sqlite(path, script), "sqlite")
    else:
        url = request.getfixturevalue("new_postgres")()
        made = Office(url, lambda script: run_by_driver(url, script), "postgresql")
    monkeypatch.setenv("SOURCE_DINSOS_URL", made.url)
    return made
