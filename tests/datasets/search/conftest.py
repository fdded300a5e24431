"""The indexes under test, and the lexicon, which takes a moment to load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from searching import judging
from searching.naive_index import NaiveIndex

from datasets.db import Database
from datasets.search.index import SearchIndex
from datasets.search.lexicon import Lexicon
from datasets.search.postgres_index import PostgresIndex
from datasets.search.whoosh_index import WhooshIndex


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The lexicon that is shipped."""
    return Lexicon.load()


@pytest.fixture
def whoosh(tmp_path: Path, lexicon: Lexicon) -> WhooshIndex:
    """An index on whoosh that was built of nothing."""
    index = WhooshIndex(tmp_path / "search", lexicon=lexicon)
    index.rebuild(iter(()), seq=0)
    return index


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory, lexicon: Lexicon) -> WhooshIndex:
    """An index on whoosh of the judged catalogue; only to be read."""
    index = WhooshIndex(tmp_path_factory.mktemp("judged") / "search", lexicon=lexicon)
    index.rebuild(iter(judging.catalogue()), seq=1)
    return index


@pytest.fixture
def postgres(new_postgres: Callable[[], str], lexicon: Lexicon) -> Iterator[PostgresIndex]:
    """An index in a fresh database on PostgreSQL that was built of nothing."""
    database = Database(new_postgres())
    try:
        index = PostgresIndex(database, lexicon=lexicon)
        index.rebuild(iter(()), seq=0)
        yield index
    finally:
        database.close()


@pytest.fixture(params=["naive", "whoosh", pytest.param("postgres", marks=pytest.mark.postgres)])
def index(request: pytest.FixtureRequest, lexicon: Lexicon) -> SearchIndex:
    """Every kind of index, built of nothing: what one promises, all do."""
    if request.param == "naive":
        made: SearchIndex = NaiveIndex(lexicon)
        made.rebuild(iter(()), seq=0)
        return made
    return request.getfixturevalue(request.param)
