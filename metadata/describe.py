"""From a canonical table to its description: schema, key, and what years and regions it covers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from metadata.about import About
from metadata.keys import find_key
from metadata.profile import ColumnProfile, profile_csv
from metadata.reading.table import Table
from metadata.regions import Regions, load
from metadata.roles import Part, parts_of
from metadata.schema import build_schema

YEARS = range(1900, 2101)
_BASE_YEAR = re.compile(r"konstan\W+(?:tahun\W+)?(?:19|20)\d\d|(?:19|20)\d\d\s*=\s*100", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Coverage(NamedTuple):
    """The years and regions (Kemendagri codes, sorted) of which a table has figures; None and () when not said."""

    year_from: int | None
    year_to: int | None
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """A table described: its Table Schema, what it covers, and the profile of its columns."""

    schema: dict[str, Any]
    coverage: Coverage
    profile: Mapping[str, ColumnProfile]


def describe(
    table: Table,
    about: About,
    *,
    profile: Mapping[str, ColumnProfile] | None = None,
    regions: Regions | None = None,
) -> Description:
    """Describe `table` by its rows, its header and what its office says in `about`.

    One pass over the CSV for the profile (left out when `profile` is given), one more when a key of several columns is
    looked for. `regions` is the installation's list.
    """
    known = regions or load()
    profile = profile or table.profile
    if profile is None:
        keys = {column.name for column in table.columns if column.type != "number"}
        profile = profile_csv(table.path, [column.name for column in table.columns], keys=keys)
    parts = parts_of(table.columns, profile, known)
    key = find_key(table.path, table.columns, parts, profile)
    schema = build_schema(table.columns, about, parts=parts, profile=profile, primary_key=key)
    return Description(schema, _coverage(table, about, parts, profile, known), profile)


def table_schema(
    table: Table,
    about: About,
    *,
    profile: Mapping[str, ColumnProfile] | None = None,
    regions: Regions | None = None,
) -> dict[str, Any]:
    """The Table Schema of `table`; see `describe`, which gives the coverage from the same pass."""
    return describe(table, about, profile=profile, regions=regions).schema


def coverage(
    table: Table,
    about: About | None = None,
    *,
    profile: Mapping[str, ColumnProfile] | None = None,
    regions: Regions | None = None,
) -> Coverage:
    """The years and regions of `table`; see `describe`, which gives the schema from the same pass."""
    return describe(table, about or About(), profile=profile, regions=regions).coverage


def _coverage(
    table: Table, about: About, parts: Mapping[str, Part], profile: Mapping[str, ColumnProfile], regions: Regions
) -> Coverage:
    years = _years(table, about, parts, profile)
    codes = sorted({code for part in parts.values() if part.codes for code in part.codes.values()})
    if not codes:
        named = (regions.get(said) or regions.by_code(said) or regions.match(said) for said in about.regions)
        codes = sorted({region.code for region in named if region})
    return Coverage(min(years, default=None), max(years, default=None), tuple(codes))


def _years(table: Table, about: About, parts: Mapping[str, Part], profile: Mapping[str, ColumnProfile]) -> list[int]:
    """The years of the rows; else those of the headers (a year a column); else those that titles and office name."""
    rows: list[str] = []
    for name, part in parts.items():
        found = profile[name]
        if part.role in ("year", "period"):
            rows += found.values or [end for end in (found.first, found.last) if end]
    headers = [column.title for column in table.columns if parts[column.name].role == "value"]
    told = [text for text in (about.period_start, about.period_end) if text]
    titles = [[text] for text in (table.title, table.sheet, about.title) if text]
    for texts in (rows, headers, told, *titles):
        years = [year for text in texts for year in _years_in(text, last=texts is headers)]
        if years:
            return years
    return []


def _years_in(text: str, *, last: bool) -> list[int]:
    """The years that a text names; a base year ("harga konstan 2010", "2012=100") is none of them.

    Of a header only the `last`, which stands nearest to the figures.
    """
    years = [int(year) for year in _YEAR.findall(_BASE_YEAR.sub(" ", text)) if int(year) in YEARS]
    return years[-1:] if last else years
