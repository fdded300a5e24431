"""Sources declared in a file or added by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from datasets.db import Database
from datasets.models import Organization, Source
from datasets.settings import Settings
from harvesters.adapter import UnknownAdapter
from harvesters.declared import SourceEntry, SourcesMistaken, is_cron
from harvesters.faults import FolderMissing
from harvesters.opening import OptionMistaken
from harvesters.sources import (
    SourceExists,
    add_source,
    check_source,
    get_source,
    list_sources,
    load_sources,
)
from metadata.errors import NotFound

AT = datetime(2025, 3, 14, tzinfo=UTC)
GOOD = """
[[organization]]
name = "dinkes"
title = "Dinas Kesehatan"
abbreviation = "Dinkes"

[[source]]
name = "dinkes-berkas"
title = "Berkas Dinas Kesehatan"
kind = "files"
location = "kesehatan"
organization = "dinkes"
schedule = "30 4 * * 1-5"
[source.options]
pattern = ["*.csv"]
[source.about]
license = "CC-BY-4.0"
themes = ["kesehatan"]

[[source]]
name = "provinsi"
kind = "ckan"
location = "https://opendata.jatimprov.go.id"
organization = "dinkes"
options = { organizations = ["dinkes"], internal = false }
"""


def declare(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_declared_file_is_taken_over_with_its_organisations(database: Database, tmp_path: Path) -> None:
    assert load_sources(database, declare(tmp_path, GOOD)) == ["dinkes-berkas", "provinsi"]
    with database.read() as session:
        source = get_source(session, "dinkes-berkas")
    assert source.location == str(tmp_path / "kesehatan")
    assert source.organization.abbreviation == "Dinkes"
    assert source.about == {"license": "CC-BY-4.0", "themes": ["kesehatan"]}
    assert source.declared
    assert source.schedule == "30 4 * * 1-5"


def test_taking_over_again_changes_only_what_changed(database: Database, tmp_path: Path) -> None:
    load_sources(database, declare(tmp_path, GOOD))
    load_sources(database, declare(tmp_path, GOOD.replace("Berkas Dinas Kesehatan", "Folder Dinkes")))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 2
        assert session.scalar(select(func.count()).select_from(Organization)) == 1
        assert get_source(session, "dinkes-berkas").title == "Folder Dinkes"


def test_a_location_can_be_replaced_by_the_caller(database: Database, tmp_path: Path) -> None:
    load_sources(database, declare(tmp_path, GOOD), locations={"provinsi": "http://127.0.0.1:8001"})
    with database.read() as session:
        assert get_source(session, "provinsi").location == "http://127.0.0.1:8001"


@pytest.mark.parametrize(
    ("before", "after", "said", "row"),
    [
        ('kind = "files"', 'kind = "fails"', "fails", 7),
        ('kind = "ckan"', 'kind = "ckan"\nkindd = "x"', "source “provinsi”.kindd", 20),
        ('organization = "dinkes"\nschedule', 'organization = "dinas"\nschedule', "dinas", 7),
        ("30 4 * * 1-5", "61 4 * * *", "cron", 7),
        ("30 4 * * 1-5", "setiap hari", "cron", 7),
        ('pattern = ["*.csv"]', "patern = 1", "patern", 7),
        ('name = "provinsi"', 'name = "dinkes-berkas"', "dua kali", 20),
        ('name = "provinsi"', 'name = "Provinsi Jatim"', "source “Provinsi Jatim”.name", 20),
        ('themes = ["kesehatan"]', "themes = 5", "themes", 7),
        ('title = "Dinas Kesehatan"', "", "organization “dinkes”.title", 2),
        ("[[organization]]", "[[organization]", "baris 2", None),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place_and_nothing_is_stored(
    database: Database, tmp_path: Path, before: str, after: str, said: str, row: int | None
) -> None:
    path = declare(tmp_path, GOOD.replace(before, after))
    with pytest.raises(SourcesMistaken) as caught:
        load_sources(database, path)
    assert said in caught.value.say("id")
    assert caught.value.notice.place.file == "sources.toml"
    assert caught.value.notice.place.row == row
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 0


def an_entry(location: str = "/srv/data", **more: object) -> SourceEntry:
    return SourceEntry.model_validate(
        {"name": "berkas", "kind": "files", "location": location, "organization": "Dinas Pertanian", **more}
    )


def test_a_source_added_by_hand_makes_its_office(database: Database) -> None:
    with database.write() as session:
        add_source(session, an_entry(), at=AT)
        add_source(session, an_entry(), at=AT)
    with database.read() as session:
        (card,) = list_sources(session)
        assert session.scalars(select(Organization.slug)).all() == ["dinas-pertanian"]
    assert (card.name, card.organization, card.declared) == ("berkas", "Dinas Pertanian", False)


def test_a_name_that_is_taken_by_another_source_is_refused(database: Database) -> None:
    with database.write() as session:
        add_source(session, an_entry(), at=AT)
    with pytest.raises(SourceExists), database.write() as session:
        add_source(session, an_entry("/srv/lain"), at=AT)


def test_an_unknown_kind_or_option_is_refused_with_those_that_there_are(database: Database) -> None:
    with pytest.raises(UnknownAdapter, match=r"ckan.*files"), database.write() as session:
        add_source(session, an_entry(kind="ftp"), at=AT)
    with pytest.raises(OptionMistaken, match=r"rekursif.*recursive"), database.write() as session:
        add_source(session, an_entry(options={"rekursif": True}), at=AT)


def test_a_single_value_stands_for_a_list_of_one(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    (tmp_path / "b.txt").write_text("a\n1\n")
    with database.write() as session:
        source = add_source(session, an_entry(str(tmp_path), options={"pattern": "*.csv"}), at=AT)
    assert [one.key for one in check_source(Settings(), source).found] == ["a.csv"]


def test_a_check_shows_the_first_datasets_and_whether_there_are_more(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.csv").write_text("a\n1\n")
    with database.write() as session:
        source = add_source(session, an_entry(str(folder)), at=AT)
    trial = check_source(Settings(), source, limit=2)
    assert ([one.key for one in trial.found], trial.more) == (["0.csv", "1.csv"], True)
    assert not check_source(Settings(), source, limit=3).more


def test_a_check_of_what_is_not_there_says_so(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        source = add_source(session, an_entry(str(tmp_path / "salah")), at=AT)
    with pytest.raises(FolderMissing):
        check_source(Settings(), source)
    with pytest.raises(NotFound, match="berkas"), database.read() as session:
        get_source(session, "berkass")


@pytest.mark.parametrize("text", ["* * * * *", "*/15 0-6 1,15 * 1-5", "0 4 * * 7"])
def test_cron_lines_are_understood(text: str) -> None:
    assert is_cron(text)


@pytest.mark.parametrize("text", ["", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "a b c d e"])
def test_other_lines_are_not(text: str) -> None:
    assert not is_cron(text)
