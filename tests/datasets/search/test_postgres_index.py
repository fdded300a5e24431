"""The index in PostgreSQL among several processes: each has its own connection and memory, all give one answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from searching.documents import a_document
from sqlalchemy import text

from datasets.db import Database
from datasets.search.errors import IndexBusy, IndexNotWritten
from datasets.search.index import SearchQuery
from datasets.search.lexicon import Lexicon
from datasets.search.postgres_index import PostgresIndex

pytestmark = pytest.mark.postgres


@pytest.fixture
def other(postgres: PostgresIndex, lexicon: Lexicon) -> Iterator[PostgresIndex]:
    """The same index as another process has it, which looks for news each time."""
    database = Database(postgres._database.url.render_as_string(hide_password=False))
    yield PostgresIndex(database, lexicon=lexicon, look_again=0)
    database.close()


def found(index: PostgresIndex, words: str = "penduduk") -> list[int]:
    return sorted(index.search(SearchQuery(words, rows=1000)).ids)


def run(index: PostgresIndex, statement: str) -> None:
    with index._database.write() as session:
        session.execute(text(statement))


def test_each_process_sees_what_the_others_write(postgres: PostgresIndex, other: PostgresIndex) -> None:
    postgres.apply([a_document(1), a_document(2)], [], seq=1)
    assert found(other) == [1, 2]
    other.apply([a_document(3), a_document(1, "Luas Sawah")], [2], seq=2)
    postgres._latest.look_at_once()
    assert found(postgres) == found(other) == [3]
    assert found(postgres, "sawah") == [1]
    assert postgres.state() == other.state()


def test_many_small_changes_are_read_one_by_one_and_put_together(postgres: PostgresIndex, other: PostgresIndex) -> None:
    for number in range(1, 30):
        postgres.apply([a_document(number)], [number - 3], seq=number)
        assert found(other) == list(range(max(1, number - 2), number + 1))
    loaded = other._latest.get()
    assert loaded is not None
    assert len(loaded.parts) <= 8


def test_who_slept_through_the_sweeping_reads_everything_anew(postgres: PostgresIndex, other: PostgresIndex) -> None:
    postgres.apply([a_document(1), a_document(2)], [], seq=1)
    assert found(other) == [1, 2]
    postgres.apply([], [1], seq=2)
    run(postgres, "UPDATE search.dataset SET died = now() - interval '1 hour' WHERE dead IS NOT NULL")
    postgres.apply([a_document(3)], [], seq=3)
    with postgres._database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM search.dataset WHERE dead IS NOT NULL")) == 0
    assert found(other) == [2, 3]


def test_two_processes_write_at_once_and_none_is_lost(postgres: PostgresIndex, other: PostgresIndex) -> None:
    failed: list[Exception] = []

    def write(index: PostgresIndex, first: int) -> None:
        try:
            for number in range(first, first + 8):
                index.apply([a_document(number)], [], seq=number)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=one) for one in ((postgres, 10), (other, 30))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert found(other) == [*range(10, 18), *range(30, 38)]


def test_a_rebuild_is_seen_at_once_and_whole(postgres: PostgresIndex, other: PostgresIndex) -> None:
    postgres.apply([a_document(number) for number in range(1, 20)], [], seq=1)
    seen: list[list[int]] = []
    postgres.rebuild((a_document(n) for n in range(100, 500)), seq=2, progress=lambda _: seen.append(found(other)))
    assert seen
    assert all(one == list(range(1, 20)) for one in seen)
    assert found(other) == list(range(100, 500))


def test_who_cannot_have_the_index_for_writing_is_told(postgres: PostgresIndex, other: PostgresIndex) -> None:
    with postgres._writing():
        with other._database.engine.begin() as connection:  # the pool keeps this connection for the next writer
            connection.execute(text("SET lock_timeout = '50ms'"))
        with pytest.raises(IndexBusy):
            other.apply([a_document(1)], [], seq=1)
    other.apply([a_document(1)], [], seq=1)
    assert found(other) == [1]


def test_without_a_database_nothing_is_available_and_nothing_raised(lexicon: Lexicon) -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    index = PostgresIndex(database, lexicon=lexicon)
    assert not index.search(SearchQuery("penduduk")).available
    assert index.suggest("pend") == []
    assert not index.state().healthy
    with pytest.raises(IndexNotWritten):
        index.apply([a_document(1)], [], seq=1)
    database.close()


def test_a_database_without_the_tables_asks_for_a_rebuild(postgres: PostgresIndex, other: PostgresIndex) -> None:
    run(postgres, "DROP SCHEMA search CASCADE")
    assert not other.search(SearchQuery("penduduk")).available
    assert not other.state().healthy
    other.apply([a_document(1)], [], seq=1)
    assert found(other) == [1]
    assert not other.state().healthy
    other.rebuild(iter([a_document(2)]), seq=2)
    assert (found(other), other.state().healthy) == ([2], True)


def test_another_lexicon_asks_for_a_rebuild(postgres: PostgresIndex, tmp_path) -> None:
    own = tmp_path / "lexicon.toml"
    own.write_text('[concepts]\nkebo = ["kebo"]\n')
    assert postgres.state().healthy
    assert not PostgresIndex(postgres._database, lexicon=Lexicon.load(own)).state().healthy
