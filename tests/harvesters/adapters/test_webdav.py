"""A WebDAV folder as a source: against WsgiDAV, and against one that answers as no honest server does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers.http_peer import HttpPeer
from peers.webdav_peer import WebdavPeer
from pydantic import ValidationError

from harvesters import adapter as contract
from harvesters.adapter import Evidence, RemoteDataset, SourceUnavailable
from harvesters.adapters.webdav import WebdavAdapter, WebdavOptions
from harvesters.faults import Refused
from harvesters.protocols import dav
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits

QUICK = Limits(connect=1.0, idle=2.0, total=5.0, attempts=2, first_wait=0.01)
CSV = b"kode,nilai\n35.22,71.8\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "awan"
    (made / "Data Sektoral" / "2024").mkdir(parents=True)
    (made / "penduduk.csv").write_bytes(CSV)
    (made / "Data Sektoral" / "Luas panen & produksi #1 100%.csv").write_bytes(CSV)
    (made / "Data Sektoral" / "2024" / "jalan é.csv").write_bytes(CSV)
    (made / "~$buka.xlsx").write_bytes(b"x")
    (made / ".tersembunyi").write_bytes(b"x")
    return made


@pytest.fixture
def cloud(folder: Path) -> Iterator[WebdavPeer]:
    with WebdavPeer(folder) as peer:
        yield peer


def adapter(url: str, **options: Any) -> WebdavAdapter:
    fetcher = Fetcher(internal=[url], limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
    return WebdavAdapter(url, WebdavOptions.model_validate(options), fetcher)


def listing(url: str, **options: Any) -> dict[str, RemoteDataset]:
    return {one.key: one for one in adapter(url, **options).discover()}


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("webdav") is WebdavAdapter


def test_every_file_of_every_folder_is_a_dataset_whatever_signs_are_in_its_name(
    cloud: WebdavPeer, tmp_path: Path
) -> None:
    found = listing(cloud.url)
    assert set(found) == {
        "penduduk.csv",
        "Data Sektoral/Luas panen & produksi #1 100%.csv",
        "Data Sektoral/2024/jalan é.csv",
    }
    for dataset in found.values():
        (evidence,) = adapter(cloud.url).fetch(dataset, tmp_path)
        assert isinstance(evidence, Evidence)
        assert evidence.path.read_bytes() == CSV


def test_one_listing_a_folder_tells_what_changed(cloud: WebdavPeer, folder: Path) -> None:
    before = {key: one.fingerprint for key, one in listing(cloud.url).items()}
    assert None not in before.values()
    assert [method for method, _ in cloud.seen] == ["PROPFIND"] * 3
    (folder / "penduduk.csv").write_bytes(CSV + b"35.23,70.1\n")
    os.utime(folder / "penduduk.csv", (2_000_000_000, 2_000_000_000))
    after = {key: one.fingerprint for key, one in listing(cloud.url).items()}
    assert {key for key in after if after[key] != before[key]} == {"penduduk.csv"}


def test_patterns_narrow_and_depth_bounds_the_listing(cloud: WebdavPeer) -> None:
    assert set(listing(cloud.url, pattern=["Data Sektoral/2024/*"])) == {"Data Sektoral/2024/jalan é.csv"}
    shallow = listing(cloud.url, depth=1)
    assert "Data Sektoral/2024/jalan é.csv" not in shallow
    assert [one.fault.code for one in shallow.values() if one.fault] == ["folder.too_much"]


def test_a_password_of_the_environment_opens_the_folder_and_is_shown_nowhere(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_AWAN", "kata-sandi-é")
    with WebdavPeer(folder, user="opd", password="kata-sandi-é") as cloud:
        with pytest.raises(Refused, match="401"):
            listing(cloud.url)
        said = {"user": "opd", "password": "${SOURCE_AWAN}", "pattern": ["penduduk.csv"]}
        (dataset,) = listing(cloud.url, **said).values()
        (evidence,) = adapter(cloud.url, **said).fetch(dataset, tmp_path)
    assert isinstance(evidence, Evidence)
    assert "sandi" not in repr((dataset, evidence)).replace("SOURCE_AWAN", "")


def test_a_public_share_is_opened_by_its_address(folder: Path, tmp_path: Path) -> None:
    with WebdavPeer(folder, user="tOkEn123", password="", mount="/public.php/webdav") as cloud:
        for address in ("/s/tOkEn123", "/index.php/s/tOkEn123/"):
            found = listing(cloud.origin + address)
            (evidence,) = adapter(cloud.origin + address).fetch(found["penduduk.csv"], tmp_path)
            assert isinstance(evidence, Evidence)


def test_a_password_written_into_the_options_is_refused() -> None:
    with pytest.raises(ValidationError):
        WebdavOptions.model_validate({"user": "opd", "password": "rahasia"})


def multistatus(*hrefs: str, kind: str = "") -> bytes:
    parts = "".join(
        f"<d:response><d:href>{href}</d:href><d:propstat><d:prop><d:resourcetype>{kind}</d:resourcetype>"
        "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        for href in hrefs
    )
    return f'<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">{parts}</d:multistatus>'.encode()


def test_paths_that_lead_out_of_the_folder_do_not_exist() -> None:
    with HttpPeer() as peer:
        hrefs = ["/dav/", "/dav/../rahasia.csv", "/dav/%2e%2e/x.csv", "/dav/a/%2e%2e/%2e%2e/x.csv", "/lain/y.csv"]
        hrefs += ["/dav//etc/passwd", "http://169.254.169.254/dav/z.csv", "http://[", "/dav/baik.csv", "/dav/a/b.csv"]
        peer.on("/dav/", lambda x: x.reply(multistatus(*hrefs), status=207))
        found = listing(f"{peer.url}/dav")
        assert set(found) == {"z.csv", "baik.csv"}  # the host of an href says nothing: files are asked of the source
        assert found["z.csv"].files[0].location == f"{peer.url}/dav/z.csv"
        assert found["baik.csv"].fingerprint is None  # nothing is said of its state


def test_a_folder_that_contains_itself_ends() -> None:
    with HttpPeer() as peer:
        collection = "<d:collection/>"
        peer.fallback = lambda x: x.reply(multistatus(f"{x.seen.path}lagi/", kind=collection), status=207)
        found = listing(f"{peer.url}/dav", depth=5)
        assert [one.fault.code for one in found.values() if one.fault] == ["folder.too_much"]
        assert len(peer.seen) == 7


def test_more_files_than_a_folder_may_have_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.protocols.remote_folder.MOST_ENTRIES", 10)
    with HttpPeer() as peer:
        peer.on("/dav/", lambda x: x.reply(multistatus(*(f"/dav/{n:02}.csv" for n in range(20))), status=207))
        found = listing(f"{peer.url}/dav")
        assert len(found) == 11
        assert [one.fault.code for one in found.values() if one.fault] == ["folder.too_much"]


BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d:multistatus xmlns:d="DAV:">&b;'


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        BOMB.decode().encode("utf-16"),
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><x/>',
        b"<html><body>masuk</body></html>",
        b"",
        b"<d:multistatus",
        b"<a/>",
        b"<a>" * 100_000,
    ],
)
def test_an_answer_that_is_no_webdav_is_told_in_words(body: bytes) -> None:
    with HttpPeer() as peer:
        peer.on("/dav/", lambda x: x.reply(body, status=207))
        with pytest.raises(SourceUnavailable, match="dapat dibaca sebagai"):
            listing(f"{peer.url}/dav")
        assert len(peer.seen) == 1


def test_a_folder_that_cannot_be_listed_does_not_hide_the_others() -> None:
    with HttpPeer() as peer:
        collection = "<d:collection/>"
        peer.on("/dav/", lambda x: x.reply(multistatus("/dav/a/", "/dav/b/", kind=collection), status=207))
        peer.on("/dav/a/", lambda x: x.reply(status=403))
        peer.on("/dav/b/", lambda x: x.reply(multistatus("/dav/b/x.csv"), status=207))
        found = listing(f"{peer.url}/dav")
        assert found["a/"].fault is not None
        assert "b/x.csv" in found


def test_addresses_are_made_and_taken_apart_alike() -> None:
    root = dav.tidy_root("http://x/dav/Data%20OPD?x=1")
    assert root == "http://x/dav/Data%20OPD/"
    for path in ("a b.csv", "a#b?.csv", "100%.csv", "é/ñ.csv"):
        assert dav._below(root, dav.folder_url(root, path)) == path
