"""Real database servers of other offices, for the adapters that read databases."""

from __future__ import annotations

import os
from collections.abc import Iterator

import mariadb_server
import pytest


@pytest.fixture(scope="session")
def mariadb() -> Iterator[mariadb_server.Server]:
    """A MariaDB server, started for this run; skipped with the reason where there is none, but never under CI=true."""
    try:
        with mariadb_server.running() as server:
            yield server
    except mariadb_server.NoServer as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(str(reason))
        pytest.skip(str(reason))
