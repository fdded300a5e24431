"""BPS as it was recorded, and from its API to a published dataset with the key nowhere."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from peers.bps_client import adapter, population, rows
from peers.bps_peer import KEY, BpsPeer
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Version
from datasets.models import Evidence as StoredEvidence
from harvesters.adapter import Evidence
from harvesters.declared import SourceEntry
from harvesters.runs.reports import RunReport
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from metadata.reading.reader import read


def recorded(shared_data: Path, bps: BpsPeer, number: int, data: str, years: bytes) -> None:
    folder = shared_data / "bps_webapi"
    bps.body("data", number, (folder / data).read_bytes())
    bps.body("th", number, years)


def test_the_recorded_tables_of_bps_decode_to_their_last_figure(
    shared_data: Path, bps: BpsPeer, tmp_path: Path
) -> None:
    bps.domain = "0000"
    th = b'{"status":"OK","data-availability":"available","data":[{"page":1,"pages":1},[{"th_id":124,"th":2024}]]}'
    recorded(shared_data, bps, 2263, "rec_data_0000_2263_3wilayah.json", th)
    bps.variables[2263] = population(2263, vervar={3500: "PROV JAWA TIMUR"}, group="38 Provinsi")
    one = adapter(bps, variables=[2263])
    (dataset,) = one.discover()
    table = rows(one, tmp_path)
    assert dataset.title == "Inflasi Tahunan (Y-on-Y) 38 Provinsi (2022=100)"
    assert dataset.about.frequency == "bulanan"
    assert len(table) == 36
    by_place = {(row["wilayah_kode"], row["periode"]): row["nilai"] for row in table}
    assert by_place["3500", "Januari"] == "2.47"
    assert by_place["3500", "November"] == "1.41"
    assert by_place["7500", "Desember"] == "-0.79"
    assert by_place["9999", "April"] == "3"


def test_recorded_lists_and_items_of_no_region(shared_data: Path, bps: BpsPeer, tmp_path: Path) -> None:
    folder = shared_data / "bps_webapi"
    bps.domain = "0000"
    recorded(shared_data, bps, 1804, "rec_data_0000_1804.json", (folder / "rec_th_0000_1804.json").read_bytes())
    table = rows(adapter(bps, variables=[1804], since=2017), tmp_path)
    assert len(table) == 9
    found = {(row["kategori"], row["tahun"]): row["nilai"] for row in table}
    assert found["Menderita dan Mengungsi", "2018"] == "10417179"


def test_a_recorded_static_table_is_read(shared_data: Path, bps: BpsPeer, tmp_path: Path) -> None:
    folder = shared_data / "bps_webapi"
    bps.body("statictable", 0, (folder / "sdk_static_table_list.json").read_bytes())
    bps.body("statictable", 23, (folder / "sdk_static_table_detail.json").read_bytes())
    bps.body("publication", 0, (folder / "sdk_publication_list.json").read_bytes())
    one = adapter(bps, static_tables=True, publications=True)
    found = {dataset.key: dataset for dataset in one.discover()}
    assert set(found) == {"tabel/16", "tabel/22", "tabel/23", "publikasi"}
    (page,) = one.fetch(found["tabel/23"], tmp_path)
    assert isinstance(page, Evidence)
    into = tmp_path / "read"
    into.mkdir()
    (table,) = read(page.path, filename=page.file.filename, into=into).tables
    assert table.rows > 5


@pytest.fixture
def run(installation: Installation, bps: BpsPeer) -> Any:
    def once() -> RunReport:
        entry = {
            "name": "bps",
            "kind": "bps",
            "location": bps.location,
            "organization": "BPS Kabupaten Bojonegoro",
            "options": {"domain": "3522", "internal": True, "requests_per_second": 100},
        }
        with installation.database.write() as session:
            add_source(session, SourceEntry.model_validate(entry), at=now())
        (report,) = harvest(installation, "bps")
        return report

    return once


def test_a_harvest_publishes_and_the_key_is_nowhere(
    installation: Installation, bps: BpsPeer, run: Any, caplog: pytest.LogCaptureFixture, home: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    variable = bps.add(population(note="Proyeksi"))
    assert {item.key: item.outcome.value for item in run().items} == {"var/31": "published"} | {"publikasi": "failed"}
    with installation.database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        evidence = session.scalars(select(StoredEvidence)).one()
        version = session.scalars(select(Version)).one()
    assert (dataset.title, dataset.year_from, dataset.year_to) == ("Jumlah Penduduk", 2019, 2024)
    assert evidence.url == f"{bps.location}/list?model=data&lang=ind&domain=3522&var=31"
    fields = {one["name"]: one["type"] for one in version.package["resources"][0]["schema"]["fields"]}
    assert (fields["wilayah_kode"], fields["nilai"]) == ("string", "number")
    asked = bps.count_of("data")
    assert {item.outcome.value for item in run().items if item.key == "var/31"} == {"unchanged"}
    assert bps.count_of("data") == asked + 1
    variable.values[3522010, 0, 124, 0] = 1
    variable.last_update = "2025-05-01 08:00:00"
    assert {item.outcome.value for item in run().items if item.key == "var/31"} == {"published"}
    assert KEY not in caplog.text
    assert "key=***" in caplog.text
    for path in home.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


def test_a_source_whose_key_is_refused_fails_whole_and_harms_nothing(
    installation: Installation, bps: BpsPeer, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bps.add(population())
    run()
    monkeypatch.setenv("SOURCE_BPS_KEY", "kedaluwarsa")
    report = run()
    assert report.notice is not None
    assert report.notice.code == "bps.key_refused"
    with installation.database.read() as session:
        assert len(session.scalars(select(Version)).all()) == 1
