"""A source connected from a page: what may be, what the test shows, and that it stores nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from peers.ckan_peer import CkanPeer
from sqlalchemy import func, select

from datasets.models import Source
from harvesters import trial
from metadata.errors import LumbungError

if TYPE_CHECKING:
    Bench = Any

PLACES = [
    ("files", "/etc"),
    ("ckan", "file:///etc/passwd"),
    ("sql", "postgresql://localhost/x"),
    ("ckan", "https://ani:rahasia@data.example"),
]


@pytest.mark.parametrize(("kind", "location"), PLACES)
def test_what_is_an_operators_cannot_be_connected_from_a_page(kind: str, location: str) -> None:
    with pytest.raises(LumbungError):
        trial.allowed(kind, location, {})


def test_no_page_opens_the_inner_network(bench: Bench) -> None:
    with pytest.raises(trial.NotFromHere):
        trial.allowed("ckan", "https://data.example", {"internal": True})
    with bench.here.database.read() as session:
        before = session.scalar(select(func.count()).select_from(Source))
    for path in ("/kerja/sambung", "/kerja/sambung/simpan"):
        fields = {"kind": "ckan", "location": "http://127.0.0.1:9/", "options": "internal: true"}
        assert bench.ani.post(path, page="/kerja/sambung", **fields).status_code == 422
    page = bench.ani.post("/kerja/sambung", page="/kerja/sambung", kind="ckan", location="http://127.0.0.1:9/")
    assert page.status_code == 422 and "127.0.0.1" in page.text
    with bench.here.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == before


def test_the_test_shows_what_would_be_harvested(bench: Bench) -> None:
    with CkanPeer() as peer:
        peer.add("jembatan", files={"jembatan.csv": b"nama\nKali\n"})
        told = trial.main(
            json.dumps(
                {
                    "kind": "ckan",
                    "location": peer.url,
                    "options": {"internal": True},
                    "settings": {"home": str(bench.here.settings.home)},
                    "limit": 5,
                }
            )
        )
    assert [one["title"] for one in told["found"]] == ["Jembatan"] and not told["more"]


def test_a_connected_source_is_of_the_agency_and_logged(bench: Bench) -> None:
    fields = {"kind": "ckan", "location": "https://data.example.go.id", "title": "Portal Dinas", "schedule": "daily"}
    answer = bench.ani.post("/kerja/sambung/simpan", page="/kerja/sambung", **fields)
    assert answer.status_code == 303
    with bench.here.database.read() as session:
        stored = session.scalars(select(Source).where(Source.location == fields["location"])).one()
        assert (stored.schedule, stored.enabled) == ("30 1 * * *", True)
