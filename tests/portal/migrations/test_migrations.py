"""That the migrations make what the models say, on both databases, from nothing and by several at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import portal.accounts.models  # noqa: F401 - registers the tables
from datasets.db import Database, Record
from portal import migrations


@pytest.fixture
def empty(database: Database) -> Iterator[Database]:
    """A database that was taken back to nothing."""
    with database.engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    yield database


def tables(database: Database) -> set[str]:
    with database.read() as session:
        return set(inspect(session.connection()).get_table_names())


def test_the_models_equal_the_migrations(database: Database) -> None:
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Record.metadata) == []


def test_from_nothing_to_the_newest_and_back(empty: Database) -> None:
    assert tables(empty) == {"alembic_version"}
    assert (migrations.current(empty), migrations.is_current(empty)) == (None, False)
    migrations.upgrade(empty)
    assert migrations.is_current(empty)
    assert tables(empty) == {*Record.metadata.tables, "alembic_version"}


def test_upgrading_again_changes_nothing(database: Database) -> None:
    before = tables(database)
    migrations.upgrade(database)
    assert migrations.current(database) == migrations.newest()
    assert migrations.is_current(database)
    assert tables(database) == before


def test_several_processes_may_upgrade_at_once(empty: Database) -> None:
    url = empty.url.render_as_string(hide_password=False)

    def upgrade(_: int) -> str | None:
        other = Database(url)
        try:
            migrations.upgrade(other)
            return migrations.current(other)
        finally:
            other.close()

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(upgrade, range(3))) == {migrations.newest()}


def test_a_migration_that_fails_leaves_nothing_half_done(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    script = ScriptDirectory.from_config(migrations._config())
    last = script.get_revision("head")
    assert last is not None

    def fail() -> None:
        raise ZeroDivisionError

    class Broken(ScriptDirectory):
        @classmethod
        def from_config(cls, config: object) -> ScriptDirectory:
            last.module.upgrade = fail
            return script

    monkeypatch.setattr("alembic.command.ScriptDirectory", Broken)
    with pytest.raises(ZeroDivisionError):
        migrations.upgrade(empty)
    assert tables(empty) <= {"alembic_version"}
    assert migrations.current(empty) is None


def test_revisions_stand_in_one_line_and_are_packaged() -> None:
    script = ScriptDirectory.from_config(migrations._config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
    versions = Path(migrations.__file__).parent / "versions"
    assert {path.stem for path in versions.glob("[0-9]*.py")} == {
        Path(revision.path).stem for revision in script.walk_revisions()
    }
