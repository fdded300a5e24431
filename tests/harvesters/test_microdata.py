"""Base data as an office hands it over: tables go out, persons stay in."""

from __future__ import annotations

import csv
import io
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from base_data import write_survey
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Resource, Version
from datasets.settings import Settings
from harvesters import intake
from harvesters.declared import SourceEntry
from harvesters.handing_in import publish_file
from harvesters.mending import RuleMissing, mend
from harvesters.runs.reports import RunReport
from harvesters.runs.runner import harvest
from harvesters.sources import add_source

SIDECAR = """
title = "Data dasar keluarga"
license = "CC-BY-4.0"

[microdata]
kecamatan = "kecamatan"
desa = "desa"
period = "tahun"
specific = ["sakit_*", "pendapatan"]

[[microdata.aggregates]]
name = "indikator-desa"
title = "Indikator keluarga menurut desa"
level = "desa"
indicators = ["ind_*", "sakit_*"]

[[microdata.aggregates]]
name = "kesehatan-kecamatan"
indicators = ["sakit_*"]
sums = ["pendapatan"]

[[microdata.aggregates]]
name = "lantai-desa"
level = "desa"
by = ["lantai", "jk"]
"""


@pytest.fixture
def installation(home: Path, migrated_sqlite: Path) -> Iterator[Installation]:
    """An installation whose database lies in its home, so that a look through it finds all that is kept."""
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    made = Installation(Settings(home=home, database_url=f"sqlite:///{home / 'catalog.sqlite'}"))
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "dpmd"
    made.mkdir()
    write_survey(made / "keluarga.csv", 1500, 40, kecamatan=3, desa=4)
    (made / "keluarga.csv.toml").write_text(SIDECAR)
    return made


def harvested(installation: Installation, folder: Path, **options: bool) -> RunReport:
    with installation.database.write() as session:
        entry = {"name": "dpmd", "kind": "files", "location": str(folder), "organization": "DPMD"}
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(installation, "dpmd", **options)
    return report


def secrets_of(folder: Path) -> list[bytes]:
    with (folder / "keluarga.csv").open(newline="") as source:
        rows = list(csv.DictReader(source))
    return [row[name].encode() for row in rows[::50] for name in ("no_kk", "nik", "nama_kepala_keluarga")]


def files_below(home: Path) -> Iterator[tuple[Path, bytes]]:
    for path in home.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def published(installation: Installation) -> dict[str, list[dict[str, str]]]:
    with installation.database.read() as session:
        current = select(Resource).join(Dataset, Dataset.current_version_id == Resource.version_id)
        found = {one.name: one.csv_sha256 for one in session.scalars(current)}
    return {
        name: list(csv.DictReader(io.StringIO(installation.blobs.path(sha).read_text())))
        for name, sha in found.items()
        if sha
    }


def test_the_declared_tables_are_published_and_say_how_they_were_protected(
    installation: Installation, folder: Path
) -> None:
    report = harvested(installation, folder)
    assert [(item.outcome.value, item.title) for item in report.items] == [("published", "Data dasar keluarga")]
    with installation.database.read() as session:
        package = session.scalars(select(Version)).one().package
        notes = {one.name: one.notes for one in session.scalars(select(Resource))}
    told = package["lumbung:disclosure"]
    assert (told["k"], told["kSpecific"]) == (5, 10)
    tables = published(installation)
    assert set(tables) == {"indikator-desa", "kesehatan-kecamatan", "lantai-desa"}
    for one in told["tables"]:
        hidden = sum(row["status"] == "D" for row in tables[one["name"]])
        assert (one["cells"], one["hidden"]) == (len(tables[one["name"]]), hidden)
        assert hidden > 0
        assert any(f"{hidden} dari {one['cells']} angka disembunyikan" in note for note in notes[one["name"]])
    assert not any(row["ukuran"].startswith("sakit") for row in tables["indikator-desa"])


