"""What the doctor sees, what it mends, and that it harms nothing."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import build
import pytest
from sqlalchemy import select, text, update

from datasets import leases
from datasets.db import Database
from datasets.doctor import Finding, examine, machine
from datasets.installation import Installation
from datasets.models import Dataset, Resource, Run, RunState, SearchOutbox
from datasets.search import feed
from datasets.settings import Settings
from datasets.withdraw import withdraw

DAYS = 86_400.0


@pytest.fixture
def here(installation: Installation) -> Installation:
    """A healthy installation with one dataset of two versions."""
    with installation.database.write() as session:
        source = build.a_source(session).id
        build.a_published(session, installation.blobs, "a", source_id=source)
        build.a_published(session, installation.blobs, "a", build.CSV + "Malo,2023,1\n", source_id=source)
    feed.drain(installation.database, installation.search)
    return installation


def codes(found: list[Finding]) -> list[str]:
    return [finding.code for finding in found]


def mended(here: Installation, code: str, at: float | None = None) -> None:
    """It is seen, `repair` mends it, and then it is gone."""
    assert codes(examine(here, at=at)) == [code]
    assert [(f.code, f.repaired) for f in examine(here, repair=True, at=at)] == [(code, True)]
    assert examine(here, at=at) == []


def test_a_healthy_installation_has_no_findings_and_is_left_as_it_is(here: Installation) -> None:
    before = sorted((str(path), path.stat().st_size) for path in (here.settings.home / "blobs").rglob("*"))
    assert examine(here, repair=True) == []
    assert examine(here, at=time.time() + 400 * DAYS, repair=True) == []
    assert sorted((str(path), path.stat().st_size) for path in (here.settings.home / "blobs").rglob("*")) == before


def test_findings_speak_both_languages_and_json(here: Installation) -> None:
    here.settings.home.chmod(0o755)
    (found,) = examine(here)
    assert found.say("id") != found.say("en")
    told = found.as_dict()
    assert {"code", "severity", "repaired", "id", "en"} <= set(told)
    assert (told["severity"], told["repaired"]) == ("warning", False)


def test_an_open_home_is_closed_to_others(here: Installation) -> None:
    here.settings.home.chmod(0o777)
    mended(here, "doctor.home_open")
    assert here.settings.home.stat().st_mode & 0o777 == 0o750


def test_a_full_disk_is_told_before_it_is_full(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_LEAST_FREE", 1 << 62)
    assert codes(examine(here)) == ["doctor.disk_full"]


def test_an_sqlite_with_the_wal_fault_is_told(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "sqlite_is_sound", lambda _: False)
    assert codes(examine(here)) == ["doctor.sqlite_unsound"]


def test_nothing_there_is_told_without_making_anything(tmp_path: Path) -> None:
    here = Installation(Settings(home=tmp_path / "none"))
    assert codes(examine(here, repair=True)) == ["doctor.home_missing", "doctor.database_outdated"]
    here.close()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "doctor.database_outdated"), (b"not a database at all " * 99, "doctor.database_unreadable")],
)
def test_what_is_no_database_is_told(content: bytes, code: str, home: Path) -> None:
    (home / "catalog.sqlite").write_bytes(content)
    here = Installation(Settings(home=home))
    assert codes(examine(here, repair=True)) == [code]
    here.close()


def test_rows_that_point_nowhere_are_told(here: Installation) -> None:
    with here.database.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("COMMIT") if raw.in_transaction else None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("DELETE FROM organization")
        raw.execute("PRAGMA foreign_keys=ON")
    assert set(codes(examine(here))) == {"doctor.database_dangling"}


def test_a_page_of_the_database_that_was_overwritten_is_told(here: Installation) -> None:
    here.database.close()
    path = here.settings.home / "catalog.sqlite"
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start + 100 : start + 2000] = b"\xff" * 1900
    path.write_bytes(bytes(content))
    found = examine(here)
    assert found
    assert {finding.code for finding in found} <= {
        "doctor.database_corrupt",
        "doctor.database_unreadable",
        "doctor.check_failed",
    }


def test_missing_guards_are_told(here: Installation) -> None:
    with here.database.write() as session:
        session.execute(text("DROP TRIGGER version_no_update"))
        session.execute(text("DROP TRIGGER version_no_delete"))
    (found,) = examine(here)
    assert (found.code, found.notice.params["tables"]) == ("doctor.database_unguarded", ("version",))


def test_a_published_dataset_without_a_version_is_told(here: Installation) -> None:
    with here.database.write() as session:
        session.execute(update(Dataset).values(current_version_id=None))
    assert codes(examine(here)) == ["doctor.dataset_headless"]


@pytest.mark.parametrize("fault", ["missing", "shorter", "changed"])
def test_a_spoilt_blob_is_told_with_who_uses_it(fault: str, here: Installation) -> None:
    with here.database.read() as session:
        sha256 = session.scalars(select(Resource.raw_sha256).order_by(Resource.id)).first()
    assert sha256 is not None
    path = here.blobs.path(sha256)
    content = path.read_bytes()
    path.unlink()
    if fault != "missing":
        path.write_bytes(content[:-1] if fault == "shorter" else content.replace(b"4", b"7"))
    found = examine(here, repair=True)
    assert codes(found) == ["doctor.blob_missing" if fault == "missing" else "doctor.blob_damaged"]
    assert found[0].notice.params["used"] == ("jumlah-penduduk v1", "penduduk.csv")
    assert not found[0].repaired


def test_a_blob_that_a_killed_sweep_set_aside_comes_back(here: Installation) -> None:
    with here.database.read() as session:
        sha256 = session.scalars(select(Resource.raw_sha256)).first()
    assert sha256 is not None
    path = here.blobs.path(sha256)
    path.rename(here.settings.home / "blobs" / "tmp" / f"aside-{sha256}")
    assert codes(examine(here)) == ["doctor.blob_missing"]
    assert examine(here, repair=True) == []
    assert here.blobs.verify(sha256)


def test_what_nobody_names_goes_when_it_is_a_day_old_and_not_before(here: Installation) -> None:
    ref = here.blobs.put_bytes(b"nobody's")
    assert examine(here, repair=True) == []
    assert here.blobs.exists(ref.sha256)
    mended(here, "doctor.stray_blobs", at=time.time() + 2 * DAYS)
    assert not here.blobs.exists(ref.sha256)
    assert len(list(here.blobs.all())) == 4


def test_what_a_killed_writer_left_goes_when_it_is_a_day_old_and_not_before(here: Installation) -> None:
    stray = here.settings.home / "blobs" / "tmp" / "half"
    stray.write_bytes(b"half a file")
    assert examine(here, repair=True) == []
    os.utime(stray, (0, 0))
    mended(here, "doctor.stray_leftovers")


def test_a_lost_index_is_made_anew(here: Installation) -> None:
    for path in sorted((here.settings.home / "search").rglob("*"), reverse=True):
        path.unlink() if path.is_file() or path.is_symlink() else path.rmdir()
    again = Installation(here.settings)
    mended(again, "doctor.index_unsound")
    assert again.search.state().documents == 1
    again.close()


def test_an_index_that_drifted_is_made_anew(here: Installation) -> None:
    here.search.apply([], [1], 99)
    mended(here, "doctor.index_drift")


def test_an_index_that_shows_what_is_withdrawn_is_made_anew(here: Installation) -> None:
    with here.database.write() as session:
        withdraw(session, session.scalars(select(Dataset)).one(), "Keliru", at=build.AT)
        session.execute(text("DELETE FROM search_outbox"))
    mended(here, "doctor.index_drift")
    assert here.search.state().documents == 0


def test_changes_that_wait_too_long_are_indexed(here: Installation) -> None:
    with here.database.write() as session:
        build.a_published(session, here.blobs, "b", "a\n1\n", title="Baru", at=datetime.now(UTC) - timedelta(hours=1))
    mended(here, "doctor.outbox_stale")
    assert here.search.state().documents == 2


def test_changes_of_this_moment_are_no_fault(here: Installation) -> None:
    with here.database.write() as session:
        build.a_published(session, here.blobs, "b", "a\n1\n", title="Baru", at=datetime.now(UTC))
    assert examine(here) == []
    assert examine(here, repair=True) == []
    with here.database.read() as session:
        assert session.scalars(select(SearchOutbox)).all() == []


def test_what_a_killed_run_left_on_the_way_goes_when_it_is_a_day_old_and_nobody_is_at_work(here: Installation) -> None:
    busy, left, young = (here.settings.home / "work" / name for name in ("sibuk", "mati", "muda"))
    for folder in (busy, left, young):
        folder.mkdir(parents=True)
        (folder / "half.csv").write_text("a,b")
    for folder in (busy, left):
        os.utime(folder, (0, 0))
    with here.database.write() as session:
        assert leases.take(session, leases.of_source("sibuk"), "someone", seconds=60)
    mended(here, "doctor.stale_work")
    assert [busy.exists(), left.exists(), young.exists()] == [True, False, True]


def test_a_dead_run_is_written_off_and_a_live_one_is_not(here: Installation) -> None:
    with here.database.write() as session:
        source = build.a_source(session, "lain").id
        session.add(Run(source_id=source, started_at=build.AT))
        alive = build.a_source(session, "hidup").id
        session.add(Run(source_id=alive, started_at=build.AT))
        assert leases.take(session, leases.of_source("hidup"), "x", seconds=60)
    mended(here, "doctor.dead_run")
    with here.database.read() as session:
        states = {run.source_id: run.state for run in session.scalars(select(Run))}
    assert states == {source: RunState.ABANDONED, alive: RunState.RUNNING}


@pytest.mark.postgres
def test_an_installation_on_postgresql_is_examined_too(home: Path, new_postgres: object) -> None:
    here = Installation(Settings(home=home, database_url=new_postgres()))  # type: ignore[operator]
    with here.database.write() as session:
        build.a_published(session, here.blobs)
    feed.drain(here.database, here.search)
    assert examine(here, repair=True) == []
    with here.database.write() as session:
        session.execute(text("ALTER TABLE version DISABLE TRIGGER ALL"))
    assert codes(examine(here)) == ["doctor.database_unguarded"]
    here.close()


def test_a_database_that_is_not_there_is_told(home: Path) -> None:
    here = Installation(Settings(home=home, database_url="postgresql+psycopg://x:y@127.0.0.1:1/z"))
    assert codes(examine(here, repair=True)) == ["doctor.database_unreadable"]
    here.close()


def test_the_doctor_works_beside_a_writer(here: Installation) -> None:
    with Database(here.settings.url).write() as session:
        build.a_published(session, here.blobs, "b", "a\n1\n", title="Baru", at=datetime.now(UTC))
        assert examine(here) == []


def test_a_portal_that_sends_letters_needs_an_address(here: Installation) -> None:
    here.settings = replace(here.settings, smtp_url="smtp://mail.example")
    assert codes(examine(here)) == ["doctor.no_address"]
    here.settings = replace(here.settings, site_url="https://data.example")
    assert examine(here) == []
