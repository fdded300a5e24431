"""Hosts that fail again and again are left alone, by all runs, until a while has passed or a person says so."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from peers.http_peer import Exchange, HttpPeer

from datasets.clock import now
from datasets.installation import Installation
from harvesters import faults, opening
from harvesters.adapter import RemoteFile
from harvesters.declared import SourceEntry
from harvesters.runs.reports import RunReport
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from harvesters.wire.circuit import FAILURES, REST, Circuit
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits

HOST = "https://satu.test:443"
QUICK = Limits(connect=1.0, idle=0.5, total=2.0, attempts=2, first_wait=0.0)
ROWS = b"kecamatan,tahun,jumlah\n" + b"".join(b"Kecamatan %d,2023,%d\n" % (n, n * 10) for n in range(1, 29))


def trouble(wait: float | None = None) -> faults.ServerTrouble:
    fault = faults.ServerTrouble(location=HOST, status=503)
    fault.wait = wait
    return fault


def test_a_host_rests_after_five_failures_in_a_row_but_not_when_it_answered_in_between() -> None:
    circuit = Circuit()
    for _ in range(3):
        for _ in range(FAILURES - 1):
            circuit.failed(HOST, trouble(), patience=30)
        circuit.answered(HOST)
        circuit.check(HOST)
    for _ in range(FAILURES):
        circuit.failed(HOST, trouble(), patience=30)
    with pytest.raises(faults.HostResting):
        circuit.check(HOST)
    circuit.check("https://dua.test:443")


@pytest.mark.parametrize(("asked", "rest"), [(600.0, timedelta(minutes=10)), (86_400.0, REST)])
def test_a_host_that_asks_for_a_pause_gets_it_at_once_but_not_an_endless_one(asked: float, rest: timedelta) -> None:
    told = []
    Circuit(note=lambda origin, until: told.append((origin, until))).failed(HOST, trouble(asked), patience=30)
    ((origin, until),) = told
    assert origin == HOST
    assert abs(until - now() - rest) < timedelta(minutes=1)


def test_a_resting_host_is_not_even_connected_to(tmp_path: Path) -> None:
    with HttpPeer() as peer:
        url = peer.on("/d.csv", lambda x: x.reply(status=429, Retry_After="3600"))
        fetcher = Fetcher(internal=[peer.url], limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
        with pytest.raises(faults.ServerTrouble):
            fetcher.download(RemoteFile(key="d", location=url, filename="d.csv"), tmp_path)
        asked = len(peer.seen)
        with pytest.raises(faults.HostResting):
            fetcher.session.get(peer.url)
        assert len(peer.seen) == asked


def test_a_run_whose_host_goes_down_ends_and_so_does_the_next_until_a_person_says_to_try(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = False

    def serve(x: Exchange) -> None:
        x.reply(status=503) if down else x.reply(ROWS)

    monkeypatch.setattr(opening, "Limits", lambda **_given: QUICK)
    monkeypatch.setattr(opening, "Fetcher", partial(Fetcher, wait=lambda _seconds: None))
    with HttpPeer() as peer:
        names = [f"/d{number:02}.csv" for number in range(30)]
        for name in names:
            peer.on(name, serve)
        peer.on("/", lambda x: x.reply("".join(f'<a href="{name}">{name}</a>' for name in names).encode()))
        options = {"internal": True, "requests_per_second": 100, "lists": "page"}
        entry = {"name": "opd", "kind": "web", "location": peer.url, "organization": "OPD", "options": options}
        with installation.database.write() as session:
            add_source(session, SourceEntry.model_validate(entry), at=now())

        def run(*, retry: bool = False) -> RunReport:
            (report,) = harvest(installation, "opd", retry=retry)
            return report

        down = True
        ended = run()
        assert ended.notice is not None
        assert ended.notice.code == faults.HostResting.code
        assert FAILURES <= ended.counts["failed"] < len(names)
        asked = len(peer.seen)
        again = run()
        assert again.notice is not None
        assert again.notice.code == faults.HostResting.code
        assert len(peer.seen) == asked
        assert str(now().year) in again.notice.say("id")
        down = False
        assert run(retry=True).notice is None


def test_a_run_takes_no_more_than_it_may_and_the_next_goes_on(installation: Installation, folder: Path) -> None:
    for number in range(12):
        (folder / f"d{number:02}.csv").write_bytes(ROWS)
    options = {"gigabytes": 2.5 * len(ROWS) / 1024**3}
    entry = {"name": "opd", "kind": "files", "location": str(folder), "organization": "OPD", "options": options}
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    done = 0
    for _ in range(6):
        (report,) = harvest(installation, "opd")
        done += report.counts["published"]
        if report.notice is None:
            break
        assert report.notice.code == "harvest.bytes_up"
        assert 3 <= report.counts["published"] < 12
    assert report.notice is None
    assert done == 12


def test_a_dataset_larger_than_it_may_be_fails_alone(installation: Installation, folder: Path) -> None:
    (folder / "kecil.csv").write_bytes(ROWS)
    (folder / "besar.csv").write_bytes(ROWS + b"Kecamatan Kedungadem,2023,1\n" * 40_000)
    options = {"dataset_megabytes": 1}
    entry = {"name": "opd", "kind": "files", "location": str(folder), "organization": "OPD", "options": options}
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(installation, "opd")
    said = {item.key: [notice.code for notice in item.messages] for item in report.items}
    assert said == {"kecil.csv": [], "besar.csv": [faults.TooLargeToFetch.code]}
