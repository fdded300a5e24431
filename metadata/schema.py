"""The Table Schema of a table: what was found in it and what its office declares, the declaration winning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from metadata import units
from metadata.about import About, ColumnAbout
from metadata.profile import ColumnProfile
from metadata.reading.table import Column
from metadata.roles import Part
from metadata.vocabularies import key as spelling

ROLE = "lumbung:role"
KINDS = "lumbung:regionKinds"
SYSTEM = "lumbung:codeSystem"
"""Custom properties of a field: what the column is for (`metadata.roles.Role`), which kinds of regions it names and by
whose codes. `unit` stands beside them without a prefix, because readers of packages look for it there."""

MOST_CATEGORIES = 60
_RATIO = re.compile(r"persen|%|rasio|ratio|indeks|kepadatan|rata-rata|laju|tingkat|proporsi", re.IGNORECASE)


def build_schema(
    columns: Sequence[Column],
    about: About,
    *,
    parts: Mapping[str, Part],
    profile: Mapping[str, ColumnProfile],
    primary_key: Sequence[str] = (),
) -> dict[str, Any]:
    """The descriptor of a canonical table; every constraint in it holds for every row, save what `about` declares."""
    shared = _shared_unit(columns, about, parts, profile)
    fields = [
        _field(
            column,
            declared(about, column),
            parts[column.name],
            profile[column.name],
            unit=shared if parts[column.name].role == "value" else None,
            key=len(primary_key) == 1 and column.name in primary_key,
        )
        for column in columns
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if primary_key:
        schema["primaryKey"] = list(primary_key)
    return schema


def declared(about: About, column: Column) -> ColumnAbout:
    """What the office says about `column`, found by its canonical name or its printed title in any spelling."""
    if column.name in about.columns:
        return about.columns[column.name]
    wanted = {spelling(column.name), spelling(column.title)}
    for name, said in about.columns.items():
        if spelling(name) in wanted:
            return said
    return ColumnAbout()


def fields_by_role(schema: Mapping[str, Any], *roles: str) -> list[dict[str, Any]]:
    """The fields that play one of `roles`, in order of the columns."""
    return [field for field in schema.get("fields", []) if field.get(ROLE) in roles]


def _field(
    column: Column, said: ColumnAbout, part: Part, profile: ColumnProfile, *, unit: str | None, key: bool
) -> dict[str, Any]:
    kind = said.type or column.type
    if part.role in ("region_code", "identifier") and said.type is None and kind == "integer":
        kind = "string"
    field: dict[str, Any] = {"name": column.name, "type": kind, "title": said.title or column.title}
    if said.description:
        field["description"] = said.description
    unit = units.canonical(said.unit) or units.canonical(column.unit) or _unit_in_header(column, part) or unit
    if unit == "km²" and "kepadatan" in column.title.casefold():
        unit = "jiwa per km²"
    if unit:
        field["unit"] = unit
    constraints: dict[str, Any] = {}
    if profile.rows and profile.missing == 0:
        constraints["required"] = True
    if key:
        constraints["unique"] = True
    constraints |= said.constraints
    if constraints:
        field["constraints"] = constraints
    if part.role == "category" and kind == "string" and profile.values and len(profile.values) <= MOST_CATEGORIES:
        field["categories"] = list(profile.values)
    field[ROLE] = part.role
    if part.kinds:
        field[KINDS] = sorted(part.kinds)
    if part.system:
        field[SYSTEM] = part.system
    return field


def _unit_in_header(column: Column, part: Part) -> str | None:
    return units.in_header(column.title) if part.role == "value" else None


def _shared_unit(
    columns: Sequence[Column], about: About, parts: Mapping[str, Part], profile: Mapping[str, ColumnProfile]
) -> str | None:
    """The unit of the measures that name none: that of the satuan column when it is always the same, or the dataset's.

    The dataset's unit is theirs only when there is one measure, a year a column, or all are of one type and no ratio.
    """
    measures = [column for column in columns if parts[column.name].role == "value"]
    stated = [name for name, part in parts.items() if part.role == "unit"]
    years = all(re.search(r"\b(?:19|20)\d\d\b", column.title) for column in measures)
    if stated:
        values = profile[stated[0]].values or {}
        return units.canonical(next(iter(values))) if len(values) == 1 and (len(measures) == 1 or years) else None
    alike = len({column.type for column in measures}) == 1 and not any(_RATIO.search(c.title) for c in measures)
    if len(measures) == 1 or years or (alike and not any(column.unit for column in measures)):
        return units.canonical(about.unit)
    return None
