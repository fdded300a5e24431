"""Each kind of source through the whole pipeline: published the first time, nothing done the second, news taken."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from peers import zips
from peers.dcat_peer import DcatPeer
from peers.http_peer import HttpPeer
from peers.json_peer import JsonPeer
from peers.sheets_peer import SheetsPeer
from peers.webdav_peer import WebdavPeer
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Evidence, Resource
from harvesters.declared import SourceEntry
from harvesters.runs.reports import RunReport
from harvesters.runs.runner import harvest
from harvesters.sources import add_source

HEADER = "kecamatan,tahun,jumlah\n"


def table(factor: int) -> bytes:
    rows = (f"Kecamatan {number},2023,{number * factor}\n" for number in range(1, 29))
    return (HEADER + "".join(rows)).encode()


def records(factor: int) -> list[dict[str, Any]]:
    return [{"kecamatan": f"Kecamatan {n}", "tahun": 2023, "jumlah": n * factor} for n in range(1, 29)]


@dataclass
class System:
    """A source system: where it is, what it needs, the key of its dataset, and how its figures are set."""

    location: str
    key: str
    hold: Callable[[int], None]
    options: dict[str, Any] = field(default_factory=dict)


def web(stack: ExitStack, _folder: Path) -> System:
    peer = stack.enter_context(HttpPeer())
    peer.on("/unduh/", lambda x: x.reply(b'<html><a href="jumlah.csv">Jumlah penduduk</a></html>'))

    def hold(factor: int) -> None:
        peer.on("/unduh/jumlah.csv", lambda x: x.reply(table(factor), ETag=f'"{factor}"'))

    return System(f"{peer.url}/unduh/", "unduh/jumlah.csv", hold, {"lists": "page"})


def archive(stack: ExitStack, _folder: Path) -> System:
    peer = stack.enter_context(HttpPeer())

    def hold(factor: int) -> None:
        body = zips.packed({"2023/jumlah.csv": table(factor), "baca dulu.txt": b"x"})
        peer.on("/semua.zip", lambda x: x.reply(body, ETag=f'"{factor}"'))

    return System(f"{peer.url}/semua.zip", "semua.zip", hold)


def rest(stack: ExitStack, _folder: Path) -> System:
    peer = stack.enter_context(JsonPeer())
    options = {
        "path": "/api/{id}",
        "datasets": [{"id": "penduduk", "title": "Jumlah penduduk"}],
        "paging": {"style": "offset", "parameter": "offset", "first": 0},
        "total": "/jumlah",
    }
    return System(
        peer.url, "penduduk", lambda factor: peer.records("/api/penduduk", records(factor), style="offset"), options
    )


def package(stack: ExitStack, _folder: Path) -> System:
    peer = stack.enter_context(HttpPeer())

    def hold(factor: int) -> None:
        body = table(factor)
        resource = {"name": "jumlah", "path": "jumlah.csv", "hash": hashlib.md5(body).hexdigest()}
        value = {"name": "penduduk", "title": "Jumlah penduduk", "resources": [resource]}
        peer.on("/p/datapackage.json", lambda x: x.reply(json.dumps(value).encode()))
        peer.on("/p/jumlah.csv", lambda x: x.reply(body))

    return System(f"{peer.url}/p/datapackage.json", "penduduk", hold)


def dcat(stack: ExitStack, _folder: Path) -> System:
    peer = stack.enter_context(DcatPeer())
    url = peer.serve("json-ld")

    def hold(factor: int) -> None:
        peer.datasets.clear()
        peer.add("penduduk", files={"jumlah.csv": table(factor)})

    return System(url, f"{peer.url}/dataset/penduduk", hold)


def sheets(stack: ExitStack, _folder: Path) -> System:
    docs, files = stack.enter_context(SheetsPeer()), stack.enter_context(HttpPeer())
    document = "1AbCdEfGhIjKlMnOp"

    def hold(factor: int) -> None:
        docs.share(document, {0: ("Jumlah penduduk", table(factor))}, files)

    location = f"{docs.url}/spreadsheets/d/{document}/edit#gid=0"
    return System(location, f"{document}/0", hold, {"internal_hosts": [files.url]})


def webdav(stack: ExitStack, folder: Path) -> System:
    peer = stack.enter_context(WebdavPeer(folder))

    def hold(factor: int) -> None:
        (folder / "jumlah.csv").write_bytes(table(factor))
        os.utime(folder / "jumlah.csv", (1_700_000_000 + factor, 1_700_000_000 + factor))

    return System(peer.url, "jumlah.csv", hold)


KINDS = {"web": web, "archive": archive, "json": rest, "datapackage": package, "dcat": dcat}
KINDS |= {"sheets": sheets, "webdav": webdav}


@pytest.fixture(params=KINDS)
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, System]]:
    folder = tmp_path / "awan"
    folder.mkdir()
    with ExitStack() as stack:
        yield {"archive": "web"}.get(request.param, request.param), KINDS[request.param](stack, folder)


@pytest.fixture
def run(installation: Installation, system: tuple[str, System]) -> Callable[[], RunReport]:
    kind, there = system
    options = {"internal": True, "requests_per_second": 100, **there.options}
    entry = {"name": "opd", "kind": kind, "location": there.location, "organization": "OPD", "options": options}
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())

    def once() -> RunReport:
        (report,) = harvest(installation, "opd")
        assert report.notice is None, report.notice.say("id")
        return report

    return once


def outcomes(report: RunReport) -> dict[str, str]:
    return {item.key: item.outcome.value for item in report.items}


def test_every_kind_publishes_then_rests_then_takes_the_news(
    installation: Installation, system: tuple[str, System], run: Callable[[], RunReport]
) -> None:
    there = system[1]
    there.hold(10)
    first = run()
    assert outcomes(first) == {there.key: "published"}, [one.say("id") for one in first.items[0].messages]
    assert outcomes(run()) == {there.key: "unchanged"}
    there.hold(11)
    assert outcomes(run()) == {there.key: "published"}
    with installation.database.read() as session:
        resources = session.scalars(select(Resource)).all()
        evidence = session.scalars(select(Evidence)).all()
        dataset = session.scalars(select(Dataset)).one()
    assert [one.rows for one in resources] == [28, 28]
    assert dataset.remote_key == there.key
    assert all(one.url.startswith(there.location.rpartition("//")[0]) for one in evidence)
    assert installation.search.state().documents == 1


def test_every_kind_keeps_what_is_published_when_its_table_is_emptied(
    system: tuple[str, System], run: Callable[[], RunReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = system[1]
    there.hold(10)
    run()
    monkeypatch.setitem(globals(), "table", lambda _factor: HEADER.encode())
    monkeypatch.setitem(globals(), "records", lambda _factor: [])
    there.hold(11)
    assert outcomes(run())[there.key] in ("failed", "held")
