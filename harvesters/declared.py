"""A `sources.toml` as people write it: read whole, checked member by member, every mistake with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from harvesters.opening import split_options
from harvesters.runs.cron import ScheduleMistaken, parse
from metadata.about import About
from metadata.errors import LumbungError
from metadata.mistakes import first_mistake, syntax_mistake
from metadata.notices import Place
from metadata.terms import Bilingual

_NAME = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"


class SourcesMistaken(LumbungError):
    """Something in a `sources.toml` is wrong."""

    code = "sources.mistaken"
    status = 422
    text = Bilingual(
        id="Isian “{member}” salah: {reason}.",
        en="Member “{member}” is wrong: {reason}.",
    )


class OrganizationEntry(BaseModel):
    """An agency (OPD). `name` is its address in the catalogue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=_NAME, max_length=100)
    title: str = Field(min_length=1, max_length=300)
    abbreviation: str | None = Field(default=None, max_length=60)
    description: str | None = None
    homepage: str | None = Field(default=None, max_length=500)
    email: str | None = Field(default=None, max_length=200)


class SourceEntry(BaseModel):
    """A system to harvest; `about` holds what is said of all its datasets that do not say it themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=_NAME, max_length=100)
    kind: str
    location: str = Field(min_length=1, max_length=2000)
    organization: str = Field(min_length=1)
    title: str | None = Field(default=None, max_length=300)
    schedule: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    about: About = Field(default_factory=About)
    enabled: bool = True

    @field_validator("schedule")
    @classmethod
    def _is_cron(cls, value: str | None) -> str | None:
        if value is not None and not is_cron(value):
            raise ValueError("bukan lima kolom cron / not five cron fields, e.g. “30 4 * * 1”")
        return value


class SourcesFile(BaseModel):
    """The whole file: `[[organization]]` and `[[source]]` tables."""

    model_config = ConfigDict(extra="forbid")

    organization: tuple[OrganizationEntry, ...] = ()
    source: tuple[SourceEntry, ...] = ()
    _text: str = PrivateAttr(default="")
    _shown: str = PrivateAttr(default="sources.toml")

    def mistake(self, entry: SourceEntry, *, member: str, reason: str | Bilingual) -> SourcesMistaken:
        """An error about a member of `entry`, with the line where that source begins."""
        place = Place(file=self._shown, row=_line(self._text, "source", self.source.index(entry)))
        return SourcesMistaken(place=place, member=f"source “{entry.name}”.{member}", reason=reason)


def read_sources(path: Path, *, locations: Mapping[str, str]) -> SourcesFile:
    """Read and check one, relative locations made absolute. Raises `SourcesMistaken`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourcesMistaken(
            place=Place(file=path.name), member="TOML", reason=syntax_mistake(error, "TOML")
        ) from error
    for source in data.get("source", []) if isinstance(data.get("source"), list) else []:
        if isinstance(source, dict) and isinstance(source.get("location"), str):
            given = locations.get(str(source.get("name")), source["location"])
            source["location"] = given if "://" in given else str((path.parent / given).resolve())
    try:
        read = SourcesFile.model_validate(data)
    except ValidationError as error:
        raise _located(error, data, text, path.name) from error
    read._text, read._shown = text, path.name
    _check_names(read)
    for entry in read.source:
        try:
            split_options(entry.kind, entry.options)
        except LumbungError as error:
            raise read.mistake(entry, member="options", reason=_both(error)) from error
    return read


def is_cron(text: str) -> bool:
    """Whether `text` is a cron line."""
    try:
        parse(text)
    except ScheduleMistaken:
        return False
    return True


def _both(error: LumbungError) -> Bilingual:
    return Bilingual(error.say("id").rstrip("."), error.say("en").rstrip("."))


def _check_names(read: SourcesFile) -> None:
    seen: set[str] = set()
    for entry in read.source:
        if entry.name in seen:
            raise read.mistake(entry, member="name", reason=Bilingual("dipakai dua kali", "is used twice"))
        seen.add(entry.name)


def _located(error: ValidationError, data: dict[str, Any], text: str, shown: str) -> SourcesMistaken:
    where, reason = first_mistake(error)
    table, number, member = str(where[0]), where[1] if len(where) > 1 else None, where[2:]
    if not isinstance(number, int):
        path = ".".join(str(part) for part in where)
        return SourcesMistaken(place=Place(file=shown), member=path, reason=reason)
    entry = data[table][number]
    name = entry.get("name") if isinstance(entry, dict) else None
    path = ".".join([f"{table} “{name or number + 1}”", *map(str, member)])
    place = Place(file=shown, row=_line(text, table, number))
    return SourcesMistaken(place=place, member=path, reason=reason)


def _line(text: str, table: str, number: int) -> int | None:
    """The line on which the `number`-th `[[table]]` begins, counted from 1; None when it is written otherwise."""
    header = re.compile(rf"^\s*\[\[\s*{re.escape(table)}\s*\]\]")
    lines = [row for row, line in enumerate(text.splitlines(), 1) if header.match(line)]
    return lines[number] if number < len(lines) else None
