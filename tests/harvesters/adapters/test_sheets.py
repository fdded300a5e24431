"""Google Sheets as a source; two servers on the loopback play Google's two hosts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers.http_peer import HttpPeer
from peers.sheets_peer import SheetsPeer

from harvesters import adapter as contract
from harvesters.adapter import Evidence, Missed
from harvesters.adapters.sheets import NotSheets, SheetsAdapter, SheetsOptions
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits

QUICK = Limits(connect=1.0, idle=1.0, total=5.0, attempts=2, first_wait=0.01)
DOCUMENT = "1AbCdEfGhIjKlMnOpQrStUvWxYz"
SHEETS = {0: ("Aduan 2024 - Januari", b"topik,jumlah\njalan,12\n"), 77: ("Aduan 2024 - Février", b"topik,jumlah\n")}


@pytest.fixture
def files() -> Iterator[HttpPeer]:
    with HttpPeer() as peer:
        yield peer


@pytest.fixture
def docs() -> Iterator[SheetsPeer]:
    with SheetsPeer() as peer:
        yield peer


def adapter(location: str, docs: HttpPeer, *files: HttpPeer, **options: Any) -> SheetsAdapter:
    fetcher = Fetcher(internal=[docs.url, *(one.url for one in files)], limits=QUICK, pace=Pace(1000))
    return SheetsAdapter(location, SheetsOptions.model_validate(options), fetcher)


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("sheets") is SheetsAdapter


@pytest.mark.parametrize("tail", ["", "/edit", "/edit?usp=sharing", "/edit#gid=0", "/htmlview?pli=1", "/copy"])
def test_any_address_of_a_shared_sheet_gives_its_table_over_the_redirect(
    docs: SheetsPeer, files: HttpPeer, tmp_path: Path, tail: str
) -> None:
    docs.share(DOCUMENT, SHEETS, files)
    one = adapter(f"{docs.url}/spreadsheets/d/{DOCUMENT}{tail}", docs, files)
    (dataset,) = one.discover()
    assert (dataset.key, dataset.title) == (f"{DOCUMENT}/0", "Aduan 2024 - Januari")
    (evidence,) = one.fetch(dataset, tmp_path)
    assert isinstance(evidence, Evidence)
    assert evidence.path.read_bytes() == SHEETS[0][1]
    assert evidence.url == f"{docs.url}/spreadsheets/d/{DOCUMENT}/export?format=csv&gid=0"


def test_the_sheet_in_the_address_is_the_one_taken_and_several_can_be_declared(
    docs: SheetsPeer, files: HttpPeer
) -> None:
    url = docs.share(DOCUMENT, SHEETS, files)
    assert [one.title for one in adapter(f"{url}#gid=77", docs, files).discover()] == ["Aduan 2024 - Février"]
    both = adapter(url, docs, files, sheets=[{"gid": 0, "title": "Aduan Januari"}, {"gid": 77}, {"gid": 77}])
    assert [(one.key, one.title) for one in both.discover()] == [
        (f"{DOCUMENT}/0", "Aduan Januari"),
        (f"{DOCUMENT}/77", "Aduan 2024 - Février"),
    ]


def test_a_published_sheet_is_asked_for_as_published(docs: SheetsPeer, files: HttpPeer, tmp_path: Path) -> None:
    docs.share("2PACX-1vAbCdEfGh", SHEETS, files)
    one = adapter(f"{docs.url}/spreadsheets/d/e/2PACX-1vAbCdEfGh/pubhtml?gid=0&single=true", docs, files)
    (evidence,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(evidence, Evidence)
    assert evidence.path.read_bytes() == SHEETS[0][1]


def test_a_sheet_that_is_not_shared_is_told_with_what_its_owner_has_to_do(docs: SheetsPeer, tmp_path: Path) -> None:
    one = adapter(docs.keep_private(DOCUMENT), docs)
    dataset = next(one.discover())
    assert dataset.fault is None
    (missed,) = one.fetch(dataset, tmp_path)
    assert isinstance(missed, Missed)
    assert "Bagikan" in missed.notice.say("id")
    docs.on(f"/spreadsheets/d/{DOCUMENT}/export", lambda x: x.reply(b"<html>401</html>", status=401))
    (missed,) = one.fetch(dataset, tmp_path)
    assert isinstance(missed, Missed)
    assert missed.notice.code == "sheets.not_shared"
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_is_gone_is_told_by_its_number(docs: SheetsPeer, files: HttpPeer, tmp_path: Path) -> None:
    one = adapter(docs.share(DOCUMENT, SHEETS, files), docs, files, sheets=[{"gid": 5}])
    (missed,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(missed, Missed)
    assert "gid 5" in missed.notice.say("id")


def test_the_redirect_is_judged_like_any_address(docs: SheetsPeer, tmp_path: Path) -> None:
    docs.on(f"/spreadsheets/d/{DOCUMENT}/export", lambda x: x.reply(status=307, Location="http://169.254.169.254/"))
    one = adapter(f"{docs.url}/spreadsheets/d/{DOCUMENT}", docs, sheets=[{"title": "A"}])
    (missed,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(missed, Missed)
    assert missed.notice.code == "fetch.address_forbidden"


def test_trouble_when_asking_for_the_title_does_not_publish_it_under_another(docs: SheetsPeer) -> None:
    docs.on(f"/spreadsheets/d/{DOCUMENT}/export", lambda x: x.reply(status=429, Retry_After="3600"))
    (dataset,) = adapter(f"{docs.url}/spreadsheets/d/{DOCUMENT}", docs).discover()
    assert dataset.fault is not None
    assert dataset.fault.code == "fetch.server_trouble"


@pytest.mark.parametrize("path", ["/", "/document/d/1AbCdEfGhIjKl/edit", "/spreadsheets/d/x/edit", "/spreadsheets/"])
def test_an_address_of_something_else_is_refused_in_words(docs: SheetsPeer, path: str) -> None:
    with pytest.raises(NotSheets, match="bilah alamat"):
        list(adapter(docs.url + path, docs).discover())
    assert docs.seen == []
