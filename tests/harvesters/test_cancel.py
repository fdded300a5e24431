"""A harvest that somebody asks to stop: what is done stays done, the next run does the rest."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Item, Run, RunState
from harvesters.declared import SourceEntry
from harvesters.runs import ending, ledger, runner
from harvesters.runs.reports import ItemReport, Silent
from harvesters.sources import add_source

FILES = 12
ROWS = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


@pytest.fixture
def ready(installation: Installation, folder: Path) -> Installation:
    """An installation with one source of several files."""
    for number in range(FILES):
        (folder / f"d{number}.csv").write_text(ROWS)
    with installation.database.write() as session:
        entry = {"name": "opd", "kind": "files", "location": str(folder), "organization": "Dinas Contoh"}
        add_source(session, SourceEntry.model_validate(entry), at=now())
    return installation


class Asking(Silent):
    """Asks the run to stop in the database, as `lumbung harvest --cancel` does, once the first dataset is done."""

    def __init__(self, here: Installation, halt: threading.Event | None = None) -> None:
        self._here, self._halt = here, halt

    def done(self, source: str, item: ItemReport) -> None:
        if self._halt is not None:
            self._halt.set()
            return
        with self._here.database.write() as session:
            assert ledger.ask_to_stop(session, 1, at=now())


@pytest.mark.parametrize("how", ["database", "process"])
def test_asked_to_stop_it_ends_cleanly_and_the_next_goes_on(
    ready: Installation, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "LOOK_EVERY", 0.0)
    halt = threading.Event() if how == "process" else None
    (report,) = runner.harvest(ready, "opd", progress=Asking(ready, halt), halt=halt)
    assert report.notice is not None
    assert report.notice.code == runner.STOPPED
    assert 0 < report.counts["published"] < FILES
    with ready.database.read() as session:
        assert session.scalars(select(Run.state)).all() == [RunState.FAILED]
        assert len(session.scalars(select(Item)).all()) == report.counts["published"]
    (report,) = runner.harvest(ready, "opd")
    assert report.notice is None
    assert report.counts["published"] + report.counts["unchanged"] == FILES
