"""A second Lumbung harvests the first by its `ckan` adapter: the same datasets at the end, and nothing twice."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from served_portal import CATALOGUE, Served
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, ResourceKind, Version, published
from datasets.settings import Settings
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source

SAME = ("title", "description", "license_id", "frequency")


@pytest.fixture(scope="module")
def second(portal: Served, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Installation]:
    """An installation that has just harvested the portal."""
    home = tmp_path_factory.mktemp("second") / "home"
    home.mkdir(mode=0o700)
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    here = Installation(Settings(home=home))
    said = {"internal": True, "requests_per_second": 100, "own_organizations": True}
    entry = {"name": "pertama", "kind": "ckan", "location": portal.address, "organization": "Lain", "options": said}
    with here.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(here, "pertama")
    assert {item.outcome.value for item in report.items} == {"published"}, report
    yield here
    here.close()


def _by_name(here: Installation) -> dict[str, Dataset]:
    with here.database.read() as session:
        wanted = published().options(
            selectinload(Dataset.organization),
            selectinload(Dataset.themes),
            selectinload(Dataset.tags),
            selectinload(Dataset.current_version).selectinload(Version.resources),
        )
        return {found.slug: found for found in session.scalars(wanted)}


def _tables(here: Installation, dataset: Dataset) -> list[tuple[list[str], list[list[str]]]]:
    """Names and cells of each table of the current version."""
    assert dataset.current_version is not None
    found = []
    for resource in dataset.current_version.resources:
        if resource.csv_sha256 is not None and resource.kind is not ResourceKind.MAP:
            text = here.blobs.path(resource.csv_sha256).read_text(encoding="utf-8")
            head, *rows = csv.reader(io.StringIO(text))
            found.append((head, rows))
    return found


def test_the_second_has_the_datasets_of_the_first(second: Installation) -> None:
    assert sorted(_by_name(second)) == CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_dataset_says_and_holds_the_same(portal: Served, second: Installation, name: str) -> None:
    ours, theirs = _by_name(portal.here)[name], _by_name(second)[name]
    assert [getattr(theirs, member) for member in SAME] == [getattr(ours, member) for member in SAME]
    assert theirs.organization.title == ours.organization.title
    assert {tag.tag for tag in theirs.tags} == {tag.tag for tag in ours.tags}
    assert {theme.slug for theme in ours.themes} <= {theme.slug for theme in theirs.themes}
    assert _tables(second, theirs) == _tables(portal.here, ours)


def test_a_second_harvest_changes_nothing(second: Installation) -> None:
    with second.database.read() as session:
        before = session.scalars(select(Version.id)).all()
    (report,) = harvest(second, "pertama")
    assert {item.outcome.value for item in report.items} <= {"unchanged"}
    with second.database.read() as session:
        assert session.scalars(select(Version.id)).all() == before
