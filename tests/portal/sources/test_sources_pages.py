"""The public pages of sources: whether they work, what the agency should do, and how fresh the data are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset
from datasets.source_health import freshness
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from portal.app import create_app

HEADER = "kecamatan,tahun,jumlah\n"
ASK = """
from datasets.settings import load
from portal.app import create_app
print(create_app(load()).test_client().get("/sumber/opd").text)
"""
GOOD = HEADER + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


@pytest.fixture
def harvested(installation: Installation, tmp_path: Path) -> Iterator[FlaskClient]:
    """A portal with a source that worked, then lost rows of one file and broke another."""
    folder = tmp_path / "rahasia-lokasi"
    folder.mkdir()
    (folder / "penduduk.csv").write_text(GOOD)
    (folder / "penduduk.csv.toml").write_text('frequency = "tahunan"\n')
    with installation.database.write() as session:
        entry = {"name": "opd", "kind": "files", "location": str(folder), "organization": "Dinas Contoh"}
        add_source(session, SourceEntry.model_validate(entry), at=now())
    harvest(installation)
    (folder / "penduduk.csv").write_text(HEADER + "Kecamatan 1,2023,10\n")
    (folder / "rusak.csv").write_text("")
    harvest(installation)
    return create_app(installation.settings, installation).test_client()


def test_the_list_and_the_page_tell_how_it_goes(harvested: FlaskClient) -> None:
    listed = harvested.get("/sumber")
    assert listed.status_code == 200
    assert 'href="/sumber/opd"' in listed.text
    assert "1 perubahan menunggu keputusan" in listed.text
    assert listed.text.count('<rect class="run-') == 2
    page = harvested.get("/sumber/opd").text
    assert "Terlalu banyak baris hilang" in page
    assert "Yang perlu dilakukan perangkat daerah" in page
    assert "rusak" in page.lower()
    english = harvested.get("/en/sumber/opd").text
    assert "Too many rows are lost at once" in english
    assert "1 of the last 2 runs went well." in english


def test_the_place_of_a_folder_is_nobodys_business(harvested: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "rahasia-lokasi" / "penduduk.csv").unlink()
    (tmp_path / "rahasia-lokasi").rename(tmp_path / "hilang")
    here: Installation = harvested.application.extensions["lumbung"]
    (report,) = harvest(here)
    assert report.failed
    for path in ("/sumber", "/sumber/opd"):
        assert str(tmp_path) not in harvested.get(path).text


def test_a_process_that_never_harvested_has_the_words(harvested: FlaskClient) -> None:
    here: Installation = harvested.application.extensions["lumbung"]
    told = subprocess.run(
        [sys.executable, "-c", ASK],
        env=os.environ | {"LUMBUNG_HOME": str(here.settings.home)},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Terlalu banyak baris hilang" in told.stdout
    assert "gate.shrunk" not in told.stdout


def test_a_source_that_is_unknown_is_not_found(harvested: FlaskClient) -> None:
    assert harvested.get("/sumber/tidak-ada").status_code == 404


def test_before_the_first_source_the_page_says_so(installation: Installation) -> None:
    page = create_app(installation.settings, installation).test_client().get("/sumber")
    assert "Belum ada sumber" in page.text


def test_a_dataset_is_late_when_a_quarter_more_than_its_rhythm_has_passed(
    harvested: FlaskClient, installation: Installation
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for days, late in ((400, 0), (470, 1)):
        with installation.database.write() as session:
            session.execute(update(Dataset).values(modified_at=at - timedelta(days=days)))
        with installation.database.read() as session:
            (fresh,) = freshness(session, at=at)
        assert (fresh.promised, len(fresh.overdue)) == (1, late)
    assert "0 dari 1 dataset" in harvested.get("/sumber").text
    assert "0 dari 1 dataset" in harvested.get("/organization/dinas-contoh").text


def test_a_source_that_never_ran_counts_no_runs(installation: Installation, tmp_path: Path) -> None:
    with installation.database.write() as session:
        entry = {"name": "baru", "kind": "files", "location": str(tmp_path), "organization": "Dinas Contoh"}
        add_source(session, SourceEntry.model_validate(entry), at=now())
    page = create_app(installation.settings, installation).test_client().get("/sumber/baru").text
    assert "belum pernah dipanen" in page
    assert "0 dari 0" not in page
