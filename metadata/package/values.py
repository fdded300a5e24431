"""What a package is made of: the files of a version by their content, and its publisher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from metadata.notices import Notice


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the package by its content: SHA-256 in hex and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class RawFile:
    """The bytes as fetched. `url` is where from (only http and https are told to the public), `fetched_at` when."""

    filename: str
    format: str
    mediatype: str
    sha256: str
    size: int
    url: str | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PackagedResource:
    """One table, map or file of a version; `name` is unique in it and fit for a path (letters, digits, `-`, `_`).

    A table has `csv` and `schema`; a map has `geo` as well; a file has neither and is published as its raw bytes.
    """

    name: str
    raw: RawFile
    title: str | None = None
    description: str | None = None
    csv: StoredFile | None = None
    parquet: StoredFile | None = None
    geo: StoredFile | None = None
    schema: Mapping[str, Any] | None = None
    rows: int | None = None
    sheet: str | None = None
    header_row: int | None = None
    notes: tuple[str, ...] = ()
    repairs: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Publisher:
    """The agency that owns the data."""

    title: str
    path: str | None = None
    email: str | None = None
