"""What the database promises on both engines."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from datasets import db
from datasets.db import Database, sqlite_is_sound
from datasets.errors import Busy, DiskFull
from datasets.models import Lease, Organization, Source

AT = datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def test_what_is_written_is_read_and_what_fails_is_not(database: Database) -> None:
    with database.write() as session:
        session.add(Organization(slug="dinkes", title="Dinas Kesehatan"))
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.add(Organization(slug="bps", title="BPS"))
        session.flush()
        raise ZeroDivisionError
    with database.read() as session:
        assert session.scalars(select(Organization.slug)).all() == ["dinkes"]


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.add(Organization(slug="x", title="x"))
        session.flush()


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as reader:
        assert reader.scalars(select(Organization.slug)).all() == []
        with database.write() as writer:
            writer.add(Organization(slug="baru", title="Baru"))
        assert reader.scalars(select(Organization.slug)).all() == []
    with database.read() as reader:
        assert reader.scalars(select(Organization.slug)).all() == ["baru"]


def test_moments_come_back_aware_and_exact(database: Database) -> None:
    with database.write() as session:
        session.add(Lease(name="x", holder="y", until=AT))
    with database.read() as session:
        assert session.scalars(select(Lease.until)).one() == AT
    with pytest.raises(Exception, match="naive"), database.write() as session:
        session.add(Lease(name="z", holder="y", until=AT.replace(tzinfo=None)))


def test_json_keeps_the_order_of_keys_and_takes_what_strangers_write(database: Database) -> None:
    strange = {"z": 1, "a": {"y": "nul \x00 inside", "b": math.nan}, "half": "\ud800", "when": AT.date()}
    with database.write() as session:
        organization = Organization(slug="o", title="O")
        session.add(organization)
        session.flush()
        session.add(
            Source(
                name="s", title="S", kind="files", location="/", organization_id=organization.id, created_at=AT,
                options=strange,
            )
        )  # fmt: skip
    with database.read() as session:
        kept = session.scalars(select(Source.options)).one()
    assert list(kept) == ["z", "a", "half", "when"]
    assert kept["a"] == {"y": "nul \x00 inside", "b": None}
    assert (kept["half"], kept["when"]) == ("\ud800", "2025-01-02")


def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(text("INSERT INTO dataset_tag (dataset_id, tag) VALUES (99, 'x')"))


def test_a_writer_that_waits_in_vain_is_told_so(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_BUSY_MS", 50)
    url = f"sqlite:///{tmp_path_factory.mktemp('busy') / 'x.sqlite'}"
    first, second = Database(url), Database(url)
    with first.write(), pytest.raises(Busy) as told, second.write():
        pass
    assert told.value.status == 503
    first.close()
    second.close()


@pytest.mark.postgres
def test_a_row_that_another_holds_too_long_is_told_so(
    new_postgres: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_BUSY_MS", 50)
    database = Database(new_postgres())
    with database.write() as session:
        session.add(Organization(slug="o", title="O"))
    with database.write() as first, pytest.raises(Busy), database.write() as second:
        first.execute(text("UPDATE organization SET title = 'A'"))
        second.execute(text("UPDATE organization SET title = 'B'"))
    with database.read() as session:
        assert session.scalars(select(Organization.title)).one() == "A"
    database.close()


def test_a_full_disk_is_told_and_the_transaction_undone(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copyfile(migrated_sqlite, tmp_path / "x.sqlite")
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with pytest.raises(DiskFull) as told, database.write() as session:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count={pages}"))
        session.add(Organization(slug="o", title="O", description="x" * 100_000))
    assert told.value.status == 507
    with database.read() as session:
        assert session.scalars(select(Organization)).all() == []
    database.close()


def test_opening_makes_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'none' / 'catalog.sqlite'}")
    assert database.file == tmp_path / "none" / "catalog.sqlite"
    assert list(tmp_path.iterdir()) == []
    database.close()


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_only_sqlite_with_the_wal_fix_is_sound(version: tuple[int, ...], sound: bool) -> None:
    assert sqlite_is_sound(version) is sound
