"""What every test may ask for: homes, databases on both engines, an installation, the clock, the shared data."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import no_network
import postgres_server
import pytest
from services import lacking
from sqlalchemy import Engine, create_engine, event, text

from datasets.blobs import LocalBlobs
from datasets.db import Database, sqlite_module
from datasets.installation import Installation
from datasets.settings import Settings

REPOSITORY = Path(__file__).parents[1]
no_network.forbid()


def pytest_report_header(config: pytest.Config) -> str:
    """The engines' versions: half of all puzzles end here."""
    import duckdb  # late: 0.1 s

    server = postgres_server.binaries()
    postgres = server.parent.name if server else "none"
    return f"engines: SQLite {sqlite_module().sqlite_version}, DuckDB {duckdb.__version__}, PostgreSQL {postgres}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The one who started the run ends the server that any of its workers started."""
    if hasattr(session.config, "workerinput"):
        return
    state = session.config._tmp_path_factory.getbasetemp() / "postgres.json"
    if state.exists():
        postgres_server.stop(_server(state))
        state.unlink()


@pytest.fixture
def shared_data() -> Path:
    """The folder of real files beside the repository."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real files are not here: no ../shared/data beside the repository")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home of an installation."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


class Clock:
    """A clock that stands still until it is moved; call it for the time."""

    def __init__(self) -> None:
        self.time = datetime(2025, 3, 14, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The present moment."""
        return self.time

    def move(self, **by: float) -> datetime:
        """On by so many `days`, `hours`, `seconds`, …; gives the new moment."""
        self.time += timedelta(**by)
        return self.time


@pytest.fixture
def clock() -> Clock:
    """A clock in the test's hands."""
    return Clock()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, made by the migrations once, to be copied."""
    path = tmp_path_factory.mktemp("template") / "catalog.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def new_postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[], str]:
    """Makes a fresh database on the run's PostgreSQL server, with all tables, and gives its address."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with _alone(shared / "postgres.lock"):
        state = shared / "postgres.json"
        try:
            server = _server(state) if state.exists() else postgres_server.start()
        except postgres_server.NoServer as reason:
            lacking(str(reason))
        if not state.exists():
            state.write_text(json.dumps(asdict(server) | {"folder": str(server.folder)}))
            _administer(server, "CREATE DATABASE template_lumbung")
            _migrate(server.url("template_lumbung"))

    def make() -> str:
        name = f"lumbung_{uuid4().hex}"
        _administer(server, f"CREATE DATABASE {name} TEMPLATE template_lumbung")
        return server.url(name)

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database with all tables, once on each engine."""
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("new_postgres")
        return make()
    path = tmp_path / "catalog.sqlite"
    shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with all tables, once on each engine."""
    opened = Database(database_url)
    yield opened
    opened.close()


class Queries:
    """The statements sent while the block of `count_queries` lasts."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def count_queries() -> Callable[[], AbstractContextManager[Queries]]:
    """`with count_queries() as queries: …` counts what is asked of any database of this process."""

    @contextmanager
    def counting() -> Iterator[Queries]:
        queries = Queries()

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("BEGIN"):
                queries.statements.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def blobs(home: Path) -> LocalBlobs:
    """An empty store of blobs."""
    return LocalBlobs(home / "blobs")


@pytest.fixture
def installation(home: Path, migrated_sqlite: Path) -> Iterator[Installation]:
    """A whole installation on SQLite in a home of its own."""
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    made = Installation(Settings(home=home, secret_key="a-secret-of-the-tests"))
    yield made
    made.close()


def _migrate(url: str) -> None:
    from portal import migrations

    database = Database(url)
    migrations.upgrade(database)
    database.close()


def _administer(server: postgres_server.Server, statement: str) -> None:
    engine = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _server(state: Path) -> postgres_server.Server:
    known = json.loads(state.read_text())
    return postgres_server.Server(**known | {"folder": Path(known["folder"])})


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
