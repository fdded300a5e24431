"""That the index follows the catalogue, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import build
import pytest
from list_index import ListIndex
from sqlalchemy import select, update

from datasets import catalog, leases
from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.leases import LeaseTaken
from datasets.models import Dataset, Lease, Region, SearchOutbox
from datasets.search import feed
from datasets.search.feed import document, documents, drain, rebuild
from datasets.search.index import SearchIndex, SearchQuery
from datasets.search.whoosh_index import WhooshIndex
from datasets.withdraw import restore, withdraw


@pytest.fixture(params=["list", "whoosh"])
def index(request: pytest.FixtureRequest, home: Any) -> SearchIndex:
    return ListIndex() if request.param == "list" else WhooshIndex(home / "search")


def publish_some(database: Database, blobs: LocalBlobs, titles: tuple[str, ...]) -> list[int]:
    with database.write() as session:
        return [
            build.a_published(session, blobs, title, build.CSV + f"{title},2023,1\n", title=title).dataset.id
            for title in titles
        ]


def found(index: SearchIndex, words: str) -> list[int]:
    return sorted(index.search(SearchQuery(text=words)).ids)


def outbox(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(select(SearchOutbox.dataset_id)))


def test_a_document_says_all_that_is_searched(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        session.add(Region(code="35.22", name="Bojonegoro", kind="kabupaten"))
        session.flush()
        members: dict[str, Any] = {
            "themes": ("kependudukan",),
            "regions": ("35.22",),
            "year_from": 2021,
            "year_to": 2023,
        }
        dataset = build.a_published(session, blobs, **members).dataset
        told = document(session, dataset)
    assert told is not None
    assert (told.id, told.title, told.organization) == (dataset.id, "Jumlah Penduduk", "dinas-kesehatan")
    assert told.themes == ("kependudukan",)
    assert told.tags == ("kecamatan", "penduduk")
    assert told.columns == ("kecamatan", "Kecamatan", "tahun", "Tahun", "penduduk", "Jumlah Penduduk")
    assert (told.regions, told.region_names) == (("35.22",), ("Bojonegoro",))
    assert told.years == (2021, 2022, 2023)
    assert (told.formats, told.license, told.modified) == (("csv",), "cc-by-4.0", build.AT)


def test_many_documents_cost_no_more_queries_than_one(
    database: Database, blobs: LocalBlobs, count_queries: Callable[[], AbstractContextManager[Any]]
) -> None:
    ids = publish_some(database, blobs, tuple(f"Data {number}" for number in range(8)))
    asked = []
    for some in (ids[:1], ids):
        with database.read() as session, count_queries() as queries:
            assert len(list(documents(session, some))) == len(some)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 5


def test_what_is_published_is_found_after_the_outbox_is_drained(
    database: Database, blobs: LocalBlobs, index: SearchIndex
) -> None:
    padi, jalan = publish_some(database, blobs, ("Luas Panen Padi", "Kondisi Jalan"))
    assert drain(database, index) == 2
    assert outbox(database) == []
    assert (found(index, "padi"), found(index, "jalan")) == ([padi], [jalan])
    assert index.state().documents == 2
    assert drain(database, index) == 0


def test_a_withdrawn_dataset_is_not_found_until_it_is_restored(
    database: Database, blobs: LocalBlobs, index: SearchIndex
) -> None:
    (padi,) = publish_some(database, blobs, ("Luas Panen Padi",))
    drain(database, index)
    with database.write() as session:
        withdraw(session, session.get_one(Dataset, padi), "Keliru", at=build.AT)
    drain(database, index)
    assert found(index, "padi") == []
    with database.write() as session:
        restore(session, session.get_one(Dataset, padi), at=build.AT)
    drain(database, index)
    assert found(index, "padi") == [padi]


def test_several_changes_of_one_dataset_are_one_update_with_its_last_state(
    database: Database, blobs: LocalBlobs
) -> None:
    index = ListIndex()
    with database.write() as session:
        for title in ("Satu", "Dua", "Tiga"):
            number = build.a_published(session, blobs, "k", build.CSV + title, title=title).dataset.id
    assert drain(database, index) == 3
    assert index.applied == [([number], [])]
    assert index.documents[number].title == "Tiga"


def test_a_kill_between_index_and_outbox_only_repeats_the_work(
    database: Database, blobs: LocalBlobs, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    (padi,) = publish_some(database, blobs, ("Luas Panen Padi",))
    with monkeypatch.context() as killed:
        killed.setattr(feed, "_forget", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            drain(database, index)
    assert outbox(database) == [padi]
    assert drain(database, index) == 1
    assert found(index, "padi") == [padi]


def test_news_that_comes_while_indexing_is_not_lost(database: Database, blobs: LocalBlobs) -> None:
    class Slow(ListIndex):
        def apply(self, upserts: Any, deletes: Any, seq: int) -> None:
            super().apply(upserts, deletes, seq)
            if len(self.applied) == 1:
                publish_some(database, blobs, ("Kondisi Jalan",))

    index = Slow()
    publish_some(database, blobs, ("Luas Panen Padi",))
    assert drain(database, index) == 2
    assert len(index.documents) == 2


def test_one_process_at_a_time(database: Database, blobs: LocalBlobs) -> None:
    publish_some(database, blobs, ("Luas Panen Padi",))
    with database.write() as session:
        other = leases.take(session, feed.LEASE, "other", seconds=60)
    index = ListIndex()
    assert drain(database, index) == 0
    with pytest.raises(LeaseTaken):
        rebuild(database, index, wait=0)
    assert index.applied == []
    with database.write() as session:
        assert other is not None
        leases.release(session, other)
    assert drain(database, index) == 1


def test_who_lost_the_lease_while_indexing_deletes_no_rows(database: Database, blobs: LocalBlobs) -> None:
    class Overtaken(ListIndex):
        def apply(self, upserts: Any, deletes: Any, seq: int) -> None:
            super().apply(upserts, deletes, seq)
            with database.write() as session:
                session.execute(update(Lease).values(until=datetime(1990, 1, 1, tzinfo=UTC)))
                assert leases.take(session, feed.LEASE, "heir", seconds=60)

    (padi,) = publish_some(database, blobs, ("Luas Panen Padi",))
    assert drain(database, Overtaken()) == 0
    assert outbox(database) == [padi]
    with database.read() as session:
        assert not leases.free(session, feed.LEASE)


def test_the_outbox_never_gives_a_number_twice(database: Database, blobs: LocalBlobs) -> None:
    publish_some(database, blobs, ("Satu",))
    with database.read() as session:
        first = session.scalars(select(SearchOutbox.seq)).one()
    drain(database, ListIndex())
    publish_some(database, blobs, ("Dua",))
    with database.read() as session:
        assert session.scalars(select(SearchOutbox.seq)).one() > first


def test_a_rebuilt_index_has_all_that_is_public_and_nothing_else(
    database: Database, blobs: LocalBlobs, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "_BATCH", 3)
    ids = publish_some(database, blobs, tuple(f"Data Padi {number}" for number in range(8)))
    with database.write() as session:
        withdraw(session, session.get_one(Dataset, ids[3]), "Keliru", at=build.AT)
    told: list[int] = []
    assert rebuild(database, index, told.append) == 7
    assert told[-1] == 7
    assert found(index, "padi") == [number for number in ids if number != ids[3]]
    assert outbox(database) == []


def test_an_index_that_is_not_sound_is_made_anew(database: Database, blobs: LocalBlobs) -> None:
    ids = publish_some(database, blobs, ("Satu", "Dua"))
    drain(database, ListIndex())
    lost = ListIndex()
    lost.healthy = False
    assert drain(database, lost) == 0
    assert sorted(lost.documents) == sorted(ids)


def test_what_is_found_but_withdrawn_is_not_shown(database: Database, blobs: LocalBlobs, index: SearchIndex) -> None:
    (padi,) = publish_some(database, blobs, ("Luas Panen Padi",))
    drain(database, index)
    with database.write() as session:
        withdraw(session, session.get_one(Dataset, padi), "Keliru", at=build.AT)
    with database.read() as session:
        assert catalog.by_ids(session, index.search(SearchQuery(text="padi")).ids) == []
