"""A connection to somebody else's database that can only read, and does not wait for ever."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from harvesters.adapter import FetchFailed, SourceUnavailable
from harvesters.secrets import fill
from metadata.terms import Bilingual

CONNECT_SECONDS = 10
_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}


class DatabaseAddressMistaken(SourceUnavailable):
    """The address of the database is no SQLAlchemy URL, or of a kind that is not installed. It is never shown."""

    code = "sql.address_mistaken"
    text = Bilingual(
        id="Alamat basis data dari {named} tidak dapat dipakai: {reason}. Bentuknya misalnya "
        "mysql://pembaca:sandi@10.0.0.5/nama; tanda khusus dalam sandi ditulis dengan %.",
        en="The database address of {named} cannot be used: {reason}. Its form is such as "
        "mysql://reader:password@10.0.0.5/name; special characters of the password are written with %.",
    )


class DatabaseUnreachable(SourceUnavailable):
    """Nobody answers there, or the account is not let in."""

    code = "sql.unreachable"
    text = Bilingual(
        id="Basis data {named} tidak dapat dibuka: {reason}. Periksa apakah servernya menyala serta akun dan izinnya.",
        en="Database {named} cannot be opened: {reason}. Check that its server is up, and the account and its rights.",
    )


class QueryFailed(FetchFailed):
    """The database did not answer a question: wrong words, no right, or too slow."""

    code = "sql.query_failed"
    text = Bilingual(
        id="Basis data tidak menjawab {named}: {reason}.",
        en="The database does not answer {named}: {reason}.",
    )


@contextmanager
def reading(address: str, *, seconds: int) -> Iterator[Connection]:
    """A connection whose one transaction reads a single state and can change nothing; rolled back at the end.

    `address` may name secrets (`${SOURCE_…}`). A statement that takes longer than `seconds` is ended by the server.
    Raises `DatabaseAddressMistaken`, `DatabaseUnreachable`, `SecretMissing`.
    """
    url = _url(address)
    engine = _engine(url, address, seconds)
    try:
        try:
            connection = engine.connect()
        except (SQLAlchemyError, OSError, RuntimeError) as error:
            raise DatabaseUnreachable(named=address, reason=reason_of(error, url)) from None
        with connection:
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


@contextmanager
def asking(named: str) -> Iterator[None]:
    """Turns what a database says within the block into `QueryFailed` with its first line."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, ValueError, OverflowError) as error:
        raise QueryFailed(named=named, reason=reason_of(error)) from None


def reason_of(error: Exception, url: URL | None = None) -> str:
    """The first line of what the driver says, without the password."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    if url is not None and url.password:
        said = said.replace(str(url.password), "***")
    return (said.splitlines() or [type(error).__name__])[0][:300]


def _url(address: str) -> URL:
    try:
        url = make_url(fill(address))
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        reason = "bukan URL / not a URL" if isinstance(error, ArgumentError | ValueError) else reason_of(error)
        raise DatabaseAddressMistaken(named=address, reason=reason) from None
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def _engine(url: URL, address: str, seconds: int) -> Engine:
    try:
        match url.get_backend_name():
            case "sqlite":
                path = Path(url.database or "")
                return create_engine("sqlite://", creator=lambda: _sqlite(path, seconds), poolclass=NullPool)
            case "postgresql":
                said = f"-c statement_timeout={seconds * 1000} -c default_transaction_read_only=on"
                arguments = {"connect_timeout": CONNECT_SECONDS, "options": said}
                engine = create_engine(url, poolclass=NullPool, connect_args=arguments)
                return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            case "mysql" | "mariadb":
                limits = {"connect_timeout": CONNECT_SECONDS, "read_timeout": seconds + 5}
                engine = create_engine(url, poolclass=NullPool, connect_args=limits)
                event.listen(engine, "connect", lambda connection, _record: _mysql_reads_only(connection, seconds))
                return engine
        return create_engine(url, poolclass=NullPool)
    except (ImportError, SQLAlchemyError) as error:
        raise DatabaseAddressMistaken(named=address, reason=reason_of(error, url)) from None


def _sqlite(path: Path, seconds: int) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, check_same_thread=False)
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    return connection


def _mysql_reads_only(connection: Any, seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute("SELECT VERSION()")
        (version,) = cursor.fetchone()
        if re.search("mariadb", str(version), re.IGNORECASE):
            cursor.execute(f"SET SESSION max_statement_time = {int(seconds)}")
        else:
            cursor.execute(f"SET SESSION max_execution_time = {int(seconds) * 1000}")
