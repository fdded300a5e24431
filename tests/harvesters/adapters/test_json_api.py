"""REST APIs by declaration, against one that pages in each of the usual ways and has the habits of real ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers.json_peer import JsonPeer
from pydantic import ValidationError

from datasets.clock import now
from harvesters import adapter as contract
from harvesters.adapter import Evidence, Missed, RemoteDataset, SourceUnavailable
from harvesters.adapters.json_api import JsonAdapter
from harvesters.protocols.apiplan import JsonOptions
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits
from metadata.errors import LumbungError
from metadata.reading.reader import read

QUICK = Limits(connect=1.0, idle=1.0, total=5.0, body=200_000, attempts=2, first_wait=0.01)
ROWS = [{"kecamatan_id": str(number), "kecamatan_nama": f"Kecamatan {number}"} for number in range(1, 26)]


@pytest.fixture
def api() -> Iterator[JsonPeer]:
    with JsonPeer() as peer:
        yield peer


def adapter(api: JsonPeer, at: str = "/", **options: Any) -> JsonAdapter:
    fetcher = Fetcher(internal=[api.url], limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
    return JsonAdapter(api.url + at, JsonOptions.model_validate(options), fetcher)


def listing(api: JsonPeer, **options: Any) -> dict[str, RemoteDataset]:
    return {one.key: one for one in adapter(api, **options).discover()}


def gathered(api: JsonPeer, into: Path, at: str = "/json/3", **options: Any) -> Any:
    """The records of the one dataset, or the code of what went wrong."""
    one = adapter(api, at, **options)
    (dataset,) = one.discover()
    (got,) = one.fetch(dataset, into)
    return json.loads(got.path.read_text()) if isinstance(got, Evidence) else got.notice.code


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("json") is JsonAdapter


@pytest.mark.parametrize(
    ("style", "paging"),
    [
        ("none", {}),
        ("page", {"style": "page", "size_parameter": "limit", "size": 10}),
        ("offset", {"style": "offset", "parameter": "offset", "first": 0}),
        ("cursor", {"style": "cursor", "parameter": "after", "next": "/next"}),
        ("link", {"style": "link"}),
    ],
)
@pytest.mark.parametrize("total", ["", "/jumlah"])
def test_all_pages_are_read_whatever_the_style(
    api: JsonPeer, tmp_path: Path, style: str, paging: dict[str, Any], total: str
) -> None:
    api.records("/json/3", ROWS, style=style)
    assert gathered(api, tmp_path, paging=paging, records="/data", total=total) == ROWS
    assert api.count("/json/3") == (1 if style == "none" else 3)


def test_a_server_that_gives_fewer_a_page_than_asked_for_is_read_to_its_end(api: JsonPeer, tmp_path: Path) -> None:
    api.records("/json/3", ROWS, style="offset", cap=4)
    paging = {"style": "offset", "parameter": "offset", "first": 0, "size_parameter": "limit", "size": 100}
    assert gathered(api, tmp_path, paging=paging) == ROWS


def test_a_server_that_ignores_paging_gives_its_records_once(api: JsonPeer, tmp_path: Path) -> None:
    api.records("/json/3", ROWS, style="none")
    assert gathered(api, tmp_path, paging={"style": "page"}) == ROWS


def test_a_server_without_a_page_after_the_last_is_understood(api: JsonPeer, tmp_path: Path) -> None:
    api.on(
        "/json/3",
        lambda x: api.say(x, {"data": ROWS[:2]}) if dict(x.seen.query)["page"] == "1" else x.reply(b"", status=404),
    )
    assert gathered(api, tmp_path, paging={"style": "page"}) == ROWS[:2]


def test_fewer_records_than_announced_are_none(api: JsonPeer, tmp_path: Path) -> None:
    api.envelope = lambda rows, total: {"data": rows, "count": total + 5}
    api.records("/json/3", ROWS, style="page")
    assert gathered(api, tmp_path, paging={"style": "page"}, total="/count") == "json.fewer_than_told"
    assert list(tmp_path.iterdir()) == []


def test_a_next_page_on_another_host_is_not_followed(api: JsonPeer, tmp_path: Path) -> None:
    api.value("/json/3", {"data": ROWS, "next": "http://169.254.169.254/latest"})
    one = adapter(api, "/json/3", paging={"style": "link", "next": "/next"})
    (dataset,) = one.discover()
    with pytest.raises(SourceUnavailable, match="next"):
        list(one.fetch(dataset, tmp_path))


def test_records_that_never_end_are_stopped_at_the_size_of_a_file(api: JsonPeer, tmp_path: Path) -> None:
    api.on("/json/3", lambda x: api.say(x, {"data": [{"nomor": dict(x.seen.query)["page"], "isi": "x" * 50_000}]}))
    assert gathered(api, tmp_path, paging={"style": "page"}) == "fetch.too_large"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "Error", "message": "Please re-check your key"},
        {"status": False, "pesan": "tidak ada"},
        {"success": False, "error": "x"},
        {"status": 404, "message": "Not Found"},
        {"status": "gagal", "data": []},
    ],
)
def test_a_failure_under_the_status_of_success_is_a_failure(api: JsonPeer, tmp_path: Path, answer: Any) -> None:
    api.value("/json/3", answer)
    assert gathered(api, tmp_path) == "json.says_no"


@pytest.mark.parametrize("status", [200, "200", "OK", True, "success", "Success", "Berhasil"])
def test_every_usual_word_for_success_is_one(api: JsonPeer, tmp_path: Path, status: Any) -> None:
    api.value("/json/3", {"status": status, "data": ROWS})
    assert gathered(api, tmp_path) == ROWS
    assert gathered(api, tmp_path, success={"pointer": "/status"}) == ROWS


def test_a_declared_mark_of_success_is_the_only_one(api: JsonPeer, tmp_path: Path) -> None:
    api.value("/json/3", {"kode": "00", "ket": "Beres", "status": "error", "data": ROWS})
    assert gathered(api, tmp_path, success={"pointer": "/kode", "values": ["00"]}) == ROWS
    said = {"pointer": "/kode", "values": ["11"], "message": "/ket"}
    one = adapter(api, "/json/3", success=said)
    (missed,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(missed, Missed)
    assert "Beres" in missed.notice.say("id")


@pytest.mark.parametrize("body", [b"null", b'{"status":"OK","data":""}', b'{"data":[]}'])
def test_nothing_there_gives_an_empty_list_which_no_gate_lets_through(
    api: JsonPeer, tmp_path: Path, body: bytes
) -> None:
    api.on("/json/3", lambda x: x.reply(body))
    assert gathered(api, tmp_path, records="/data") == []
    with pytest.raises(LumbungError):
        read(tmp_path / "3.json", filename="3.json", into=tmp_path)


@pytest.mark.parametrize("body", [b"<html>masuk</html>", b"", b'{"data": 5}', b'{"data": [1, 2]}', b'"' * 3, b"\0"])
def test_what_is_no_list_of_records_is_told_in_words(api: JsonPeer, tmp_path: Path, body: bytes) -> None:
    api.on("/json/3", lambda x: x.reply(body))
    one = adapter(api, "/json/3", records="/data")
    with pytest.raises(SourceUnavailable, match="JSON"):
        list(one.fetch(next(one.discover()), tmp_path))


def test_each_year_is_asked_for_and_told_in_the_records(api: JsonPeer, tmp_path: Path) -> None:
    for year in (2023, 2024):
        api.value(f"/api/{year}", {"data": [{"kecamatan": "Ngraho", "nilai": year}]})
    one = adapter(api, "/", path="/api/{tahun}", years=[2023, 2024], datasets=[{"id": "a", "title": "A"}])
    (evidence,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(evidence, Evidence)
    assert json.loads(evidence.path.read_text()) == [
        {"tahun": 2023, "kecamatan": "Ngraho", "nilai": 2023},
        {"tahun": 2024, "kecamatan": "Ngraho", "nilai": 2024},
    ]


def test_a_year_that_fails_is_not_left_out_in_silence(api: JsonPeer, tmp_path: Path) -> None:
    api.value("/api/2023", {"data": ROWS})
    one = adapter(api, "/", path="/api/{tahun}", years=[2023, 2024], datasets=[{"id": "a", "title": "A"}])
    (missed,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(missed, Missed)
    assert missed.notice.code == "fetch.refused"


def test_the_present_year_may_not_be_there_yet_but_no_other_may_be_missing(api: JsonPeer, tmp_path: Path) -> None:
    this_year = now().year
    for year in (this_year - 2, this_year - 1):
        api.value(f"/api/{year}", {"data": [{"nilai": year}]})
    said = {"path": "/api/{tahun}", "first_year": this_year - 2, "datasets": [{"id": "a", "title": "A"}]}
    one = adapter(api, "/", **said)
    (evidence,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(evidence, Evidence)
    assert [record["tahun"] for record in json.loads(evidence.path.read_text())] == [this_year - 2, this_year - 1]
    strict = adapter(api, "/", may_lack=0, **said)
    (missed,) = strict.fetch(next(strict.discover()), tmp_path)
    assert isinstance(missed, Missed)
    api.value(f"/api/{this_year}", {"data": []}, status=500)
    (missed,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(missed, Missed)


def test_members_are_renamed_and_only_those_wanted_kept(api: JsonPeer, tmp_path: Path) -> None:
    rows = [{"tabel_74_112_3": "Kapontori", "tabel_74_112_5": "14,288", "updated_at": "2025"}]
    api.value("/json/3", {"status": 200, "data": rows})
    names = {"tabel_74_112_3": "kecamatan", "tabel_74_112_5": "luas"}
    assert gathered(api, tmp_path, rename=names, keep=list(names)) == [{"kecamatan": "Kapontori", "luas": "14,288"}]


def test_an_id_cannot_lead_to_another_path(api: JsonPeer, tmp_path: Path) -> None:
    api.value("/json/a%2F..%2F..%2Fadmin%3Fx", {"data": ROWS})
    one = adapter(api, "/", path="/json/{id}", datasets=[{"id": "a/../../admin?x", "title": "A"}])
    list(one.fetch(next(one.discover()), tmp_path))
    assert [seen.path for seen in api.seen] == ["/json/a%2F..%2F..%2Fadmin%3Fx"]


def test_a_listed_address_on_another_host_gets_none_of_our_secrets(
    api: JsonPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_T", "rahasia")
    api.value("/daftar", [{"id": 1, "title": "A", "apiUrl": "http://lain.example/1"}])
    listing_ = {"path": "/daftar", "address": "apiUrl"}
    assert listing(api, listing=listing_, headers={"Authorization": "Bearer ${SOURCE_T}"}) == {}


def test_secrets_are_sent_and_shown_nowhere(api: JsonPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_T", "sangat-rahasia")
    api.value("/json/3", {"data": ROWS})
    one = adapter(api, "/json/3", headers={"Authorization": "Bearer ${SOURCE_T}"}, query={"key": "${SOURCE_T}"})
    dataset = next(one.discover())
    (evidence,) = one.fetch(dataset, tmp_path)
    assert api.seen[0].headers["Authorization"] == "Bearer sangat-rahasia"
    assert ("key", "sangat-rahasia") in api.seen[0].query
    assert "sangat-rahasia" not in repr((dataset, evidence))
    api.value("/json/3", {}, status=403)
    (missed,) = one.fetch(dataset, tmp_path)
    assert "sangat-rahasia" not in repr(missed)


@pytest.mark.parametrize(
    "options",
    [
        {"path": "/{tahun}"},
        {"path": "/{pengguna}"},
        {"records": "data"},
        {"paging": {"style": "cursor"}},
        {"query": {"key": "rahasia"}},
        {"query": {"halaman": "${SOURCE_T}"}},
        {"tidak_ada": 1},
    ],
)
def test_a_declaration_that_cannot_work_is_refused_at_once(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        JsonOptions.model_validate(options)


def test_the_portal_of_trenggalek_is_declared_in_four_lines(api: JsonPeer, shared_data: Path, tmp_path: Path) -> None:
    real = shared_data / "json_bespoke"
    answers = {"/daftar": "trenggalek_daftar_dataset.json", "/json/3": "trenggalek_vertikal_kecamatan.json"}
    for path, name in answers.items():
        api.value(path, json.loads((real / name).read_text()))
    options = {"listing": {"path": "/daftar", "address": "apiUrl"}, "records": "/data", "total": "/jumlah"}
    found = listing(api, **options)
    assert len(found) > 10
    assert found["3"].title == "DATA LUAS BUDIDAYA KOLAM, TAMBAK, DAN LAUT (M2)"
    (evidence,) = adapter(api, **options).fetch(found["3"], tmp_path)
    assert isinstance(evidence, Evidence)
    reading = read(evidence.path, filename=evidence.file.filename, into=tmp_path)
    assert [table.rows for table in reading.tables] == [14]


def test_the_tables_of_sultra_get_their_columns_names(api: JsonPeer, shared_data: Path, tmp_path: Path) -> None:
    body = (shared_data / "json_bespoke" / "sultra_tabel_74_112_2025.json").read_bytes()
    api.on("/api/fetch-data/74_112/2025", lambda x: x.reply(body))
    one = adapter(
        api,
        path="/api/fetch-data/{id}/{tahun}",
        years=[2025],
        datasets=[{"id": "74_112", "title": "Kesatuan pengelolaan hutan"}],
        records="/data",
        success={"pointer": "/status"},
        rename={"tabel_74_112_3": "nama", "tabel_74_112_5": "luas_ha"},
    )
    (evidence,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(evidence, Evidence)
    (table,) = read(evidence.path, filename="74_112.json", into=tmp_path).tables
    assert {"tahun", "nama", "luas_ha"} <= {column.name for column in table.columns}
