"""The database's history: bring it up to date, ask how far it is. Alembic is imported late (0.2 s)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from datasets.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent
_LOCK = 7_305_240_817_320_115  # PostgreSQL's advisory lock of whoever migrates; any number that nothing else uses


def upgrade(database: Database) -> None:
    """Bring the tables to the newest revision; several processes may call it at once, one does the work.

    All of it is one transaction: a kill leaves the revision that was.
    """
    from alembic import command  # late: 0.2 s

    if database.file is not None:
        database.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current(database: Database) -> str | None:
    """The revision that the database is at; None when it has no tables of ours or, with SQLite, does not exist."""
    if database.file is not None and not database.file.exists():
        return None
    from alembic.runtime.migration import MigrationContext  # late: 0.2 s

    with database.read() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def newest() -> str | None:
    """The newest revision that this code knows."""
    from alembic.script import ScriptDirectory  # late: 0.2 s

    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(database: Database) -> bool:
    """Whether the database is at the newest revision; told without Alembic, because every command asks."""
    if database.file is not None and not database.file.exists():
        return False
    last = max(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*_*.py"))
    with database.read() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return False
        return list(session.scalars(text("SELECT version_num FROM alembic_version"))) == [last]


def _config() -> Config:
    from alembic.config import Config  # late: 0.2 s

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
