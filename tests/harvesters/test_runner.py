"""A harvest as an office sees it: what is published, what is not and why, and that nothing good is ever lost."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from datasets import leases
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Evidence, Item, ItemOutcome, Resource, Run, RunState, SearchOutbox, Version
from datasets.settings import Settings
from harvesters.declared import SourceEntry
from harvesters.reports import RunReport, as_json
from harvesters.runner import harvest
from harvesters.sources import add_source, get_source
from metadata.errors import NotFound

HEADER = "kecamatan,tahun,jumlah\n"
ROWS = "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


@pytest.fixture
def installation(database_url: str, home: Path) -> Iterator[Installation]:
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


def outcomes(report: RunReport) -> dict[str, str]:
    return {item.key: item.outcome.value for item in report.items}


def versions(installation: Installation, key: str) -> list[int]:
    with installation.database.read() as session:
        found = select(Version.number).join(Dataset, Version.dataset_id == Dataset.id).where(Dataset.remote_key == key)
        return list(session.scalars(found.order_by(Version.number)))


def test_a_file_becomes_a_published_dataset_that_can_be_found(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    (folder / "penduduk.csv").write_text(HEADER + ROWS)
    (folder / "penduduk.csv.toml").write_text('title = "Penduduk menurut kecamatan"\nlicense = "CC-BY-4.0"\n')
    report = run()
    assert report.counts == {"published": 1, "unchanged": 0, "held": 0, "failed": 0}
    assert not report.failed
    with installation.database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        resource = session.scalars(select(Resource)).one()
        evidence = session.scalars(select(Evidence)).one()
        assert session.scalar(select(func.count()).select_from(SearchOutbox)) == 0
    assert (dataset.title, dataset.license_id) == ("Penduduk menurut kecamatan", "CC-BY-4.0")
    assert resource.rows == 28
    assert installation.blobs.path(evidence.sha256).read_text() == HEADER + ROWS
    assert evidence.url == "file:penduduk.csv"
    assert installation.search.state().documents == 1


def test_a_second_run_over_the_same_folder_publishes_nothing_and_says_so(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(HEADER + ROWS)
    run()
    again = run()
    assert again.counts == {"published": 0, "unchanged": 2, "held": 0, "failed": 0}
    assert versions(installation, "a.csv") == [1]
    with installation.database.read() as session:
        states = session.scalars(select(Run.state)).all()
        unchanged = session.scalar(select(func.count()).where(Item.outcome == ItemOutcome.UNCHANGED))
    assert states == [RunState.FINISHED] * 2
    assert unchanged == 0  # no news fills no table


def test_a_file_that_was_only_touched_is_not_read_again(
    installation: Installation, folder: Path, run: Callable[..., RunReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    run()
    os.utime(folder / "a.csv", ns=(1, 1))
    monkeypatch.setattr("harvesters.intake.read_safely", None)  # would fail if it were called
    assert outcomes(run()) == {"a.csv": "unchanged"}


def test_other_bytes_that_say_the_same_make_no_version(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    run()
    (folder / "a.csv").write_bytes((HEADER + ROWS).replace("\n", "\r\n").encode())
    assert outcomes(run()) == {"a.csv": "unchanged"}
    assert versions(installation, "a.csv") == [1]


def test_a_new_figure_or_a_new_description_makes_a_new_version(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    run()
    (folder / "a.csv").write_text(HEADER + ROWS.replace(",10\n", ",11\n"))
    assert outcomes(run()) == {"a.csv": "published"}
    (folder / "a.csv.toml").write_text('description = "Angka diperbaiki."\n')
    assert outcomes(run()) == {"a.csv": "published"}
    assert versions(installation, "a.csv") == [1, 2, 3]


def test_a_file_that_cannot_be_read_fails_alone_with_words(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    (folder / "baik.csv").write_text(HEADER + ROWS)
    (folder / "kosong.csv").write_text("")
    (folder / "salah.csv").write_text(HEADER + ROWS)
    (folder / "salah.csv.toml").write_text('judul = "x"\n')
    report = run()
    assert outcomes(report) == {"baik.csv": "published", "kosong.csv": "failed", "salah.csv": "failed"}
    messages = {item.key: " ".join(notice.say("id") for notice in item.messages) for item in report.items}
    assert "kosong" in messages["kosong.csv"]
    assert "judul" in messages["salah.csv"]
    assert report.failed
    (folder / "kosong.csv").write_text(HEADER + ROWS)
    assert outcomes(run())["kosong.csv"] == "published"


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


def test_a_shrunk_table_is_held_and_the_old_version_stays(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    run()
    (folder / "a.csv").write_text(HEADER + "Kecamatan 1,2023,10\n")
    held = run()
    assert outcomes(held) == {"a.csv": "held"}
    assert "28" in held.items[0].messages[0].say("id")
    assert versions(installation, "a.csv") == [1]
    assert outcomes(run()) == {"a.csv": "held"}  # still, and without reading again
    with installation.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Evidence)) == 2  # what would have been published is kept
    (folder / "a.csv").write_text(HEADER + ROWS.replace(",20\n", ",21\n"))
    assert outcomes(run()) == {"a.csv": "published"}


def test_a_workbook_with_a_hidden_sheet_is_held_and_not_kept_until_somebody_has_looked(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["kecamatan", "jumlah"])
    for number in range(1, 29):
        book.active.append([f"Kecamatan {number}", number])
    book.create_sheet("catatan").append(["jangan dibuka"])
    book["catatan"].sheet_state = "hidden"
    book.save(folder / "a.xlsx")
    report = run()
    assert outcomes(report) == {"a.xlsx": "held"}
    assert "catatan" in report.items[0].messages[0].say("id")
    assert list(installation.blobs.all()) == []
    with installation.database.write() as session:
        get_source(session, "opd").options = {"hidden_sheets": True}
    assert outcomes(run()) == {"a.xlsx": "published"}


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


def test_the_report_as_json_has_the_members_that_other_tools_read(folder: Path, run: Callable[..., RunReport]) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    told = json.loads(json.dumps(as_json([run()], "id")))
    assert told["counts"] == {"published": 1, "unchanged": 0, "held": 0, "failed": 0}
    assert set(told["items"][0]) == {"id", "title", "outcome", "messages"}
    assert told["items"][0]["id"] == "a.csv"
    assert told["items"][0]["outcome"] == "published"


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


def test_everything_is_fetched_and_read_again_when_asked(folder: Path, run: Callable[..., RunReport]) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    run()
    assert outcomes(run(refresh=True)) == {"a.csv": "unchanged"}


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
