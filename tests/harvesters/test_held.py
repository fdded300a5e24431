"""What is held is kept whole: a person lets it through without fetching again, turns it down, or it is overtaken."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from datasets import held, held_changes
from datasets.clock import now
from datasets.doctor import examine
from datasets.installation import Installation
from datasets.models import Blob, Dataset, Held, HeldState, ItemOutcome, Resource, Version
from harvesters.handing_in import publish_file
from harvesters.mending import mend
from harvesters.runs.reports import RunReport
from metadata.errors import BadInput

HEADER = "kecamatan,tahun,jumlah\n"
GOOD = HEADER + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))
SHRUNK = HEADER + "Kecamatan 1,2023,10\n"


@pytest.fixture
def installation(anywhere: Installation) -> Installation:
    """On both databases."""
    return anywhere


@pytest.fixture
def file(folder: Path, run: Callable[..., RunReport]) -> Path:
    """A file that was published and then lost nearly all its rows."""
    path = folder / "penduduk.csv"
    path.write_text(GOOD)
    run()
    path.write_text(SHRUNK)
    assert run().counts["held"] == 1
    return path


def rows(here: Installation) -> list[int]:
    with here.database.read() as session:
        found = select(Version.number).join(Dataset, Dataset.current_version_id == Version.id)
        return list(session.scalars(found))


def states(here: Installation) -> list[HeldState]:
    with here.database.read() as session:
        return list(session.scalars(select(Held.state).order_by(Held.id)))


def the_one(here: Installation) -> Held:
    with here.database.read() as session:
        (one,) = held.waiting(session)
        return held.get_held(session, one.id)


@pytest.mark.usefixtures("file")
def test_what_is_held_tells_why_and_what_would_change(installation: Installation) -> None:
    one = the_one(installation)
    assert one.reasons[0]["code"] == "gate.shrunk"
    with installation.database.read() as session:
        (pair,) = held_changes.pairs(session, installation.blobs, one)
    change = held_changes.changes(pair)
    assert (change["rows_before"], change["rows_after"], change["removed"]) == (28, 1, 27)


def test_accepting_publishes_although_the_source_is_gone(
    installation: Installation, file: Path, run: Callable[..., RunReport]
) -> None:
    file.rename(file.with_suffix(".away"))
    with installation.database.write() as session:
        done = held.accept(session, the_one(installation).id, actor="Siti", remark="Pemekaran.", at=now())
    assert (done.version.number, done.version.change) == (2, "Pemekaran.")
    assert rows(installation) == [2]
    file.with_suffix(".away").rename(file)
    assert run().counts == {"published": 0, "unchanged": 1, "held": 0, "failed": 0}
    with installation.database.read() as session:
        one = session.scalars(select(Held)).one()
    assert (one.state, one.decided_by) == (HeldState.ACCEPTED, "Siti")


@pytest.mark.usefixtures("file")
def test_what_was_turned_down_is_not_asked_again(installation: Installation, run: Callable[..., RunReport]) -> None:
    number = the_one(installation).id
    with installation.database.write() as session:
        held.reject(session, number, actor="Budi", remark="Baris hilang.", at=now())
    assert run().counts["unchanged"] == 1
    again = run(refresh=True)
    assert again.counts["unchanged"] == 1
    assert again.items[0].messages[0].code == held.REJECTED
    assert rows(installation) == [1]
    assert states(installation) == [HeldState.REJECTED]
    with installation.database.write() as session, pytest.raises(held.Decided):
        held.accept(session, number, actor="Budi", at=now())


def test_what_was_turned_down_leaves_no_bytes_but_its_evidence_and_what_waits_keeps_all(
    installation: Installation, file: Path
) -> None:
    def kept() -> set[str]:
        examine(installation, repair=True, at=time.time() + 200_000)
        with installation.database.read() as session:
            rows = set(session.scalars(select(Blob.sha256)))
        assert rows == set(installation.blobs.all())
        return rows

    draft = held.draft_of(the_one(installation))
    assert draft is not None
    parquet = draft.resources[0].parquet
    assert parquet is not None
    of_it = {draft.package_blob.sha256, parquet.sha256}  # the table in CSV is the evidence itself here
    assert of_it <= (before := kept())
    with installation.database.write() as session:
        held.reject(session, the_one(installation).id, actor="walidata", remark="baris hilang", at=now())
    assert kept() == before - of_it
    assert installation.blobs.path(draft.resources[0].evidence.blob.sha256).read_bytes() == file.read_bytes()
    with installation.database.read() as session:
        assert all(installation.blobs.exists(one) for one in session.scalars(select(Resource.parquet_sha256)) if one)


@pytest.mark.usefixtures("file")
def test_turning_down_needs_a_reason(installation: Installation) -> None:
    with installation.database.write() as session, pytest.raises(BadInput):
        held.reject(session, the_one(installation).id, actor="Budi", remark=" ", at=now())
    assert states(installation) == [HeldState.WAITING]


def test_a_later_good_state_clears_it_and_another_bad_one_takes_its_place(
    installation: Installation, file: Path, run: Callable[..., RunReport]
) -> None:
    run()
    run(refresh=True)
    assert states(installation) == [HeldState.WAITING]
    file.write_text(SHRUNK + "Kecamatan 2,2023,20\n")
    run()
    assert states(installation) == [HeldState.OVERTAKEN, HeldState.WAITING]
    file.write_text(GOOD + "Kecamatan 29,2023,290\n")
    assert run().counts["published"] == 1
    assert states(installation) == [HeldState.OVERTAKEN, HeldState.OVERTAKEN]


def test_of_personal_data_only_the_reason_is_kept(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    (folder / "warga.csv").write_text("nik,nama\n" + "".join(f"35220117084500{n:02},Warga {n}\n" for n in range(1, 9)))
    assert run().counts["held"] == 1
    one = the_one(installation)
    assert (one.draft, one.content_key) == (None, None)
    with installation.database.write() as session, pytest.raises(held.NothingKept):
        held.accept(session, one.id, actor="Siti", at=now())


def test_a_file_handed_in_is_held_too(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "penduduk.csv"
    path.write_text(GOOD)
    publish_file(installation, path, organization="Dinas Contoh")
    path.write_text(SHRUNK)
    publish_file(installation, path, organization="Dinas Contoh")
    with installation.database.write() as session:
        assert held.accept(session, the_one(installation).id, actor="Siti", at=now()).created


def test_a_mended_file_takes_the_place_of_what_is_held(
    file: Path, anywhere: Installation, run: Callable[..., RunReport], tmp_path: Path
) -> None:
    mended = tmp_path / "diperbaiki.csv"
    mended.write_text(GOOD.replace("Kecamatan 1,2023,10\n", "Kecamatan 1,2023,11\n"))
    done = mend(anywhere, the_one(anywhere).id, mended, actor="walidata", remark="Angka Kecamatan 1 dibetulkan")
    assert (done.outcome, done.title) == (ItemOutcome.PUBLISHED, "Penduduk")
    assert rows(anywhere) == [2]
    assert states(anywhere) == [HeldState.ACCEPTED]
    with anywhere.database.read() as session:
        version = session.scalars(select(Version).where(Version.number == 2)).one()
        assert version.package["resources"][0]["title"]
        assert session.scalars(select(Resource.rows).where(Resource.version_id == version.id)).all() == [28]
    assert run().counts["unchanged"] == 1
    with pytest.raises(held.Decided):
        mend(anywhere, 1, mended, actor="walidata")


def test_a_mended_file_that_is_no_better_waits_in_its_turn(file: Path, anywhere: Installation, tmp_path: Path) -> None:
    worse = tmp_path / "masih.csv"
    worse.write_text(HEADER + "Kecamatan 1,2023,10\nKecamatan 2,2023,20\n")
    assert mend(anywhere, the_one(anywhere).id, worse, actor="walidata").outcome is ItemOutcome.HELD
    assert states(anywhere) == [HeldState.OVERTAKEN, HeldState.WAITING]
    assert rows(anywhere) == [1]


def test_persons_are_taken_out_and_the_rest_is_published(
    folder: Path, anywhere: Installation, run: Callable[..., RunReport], tmp_path: Path
) -> None:
    persons = "nik,nama,jumlah\n" + "".join(f"35220{number:011d},Siti {number},5\n" for number in range(1, 9))
    (folder / "bantuan.csv").write_text(persons)
    assert run().counts["held"] == 1
    still = tmp_path / "belum.csv"
    still.write_text(persons)
    assert mend(anywhere, the_one(anywhere).id, still, actor="walidata").outcome is ItemOutcome.HELD
    clean = tmp_path / "bersih.csv"
    clean.write_text(GOOD)
    assert mend(anywhere, the_one(anywhere).id, clean, actor="walidata").outcome is ItemOutcome.PUBLISHED
    assert states(anywhere) == [HeldState.ACCEPTED]


def test_what_is_said_of_a_dataset_outlives_a_mended_file(
    folder: Path, anywhere: Installation, run: Callable[..., RunReport], tmp_path: Path
) -> None:
    path = folder / "kk.csv"
    path.write_text(GOOD)
    (folder / "kk.csv.toml").write_text('title = "Kepala keluarga"\ndescription = "Menurut kecamatan."\n')
    run()
    path.write_text("nik,nama\n" + "".join(f"35220{number:011d},Siti {number}\n" for number in range(1, 29)))
    assert run().counts["held"] == 1
    mended = tmp_path / "baru.csv"
    mended.write_text(GOOD.replace(",10\n", ",12\n"))
    assert mend(anywhere, the_one(anywhere).id, mended, actor="walidata").title == "Kepala keluarga"
    with anywhere.database.read() as session:
        package = session.scalars(select(Version).where(Version.number == 2)).one().package
    assert package["description"] == "Menurut kecamatan."
