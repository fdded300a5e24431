"""A harvest as an office sees it: what is published, what is not and why, and that nothing good is ever lost."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from datasets.installation import Installation
from datasets.models import Dataset, Evidence, Item, ItemOutcome, Resource, Run, RunState, SearchOutbox, Version
from harvesters.runs.reports import RunReport, as_json
from harvesters.sources import get_source

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


def test_the_report_as_json_has_the_members_that_other_tools_read(folder: Path, run: Callable[..., RunReport]) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    told = json.loads(json.dumps(as_json([run()], "id")))
    assert told["counts"] == {"published": 1, "unchanged": 0, "held": 0, "failed": 0}
    assert set(told["items"][0]) == {"id", "title", "outcome", "messages"}
    assert told["items"][0]["id"] == "a.csv"
    assert told["items"][0]["outcome"] == "published"


def test_everything_is_fetched_and_read_again_when_asked(folder: Path, run: Callable[..., RunReport]) -> None:
    (folder / "a.csv").write_text(HEADER + ROWS)
    run()
    assert outcomes(run(refresh=True)) == {"a.csv": "unchanged"}
