"""What stands at an address is asked each time; what was published is remembered and never another's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import build
import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import DetachedInstanceError

from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.models import Dataset, Version, Visibility
from datasets.standing import VersionsKept, standing
from datasets.withdraw import Withdrawn, restore, withdraw
from metadata.errors import NotFound

SLUG = "jumlah-penduduk"
Counting = Callable[[], AbstractContextManager[Any]]


def shown(database: Database, kept: VersionsKept, number: int | None = None) -> tuple[Dataset, Version]:
    with database.read() as session:
        found = standing(session, SLUG, number)
        return found.dataset, kept.get(session, found)


def test_a_known_version_costs_one_look_at_the_database(
    database: Database, blobs: LocalBlobs, count_queries: Counting
) -> None:
    with database.write() as session:
        build.a_published(session, blobs)
    kept = VersionsKept()
    first = shown(database, kept)[1]
    with count_queries() as asked:
        again = shown(database, kept)[1]
        then = shown(database, kept, 1)[1]
    assert len(asked) == 2
    assert again is first is then
    assert [resource.name for resource in first.resources]
    with pytest.raises(DetachedInstanceError):
        first.package  # noqa: B018 - a document that can be megabytes is not kept


def test_what_is_withdrawn_elsewhere_is_gone_at_once_for_who_remembers_it(
    database: Database, blobs: LocalBlobs
) -> None:
    with database.write() as session:
        build.a_published(session, blobs)
    kept = VersionsKept()
    shown(database, kept)
    elsewhere = Database(database.url.render_as_string(hide_password=False))
    try:
        with elsewhere.write() as session:
            withdraw(session, session.scalars(select(Dataset)).one(), "keliru", at=build.AT)
        for number in (None, 1, 9):
            with pytest.raises(Withdrawn, match="keliru"):
                shown(database, kept, number)
        with elsewhere.write() as session:
            restore(session, session.scalars(select(Dataset)).one(), at=build.AT)
        assert shown(database, kept)[0].visibility is Visibility.PUBLISHED
        with elsewhere.write() as session:
            session.scalars(select(Dataset)).one().visibility = Visibility.DRAFT
        for number in (None, 1):
            with pytest.raises(NotFound):
                shown(database, kept, number)
    finally:
        elsewhere.close()


def test_a_new_version_and_a_new_title_are_seen_at_once(database: Database, blobs: LocalBlobs) -> None:
    kept = VersionsKept()
    for turn in (1, 2):
        with database.write() as session:
            content = build.CSV + f"Kapas,2024,{turn}\n"
            members: dict[str, Any] = {"title": "Judul baru"} if turn == 2 else {}
            build.a_published(session, blobs, content=content, at=build.AT + timedelta(turn), **members)
        dataset, version = shown(database, kept)
        assert (dataset.title, version.number) == ("Judul baru" if turn == 2 else "Jumlah Penduduk", turn)
    assert shown(database, kept, 1)[1].number == 1
    for number in (0, 3, 10**30):
        with pytest.raises(NotFound):
            shown(database, kept, number)
    with database.read() as session, pytest.raises(NotFound):
        standing(session, "tidak-ada" * 40)


def test_memory_for_versions_is_bounded(database: Database, blobs: LocalBlobs, count_queries: Counting) -> None:
    with database.write() as session:
        build.a_published(session, blobs)
    nothing = VersionsKept(megabytes=0)
    shown(database, nothing)
    with count_queries() as asked:
        shown(database, nothing)
    assert len(asked) == 3
