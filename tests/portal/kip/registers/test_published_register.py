"""The registers become datasets by the way of every source: written by the desk, taken in by the harvest."""

from __future__ import annotations

import threading

import pytest
from desk_records import CANARIES
from sqlalchemy import select

from datasets import catalog, jobs
from datasets.clock import now
from datasets.models import Job, Source
from harvesters.runs import runner
from portal.duties import DUTIES
from portal.kip.registers import publishing

pytestmark = pytest.mark.xdist_group("published-register")
"""The tests go on from each other."""


def test_the_register_is_harvested_like_any_source_and_tells_nobody(records) -> None:
    here = records.here
    with here.database.write() as session:
        publishing.DUTY.plan(session)
        planned = session.scalars(select(Job).where(Job.kind == publishing.KIND)).one()
        assert publishing.DUTY in DUTIES and planned.cause == publishing.WHEN
        jobs.ask(session, publishing.KIND, publishing.SUBJECT)
        taken = jobs.take(session, [publishing.KIND], "tests", seconds=60)
        assert taken is not None
    settle = publishing.DUTY.do(here, taken, threading.Event())
    with here.database.write() as session:
        settle(session, taken)
    with here.database.read() as session:
        assert session.scalars(select(Job.subject).where(Job.kind == "harvest")).all() == [publishing.SOURCE]
    (report,) = runner.harvest(here, publishing.SOURCE)
    assert [item.outcome.value for item in report.items] == ["published", "published"], report
    with here.database.read() as session:
        dataset = catalog.get_published(session, "register-permohonan-informasi-publik")
        assert (dataset.organization.title, dataset.license_id) == ("PPID Kabupaten Bojonegoro", "CC-BY-4.0")
    page = records.public.get("/dataset/register-permohonan-informasi-publik").text
    assert "0004/PI/PPID/VII/2026" in page and "Anggaran jalan desa 2025" in page
    kept = b"".join(here.blobs.path(sha).read_bytes() for sha in here.blobs.all())
    written = b"".join(path.read_bytes() for path in (here.settings.home / publishing.FOLDER).iterdir())
    assert [canary for canary in CANARIES if canary.encode() in kept + written] == []


def test_a_register_that_has_not_changed_makes_no_new_version(records) -> None:
    here = records.here
    before = {path.name: path.stat().st_mtime_ns for path in publishing.export(here, at=now())}
    assert {path.name: path.stat().st_mtime_ns for path in publishing.export(here, at=now())} == before
    (report,) = runner.harvest(here, publishing.SOURCE)
    assert {item.outcome.value for item in report.items} == {"unchanged"}


def test_a_source_that_was_switched_off_stays_off(records) -> None:
    here = records.here
    with here.database.write() as session:
        session.scalars(select(Source).where(Source.name == publishing.SOURCE)).one().enabled = False
        jobs.forget(session, "harvest", publishing.SOURCE)
        publishing.ask_harvest(session, here, at=now())
    with here.database.read() as session:
        assert session.scalars(select(Job).where(Job.kind == "harvest")).all() == []
