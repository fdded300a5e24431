"""Fetching from servers that are slow, broken, lying or hostile; every server here is a real one on the loopback."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from peers.http_peer import Exchange, HttpPeer, drip

from harvesters import faults
from harvesters.adapter import RemoteFile
from harvesters.wire.fetcher import Fetcher, Kept
from harvesters.wire.pace import Pace, Turns
from harvesters.wire.session import Limits

CSV = b"kode,nilai\n35.22,71.8\n"
QUICK = Limits(connect=1.0, idle=0.5, total=1.5, body=1_000_000, answer=100_000, attempts=3, first_wait=0.01)


@pytest.fixture
def peer() -> Iterator[HttpPeer]:
    with HttpPeer() as peer:
        yield peer


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetcher(peer: HttpPeer, waits: list[float]) -> Iterator[Fetcher]:
    made = Fetcher(internal=[peer.url], limits=QUICK, pace=Pace(1000), wait=waits.append)
    yield made
    made.close()


def a_file(location: str, filename: str = "data.csv") -> RemoteFile:
    return RemoteFile(key=location, location=location, filename=filename)


def test_a_file_is_kept_with_its_hash_and_what_was_said_but_no_secrets(
    peer: HttpPeer, fetcher: Fetcher, tmp_path: Path
) -> None:
    url = peer.on("/data.csv", lambda x: x.reply(CSV, ETag='"1"', Set_Cookie="sid=rahasia", Content_Type="text/csv"))
    evidence = fetcher.download(a_file(url + "?token=rahasia"), tmp_path)
    assert evidence.path.read_bytes() == CSV
    assert (evidence.sha256, evidence.size) == (hashlib.sha256(CSV).hexdigest(), len(CSV))
    assert evidence.status == 200
    assert evidence.headers["etag"] == '"1"'
    assert "rahasia" not in repr((evidence.url, evidence.headers))


def test_an_agent_that_says_who_asks_is_sent(peer: HttpPeer, fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.download(a_file(peer.on("/d", lambda x: x.reply(CSV))), tmp_path)
    assert "Lumbung" in peer.seen[0].headers["User-Agent"]
    assert peer.seen[0].headers["User-Agent"].startswith("Mozilla/5.0")


def test_an_unchanged_file_costs_one_conditional_request(peer: HttpPeer, tmp_path: Path) -> None:
    def serve(x: Exchange) -> None:
        if x.seen.headers.get("If-None-Match") == '"v1"':
            x.head(304, ETag='"v1"')
        else:
            x.reply(CSV, ETag='"v1"')

    url = peer.on("/d.csv", serve)
    first = Fetcher(internal=[peer.url], limits=QUICK).download(a_file(url), tmp_path)
    kept = Kept(first.path, first.sha256, first.size, first.headers)
    again = Fetcher(internal=[peer.url], limits=QUICK, memory={url: kept}.get).download(a_file(url), tmp_path)
    assert again.status == 304
    assert again.path == first.path
    assert again.sha256 == first.sha256


def test_a_loopback_address_is_refused_unless_the_source_is_internal(peer: HttpPeer, tmp_path: Path) -> None:
    url = peer.on("/d.csv", lambda x: x.reply(CSV))
    with pytest.raises(faults.AddressForbidden):
        Fetcher(limits=QUICK).download(a_file(url), tmp_path)
    with pytest.raises(faults.AddressForbidden):
        Fetcher(limits=QUICK).download(a_file(url.replace("127.0.0.1", "localhost")), tmp_path)
    assert peer.seen == []


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/",
        "http://[::ffff:10.0.0.1]/",
        "file:///etc/passwd",
    ],
)
def test_an_internal_source_cannot_redirect_to_another_inner_address(
    peer: HttpPeer, fetcher: Fetcher, tmp_path: Path, target: str
) -> None:
    url = peer.on("/d.csv", lambda x: x.reply(status=302, Location=target))
    with pytest.raises(faults.AddressForbidden):
        fetcher.download(a_file(url), tmp_path)


def test_credentials_do_not_follow_a_redirect_to_another_origin(peer: HttpPeer, tmp_path: Path) -> None:
    with HttpPeer() as other:
        end = other.on("/end.csv", lambda x: x.reply(CSV))
        start = peer.on("/start.csv", lambda x: x.reply(status=302, Location=end))
        both = Fetcher(internal=[peer.url, other.url], limits=QUICK, pace=Pace(1000))
        evidence = both.download(a_file(start), tmp_path, headers={"Authorization": "rahasia"})
        assert peer.seen[0].headers["Authorization"] == "rahasia"
        assert "Authorization" not in other.seen[0].headers
        assert evidence.url == start


def test_a_short_chain_of_redirects_is_followed_and_a_loop_is_not(
    peer: HttpPeer, fetcher: Fetcher, tmp_path: Path
) -> None:
    peer.on("/a", lambda x: x.reply(status=301, Location="/b"))
    peer.on("/b", lambda x: x.reply(status=307, Location="/data.csv"))
    peer.on("/data.csv", lambda x: x.reply(CSV))
    assert fetcher.download(a_file(peer.url + "/a"), tmp_path).size == len(CSV)
    loop = peer.on("/loop", lambda x: x.reply(status=302, Location="/loop"))
    with pytest.raises(faults.RedirectedTooOften):
        fetcher.download(a_file(loop), tmp_path)
    assert peer.count("/loop") == 6


def test_a_server_that_hangs_is_given_up(peer: HttpPeer, fetcher: Fetcher, tmp_path: Path) -> None:
    url = peer.on("/d.csv", lambda x: x.pause(30) and None)
    with pytest.raises(faults.TooSlow):
        fetcher.download(a_file(url), tmp_path)


def _dripping_head(x: Exchange) -> None:
    drip(x, b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 10_000, every=0.05)


def _dripping_body(x: Exchange) -> None:
    x.head(200, Content_Length="100000")
    drip(x, b"a" * 100_000, every=0.05)


def _dripping_chunk(x: Exchange) -> None:
    x.head(200, Transfer_Encoding="chunked")
    x.write(b"fffff\r\n")
    drip(x, b"a" * 100_000, every=0.05)


def _dripping_without_length(x: Exchange) -> None:
    x.hang_up()
    x.head(200, Connection="close")
    drip(x, b"a,b\n" * 100_000, every=0.05)


@pytest.mark.parametrize("serve", [_dripping_head, _dripping_body, _dripping_chunk, _dripping_without_length])
def test_a_server_that_drips_is_cut_off_and_nothing_is_left(
    peer: HttpPeer, fetcher: Fetcher, tmp_path: Path, serve: object
) -> None:
    url = peer.on("/d.csv", serve)  # type: ignore[arg-type]
    with pytest.raises(faults.TookTooLong):
        fetcher.download(a_file(url), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_server_slower_than_a_telegraph_is_not_waited_for_until_the_end(peer: HttpPeer, tmp_path: Path) -> None:
    url = peer.on("/d.csv", _dripping_body)
    limits = replace(QUICK, total=20, stretch=0.2, slowest=1024)
    with pytest.raises(faults.Dripping):
        Fetcher(internal=[peer.url], limits=limits, pace=Pace(1000)).download(a_file(url), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert peer.count("/d.csv") == 1


def _truncated(x: Exchange) -> None:
    x.hang_up()
    x.head(200, Content_Length=str(len(CSV) * 2))
    x.write(CSV)


def _half_a_chunk(x: Exchange) -> None:
    x.hang_up()
    x.head(200, Transfer_Encoding="chunked")
    x.write(b"ff\r\n" + CSV)


def _not_gzip(x: Exchange) -> None:
    x.reply(CSV, Content_Encoding="gzip")


@pytest.mark.parametrize("serve", [_truncated, _half_a_chunk, _not_gzip])
def test_half_a_file_is_no_file(peer: HttpPeer, fetcher: Fetcher, tmp_path: Path, serve: object) -> None:
    url = peer.on("/d.csv", serve)  # type: ignore[arg-type]
    with pytest.raises(faults.Incomplete):
        fetcher.download(a_file(url), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert peer.count("/d.csv") == QUICK.attempts


def test_a_small_answer_that_unpacks_to_too_much_is_stopped(peer: HttpPeer, fetcher: Fetcher, tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    url = peer.on("/d.csv", lambda x: x.reply(bomb, Content_Encoding="gzip"))
    with pytest.raises(faults.TooLargeToFetch):
        fetcher.download(a_file(url), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_announced_size_over_the_limit_is_not_even_read(peer: HttpPeer, fetcher: Fetcher, tmp_path: Path) -> None:
    url = peer.on("/d.csv", lambda x: (x.hang_up(), x.head(200, Content_Length="99999999999"))[0])
    with pytest.raises(faults.TooLargeToFetch):
        fetcher.download(a_file(url), tmp_path)


def test_trouble_that_passes_is_waited_out(
    peer: HttpPeer, fetcher: Fetcher, waits: list[float], tmp_path: Path
) -> None:
    def serve(x: Exchange) -> None:
        x.reply(b"busy", status=503) if x.number == 1 else x.reply(CSV)

    assert fetcher.download(a_file(peer.on("/d.csv", serve)), tmp_path).size == len(CSV)
    assert len(waits) == 1


def test_trouble_that_stays_is_told_with_its_status(peer: HttpPeer, fetcher: Fetcher, tmp_path: Path) -> None:
    url = peer.on("/d.csv", lambda x: x.reply(b"x", status=500))
    with pytest.raises(faults.ServerTrouble, match="500"):
        fetcher.download(a_file(url), tmp_path)
    assert peer.count("/d.csv") == QUICK.attempts


def test_a_wait_asked_for_is_kept_but_not_an_endless_one(
    peer: HttpPeer, fetcher: Fetcher, waits: list[float], tmp_path: Path
) -> None:
    def serve(x: Exchange) -> None:
        x.reply(b"", status=429, Retry_After="7") if x.number == 1 else x.reply(CSV)

    fetcher.download(a_file(peer.on("/d.csv", serve)), tmp_path)
    assert waits == [7.0]
    url = peer.on("/later.csv", lambda x: x.reply(b"", status=429, Retry_After="86400"))
    with pytest.raises(faults.ServerTrouble):
        fetcher.download(a_file(url), tmp_path)
    assert peer.count("/later.csv") == 1


def test_a_missing_file_is_not_asked_for_twice(peer: HttpPeer, fetcher: Fetcher, tmp_path: Path) -> None:
    with pytest.raises(faults.Refused, match="404"):
        fetcher.download(a_file(peer.url + "/tidak-ada.csv"), tmp_path)
    assert peer.count("/tidak-ada.csv") == 1


LOGIN = b'<!DOCTYPE html><html><body><form><table><tr><td><input type="password"></table></form></body></html>'
TABLE = b"<html><body><table><tr><td>1</td></tr></table></body></html>"


@pytest.mark.parametrize(
    ("body", "name"), [(LOGIN, "d.csv"), (TABLE, "d.csv"), (LOGIN, "d.xls"), (b"\n <html>x</html>", "d.json")]
)
def test_a_web_page_is_not_taken_for_data(
    peer: HttpPeer, fetcher: Fetcher, tmp_path: Path, body: bytes, name: str
) -> None:
    url = peer.on("/d", lambda x: x.reply(body, Content_Type="text/csv"))
    with pytest.raises(faults.PageInsteadOfData):
        fetcher.download(a_file(url, name), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_spreadsheet_that_is_an_html_table_is_data(peer: HttpPeer, fetcher: Fetcher, tmp_path: Path) -> None:
    url = peer.on("/d", lambda x: x.reply(TABLE))
    assert fetcher.download(a_file(url, "lama.xls"), tmp_path).size == len(TABLE)


def test_the_environments_proxy_is_not_asked(
    peer: HttpPeer, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    url = peer.on("/d.csv", lambda x: x.reply(CSV))
    assert fetcher.download(a_file(url), tmp_path).size == len(CSV)


def test_a_host_is_not_asked_faster_than_agreed(peer: HttpPeer, tmp_path: Path) -> None:
    gaps: list[float] = []
    pace = Pace(2.0, wait=gaps.append, clock=lambda: 100.0)
    fetcher = Fetcher(internal=[peer.url], limits=QUICK, pace=pace)
    url = peer.on("/d.csv", lambda x: x.reply(CSV))
    for _ in range(3):
        fetcher.download(a_file(url), tmp_path)
    assert gaps == [0.5, 1.0]


def test_two_sources_of_one_host_share_its_turns() -> None:
    gaps: list[float] = []
    turns = Turns()
    for pace in [Pace(2.0, wait=gaps.append, clock=lambda: 100.0, turns=turns) for _ in range(3)]:
        pace.keep("https://satu.test:443")
    assert gaps == [0.5, 1.0]


def test_a_client_library_on_our_session_gets_the_same_guards(peer: HttpPeer, fetcher: Fetcher) -> None:
    big = peer.on("/big", lambda x: x.reply(b"0" * 200_000))
    with pytest.raises(faults.TooLargeToFetch):
        fetcher.session.get(big)
    inner = peer.on("/inner", lambda x: x.reply(status=302, Location="http://169.254.169.254/"))
    with pytest.raises(faults.AddressForbidden):
        fetcher.session.get(inner)
    assert fetcher.session.get(peer.on("/ok", lambda x: x.reply(b"{}"))).json() == {}
