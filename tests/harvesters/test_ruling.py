"""What a custodian rules of a harvested dataset is kept by every later harvest, and makes no second version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Evidence, Resource, Version
from datasets.rulings import Ruling
from harvesters import redescribing
from harvesters.runs.reports import RunReport

ROWS = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


@pytest.fixture
def installation(anywhere: Installation) -> Installation:
    """On both databases."""
    return anywhere


def versions(here: Installation) -> list[tuple[int, str, list[str]]]:
    """Number, licence, and the hashes of the tables of each version."""
    with here.database.read() as session:
        found = session.scalars(select(Version).order_by(Version.number)).all()
        return [
            (
                one.number,
                one.package["licenses"][0]["name"],
                list(session.scalars(select(Resource.parquet_sha256).where(Resource.version_id == one.id))),
            )
            for one in found
        ]


def test_a_ruling_outlives_the_next_harvests(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    path = folder / "penduduk.csv"
    path.write_text(ROWS)
    run()
    with installation.database.read() as session:
        number = session.scalars(select(Dataset.id)).one()
    at, ruling = now(), Ruling(license="ODbL-1.0", frequency="bulanan", themes=("kesehatan",))
    ready = redescribing.prepare(installation, number, ruling, change="Lisensi ditetapkan.", at=at)
    with installation.database.write() as session:
        assert redescribing.settle(session, ready, by="wali", at=at).created
        assert session.scalars(select(Evidence.id)).all() == [1], "the same bytes are the same evidence"
    ready = redescribing.prepare(installation, number, ruling, change="Lagi.", at=at)
    with installation.database.write() as session:
        assert not redescribing.settle(session, ready, by="wali", at=at).created, "said already"
    assert [one[:2] for one in versions(installation)][1:] == [(2, "ODbL-1.0")]
    assert versions(installation)[0][2] == versions(installation)[1][2]

    path.write_text(ROWS + "\n")
    assert run().counts["unchanged"] == 1, "other bytes that say the same are no new version"
    path.write_text(ROWS + "Kecamatan 29,2023,290\n")
    assert run().counts["published"] == 1
    assert [one[:2] for one in versions(installation)][2:] == [(3, "ODbL-1.0")]
    with installation.database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        assert (dataset.license_id, dataset.frequency) == ("ODbL-1.0", "bulanan")
