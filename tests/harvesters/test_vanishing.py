"""What a source no longer offers: counted, a tombstone after several listings, never when much is gone at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from datasets.installation import Installation
from datasets.models import Dataset, Vanished, Visibility
from harvesters.runs.reports import RunReport
from harvesters.runs.runner import harvest

ROWS = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


@pytest.fixture
def installation(anywhere: Installation) -> Installation:
    """On both databases."""
    return anywhere


def withdrawn(here: Installation) -> list[str | None]:
    with here.database.read() as session:
        return list(session.scalars(select(Dataset.remote_key).where(Dataset.visibility == Visibility.WITHDRAWN)))


def test_missing_three_times_makes_a_tombstone_that_comes_back(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.csv").write_text(ROWS)
    run()
    (folder / "a.csv").rename(folder / ".a.csv")
    run()
    (folder / ".a.csv").rename(folder / "a.csv")
    run()  # offered again: the count begins anew
    (folder / "a.csv").rename(folder / ".a.csv")
    codes = []
    for _ in range(3):
        (gone,) = [item for item in run().items if item.key == "a.csv"]
        codes.append(gone.messages[0].code)
    assert codes == ["harvest.not_offered", "harvest.not_offered", "harvest.tombstone"]
    assert withdrawn(installation) == ["a.csv"]
    (folder / ".a.csv").rename(folder / "a.csv")
    report = run()
    assert report.counts["held"] == report.counts["failed"] == 0
    assert withdrawn(installation) == []
    with installation.database.read() as session:
        assert session.scalars(select(Vanished)).all() == []


def test_much_gone_at_once_is_not_believed_unless_a_person_says_so(
    installation: Installation, folder: Path, run: Callable[..., RunReport]
) -> None:
    for number in range(6):
        (folder / f"d{number}.csv").write_text(ROWS)
    run()
    for number in range(1, 6):
        (folder / f"d{number}.csv").unlink()
    for _ in range(4):
        report = run()
        assert report.notice is not None
        assert report.notice.code == "gate.listing_shrunk"
    assert withdrawn(installation) == []
    for _ in range(3):
        (report,) = harvest(installation, "opd", believe=True)
    assert len(withdrawn(installation)) == 5
