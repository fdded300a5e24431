"""How the portal behaves towards programs: request ids, packing, questions whether something changed, other sites."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from backports import zstd
from flask import Flask
from flask.testing import FlaskClient
from shown_tables import POPULATION, Shown
from werkzeug.test import TestResponse

from metadata.terms import Bilingual
from portal.api.deprecations import EXTENSION, Deprecation
from portal.app import create_app

UNPACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "zstd": zstd.decompress, "": bytes}
TABLE = f"/api/1/dataset/{POPULATION}"
DOORS = [
    f"/api/3/action/package_show?id={POPULATION}",
    "/api/3/action/package_search?q=penduduk",
    f"{TABLE}",
    f"{TABLE}/penduduk-kecamatan?_sort=kecamatan",
    f"{TABLE}/v/1/penduduk-kecamatan",
    f"/dataset/{POPULATION}.jsonld",
    "/catalog.ttl",
    "/catalog.rdf?page=1",
    "/feeds/custom.atom?q=penduduk",
    "/api/3/action/organization_list?all_fields=true",
    "/feeds/dataset.atom",
    "/sitemap.xml",
    "/api/openapi.json",
    "/.well-known/api-catalog",
    "/jurnal/checkpoint",
    f"/dataset/{POPULATION}/v/1/datapackage.json",
    f"/dataset/{POPULATION}/v/1/penduduk-kecamatan.csv",
]
"""Answers whose bytes are fixed: each under a strong tag."""
TABLES = [
    f"/dataset/{POPULATION}",
    f"/en/dataset/{POPULATION}/v/1?tahun=2023",
    f"/dataset/{POPULATION}/penduduk-kecamatan/grafik",
    f"/dataset/{POPULATION}/v/1/penduduk-kecamatan/grafik.json",
    f"/dataset/{POPULATION}/penduduk-kecamatan/baris/3",
    f"/dataset/{POPULATION}/diff/1..2",
]
"""Pages of tables: two that differ never have the same tag."""
PAGES = ["/", "/dataset?q=penduduk"]


@pytest.fixture(scope="module")
def client(shown: Shown) -> FlaskClient:
    return shown.app.test_client()


def test_an_id_goes_with_each_request_and_a_strange_one_is_replaced(public: FlaskClient) -> None:
    own = public.get("/").headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{16}", own)
    assert public.get("/").headers["X-Request-Id"] != own
    given = {"X-Request-Id": "req-2026.11:25_a"}
    for path in ("/", "/tidak-ada", "/api/3/action/package_list", "/static/lumbung.css"):
        assert public.get(path, headers=given).headers["X-Request-Id"] == "req-2026.11:25_a"
    assert "req-2026.11:25_a" in public.get("/tidak-ada", headers=given).text, "who reports an error can name it"
    for strange in ("pendek", "x" * 65, "<script>alert(1)</script>", "a b c d e f g h", "-depan-nya"):
        assert public.get("/", headers={"X-Request-Id": strange}).headers["X-Request-Id"] != strange


def test_a_fault_of_ours_is_logged_under_the_id(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.add_url_rule("/gagal", "gagal", lambda: 1 // 0)
    response = app.test_client().get("/gagal", headers={"X-Request-Id": "laporan-123"})
    assert response.status_code == 500
    assert response.headers["X-Request-Id"] == "laporan-123" and "laporan-123" in response.text
    assert any("[laporan-123]" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("path", [*DOORS, *TABLES, *PAGES])
def test_who_has_it_is_told_so_whatever_it_travelled_in(client: FlaskClient, path: str) -> None:
    bodies, tags = set(), set()
    for encoding in UNPACK:
        response = client.get(path, headers={"Accept-Encoding": encoding} if encoding else {})
        assert response.status_code == 200, path
        body = response.get_data()
        assert response.headers.get("Content-Encoding", "") in (encoding, "")
        if len(body) > 2000 or response.headers.get("Content-Encoding"):
            assert response.headers.get("Content-Encoding", "") == encoding, f"{encoding} was asked for"
        assert "Accept-Encoding" in response.headers["Vary"]
        bodies.add(UNPACK[response.headers.get("Content-Encoding", "")](body))
        tag = response.headers["ETag"]
        assert tag.startswith("W/") == (path in PAGES), "strong where the bytes are fixed"
        tags.add((tag, response.headers.get("Content-Encoding", "")))
        for accepted in UNPACK:
            headers = {"If-None-Match": tag} | ({"Accept-Encoding": accepted} if accepted else {})
            again = client.get(path, headers=headers)
            assert (again.status_code, again.get_data()) == (304, b"")
            assert again.headers["ETag"] == tag
        assert client.get(path, headers={"If-None-Match": '"lain"'}).status_code == 200
    assert len(bodies) == 1
    if path not in PAGES:
        assert len({tag for tag, _ in tags}) == len(tags), "bytes that differ have another tag"


def test_what_is_asked_of_the_head_is_told_as_of_the_whole(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "zstd"}
    for path in (DOORS[0], TABLES[0], PAGES[1]):
        whole, head = client.get(path, headers=headers), client.head(path, headers=headers)
        assert head.get_data() == b""
        for name in ("ETag", "Content-Encoding", "Content-Type", "Content-Length", "Vary"):
            assert head.headers[name] == whole.headers[name], (path, name)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("zstd;q=0, gzip", "gzip"),
        ("br", None),
        ("*", None),
        ("identity", None),
        ("GZIP", "gzip"),
    ],
)
def test_the_client_chooses_the_encoding(public: FlaskClient, accepted: str, chosen: str | None) -> None:
    assert public.get("/", headers={"Accept-Encoding": accepted}).headers.get("Content-Encoding") == chosen


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_stream_is_packed_on_its_way(client: FlaskClient, encoding: str) -> None:
    dataset = client.get(f"/api/3/action/package_show?id={POPULATION}").get_json()["result"]
    uuid = next(each["id"] for each in dataset["resources"] if each["datastore_active"])
    path = f"/datastore/dump/{uuid}"
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert UNPACK[encoding](packed.get_data()) == plain.get_data() != b""


@pytest.mark.parametrize("path", [*DOORS, f"/dataset/{POPULATION}", "/mcp", "/oai?verb=Identify", "/datastore/dump/x"])
def test_scripts_of_other_sites_may_ask_and_read(client: FlaskClient, path: str) -> None:
    asked = {
        "Origin": "https://aplikasi.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match,content-type,authorization",
    }
    before = client.options(path, headers=asked)
    assert before.status_code == 200
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    allowed = before.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert set(asked["Access-Control-Request-Headers"].split(",")) <= set(allowed)
    assert "GET" in before.headers["Access-Control-Allow-Methods"] or path == "/mcp"
    answer = client.get(path, headers={"Origin": asked["Origin"]})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    readable = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "RateLimit", "X-Request-Id", "Content-Disposition"} <= set(readable)


@pytest.mark.parametrize("path", ["/masuk", "/akun", "/kerja", "/kerja/webhook", "/kerja/catatan.csv"])
def test_private_pages_are_no_other_sites_to_read(public: FlaskClient, path: str) -> None:
    for answer in (public.get(path), public.options(path)):
        assert "Access-Control-Allow-Origin" not in answer.headers


def links(response: TestResponse) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for address, relation in re.findall(r'<([^>]+)>; rel="([^"]+)"', ", ".join(response.headers.getlist("Link"))):
        found.setdefault(relation, []).append(address.removeprefix("https://data.example.go.id"))
    return found


@pytest.mark.parametrize(
    ("start", "things"),
    [
        (
            "/api/3/action/package_search?rows=2&sort=id+asc",
            lambda told: [one["id"] for one in told["result"]["results"]],
        ),
        ("/api/3/action/package_list?limit=2", lambda told: told["result"]),
        (f"{TABLE}/penduduk-kecamatan?_size=7", lambda told: told["row_numbers"]),
    ],
)
def test_links_lead_through_all_pages_and_back(client: FlaskClient, start: str, things: Any) -> None:
    whole: list[Any] = []
    seen: list[str] = []
    address: str | None = start
    while address and len(seen) < 50:
        response = client.get(address)
        whole += things(response.get_json())
        seen.append(address)
        found = links(response)
        assert client.get(found["first"][0]).get_json() == client.get(start).get_json() or len(seen) > 1
        address = found["next"][0] if "next" in found else None
    assert len(seen) > 2
    assert len(whole) == len(set(whole)), "nothing comes twice"
    without = start.replace("rows=2", "rows=1000").replace("limit=2", "").replace("_size=7", "_size=10000")
    assert whole == things(client.get(without).get_json()), "nothing is left out"
    if "last" in found and "prev" in found:
        assert things(client.get(found["last"][0]).get_json()) == whole[-len(things(response.get_json())) :]
        assert things(client.get(found["prev"][0]).get_json())[-1] in whole


def test_a_dataset_page_says_what_it_is_in_links(client: FlaskClient) -> None:
    page = client.get(f"/dataset/{POPULATION}")
    found = links(page)
    assert found["canonical"] == [f"/dataset/{POPULATION}"]
    assert found["license"][0].startswith("https://")
    assert found["collection"] == ["/catalog"] and found["describedby"]
    for relation in ("cite-as", "item", "describedby", "alternate"):
        for address in found[relation]:
            assert client.get(address).status_code in (200, 302, 303), address
    held = client.get(f"/dataset/{POPULATION}", headers={"If-None-Match": page.headers["ETag"]})
    assert links(held) == found
    old = links(client.get(f"/dataset/{POPULATION}/v/1"))
    assert old["canonical"] == [f"/dataset/{POPULATION}/v/1"]
    assert old["latest-version"] == [f"/dataset/{POPULATION}"]


@pytest.mark.parametrize("path", ["/", "/api", "/api/3/action/package_list", TABLE])
def test_the_interfaces_are_described_where_links_say(client: FlaskClient, path: str) -> None:
    found = links(client.get(path))
    assert client.get(found["service-desc"][0]).get_json()["openapi"].startswith("3.1")
    assert client.get(found["service-doc"][0], headers={"Accept": "text/html"}).mimetype == "text/html"
    assert client.get(found["api-catalog"][0]).mimetype == "application/linkset+json"


def test_what_will_go_says_so_in_each_of_its_answers_and_on_the_page(shown: Shown) -> None:
    old = Deprecation(
        path="/api/3/action/package_autocomplete",
        since=datetime(2026, 1, 1, tzinfo=UTC),
        sunset=datetime(2027, 2, 1, tzinfo=UTC),
        successor="/api/3/action/package_search",
        words=Bilingual("Pakai pencarian.", "Use the search."),
    )
    app = create_app(shown.installation.settings, shown.installation)
    page = {"Accept": "text/html"}
    assert "Saat ini tidak ada yang akan dihapus" in app.test_client().get("/api", headers=page).text
    assert "Deprecation" not in app.test_client().get(f"{old.path}?q=x").headers
    app.extensions[EXTENSION] = (old,)
    answer = app.test_client().get(f"{old.path}?q=x")
    assert answer.status_code == 200
    assert answer.headers["Deprecation"] == "@1767225600"
    assert answer.headers["Sunset"] == "Mon, 01 Feb 2027 00:00:00 GMT"
    found = links(answer)
    assert found["deprecation"] == ["/api#kebijakan"] and found["successor-version"] == [old.successor]
    assert "Deprecation" not in app.test_client().get("/api/3/action/package_list").headers
    told = app.test_client().get("/api", headers=page).text
    assert old.path in told and "1 Februari 2027" in told and "Pakai pencarian." in told
