"""Services of offices declared without a line of code: a desk for complaints, a monitor of targets."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers.json_peer import JsonPeer
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Resource
from harvesters.adapter import Evidence, Missed
from harvesters.adapters.json_api import JsonAdapter, JsonOptions
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace

COMPLAINTS = """
path = "/api/v2/laporan"
records = "/hasil/laporan"
total = "/hasil/total"
success = { pointer = "/kode", values = [200] }
paging = { style = "offset", parameter = "offset", first = 0, size_parameter = "limit", size = 20 }
keep = ["status", "/instansi/nama", "/lokasi/kecamatan", "/waktu/diterima"]
rename = { "/instansi/nama" = "opd", "/lokasi/kecamatan" = "kecamatan", "/waktu/diterima" = "tanggal" }
headers = { Authorization = "Bearer ${SOURCE_LAPOR}" }
datasets = [{ id = "laporan", title = "Laporan Masyarakat" }]
internal = true
requests_per_second = 100
"""
TARGETS = """
path = "/sakip/{id}/{tahun}"
years = [2023, 2024]
listing = { path = "/sakip/opd", entries = "/opd", id = "kode", title = "nama" }
records = "/capaian"
rename = { ind = "indikator", t = "target", r = "realisasi", "/periode/tw" = "triwulan" }
internal = true
requests_per_second = 100
"""


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[JsonPeer]:
    monkeypatch.setenv("SOURCE_LAPOR", "kunci-lapor-99")
    with JsonPeer() as peer:
        yield peer


def published(installation: Installation, api: JsonPeer, options: str) -> dict[str, list[dict[str, str]]]:
    entry = {
        "name": "opd",
        "kind": "json",
        "location": api.url,
        "organization": "Inspektorat",
        "options": tomllib.loads(options),
    }
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(installation, "opd")
    assert {item.outcome.value for item in report.items} == {"published"}
    with installation.database.read() as session:
        found = session.execute(
            select(Dataset.title, Resource.csv_sha256).join(Dataset, Dataset.current_version_id == Resource.version_id)
        ).all()
    return {
        title: list(csv.DictReader(installation.blobs.path(sha256).read_text().splitlines())) for title, sha256 in found
    }


def complaint(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "pelapor": {"nama": f"Warga Rekaan {number}", "nik": f"35221501019{number:05}", "hp": "081234567890"},
        "isi": "Jalan di depan rumah saya rusak.",
        "status": "Selesai" if number % 3 else "Proses",
        "instansi": {"id": number % 4, "nama": f"Dinas {number % 4}"},
        "lokasi": {"kecamatan": "Ngraho", "lat": -7.2},
        "waktu": {"diterima": f"2024-03-{number % 28 + 1:02}"},
    }


def test_a_desk_for_complaints_gives_its_cases_and_nothing_of_who_complains(
    api: JsonPeer, installation: Installation, home: Path
) -> None:
    api.envelope = lambda rows, total: {"kode": 200, "hasil": {"laporan": rows, "total": total}}
    api.records("/api/v2/laporan", [complaint(number) for number in range(95)], style="offset", cap=20)
    tables = published(installation, api, COMPLAINTS)
    rows = tables["Laporan Masyarakat"]
    assert len(rows) == 95
    assert rows[1] == {"status": "Selesai", "opd": "Dinas 1", "kecamatan": "Ngraho", "tanggal": "2024-03-02"}
    assert {one.headers["Authorization"] for one in api.seen} == {"Bearer kunci-lapor-99"}
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(word in content for word in (b"Rekaan", b"kunci-lapor-99", b"081234567890"))


def test_a_monitor_of_targets_gives_a_table_for_each_office_over_all_years(
    api: JsonPeer, installation: Installation
) -> None:
    api.value("/sakip/opd", {"opd": [{"kode": "1.02", "nama": "Dinas Kesehatan"}, {"kode": "2.16", "nama": "Kominfo"}]})
    for office in ("1.02", "2.16"):
        for year in (2023, 2024):
            found = [{"ind": f"I{n}", "t": 100, "r": 80 + n, "periode": {"tw": n, "tutup": True}} for n in range(1, 5)]
            api.value(f"/sakip/{office}/{year}", {"success": True, "capaian": found})
    tables = published(installation, api, TARGETS)
    assert set(tables) == {"Dinas Kesehatan", "Kominfo"}
    assert len(tables["Kominfo"]) == 8
    first = {"tahun": "2023", "indikator": "I1", "target": "100", "realisasi": "81", "triwulan": "1"}
    assert tables["Kominfo"][0] == first


@pytest.mark.parametrize("calm", [True, False])
def test_records_that_change_while_they_are_paged_are_read_anew_or_not_taken(
    api: JsonPeer, tmp_path: Path, calm: bool
) -> None:
    rows = [{"n": number} for number in range(25)]
    asked = 0

    def envelope(part: list[dict[str, Any]], total: int) -> dict[str, Any]:
        nonlocal asked
        asked += 1
        if asked == 1 or not calm:
            rows.insert(0, {"n": 1000 + asked})
        return {"data": part, "jumlah": total}

    api.envelope = envelope
    api.records("/data", rows, style="page")
    said = {"path": "/data", "records": "/data", "total": "/jumlah", "paging": {"style": "page"}}
    fetcher = Fetcher(internal=[api.url], pace=Pace(1000), wait=lambda _seconds: None)
    one = JsonAdapter(api.url, JsonOptions.model_validate(said), fetcher)
    (dataset,) = one.discover()
    (given,) = one.fetch(dataset, tmp_path)
    if calm:
        assert isinstance(given, Evidence)
        assert given.path.read_text().count('"n"') == 26
    else:
        assert isinstance(given, Missed)
        assert given.notice.code == "json.records_moved"
        assert list(tmp_path.iterdir()) == []
