"""Stewards are written to of what fails or is late: when it has changed, at most daily, weekly while it lasts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import build
import pytest
from peers.mail_server import MailServer
from sqlalchemy import select, update

from datasets import jobs
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Organization, Run, RunState, Source, Told
from harvesters.runs import digest
from harvesters.runs.worker import Worker
from harvesters.wire.smtp import ServerAway

FAILED = ServerAway(reason="TimeoutError").notice.as_dict()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def here(anywhere: Installation, server: MailServer) -> Installation:
    """With a source that failed at its last run and one of whose monthly datasets is years old."""
    anywhere.settings = replace(anywhere.settings, smtp_url=server.url, site_url="https://data.contoh.go.id")
    with anywhere.database.write() as session:
        source = build.a_source(session, "dinkes", title="Sistem Dinas Kesehatan")
        session.execute(update(Organization).values(email="Kepala@dinkes.contoh.go.id"))
        build.a_published(session, anywhere.blobs, source_id=source.id)
        session.execute(update(Dataset).values(frequency="bulanan"))
        fail(session, source.id)
    return anywhere


def fail(session, source_id: int) -> None:  # type: ignore[no-untyped-def]
    at = now()
    session.add(Run(source_id=source_id, started_at=at, finished_at=at, state=RunState.FAILED, notice=FAILED))


def morning(here: Installation, *, days: float = 1) -> None:
    """So many days later, at seven."""
    with here.database.write() as session:
        for told in session.scalars(select(Told)):
            told.at -= timedelta(days=days)
        jobs.ask(session, digest.DIGEST, digest.STEWARDS)
    Worker(here, stop=threading.Event()).run(once=True)


def test_a_steward_reads_in_both_languages_what_fails_and_what_is_late(here: Installation, server: MailServer) -> None:
    morning(here)
    (got,) = server.got
    assert server.recipients == [["kepala@dinkes.contoh.go.id"]]
    assert got["subject"] == "Lumbung: 2 hal perlu perhatian Anda"
    text = got.get_content()
    assert "Sumber “Sistem Dinas Kesehatan” gagal dipanen." in text
    assert "Peladen surel tidak menerima surat sekarang" in text
    assert "could not be harvested" in text
    assert "“Jumlah Penduduk” terlambat" in text
    assert "https://data.contoh.go.id/sumber/dinkes" in text
    assert "https://data.contoh.go.id/dataset/jumlah-penduduk" in text


def test_nobody_is_told_the_same_daily_nor_twice_a_day(here: Installation, server: MailServer) -> None:
    morning(here)
    assert len(server.got) == 1
    with here.database.write() as session:
        session.execute(update(Dataset).values(frequency=None))  # the state has changed
    morning(here, days=0)
    assert len(server.got) == 1
    morning(here)
    assert len(server.got) == 2
    morning(here)
    morning(here, days=5)
    assert len(server.got) == 2
    morning(here)
    assert len(server.got) == 3


def test_all_well_is_no_letter_and_trouble_that_returns_is_one(here: Installation, server: MailServer) -> None:
    morning(here)
    with here.database.write() as session:
        session.execute(update(Dataset).values(frequency=None))
        session.execute(update(Run).values(state=RunState.FINISHED))
    morning(here)
    assert len(server.got) == 1
    with here.database.write() as session:
        fail(session, session.scalars(select(Source.id)).one())
    morning(here)
    assert len(server.got) == 2


def test_the_steward_of_a_source_goes_before_its_agency(here: Installation, server: MailServer) -> None:
    with here.database.write() as session:
        session.execute(update(Source).values(options={"steward": "sri@contoh.go.id"}))
        build.a_source(session, "tanpa-alamat", organization=build.DINKES)
    morning(here)
    assert server.recipients == [["sri@contoh.go.id"]]


def test_an_address_that_cannot_be_used_stops_no_other_letter(
    here: Installation, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    with here.database.write() as session:
        bad = build.a_source(session, "dinas-lain", options={"steward": "bukan alamat"})
        fail(session, bad.id)
    morning(here)
    assert server.recipients == [["kepala@dinkes.contoh.go.id"]]
    assert "bukan alamat" not in caplog.text
