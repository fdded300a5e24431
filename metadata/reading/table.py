"""The values that reading gives: a file's tables in canonical form, and what was repaired on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from metadata.notices import Notice
from metadata.profile import ColumnProfile

FieldType = Literal["string", "integer", "number", "boolean", "date", "datetime", "time", "year"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    `name` is unique in its table: lower-case ASCII letters, digits and `_`, never first a digit. `title` is the header
    as printed, levels joined by " / ". `unit` is what the header, a satuan column or the source says ("persen",
    "juta rupiah", "jiwa"), None when nothing does. `missing` are the marks that stood for "no value" in the source.
    """

    name: str
    title: str
    type: FieldType
    unit: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns and a canonical CSV at `path`.

    Canonical CSV: UTF-8 without BOM, LF, comma, minimal quotes, first line the column *names*, point decimals, no
    grouping, ISO dates, `true`/`false`, empty = missing, one record a row in source order.
    `header_row` is the last header line, counted from 1 over the file's records (or sheet rows); 0 when there is none.
    `title` comes from the title rows above the header, `notes` from footnotes, source and remark rows below. `dropped`
    lists the rows below the header that are not in the data (the first ten thousand of them), counted from 1, with the
    reason ("blank", "total", …). `profile` is that of `metadata.profile`, where reading came by it. `places` are
    the columns of the file, counted from 0, in which the table's columns stand.
    """

    name: str
    path: Path
    columns: tuple[Column, ...]
    rows: int
    header_row: int
    title: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    notes: tuple[str, ...] = ()
    repairs: tuple[Notice, ...] = ()
    dropped: tuple[tuple[int, str], ...] = ()
    profile: Mapping[str, ColumnProfile] | None = None
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file turned out to be.

    `format` is what the bytes are, whatever the name says: csv tsv xlsx xls ods json geojson kml html pdf png … or
    `unknown`. `tables` is empty when the file cannot be read as a table; `notices` then says why. `personal` are the
    finds of personal data (where, never what); a find holds the dataset for a person. `geojson` is the geometry of a
    map file, its features in the order of the table's rows.
    """

    format: str
    mediatype: str
    tables: tuple[Table, ...] = ()
    notices: tuple[Notice, ...] = ()
    personal: tuple[Notice, ...] = ()
    geojson: Path | None = None


@dataclass(frozen=True, slots=True)
class ReadHints:
    """What a person or a source has said about how to read a file; each overrides what would be found.

    `decimal` is the mark before decimals: with `.`, 12.500 is twelve and a half, unless the cells prove that it is not.
    `missing` are words or figures that stand for "no value" in this file (`999`, `belum`), in any case of letters.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    decimal: Literal[".", ","] | None = None
    types: dict[str, FieldType] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
