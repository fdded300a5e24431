"""What publication promises, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import build
import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from datasets import leases
from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.draft import Identity, OrganizationDraft
from datasets.models import (
    Blob,
    Dataset,
    DatasetRegion,
    DatasetTag,
    DatasetTheme,
    Evidence,
    Immutable,
    Organization,
    Region,
    Resource,
    SearchOutbox,
    Theme,
    Version,
    Visibility,
)
from datasets.publish import Overtaken, keep_evidence, plan, publish
from datasets.withdraw import ReasonMissing, Withdrawn, restore, withdraw

OTHER = build.CSV + "Padangan,2023,39000\n"


def test_a_draft_becomes_the_first_version_with_all_its_rows(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        source = build.a_source(session)
        published = build.a_published(session, blobs, source_id=source.id)
    with database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        assert (dataset.slug, dataset.visibility) == ("jumlah-penduduk", Visibility.PUBLISHED)
        assert (dataset.created_at, dataset.modified_at) == (build.AT, build.AT)
        assert session.scalars(select(Organization.abbreviation)).one() == "Dinkes"
        version = session.scalars(select(Version)).one()
        assert (version.id, version.number) == (dataset.current_version_id, 1)
        assert published.created
        assert published.version.id == version.id
        resource = session.scalars(select(Resource)).one()
        assert (resource.version_id, resource.raw_size, resource.csv_size) == (
            version.id,
            len(build.CSV),
            len(build.CSV),
        )
        evidence = session.get_one(Evidence, resource.evidence_id)
        assert (evidence.source_id, evidence.filename, evidence.sha256) == (
            source.id,
            "penduduk.csv",
            resource.raw_sha256,
        )
        assert session.scalars(select(DatasetTag.tag).order_by(DatasetTag.tag)).all() == ["kecamatan", "penduduk"]
        assert session.scalars(select(SearchOutbox.dataset_id)).all() == [dataset.id]
        named = set(session.scalars(select(Blob.sha256)))
    assert named == set(blobs.all())


def test_the_same_again_is_the_version_there_is_and_leaves_no_trace(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        first = build.a_published(session, blobs)
    with database.write() as session:
        again = build.a_published(session, blobs, at=build.AT + timedelta(days=1))
        assert (again.created, again.version.id) == (False, first.version.id)
    with database.read() as session:
        counts = [session.scalar(select(func.count()).select_from(kind)) for kind in (Version, Evidence, SearchOutbox)]
        assert counts == [1, 1, 1]
        assert session.scalars(select(Dataset.modified_at)).one() == build.AT


def test_other_content_is_the_next_version_and_the_old_one_stays(database: Database, blobs: LocalBlobs) -> None:
    later = build.AT + timedelta(days=1)
    with database.write() as session:
        first = build.a_published(session, blobs)
        second = build.a_published(session, blobs, content=OTHER, at=later, title="Penduduk Bojonegoro", tags=("baru",))
        back = build.a_published(session, blobs, at=later)
    assert [published.version.number for published in (first, second, back)] == [1, 2, 3]
    with database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        assert (dataset.slug, dataset.title) == ("jumlah-penduduk", "Jumlah Penduduk")
        assert dataset.current_version_id == back.version.id
        assert len(session.scalars(select(Version)).all()) == 3
        uuids = session.scalars(select(Resource.uuid)).all()
        assert len(uuids) == 3
        assert len(set(uuids)) == 1


def test_identity_is_the_source_and_its_key_never_the_title(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        one, two = build.a_source(session, "satu").id, build.a_source(session, "dua").id
        slugs = [
            build.a_published(session, blobs, key, source_id=source).dataset.slug
            for source, key in ((one, "a"), (one, "b"), (two, "a"), (None, "a"), (one, "a"))
        ]
    assert slugs == [
        "jumlah-penduduk",
        "jumlah-penduduk-2",
        "jumlah-penduduk-3",
        "jumlah-penduduk-4",
        "jumlah-penduduk",
    ]


def test_no_dataset_gets_an_address_that_is_a_pages_own(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        assert build.a_published(session, blobs, title="Saran").dataset.slug == "saran-2"


def test_long_titles_and_keys_keep_datasets_apart(database: Database, blobs: LocalBlobs) -> None:
    title, key = "Jumlah " * 90, "k" * 700
    with database.write() as session:
        first = build.a_published(session, blobs, key + "1", title=title)
        second = build.a_published(session, blobs, key + "2", title=title)
        again = build.a_published(session, blobs, key + "1", title=title)
    assert len({first.dataset.slug, second.dataset.slug}) == 2
    assert max(len(first.dataset.slug), len(second.dataset.slug)) <= 100
    assert again.dataset.id == first.dataset.id


def test_what_strangers_write_fits_both_databases(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        build.a_published(
            session,
            blobs,
            title="Nol \x00 dan \ud800" + "x" * 500,
            description="\x00",
            tags=("\x00", "t" * 300, "t" * 301),
        )
    with database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        assert dataset.title.startswith("Nol \ufffd dan \ufffd")
        assert len(dataset.title) == 400
        assert len(session.scalars(select(DatasetTag)).all()) == 2


def test_a_place_that_someone_else_took_meanwhile_is_refused(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        mine = plan(session, Identity(None, "a"), title="Jumlah Penduduk")
        theirs = plan(session, Identity(None, "b"), title="Jumlah Penduduk")
        assert mine.slug == theirs.slug
        publish(session, build.a_draft(theirs, blobs), at=build.AT)
        with pytest.raises(Overtaken):
            publish(session, build.a_draft(mine, blobs), at=build.AT)
        draft = build.a_draft(plan(session, Identity(None, "b"), title="x"), blobs, OTHER)
        for number in (1, 3):
            with pytest.raises(Overtaken):
                publish(session, build.at_number(draft, number), at=build.AT)
        assert publish(session, draft, at=build.AT).version.number == 2


def test_who_lost_the_lease_publishes_nothing(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        late = leases.take(session, "panen:1", "a", seconds=0)
        heir = leases.take(session, "panen:1", "b", seconds=60)
        assert late is not None
        assert heir is not None
    draft = None
    with pytest.raises(leases.LeaseLost), database.write() as session:
        draft = build.a_draft(plan(session, Identity(None, "a"), title="x"), blobs)
        publish(session, draft, at=build.AT, fence=late)
    with database.write() as session:
        assert draft is not None
        assert publish(session, draft, at=build.AT, fence=heir).created


def test_a_failure_at_the_last_moment_leaves_nothing(database: Database, blobs: LocalBlobs) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        build.a_published(session, blobs)
        raise ZeroDivisionError
    with database.read() as session:
        for kind in (Dataset, Version, Resource, Blob, Evidence, SearchOutbox, Organization):
            assert session.scalar(select(func.count()).select_from(kind)) == 0


def test_an_organisation_keeps_what_it_has_and_gets_what_it_lacks(database: Database, blobs: LocalBlobs) -> None:
    richer = OrganizationDraft(slug=build.DINKES.slug, title="dinkes bjn", abbreviation="DK", email="a@b.go.id")
    with database.write() as session:
        build.a_published(session, blobs, "a")
        build.a_published(session, blobs, "b", organization=richer)
    with database.read() as session:
        organization = session.scalars(select(Organization)).one()
        assert (organization.title, organization.abbreviation, organization.email) == (
            "Dinas Kesehatan",
            "Dinkes",
            "a@b.go.id",
        )


def test_themes_and_regions_are_those_of_the_code_lists(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        session.add(Region(code="35.22", name="Bojonegoro", kind="kabupaten"))
        session.flush()
        members = {"themes": ("kependudukan", "tak-dikenal"), "regions": ("35.22", "99.99")}
        build.a_published(session, blobs, **members)
        build.a_published(session, blobs, content=OTHER, **members | {"themes": ("kesehatan",)})
    with database.read() as session:
        slugs = session.scalars(select(Theme.slug).join(DatasetTheme, DatasetTheme.theme_id == Theme.id)).all()
        assert slugs == ["kesehatan"]
        assert session.scalars(select(DatasetRegion.region_code)).all() == ["35.22"]


def test_tables_of_one_workbook_share_its_evidence(database: Database, blobs: LocalBlobs) -> None:
    raw = blobs.put_bytes(b"PK workbook")
    workbook = build.an_evidence(raw, filename="profil.xlsx")
    resources = tuple(build.a_resource(raw, name=name, evidence=workbook, sheet=name) for name in ("a", "b", "c"))
    with database.write() as session:
        build.a_published(session, blobs, resources=resources)
    with database.read() as session:
        assert len(session.scalars(select(Evidence)).all()) == 1
        assert session.scalars(select(Resource.name).order_by(Resource.position)).all() == ["a", "b", "c"]


def test_evidence_of_what_is_held_is_kept_once(database: Database, blobs: LocalBlobs) -> None:
    identity = Identity(None, "a")
    with database.write() as session:
        first = keep_evidence(session, identity, [build.an_evidence(blobs.put_bytes(b"x"))], at=build.AT)
        again = keep_evidence(session, identity, [build.an_evidence(blobs.put_bytes(b"x"))], at=build.AT)
        tagged = keep_evidence(
            session, identity, [build.an_evidence(blobs.put_bytes(b"x"), headers={"ETag": '"2"'})], at=build.AT
        )
        changed = keep_evidence(session, identity, [build.an_evidence(blobs.put_bytes(b"y"))], at=build.AT)
    assert first == again
    assert len({*first, *tagged, *changed}) == 3


def test_a_withdrawn_dataset_stays_so_until_a_person_restores_it(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        dataset = build.a_published(session, blobs).dataset
        with pytest.raises(ReasonMissing):
            withdraw(session, dataset, "  ", at=build.AT)
        withdraw(session, dataset, "Memuat data pribadi", at=build.AT)
    with pytest.raises(Withdrawn, match="Memuat data pribadi") as told, database.write() as session:
        assert plan(session, Identity(None, "penduduk.csv"), title="x").withdrawn
        build.a_published(session, blobs, content=OTHER)
    assert told.value.status == 410
    with database.write() as session:
        restore(session, session.scalars(select(Dataset)).one(), at=build.AT)
        assert build.a_published(session, blobs, content=OTHER).version.number == 2
        assert len(session.scalars(select(SearchOutbox)).all()) == 4


def test_the_code_cannot_change_what_is_published(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        build.a_published(session, blobs)
    for kind, member in ((Version, "change"), (Resource, "title"), (Evidence, "url"), (Blob, "size")):
        with pytest.raises(Immutable), database.write() as session:
            setattr(session.scalars(select(kind).limit(1)).one(), member, 7)
    for kind in (Version, Resource, Evidence):
        with pytest.raises(Immutable), database.write() as session:
            session.delete(session.scalars(select(kind)).one())


@pytest.mark.parametrize("table", ["version", "resource", "evidence", "blob"])
def test_nobody_can_change_or_delete_what_is_published(table: str, database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        build.a_published(session, blobs)
    column = "created_at" if table == "blob" else "id"
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match=r"never changes|[Ff]oreign|FOREIGN"), database.write() as session:
            session.execute(text(statement))


def test_a_blob_that_nothing_names_may_go(database: Database) -> None:
    with database.write() as session:
        session.add(Blob(sha256="0" * 64, size=1, created_at=build.AT))
    with database.write() as session:
        session.execute(delete(Blob).where(Blob.sha256 == "0" * 64))


def test_a_version_cannot_name_bytes_that_are_not_known(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        dataset = build.a_published(session, blobs).dataset
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(
            Version.__table__.insert().values(
                dataset_id=dataset.id, number=9, published_at=build.AT, content_key="x", package={}, report={},
                package_sha256="0" * 64, notices=[], lacking=[],
            )
        )  # fmt: skip


def test_a_repeated_publication_never_moves_the_address(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        build.a_published(session, blobs)
        place = plan(session, Identity(None, "penduduk.csv"), title="Judul Lain")
        assert place.slug == "jumlah-penduduk"
        draft = replace(build.a_draft(place, blobs, OTHER), title="Judul Lain")
        assert publish(session, draft, at=build.AT).dataset.slug == "jumlah-penduduk"
        session.execute(update(Dataset).values(description=""))
