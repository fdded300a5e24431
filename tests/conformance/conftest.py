"""One portal for all promises to clients, listening; whoever writes to it takes the second one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckanapi import RemoteCKAN
from served_portal import Served, served


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Served]:
    """The portal that everybody reads and nobody changes."""
    home = tmp_path_factory.mktemp("read") / "home"
    home.mkdir(mode=0o700)
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    with served(home, tmp_path_factory.mktemp("handed-in")) as made:
        yield made


@pytest.fixture(scope="session")
def ckan(portal: Served) -> RemoteCKAN:
    """Everybody, by POST."""
    return portal.client()


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Served]:
    """Another portal of the same kind, which the tests of a module may change."""
    home = tmp_path_factory.mktemp("written") / "home"
    home.mkdir(mode=0o700)
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    with served(home, tmp_path_factory.mktemp("handed-in")) as made:
        yield made


@pytest.fixture(scope="session")
def document(portal: Served) -> dict[str, Any]:
    """The portal's OpenAPI document."""
    found: dict[str, Any] = portal.get("/api/openapi.json").json()
    return found
