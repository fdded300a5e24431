"""A folder behind SSH, on a real server: the host's key is pinned, links lead nowhere, half a file is none."""

from __future__ import annotations

import logging
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers.sftp_peer import PASSWORD, USER, SftpPeer
from pydantic import ValidationError

from datasets.clock import now
from datasets.installation import Installation
from harvesters import adapter as contract
from harvesters import faults
from harvesters.adapter import Evidence, Missed
from harvesters.adapters.sftp import SftpAdapter, SftpOptions
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits
from harvesters.wire.sftp import HostKeyDiffers, LoginRefused

QUICK = Limits(connect=2.0, idle=2.0, total=10.0, attempts=2, first_wait=0.01)
CSV = b"kode,nilai\n35.22,71.8\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpPeer]:
    folder = tmp_path_factory.mktemp("opd")
    with SftpPeer(folder) as peer:
        yield peer


@pytest.fixture
def peer(served: SftpPeer, monkeypatch: pytest.MonkeyPatch) -> SftpPeer:
    """The server with one file and a folder, as every test finds it."""
    for one in served.folder.iterdir():
        shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
    (served.folder / "kesehatan").mkdir()
    (served.folder / "kesehatan" / "gizi buruk.csv").write_bytes(CSV)
    (served.folder / "ipm.csv").write_bytes(CSV)
    served.while_reading = lambda: None
    monkeypatch.setenv("SOURCE_OPD_SANDI", PASSWORD)
    return served


def adapter(peer: SftpPeer, path: str = "", *, inside: bool = True, **options: Any) -> SftpAdapter:
    said = {"user": USER, "host_key": peer.fingerprint, "password": "${SOURCE_OPD_SANDI}", **options}
    internal = [peer.location] if inside else []
    fetcher = Fetcher(internal=internal, limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
    return SftpAdapter(peer.location + path, SftpOptions.model_validate(said), fetcher)


def taken(one: SftpAdapter, into: Path, key: str) -> Evidence | Missed:
    dataset = next(found for found in one.discover() if found.key == key)
    (given,) = one.fetch(dataset, into)
    return given


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("sftp") is SftpAdapter


def test_every_file_below_the_folder_is_a_dataset_by_its_path(peer: SftpPeer, tmp_path: Path) -> None:
    found = {one.key: one for one in adapter(peer).discover()}
    assert set(found) == {"ipm.csv", "kesehatan/gizi buruk.csv"}
    assert found["kesehatan/gizi buruk.csv"].title == "Gizi buruk"
    given = taken(adapter(peer, "/kesehatan/"), tmp_path, "gizi buruk.csv")
    assert isinstance(given, Evidence)
    assert given.path.read_bytes() == CSV
    assert given.url == f"{peer.location}/kesehatan/gizi%20buruk.csv"


def test_a_state_is_told_by_size_and_time(peer: SftpPeer) -> None:
    def state() -> str | None:
        return next(one.fingerprint for one in adapter(peer).discover() if one.key == "ipm.csv")

    before = state()
    assert before == state()
    os.utime(peer.folder / "ipm.csv", (1, 1))
    assert state() != before


def test_only_wanted_files_and_nothing_under_way_or_linked(peer: SftpPeer, tmp_path: Path) -> None:
    outside = tmp_path / "rahasia.csv"
    outside.write_bytes(CSV)
    (peer.folder / "tautan.csv").symlink_to(outside)
    (peer.folder / "semua").symlink_to(peer.folder)
    for name in ("a.csv.filepart", "b.part", ".tersembunyi.csv", "c.tmp", "readme.txt"):
        (peer.folder / name).write_bytes(CSV)
    (peer.folder / "data.xlsx").write_bytes(b"PK")
    assert {one.key for one in adapter(peer, pattern=["*.csv"]).discover()} == {"ipm.csv", "kesehatan/gizi buruk.csv"}
    assert {one.key for one in adapter(peer, exclude=["kesehatan/*"]).discover()} == {
        "ipm.csv",
        "data.xlsx",
        "readme.txt",
    }


def test_a_name_in_another_encoding_is_listed_and_fetched(peer: SftpPeer, tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(peer.folder) + b"/caf\xe9.csv")).write_bytes(CSV)
    given = taken(adapter(peer), tmp_path, "caf\\xe9.csv")
    assert isinstance(given, Evidence)
    assert given.path.read_bytes() == CSV
    given.url.encode()


