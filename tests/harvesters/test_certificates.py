"""Fetching over TLS: whom to trust, and that the judged address is verified by its name."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from peers.http_peer import HttpPeer
from services import program

from harvesters import faults
from harvesters.adapter import RemoteFile
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.session import Limits

CSV = b"kode,nilai\n35.22,71.8\n"
QUICK = Limits(connect=1.0, idle=0.5, total=1.5, attempts=3, first_wait=0.01)


@pytest.fixture
def peer() -> Iterator[HttpPeer]:
    with HttpPeer() as peer:
        yield peer


def a_file(location: str) -> RemoteFile:
    return RemoteFile(key=location, location=location, filename="data.csv")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of `localhost`, signed by itself."""
    openssl = program("openssl")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    order = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
    ]
    subprocess.run([*order, *names, "-keyout", str(key), "-out", str(made)], check=True, capture_output=True)
    (folder / "both.pem").write_bytes(key.read_bytes() + made.read_bytes())
    return folder / "both.pem"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: Path, tmp_path: Path) -> None:
    with HttpPeer(tls=certificate) as peer:
        url = peer.on("/d.csv", lambda x: x.reply(CSV))
        with pytest.raises(faults.Untrusted):
            Fetcher(internal=[peer.url], limits=QUICK).download(a_file(url), tmp_path)
        assert peer.seen == []


def test_a_redirect_from_https_to_http_is_refused(peer: HttpPeer, certificate: Path, tmp_path: Path) -> None:
    with HttpPeer(tls=certificate) as secure:
        end = peer.on("/d.csv", lambda x: x.reply(CSV))
        start = secure.on("/start", lambda x: x.reply(status=302, Location=end))
        fetcher = Fetcher(internal=[peer.url, secure.url], limits=QUICK)
        fetcher.session.verify = str(certificate)
        with pytest.raises(faults.RedirectedTooOften):
            fetcher.download(a_file(start), tmp_path)
        assert fetcher.download(a_file(secure.on("/d.csv", lambda x: x.reply(CSV))), tmp_path).size == len(CSV)
    assert peer.seen == []


def test_a_public_name_is_connected_to_by_its_judged_address_and_verified_by_its_name(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harvesters.wire import addresses

    monkeypatch.setattr(addresses, "is_public", lambda _address: True)  # the loopback stands in for the open internet
    with HttpPeer(tls=certificate) as peer:
        url = peer.on("/d.csv", lambda x: x.reply(CSV))
        fetcher = Fetcher(limits=QUICK)
        fetcher.session.verify = str(certificate)
        fetcher.session.mount("https://", addresses.PublicAdapter(is_https_proto=True, allow_loopback=True))
        assert fetcher.download(a_file(url), tmp_path).size == len(CSV)
        assert peer.seen[0].headers["Host"] == url.split("/")[2]
        with pytest.raises(faults.Untrusted):
            fetcher.download(a_file(url.replace("localhost", "127.0.0.1")), tmp_path)
