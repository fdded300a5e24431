"""What pages and the API read, and that no list asks once per line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import build
import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from datasets import catalog
from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.draft import OrganizationDraft
from datasets.models import Dataset, Item, ItemOutcome, Region, Run, RunState
from datasets.withdraw import Withdrawn, withdraw
from metadata.errors import NotFound

Counting = Callable[[], AbstractContextManager[Any]]
BPS = OrganizationDraft(slug="bps", title="Badan Pusat Statistik", abbreviation="BPS")


def fill(database: Database, blobs: LocalBlobs, number: int) -> None:
    with database.write() as session:
        session.merge(Region(code="35.22", name="Bojonegoro", kind="kabupaten"))
        for position in range(number):
            build.a_published(
                session,
                blobs,
                f"k{position}",
                build.CSV + f"Desa {position},2023,1\n",
                at=build.AT + timedelta(days=position),
                title=f"Data {position:02}",
                organization=BPS if position % 2 else build.DINKES,
                themes=("kependudukan",) if position % 2 else ("kesehatan", "kependudukan"),
                regions=("35.22",),
            )


def test_a_page_has_everything_loaded(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        source = build.a_source(session, "dinkes").id
        run = Run(source_id=source, started_at=build.AT, state=RunState.FINISHED)
        session.add_all([run, Region(code="35.22", name="Bojonegoro", kind="kabupaten")])
        session.flush()
        members: dict[str, Any] = {"themes": ("kesehatan", "kependudukan"), "regions": ("35.22",), "run_id": run.id}
        build.a_published(session, blobs, source_id=source, **members)
    with database.read() as session:
        dataset = catalog.get_published(session, "jumlah-penduduk")
    assert dataset.organization.abbreviation == "Dinkes"
    assert dataset.source is not None
    assert dataset.source.name == "dinkes"
    assert [theme.slug for theme in dataset.themes] == ["kependudukan", "kesehatan"]
    assert [tag.tag for tag in dataset.tags] == ["kecamatan", "penduduk"]
    assert [region.name for region in dataset.regions] == ["Bojonegoro"]
    version = dataset.current_version
    assert version is not None
    assert version.package["name"] == "jumlah-penduduk"
    assert version.run is not None
    assert version.run.source.name == "dinkes"
    resource = version.resources[0]
    assert resource.schema == build.SCHEMA
    assert resource.evidence.source is not None
    assert resource.evidence.filename == "penduduk.csv"


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        (lambda s: catalog.get_published(s, "data-00"), 5),
        (lambda s: catalog.version(s, "data-00", 1), 6),
        (lambda s: catalog.versions_of(s, s.scalars(select(Dataset).limit(1)).one()), 3),
        (lambda s: catalog.by_ids(s, range(1, 50)), 4),
        (lambda s: catalog.latest(s, 50), 4),
        (catalog.organizations_with_counts, 1),
        (catalog.themes_with_counts, 1),
        (catalog.counts, 2),
        (catalog.slugs, 1),
    ],
)
def test_the_number_of_queries_does_not_grow(
    ask: Callable[[Session], Any], most: int, database: Database, blobs: LocalBlobs, count_queries: Counting
) -> None:
    asked = []
    for number in (2, 12):
        fill(database, blobs, number)
        with database.read() as session, count_queries() as queries:
            ask(session)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= most


def test_lists_do_not_read_documents(database: Database, blobs: LocalBlobs) -> None:
    fill(database, blobs, 1)
    with database.read() as session:
        card = catalog.latest(session, 1)[0]
        assert card.current_version is not None
        assert card.current_version.resources[0].rows == 2
        for heavy in (lambda v: v.package, lambda v: v.report, lambda v: v.resources[0].stats):
            with pytest.raises(InvalidRequestError):
                heavy(card.current_version)


def test_lists_keep_their_order_and_show_only_what_is_public(database: Database, blobs: LocalBlobs) -> None:
    fill(database, blobs, 5)
    with database.write() as session:
        gone = session.scalars(select(Dataset).where(Dataset.slug == "data-03")).one()
        withdraw(session, gone, "Keliru", at=build.AT)
        draft = Dataset(
            slug="rahasia", uuid="x", title="Belum terbit", organization_id=gone.organization_id,
            created_at=build.AT, modified_at=build.AT + timedelta(days=99),
        )  # fmt: skip
        session.add(draft)
        session.flush()
        ids = [draft.id, gone.id, 5, 1, 404]
    with database.read() as session:
        assert [dataset.slug for dataset in catalog.by_ids(session, ids)] == ["data-04", "data-00"]
        assert [dataset.slug for dataset in catalog.latest(session, 2)] == ["data-04", "data-02"]
        assert list(catalog.slugs(session)) == ["data-00", "data-01", "data-02", "data-04"]
        assert list(catalog.slugs(session, limit=2, offset=1)) == ["data-01", "data-02"]
        assert [(o.slug, n) for o, n in catalog.organizations_with_counts(session)] == [
            ("bps", 1),
            ("dinas-kesehatan", 3),
        ]
        themes = {theme.slug: number for theme, number in catalog.themes_with_counts(session)}
        assert (themes["kependudukan"], themes["kesehatan"], themes["pendidikan"]) == (4, 3, 0)
        assert catalog.counts(session) == catalog.Counts(datasets=4, organizations=2, resources=4, rows=8)


def test_an_empty_catalogue_has_figures_too(database: Database) -> None:
    with database.read() as session:
        assert catalog.counts(session) == catalog.Counts(datasets=0, organizations=0, resources=0, rows=0)
        assert list(catalog.latest(session)) == catalog.by_ids(session, []) == []


def test_a_draft_looks_like_nothing_at_all(database: Database, blobs: LocalBlobs) -> None:
    fill(database, blobs, 1)
    with database.write() as session:
        organization = catalog.organization(session, "dinas-kesehatan").id
        session.add(
            Dataset(
                slug="rahasia", uuid="x", title="X", organization_id=organization,
                created_at=build.AT, modified_at=build.AT,
            )
        )  # fmt: skip
    with database.read() as session:
        for slug in ("rahasia", "tidak-ada", "", "x" * 5000, "a\x00b", "\ud800", "' OR 1=1 --"):
            for ask in (
                lambda slug=slug: catalog.get_published(session, slug, or_uuid=True),
                lambda slug=slug: catalog.version(session, slug, 1),
                lambda slug=slug: catalog.organization(session, slug),
                lambda slug=slug: catalog.theme(session, slug),
                lambda slug=slug: catalog.resource(session, slug),
            ):
                with pytest.raises(NotFound) as told:
                    ask()
                assert told.value.status == 404


def test_a_withdrawn_dataset_says_that_and_why(database: Database, blobs: LocalBlobs) -> None:
    fill(database, blobs, 1)
    with database.write() as session:
        uuid = catalog.get_published(session, "data-00").current_version.resources[0].uuid  # type: ignore[union-attr]
        withdraw(session, catalog.get_published(session, "data-00"), "Salah hitung", at=build.AT)
    with database.read() as session:
        for ask in (
            lambda: catalog.get_published(session, "data-00"),
            lambda: catalog.version(session, "data-00", 1),
        ):
            with pytest.raises(Withdrawn, match="Salah hitung"):
                ask()
        with pytest.raises(NotFound):
            catalog.resource(session, uuid)


def test_old_versions_stay_at_their_address(database: Database, blobs: LocalBlobs) -> None:
    fill(database, blobs, 1)
    with database.write() as session:
        build.a_published(session, blobs, "k0", "a,b\n1,2\n", title="Judul Baru")
    with database.read() as session:
        old, new = catalog.version(session, "data-00", 1), catalog.version(session, "data-00", 2)
        assert old.package["version"] == "1"
        assert old.resources[0].raw_sha256 != new.resources[0].raw_sha256
        assert old.dataset.current_version_id == new.id
        assert old.dataset.organization.slug == "dinas-kesehatan"
        dataset = catalog.get_published(session, "data-00")
        assert [version.number for version in catalog.versions_of(session, dataset)] == [2, 1]
        for number in (0, 3, -1, 10**30):
            with pytest.raises(NotFound):
                catalog.version(session, "data-00", number)


def test_the_api_finds_by_uuid(database: Database, blobs: LocalBlobs) -> None:
    fill(database, blobs, 1)
    with database.read() as session:
        dataset = catalog.get_published(session, "data-00")
        assert catalog.get_published(session, dataset.uuid, or_uuid=True).id == dataset.id
        with pytest.raises(NotFound):
            catalog.get_published(session, dataset.uuid)
        assert dataset.current_version is not None
        resource = catalog.resource(session, dataset.current_version.resources[0].uuid)
        assert resource.version.dataset.slug == "data-00"


def test_the_history_tells_what_each_run_did(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        source = build.a_source(session).id
        dataset = build.a_published(session, blobs, source_id=source).dataset
        for outcome in (ItemOutcome.PUBLISHED, ItemOutcome.UNCHANGED):
            run = Run(source_id=source, started_at=build.AT)
            session.add(run)
            session.flush()
            session.add(
                Item(
                    run_id=run.id, source_id=source, remote_key="k", title="t", outcome=outcome, at=build.AT,
                    dataset_id=dataset.id,
                )
            )  # fmt: skip
    with database.read() as session:
        items = catalog.history(session, catalog.get_published(session, "jumlah-penduduk"))
        assert [item.outcome.value for item in items] == ["unchanged", "published"]
        assert items[0].run.source.name == "dinkes"


def test_regions_are_named_by_code(database: Database, blobs: LocalBlobs) -> None:
    fill(database, blobs, 1)
    with database.read() as session:
        assert {code: region.name for code, region in catalog.regions(session, ["35.22", "99"]).items()} == {
            "35.22": "Bojonegoro"
        }
