"""The settings, and that each is explained."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from datasets.settings import PREFIX, Settings, SettingUnknown, SettingWrong, load

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_nothing_set_is_a_whole_installation() -> None:
    settings = load({})
    assert settings.home.is_absolute()
    assert settings.url == f"sqlite:///{settings.home}/catalog.sqlite"
    assert load(dict.fromkeys(("LUMBUNG_HOME", "LUMBUNG_LANGUAGE", "PATH"), "")) == settings


def test_each_setting_is_read() -> None:
    settings = load(
        {
            "LUMBUNG_HOME": "/srv/lumbung",
            "LUMBUNG_DATABASE_URL": "postgresql://u:p@db/lumbung",
            "LUMBUNG_REGION_CODE": "35",
            "LUMBUNG_SITE_URL": "https://data.example.go.id/",
            "LUMBUNG_LANGUAGE": "en",
            "LUMBUNG_READ_SECONDS": "60",
        }
    )
    assert settings.home == Path("/srv/lumbung")
    assert settings.url == "postgresql+psycopg://u:p@db/lumbung"
    assert (settings.region_code, settings.site_url) == ("35", "https://data.example.go.id")
    assert (settings.language, settings.read_seconds) == ("en", 60)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_of_postgresql_is_taken_as_everybody_writes_it(scheme: str) -> None:
    assert load({"LUMBUNG_DATABASE_URL": f"{scheme}://h/n"}).url == "postgresql+psycopg://h/n"


@pytest.mark.parametrize("name", ["LUMBUNG_HOEM", "LUMBUNG_home", "LUMBUNG_", "LUMBUNG_URL"])
def test_a_typing_error_is_told_with_the_names_there_are(name: str) -> None:
    with pytest.raises(SettingUnknown, match=f"{name} .*LUMBUNG_HOME"):
        load({name: "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("READ_SECONDS", "soon"),
        ("READ_SECONDS", "0"),
        ("READ_MEGABYTES", "-5"),
        ("READ_MEGABYTES", "1.5"),
        ("READ_MEGABYTES", "٣"),
        ("REGION_CODE", "3522"),
        ("LANGUAGE", "jv"),
        ("SITE_URL", "data.example.go.id"),
        ("SITE_URL", "https://user@host"),
        ("SITE_URL", "javascript:alert(1)"),
        ("ACCEL_PREFIX", "files"),
        ("DATABASE_URL", "mysql://h/n"),
        ("DATABASE_URL", "catalog.sqlite"),
    ],
)
def test_an_impossible_value_is_told_in_both_languages(name: str, value: str) -> None:
    with pytest.raises(SettingWrong) as told:
        load({PREFIX + name: value})
    assert PREFIX + name in told.value.say("id")
    assert told.value.say("id") != told.value.say("en")


def test_a_password_is_never_in_a_message() -> None:
    with pytest.raises(SettingWrong) as told:
        load({"LUMBUNG_DATABASE_URL": "mysql://root:rahasia@h/n"})
    assert "rahasia" not in str(told.value)


def test_every_setting_is_explained_and_nothing_else() -> None:
    explained = re.findall(r"^\| `(LUMBUNG_\w+)` \| ", PAGE.read_text("utf-8"), re.MULTILINE)
    assert explained == [PREFIX + field.name.upper() for field in fields(Settings)]


def test_the_defaults_in_the_page_are_the_defaults() -> None:
    rows = dict(re.findall(r"^\| `(LUMBUNG_\w+)` \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE))
    for field in fields(Settings):
        told = rows[PREFIX + field.name.upper()]
        assert told.startswith(f"`{field.default}`" if field.default != "" else "empty"), field.name
