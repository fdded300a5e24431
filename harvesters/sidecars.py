"""Sidecars: what an office writes about a file in a TOML file beside it, checked member by member."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from metadata.about import About
from metadata.errors import LumbungError
from metadata.mistakes import first_mistake, syntax_mistake
from metadata.notices import Place
from metadata.reading.table import FieldType, ReadHints
from metadata.terms import Bilingual

FOLDER = "_folder.toml"
DATASET = "_dataset.toml"
_LARGEST = 1024 * 1024


class SidecarUnreadable(LumbungError):
    """The TOML of a sidecar cannot be parsed."""

    code = "sidecar.unreadable"
    status = 422
    text = Bilingual(
        id="Berkas keterangan ini tidak dapat dibaca sebagai TOML: {reason}. Perbaiki penulisannya.",
        en="This sidecar cannot be read as TOML: {reason}. Correct its syntax.",
    )


class SidecarMistaken(LumbungError):
    """A member of a sidecar is unknown or has a value of the wrong kind."""

    code = "sidecar.mistaken"
    status = 422
    text = Bilingual(
        id="Isian “{member}” di berkas keterangan ini salah: {reason}. Isian yang dikenal: {known}.",
        en="Member “{member}” of this sidecar is wrong: {reason}. Known members: {known}.",
    )


class ReadSection(BaseModel):
    """The `[read]` table of a sidecar: `ReadHints` as a person writes them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    sheet: str | None = None
    decimal: Literal[".", ","] | None = None
    types: dict[str, FieldType] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a sidecar says: metadata, and under `[read]` how to read the file (encoding, delimiter, header_row, …)."""

    about: About = field(default_factory=About)
    hints: ReadHints = field(default_factory=ReadHints)


def sidecar_of(path: Path) -> Path | None:
    """The sidecar that belongs to a data file: `NAME.EXT.toml`, else `NAME.toml`; None when there is neither."""
    for candidate in (path.with_name(path.name + ".toml"), path.with_suffix(".toml")):
        if candidate != path and candidate.is_file():
            return candidate
    return None


def read_sidecar(path: Path, *, shown: str) -> Sidecar:
    """Read one. `shown` is its name in messages. Raises `SidecarUnreadable`, `SidecarMistaken`."""
    place = Place(file=shown)
    try:
        if path.stat().st_size > _LARGEST:
            raise SidecarUnreadable(place=place, reason="> 1 MB")
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise SidecarUnreadable(place=place, reason=error.strerror or type(error).__name__) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SidecarUnreadable(place=place, reason=syntax_mistake(error, "TOML")) from error
    hints = data.pop("read", {})
    try:
        return Sidecar(
            about=About.model_validate(data), hints=ReadHints(**ReadSection.model_validate(hints).model_dump())
        )
    except ValidationError as error:
        raise mistake(error, place=place, within="read" if error.title == "ReadSection" else "") from error


def mistake(error: ValidationError, *, place: Place, within: str = "") -> SidecarMistaken:
    """The first thing that pydantic objects to, as an error that names the member and what would be right."""
    where, reason = first_mistake(error)
    path = [within, *(str(part) for part in where)]
    known = tuple(ReadSection.model_fields) if within == "read" else (*About.model_fields, "read")
    return SidecarMistaken(place=place, member=".".join(part for part in path if part), reason=reason, known=known)


def folder_defaults(folder: Path, *, shown: str) -> About:
    """The metadata of a folder's `_folder.toml`; empty when there is none. Raises as `read_sidecar`."""
    path = folder / FOLDER
    return read_sidecar(path, shown=shown).about if path.is_file() else About()


def with_columns(about: About, *others: About) -> About:
    """`about` with the columns that `others` describe; for one dataset of several files."""
    columns: dict[str, Any] = {}
    for one in (*others, about):
        columns |= one.model_dump()["columns"]
    return About.model_validate(about.model_dump() | {"columns": columns})
