"""What tests of harvests share: an installation on each database, a folder as a source, and a run over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from datasets.clock import now
from datasets.installation import Installation
from datasets.settings import Settings
from harvesters.declared import SourceEntry
from harvesters.runs.reports import RunReport
from harvesters.runs.runner import harvest
from harvesters.sources import add_source


@pytest.fixture
def anywhere(database_url: str, home: Path) -> Iterator[Installation]:
    """A whole installation, once on each database."""
    made = Installation(Settings(home=home, database_url=database_url))
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "opd"
    made.mkdir()
    return made


@pytest.fixture
def run(installation: Installation, folder: Path) -> Callable[..., RunReport]:
    with installation.database.write() as session:
        entry = {"name": "opd", "kind": "files", "location": str(folder), "organization": "Dinas Contoh"}
        add_source(session, SourceEntry.model_validate(entry), at=now())

    def once(**options: bool) -> RunReport:
        (report,) = harvest(installation, "opd", **options)
        return report

    return once
