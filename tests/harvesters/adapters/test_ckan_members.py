"""Portals for members, and tables that stand only in the DataStore: read whole, in order, with their types."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers.ckan_peer import CkanPeer, Table
from peers.http_peer import HttpPeer
from pydantic import ValidationError

from harvesters import faults
from harvesters.adapter import Evidence, Missed, RemoteDataset
from harvesters.adapters.ckan import CkanAdapter, CkanOptions
from harvesters.protocols import datastore
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits
from metadata.reading.reader import read

QUICK = Limits(connect=1.0, idle=0.5, total=2.0, attempts=2, first_wait=0.01)
CSV = b"kode,nilai\n35.22,71.8\n"
TOKEN = "kunci-rahasia-portal-0417"
FIELDS = [
    {"id": "_id", "type": "int"},
    {"id": "kode", "type": "text", "info": {"label": "", "type_override": "text"}},
    {"id": "Nilai", "type": "numeric"},
    {"id": "diubah", "type": "timestamp"},
    {"id": "sah", "type": "bool"},
    {"id": "ket", "type": "text"},
]


def row(number: int) -> dict[str, Any]:
    return {
        "_id": number,
        "kode": f"{number:05}",
        "Nilai": number / 8,
        "diubah": "2025-03-01T10:00:00",
        "sah": number % 2 == 0,
        "ket": None,
    }


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[CkanPeer]:
    monkeypatch.setenv("SOURCE_PORTAL_TOKEN", TOKEN)
    with CkanPeer() as peer:
        yield peer


def adapter(portal: CkanPeer, *others: HttpPeer, **options: Any) -> CkanAdapter:
    internal = [portal.url, *(one.url for one in others)]
    fetcher = Fetcher(internal=internal, limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
    return CkanAdapter(portal.url, CkanOptions.model_validate(options), fetcher)


def table_in(portal: CkanPeer, table: Table, into: Path, **options: Any) -> Evidence | Missed:
    portal.add_table(portal.add("ipm"), "ipm 2025", table)
    (dataset,) = adapter(portal, **options).discover()
    (given,) = adapter(portal, **options).fetch(dataset, into)
    return given


def test_a_portal_for_members_is_opened_by_a_token_that_is_kept_in_the_environment(
    portal: CkanPeer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    portal.token = TOKEN
    package = portal.add("ipm", files={"a.csv": CSV})
    portal.add_table(package, "baris", Table(FIELDS, [row(1)]))
    with pytest.raises(faults.PortalRefuses):
        list(adapter(portal).discover())
    opened = adapter(portal, token="${SOURCE_PORTAL_TOKEN}")
    with caplog.at_level(logging.DEBUG):
        (dataset,) = opened.discover()
        given = list(opened.fetch(dataset, tmp_path))
    assert all(isinstance(one, Evidence) for one in given)
    assert TOKEN not in caplog.text + repr(dataset) + repr(given)
    with pytest.raises(ValidationError, match="SOURCE_"):
        CkanOptions.model_validate({"token": TOKEN})


def test_a_token_is_never_sent_elsewhere(portal: CkanPeer, tmp_path: Path) -> None:
    with HttpPeer() as elsewhere:
        linked = elsewhere.on("/b.csv", lambda x: x.reply(CSV))
        moved = portal.on(
            "/pindah.csv", lambda x: x.reply(status=302, Location=elsewhere.on("/c.csv", elsewhere.routes["/b.csv"]))
        )
        portal.token = TOKEN
        portal.add("ipm", resources=[{"name": "b", "url": linked}, {"name": "c", "url": moved}])
        opened = adapter(portal, elsewhere, token="${SOURCE_PORTAL_TOKEN}")
        (dataset,) = opened.discover()
        assert all(isinstance(one, Evidence) for one in opened.fetch(dataset, tmp_path))
        assert [one.path for one in elsewhere.seen] == ["/b.csv", "/c.csv"]
        assert TOKEN not in repr(elsewhere.seen)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        (
            "https://data.contoh.go.id/dataset/x/download/a.csv",
            True,
        ),  # portals write their addresses with or without TLS
        ("http://data.contoh.go.id/dataset/x/download/a.csv", True),
        ("http://data.contoh.go.id:8080/a.csv", False),
        ("https://data.contoh.go.id.jahat.example/a.csv", False),
        ("https://data.contoh.go.id@jahat.example/a.csv", False),
        ("ftp://data.contoh.go.id/a.csv", False),
    ],
)
def test_who_the_portal_is_does_not_hang_on_tls(portal: CkanPeer, url: str, sent: bool) -> None:
    options = CkanOptions.model_validate({"token": "${SOURCE_PORTAL_TOKEN}"})
    one = CkanAdapter("http://data.contoh.go.id", options, Fetcher())
    assert one._headers(url) == ({"Authorization": TOKEN} if sent else {})


def test_private_datasets_are_taken_only_on_demand_and_deleted_ones_never(portal: CkanPeer) -> None:
    portal.add("anggota", private=True, files={"a.csv": CSV})
    portal.add("terhapus", state="deleted", files={"a.csv": CSV})
    portal.add("umum", files={"a.csv": CSV})
    assert {one.key for one in adapter(portal).discover()} == {"umum"}
    assert {one.key for one in adapter(portal, private=True).discover()} == {"anggota", "umum"}
    assert ["include_private" in search for search in portal.searches] == [False, True]


def test_a_harvest_by_group_takes_what_is_in_it(portal: CkanPeer) -> None:
    portal.add("a", files={"a.csv": CSV}, groups=[{"name": "kesehatan"}])
    portal.add("b", files={"a.csv": CSV}, groups=[{"name": "sosial"}])
    assert [one.key for one in adapter(portal, groups=["kesehatan"]).discover()] == ["a"]


@pytest.mark.parametrize(("cap", "counts"), [(32_000, True), (7, True), (7, False)])
def test_a_table_of_the_datastore_is_read_whole_however_it_is_paged(
    portal: CkanPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: int, counts: bool
) -> None:
    monkeypatch.setattr(datastore.DatastoreRows.__init__, "__kwdefaults__", {"page": 10})
    rows = [row(number) for number in range(1, 38)]
    given = table_in(portal, Table(FIELDS, rows[::-1], cap=cap, counts=counts), tmp_path)
    assert isinstance(given, Evidence)
    lines = given.path.read_text().splitlines()
    assert lines[0] == "kode,Nilai,diubah,sah,ket"
    assert lines[1] == "00001,0.125,2025-03-01T10:00:00,false,"
    assert [line[:5] for line in lines[1:]] == [f"{number:05}" for number in range(1, 38)]


def test_its_types_are_those_that_the_datastore_says(portal: CkanPeer, tmp_path: Path) -> None:
    given = table_in(portal, Table(FIELDS, [row(number) for number in range(1, 12)]), tmp_path)
    assert isinstance(given, Evidence)
    (table,) = read(given.path, filename=given.file.filename, into=tmp_path, hints=given.file.hints).tables
    assert [one.type for one in table.columns] == ["string", "number", "datetime", "boolean", "string"]
    assert table.path.read_text().splitlines()[8] == "00008,1.0,2025-03-01T10:00:00,true,"


@pytest.mark.parametrize(("last", "kind"), [("2025-03-02T00:00:00", "date"), ("2025-03-02T07:30:00", "datetime")])
def test_moments_that_are_all_at_midnight_are_days(portal: CkanPeer, tmp_path: Path, last: str, kind: str) -> None:
    fields = [{"id": "_id", "type": "int"}, {"id": "tanggal", "type": "timestamp"}, {"id": "n", "type": "int4"}]
    rows = [{"_id": 1, "tanggal": "2025-03-01T00:00:00", "n": 1}, {"_id": 2, "tanggal": last, "n": 2}]
    given = table_in(portal, Table(fields, rows), tmp_path)
    assert isinstance(given, Evidence)
    (table,) = read(given.path, filename=given.file.filename, into=tmp_path, hints=given.file.hints).tables
    assert [one.type for one in table.columns] == [kind, "integer"]
    assert table.path.read_text().splitlines()[-1] == f"{last.removesuffix('T00:00:00')},2"


def test_every_digit_of_a_figure_is_kept(portal: CkanPeer, tmp_path: Path) -> None:
    fields = [{"id": "_id", "type": "int"}, {"id": "rupiah", "type": "numeric"}]
    exact = '{"success": true, "result": {"fields": %s, "records": [{"_id": 1, "rupiah": 8002269316123456.91}]}}'
    portal.on("/api/3/action/datastore_search", lambda x: x.reply((exact % json.dumps(fields)).encode()))
    given = table_in(portal, Table(fields, []), tmp_path)
    assert isinstance(given, Evidence)
    assert given.path.read_text() == "rupiah\n8002269316123456.91\n"


@pytest.mark.parametrize("change", ["delete", "insert", "both"])
def test_rows_that_change_while_they_are_paged_are_read_anew(
    portal: CkanPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(datastore.DatastoreRows.__init__, "__kwdefaults__", {"page": 10})
    changes = iter([change])

    def disturb(table: Table) -> None:
        now = next(changes, None)
        if now in ("delete", "both"):
            table.rows = [one for one in table.rows if one["_id"] != 3]
        if now in ("insert", "both"):
            table.rows.append(row(99))

    portal.while_paging = disturb
    table = Table(FIELDS, [row(number) for number in range(1, 38)])
    given = table_in(portal, table, tmp_path)
    assert isinstance(given, Evidence)
    assert [line[:5] for line in given.path.read_text().splitlines()[1:]] == [one["kode"] for one in table.rows]


def test_a_table_that_never_stands_still_is_missed_rather_than_taken_in_part(
    portal: CkanPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datastore.DatastoreRows.__init__, "__kwdefaults__", {"page": 10})
    portal.while_paging = lambda table: table.rows.append(row(len(table.rows) + 1))
    given = table_in(portal, Table(FIELDS, [row(number) for number in range(1, 38)]), tmp_path)
    assert isinstance(given, Missed)
    assert given.notice.code == "ckan.rows_moved"
    assert list(tmp_path.iterdir()) == []


def test_a_view_whose_rows_have_no_number_is_sorted_by_all_its_columns(portal: CkanPeer, tmp_path: Path) -> None:
    rows = [{"kode": "b", "n": 1}, {"kode": "a", "n": 2}, {"kode": "a", "n": 1}]
    given = table_in(portal, Table([{"id": "kode", "type": "text"}, {"id": "n", "type": "int4"}], rows), tmp_path)
    assert isinstance(given, Evidence)
    assert given.path.read_text() == "kode,n\na,1\na,2\nb,1\n"


def test_rows_are_taken_in_place_of_a_file_only_on_demand(portal: CkanPeer, tmp_path: Path) -> None:
    package = portal.add("ipm", files={"a.csv": CSV})
    package["resources"][0]["datastore_active"] = True
    portal.tables[package["resources"][0]["id"]] = Table(FIELDS, [row(1)])

    def taken(**options: Any) -> tuple[RemoteDataset, bytes]:
        (dataset,) = adapter(portal, **options).discover()
        (given,) = adapter(portal, **options).fetch(dataset, tmp_path)
        assert isinstance(given, Evidence)
        return dataset, given.path.read_bytes()

    file, rows = taken(), taken(datastore=True)
    assert file[1] == CSV
    assert rows[1].startswith(b"kode,Nilai,")
    assert file[0].fingerprint is not None
    assert rows[0].fingerprint is None  # rows change without a word in the listing


def test_an_empty_or_a_vanished_table_is_told(portal: CkanPeer, tmp_path: Path) -> None:
    package = portal.add("ipm")
    portal.add_table(package, "kosong", Table([{"id": "_id", "type": "int"}], []))
    gone = portal.add_table(package, "hilang", Table(FIELDS, []))
    del portal.tables[gone["id"]]
    (dataset,) = adapter(portal).discover()
    given = list(adapter(portal).fetch(dataset, tmp_path))
    assert [one.notice.code for one in given if isinstance(one, Missed)] == ["ckan.no_table", "fetch.refused"]


@pytest.mark.parametrize(("name", "rows"), [("inhil_datastore_kelas_jalan", 7), ("kaltim_datastore_retribusi", 3)])
def test_recorded_tables_of_real_portals_are_understood(
    portal: CkanPeer, shared_data: Path, tmp_path: Path, name: str, rows: int
) -> None:
    recorded = json.loads((shared_data / "ckan" / f"{name}.json").read_bytes())["result"]
    given = table_in(portal, Table(recorded["fields"], recorded["records"]), tmp_path)
    assert isinstance(given, Evidence)
    (table,) = read(given.path, filename=given.file.filename, into=tmp_path, hints=given.file.hints).tables
    assert table.rows == rows
    figures = [one.type for one in table.columns if one.title.isdigit()]
    assert set(figures) <= {"number", "integer"}
    assert len(figures) >= 3