def test_another_host_key_ends_it_before_a_password_is_sent(peer: SftpPeer) -> None:
    before = peer.logins
    other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    with pytest.raises(HostKeyDiffers, match=peer.fingerprint.replace("+", r"\+")):
        list(adapter(peer, host_key=other).discover())
    assert peer.logins == before
    assert len(list(adapter(peer, host_key=f"[127.0.0.1]:22 {peer.host_line}").discover())) == 2


def test_a_private_key_opens_it_and_a_wrong_password_does_not(peer: SftpPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_OPD_KUNCI", peer.private_key.replace("\n", "\\n"))
    assert len(list(adapter(peer, password=None, key="${SOURCE_OPD_KUNCI}").discover())) == 2
    monkeypatch.setenv("SOURCE_OPD_SANDI", "salah")
    with pytest.raises(LoginRefused):
        list(adapter(peer).discover())
    monkeypatch.setenv("SOURCE_OPD_KUNCI", "bukan kunci")
    with pytest.raises(LoginRefused):
        list(adapter(peer, password=None, key="${SOURCE_OPD_KUNCI}").discover())


def test_an_inner_address_is_opened_only_when_an_administrator_says_so(peer: SftpPeer) -> None:
    with pytest.raises(faults.AddressForbidden):
        list(adapter(peer, inside=False).discover())


def test_a_file_that_is_being_written_waits_for_the_next_harvest(peer: SftpPeer, tmp_path: Path) -> None:
    file = peer.folder / "ipm.csv"

    def grow() -> None:
        if file.stat().st_size < 3 * len(CSV):
            with file.open("ab") as more:
                more.write(b"35.23,70.1\n")

    peer.while_reading = grow
    given = taken(adapter(peer), tmp_path, "ipm.csv")
    assert isinstance(given, Missed)
    assert given.notice.code == "files.being_written"
    assert list(tmp_path.iterdir()) == []


def test_more_than_allowed_is_not_taken(peer: SftpPeer, tmp_path: Path) -> None:
    (peer.folder / "besar.csv").write_bytes(b"x" * 3_000_000)
    one = adapter(peer)
    one._fetcher.limits = Limits(body=1_000_000, attempts=1)
    given = taken(one, tmp_path, "besar.csv")
    assert isinstance(given, Missed)
    assert given.notice.code == "fetch.too_large"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_and_a_server_that_says_nothing_are_told(peer: SftpPeer) -> None:
    with pytest.raises(faults.FolderMissing):
        list(adapter(peer, "/tidak-ada").discover())
    with socket.create_server(("127.0.0.1", 0)) as mute:
        location = f"sftp://127.0.0.1:{mute.getsockname()[1]}"
        fetcher = Fetcher(internal=[location], limits=Limits(connect=0.3, idle=0.3, attempts=1))
        one = SftpAdapter(location, adapter(peer)._options, fetcher)
        with pytest.raises(faults.Transient):
            list(one.discover())


def test_options_hold_no_secret_and_one_way_in() -> None:
    right = {"user": "a", "host_key": "SHA256:x", "password": "${SOURCE_X}"}
    for wrong in ({"password": "sandi"}, {"key": "${SOURCE_Y}"}, {"password": None}, {"host_key": "kunci"}):
        with pytest.raises(ValidationError):
            SftpOptions.model_validate(right | wrong)


def test_a_harvest_publishes_and_the_password_is_nowhere(
    peer: SftpPeer, installation: Installation, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    entry = {
        "name": "opd",
        "kind": "sftp",
        "location": peer.location,
        "organization": "Dinas Contoh",
        "options": {
            "internal": True,
            "requests_per_second": 100,
            "user": USER,
            "host_key": peer.fingerprint,
            "password": "${SOURCE_OPD_SANDI}",
        },
    }
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    with caplog.at_level(logging.DEBUG):
        (report,) = harvest(installation, "opd")
        (again,) = harvest(installation, "opd")
    assert report.counts["published"] == 2
    assert again.counts["unchanged"] == 2
    assert PASSWORD not in caplog.text
    assert not any(PASSWORD.encode() in path.read_bytes() for path in home.rglob("*") if path.is_file())
