"""The database: one object that gives reading and writing sessions, on SQLite or PostgreSQL."""

from __future__ import annotations

import enum
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from sqlalchemy import Enum, MetaData, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session

from datasets.bell import Bell
from datasets.columns import dump_json
from datasets.errors import Busy, DiskFull

# SQLite's WAL can be corrupted by a race in 3.7.0 to 3.51.2, fixed in these (https://sqlite.org/wal.html).
_WAL_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_BUSY_MS = 10_000
WORK_ASKED = "work_asked"
"""Set in `session.info` by a transaction that asks for work."""


class Record(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of all records: constructors are type-checked, enums are stored by value, constraints have names."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        enum.Enum: Enum(enum.Enum, native_enum=False, length=32, values_callable=lambda kind: [m.value for m in kind]),
    }


class Database:
    """Owns two engines over one database: `read()` cannot write, `write()` holds SQLite's writer lock from its start.

    Made after a fork, never before: connections must not be shared by processes.
    """

    def __init__(self, url: str, *, bell: Bell | None = None) -> None:
        self.url: URL = make_url(url)
        self.bell = bell
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._reader = self._engine(writing=False)
        self._writer = self._engine(writing=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state from its first question on and cannot write."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Commits when the block ends, rolls back when it raises. No file or network work inside.

        Raises `Busy` when the database, or on PostgreSQL a row or lock in it, cannot be had for writing in time, and
        `DiskFull`.
        """
        try:
            with Session(self._writer, expire_on_commit=False) as session, session.begin():
                session.connection()  # SQLite: the writer's lock now, so that what is read stays true until the commit
                yield session
            if self.bell is not None and session.info.get(WORK_ASKED):
                self.bell.ring()  # after the commit: who comes running must find the work
        except OperationalError as error:
            if _is_busy(error.orig):
                raise Busy from error
            if _is_full(error.orig):
                raise DiskFull from error
            raise

    @property
    def file(self) -> Path | None:
        """SQLite's file, whether it exists or not; None for another database."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and for making the tables in tests."""
        return self._writer

    def close(self) -> None:
        """Give back every connection."""
        self._reader.dispose()
        self._writer.dispose()

    def _engine(self, *, writing: bool) -> Engine:
        if not self.is_sqlite:
            one_state = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
            waiting = {"connect_args": {"options": f"-c lock_timeout={_BUSY_MS}"}}
            options = waiting if writing else {"execution_options": one_state}
            return create_engine(
                self.url, pool_pre_ping=True, json_serializer=dump_json, hide_parameters=True, **options
            )
        engine = create_engine(
            self.url,
            module=sqlite_module(),
            connect_args={"timeout": _BUSY_MS / 1000},
            json_serializer=dump_json,
            hide_parameters=True,  # errors are logged: what people wrote is not
        )
        event.listen(engine, "connect", _connect_sqlite_writer if writing else _connect_sqlite_reader)
        event.listen(engine, "begin", _begin_immediate if writing else _begin_deferred)
        return engine


def add_missing(session: Session, record: type[Record], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet, by any unique key; those that are stay as they are.

    Two processes may do so at once: neither fails. Each row names every column that has no default in the database.
    """
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(record).on_conflict_do_nothing(), rows)


def sqlite_module() -> ModuleType:
    """The SQLite driver whose WAL is sound: Python's own when its library is new enough, else pysqlite3."""
    if sqlite_is_sound(sqlite3.sqlite_version_info):
        return sqlite3
    try:
        import pysqlite3  # only where the system's library is too old
    except ImportError:
        return sqlite3
    module: ModuleType = pysqlite3
    return module


def sqlite_is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the fix of the WAL race; a branch counts from its own fixed release."""
    return version >= _WAL_FIXED[0] or any(version[:2] == fixed[:2] and version >= fixed for fixed in _WAL_FIXED)


def _is_busy(error: BaseException | None) -> bool:
    """SQLite's lock, PostgreSQL's lock_not_available and deadlock_detected: nothing was done and may be tried again."""
    return getattr(error, "sqlstate", None) in ("55P03", "40P01") or str(error) == "database is locked"


def _is_full(error: BaseException | None) -> bool:
    return getattr(error, "sqlstate", None) == "53100" or str(error) == "database or disk is full"


def _connect_sqlite(connection: Any) -> Any:
    connection.isolation_level = None  # the begin events below say how a transaction starts
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    return cursor


def _connect_sqlite_writer(connection: Any, _record: Any) -> None:
    _connect_sqlite(connection).close()


def _connect_sqlite_reader(connection: Any, _record: Any) -> None:
    cursor = _connect_sqlite(connection)
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