def test_no_name_and_no_number_of_a_person_is_left_anywhere(
    installation: Installation, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    harvested(installation, folder)
    secrets = secrets_of(folder)
    raw = (folder / "keluarga.csv").read_bytes()
    for path, content in files_below(installation.settings.home):
        assert content != raw, path
        for secret in secrets:
            assert secret not in content, path
    assert not any(secret.decode() in caplog.text for secret in secrets)


def test_a_broken_answer_fails_without_repeating_it(installation: Installation, folder: Path) -> None:
    table = folder / "keluarga.csv"
    lines = table.read_text().splitlines()
    lines[7] = lines[7].rpartition(",")[0] + ",Bu Sumarti sakit"
    table.write_text("\n".join(lines) + "\n")
    report = harvested(installation, folder)
    (item,) = report.items
    assert item.outcome.value == "failed"
    said = " ".join(message.say("id") + message.say("en") for message in item.messages)
    assert "ind_039" in said
    assert "Sumarti" not in said
    assert published(installation) == {}


def test_an_unreadable_file_fails_without_its_words(installation: Installation, folder: Path) -> None:
    (folder / "keluarga.csv").write_bytes(b"PK\x03\x04 Sumarti 3522987001900001")
    (item,) = harvested(installation, folder).items
    assert item.outcome.value == "failed"
    assert "Sumarti" not in " ".join(message.say("id") for message in item.messages)


def test_a_mistake_in_the_rule_publishes_nothing(installation: Installation, folder: Path) -> None:
    (folder / "keluarga.csv.toml").write_text(SIDECAR.replace('period = "tahun"', 'period = "tahun"\nk = 1'))
    (item,) = harvested(installation, folder).items
    assert item.outcome.value == "failed"
    assert "microdata.k" in item.messages[0].say("id")


def test_a_source_can_be_declared_microdata_as_a_whole(installation: Installation, folder: Path) -> None:
    (folder / "keluarga.csv.toml").unlink()
    about = {"microdata": {"kecamatan": "kecamatan", "aggregates": [{"name": "jk", "by": ["jk"]}]}}
    with installation.database.write() as session:
        entry = {"name": "dpmd", "kind": "files", "location": str(folder), "organization": "DPMD", "about": about}
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(installation, "dpmd")
    assert report.counts["published"] == 1
    assert set(published(installation)) == {"jk"}


def test_a_handed_in_file_is_treated_alike(installation: Installation, folder: Path) -> None:
    report = publish_file(installation, folder / "keluarga.csv", organization="DPMD")
    assert report.outcome.value == "published"
    secrets = secrets_of(folder)
    assert not any(secret in content for _, content in files_below(installation.settings.home) for secret in secrets)


def test_a_mended_file_is_counted_too_and_never_published_as_rows(
    installation: Installation, folder: Path, tmp_path: Path
) -> None:
    harvested(installation, folder)
    mended = tmp_path / "diperbaiki.csv"
    shutil.copyfile(folder / "keluarga.csv", mended)
    write_survey(folder / "keluarga.csv", 300, 40, kecamatan=1, desa=1)
    (item,) = harvest(installation, "dpmd")[0].items
    assert item.outcome.value == "held"
    lines = mended.read_text().splitlines()
    mended.write_text("\n".join([*lines, *lines[1:600:3]]) + "\n")
    with pytest.raises(RuleMissing):
        mend(installation, 1, mended, actor="walidata")
    mended.with_name("diperbaiki.csv.toml").write_text(SIDECAR)
    assert mend(installation, 1, mended, actor="walidata").outcome.value == "published"
    assert set(published(installation)) == {"indikator-desa", "kesehatan-kecamatan", "lantai-desa"}
    secrets = secrets_of(folder)
    assert not any(secret in content for _, content in files_below(installation.settings.home) for secret in secrets)


def test_what_was_hidden_stays_hidden_when_the_data_are_corrected(installation: Installation, folder: Path) -> None:
    harvested(installation, folder)
    before = hidden_cells(published(installation))
    table = folder / "keluarga.csv"
    lines = table.read_text().splitlines()
    table.write_text("\n".join([*lines, *lines[1:600:3]]) + "\n")
    report = harvested(installation, folder)
    assert report.counts["published"] == 1
    after = hidden_cells(published(installation))
    assert before <= after


def hidden_cells(tables: dict[str, list[dict[str, str]]]) -> set[tuple[str, ...]]:
    return {
        (name, *(value for column, value in row.items() if column not in ("nilai", "persen", "status")))
        for name, rows in tables.items()
        for row in rows
        if row["status"] == "D"
    }


def test_the_same_rows_again_are_no_new_version(installation: Installation, folder: Path) -> None:
    harvested(installation, folder)
    report = harvested(installation, folder, refresh=True)
    assert report.counts == {"published": 0, "unchanged": 1, "held": 0, "failed": 0}


def test_bare_microdata_do_not_pass_the_last_door(installation: Installation, folder: Path, tmp_path: Path) -> None:
    from harvesters.tables import FileRead
    from metadata.about import About
    from metadata.disclosure.errors import MicrodataBare
    from metadata.reading.table import Reading

    rule = {"aggregates": [{"name": "semua", "level": "kabupaten"}]}
    subject = intake.Subject(None, None, About.model_validate({"microdata": rule}), "Data dasar")  # type: ignore[arg-type]
    with pytest.raises(MicrodataBare):
        intake.prepare(installation.blobs, subject, [FileRead(None, Reading("csv", "text/csv"))], tmp_path)  # type: ignore[arg-type]


def test_a_column_of_names_makes_no_groups(installation: Installation, folder: Path) -> None:
    (folder / "keluarga.csv.toml").write_text(SIDECAR.replace('by = ["lantai", "jk"]', 'by = ["nama_kepala_keluarga"]'))
    (item,) = harvested(installation, folder).items
    assert item.outcome.value == "failed"
    assert item.messages[0].code == "microdata.names_persons"
