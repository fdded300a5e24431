"""Harvests in trouble: a source that is gone, a lease that is lost, an interruption, an error nobody foresaw."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from datasets import leases
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, RunState, Version
from harvesters.declared import SourceEntry
from harvesters.runs.reports import RunReport, as_json
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from metadata.errors import NotFound

HEADER = "kecamatan,tahun,jumlah\n"
ROWS = "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


@pytest.fixture
def installation(anywhere: Installation) -> Installation:
    """On both databases."""
    return anywhere


def outcomes(report: RunReport) -> dict[str, str]:
    return {item.key: item.outcome.value for item in report.items}


def versions(installation: Installation, key: str) -> list[int]:
    with installation.database.read() as session:
        found = select(Version.number).join(Dataset, Version.dataset_id == Dataset.id).where(Dataset.remote_key == key)
        return list(session.scalars(found.order_by(Version.number)))


def test_an_error_that_nobody_foresaw_is_told_by_a_reference_and_stops_no_other(
    installation: Installation,
    folder: Path,
    run: Callable[..., RunReport],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(HEADER + ROWS)
    from harvesters import intake

    real = intake.prepare

    def prepare(*args: object, **kwargs: object) -> object:
        if args[1].title == "A":  # type: ignore[attr-defined]
            raise ZeroDivisionError("rahasia dalam jejak")
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "prepare", prepare)
    report = run()
    assert outcomes(report) == {"a.csv": "failed", "b.csv": "published"}
    (notice,) = report.items[0].messages
    reference = str(notice.params["reference"])
    assert "rahasia" not in notice.say("id")
    assert reference in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_what_the_source_no_longer_offers_stays_published(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(HEADER + ROWS)
    run()
    (folder / "a.csv").unlink()
    report = run()
    assert outcomes(report) == {"a.csv": "unchanged", "b.csv": "unchanged"}
    assert "tidak lagi ditawarkan" in report.items[1].messages[0].say("id")
    (folder / "b.csv").unlink()
    emptied = run()
    assert emptied.notice is not None
    assert emptied.notice.code == "gate.listing_empty"
    assert installation.search.state().documents == 2


def test_a_source_that_is_not_there_fails_as_a_whole_and_harms_nothing(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    run()
    shutil.rmtree(folder)
    report = run()
    assert report.failed
    assert report.state is RunState.FAILED
    told = as_json([report], "id")
    assert told["counts"] == {"published": 0, "unchanged": 0, "held": 0, "failed": 1}
    assert told["items"][0]["id"] == "opd"
    assert "tidak ada" in told["items"][0]["messages"][0]


def test_a_source_that_another_process_harvests_is_left_alone(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    with installation.database.write() as session:
        other = leases.take(session, "harvest:opd", "lain", seconds=60)
        assert other is not None
    report = run()
    assert report.items == ()
    assert report.notice is not None
    assert report.notice.code == "harvest.busy"
    with installation.database.write() as session:
        leases.release(session, other)
    assert outcomes(run()) == {"a.csv": "published"}


def test_a_run_that_lost_its_lease_writes_nothing_more(
    installation: Installation, folder: Path, run: Callable[..., RunReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    from harvesters import intake

    real = intake.draft

    def draft(*args: object, **kwargs: object) -> object:
        with installation.database.write() as session:
            session.execute(leases.update(leases.Lease).values(until=leases._NEVER))
            assert leases.take(session, "harvest:opd", "lain", seconds=60)
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "draft", draft)
    report = run()
    assert report.notice is not None
    assert report.notice.code == "lease.lost"
    assert versions(installation, "a.csv") == []


def test_an_interruption_ends_the_run_cleanly_and_the_next_goes_on(
    installation: Installation, folder: Path, run: Callable[..., RunReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(HEADER + ROWS)
    from harvesters import intake

    real = intake.prepare

    def prepare(*args: object, **kwargs: object) -> object:
        if args[1].title == "B":  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "prepare", prepare)
    report = run()
    assert outcomes(report) == {"a.csv": "published"}
    assert report.notice is not None
    assert report.notice.code == "harvest.stopped"
    monkeypatch.undo()
    assert outcomes(run()) == {"a.csv": "unchanged", "b.csv": "published"}
    assert not (installation.settings.home / "work" / "opd").exists()


def test_one_source_that_fails_does_not_stop_the_others(
    installation: Installation, folder: Path, run: Callable[..., RunReport], tmp_path: Path
) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    with installation.database.write() as session:
        entry = {"name": "hilang", "kind": "files", "location": str(tmp_path / "x"), "organization": "Dinas Contoh"}
        add_source(session, SourceEntry.model_validate(entry), at=now())
    reports = harvest(installation)
    assert [(report.source, report.failed) for report in reports] == [("hilang", True), ("opd", False)]


def test_an_unknown_source_is_told_with_those_that_there_are(installation: Installation) -> None:
    with pytest.raises(NotFound):
        harvest(installation, "tidak-ada")
