"""The code lists in the database."""

from __future__ import annotations

import build
from sqlalchemy import func, select

from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.models import Region, SearchOutbox, Theme
from datasets.seed import seed
from metadata import regions, themes


def test_every_theme_and_region_is_there_once_however_often_it_is_seeded(database: Database) -> None:
    for _ in range(2):
        with database.write() as session:
            seed(session, at=build.AT)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Theme)) == len(themes.every())
        assert session.scalar(select(func.count()).select_from(Region)) == len(regions.load())
        bojonegoro = session.get_one(Region, "35.22")
        assert (bojonegoro.name, bojonegoro.kind, bojonegoro.parent_code) == ("Bojonegoro", "kabupaten", "35")
        kecamatan = session.scalars(select(Region).where(Region.parent_code == "35.22")).all()
        assert len(kecamatan) == 28
        assert session.scalar(select(func.count()).select_from(SearchOutbox)) == 0


def test_changed_words_are_followed_and_their_datasets_indexed_again(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        seed(session, at=build.AT)
        session.get_one(Region, "35.22").name = "Bodjonegoro"
        session.scalars(select(Theme).limit(1)).one().title = "Lama"
        dataset = build.a_published(session, blobs, regions=("35.22",)).dataset
        build.a_published(session, blobs, "other", "a\n1\n", regions=("35.22.01",))
        session.query(SearchOutbox).delete()
    with database.write() as session:
        seed(session, at=build.AT)
    with database.read() as session:
        assert session.get_one(Region, "35.22").name == "Bojonegoro"
        assert session.scalar(select(func.count()).where(Theme.title == "Lama")) == 0
        assert session.scalars(select(SearchOutbox.dataset_id)).all() == [dataset.id]


def test_what_a_vocabulary_no_longer_names_stays(database: Database) -> None:
    with database.write() as session:
        session.add(Region(code="99.99", name="Dahulu", kind="kabupaten"))
        seed(session, at=build.AT)
        assert session.get(Region, "99.99") is not None
