"""Rows that come through the DataStore's actions, worked into a table: written anew as a whole, exact, in order."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from metadata.names import column_name
from metadata.reading.table import FieldType
from portal.api.faults import Invalid

MOST_RECORDS = 200_000
"""Records of one call; a larger table is uploaded as a file."""

Method = Literal["upsert", "insert", "update"]
_TYPES: Mapping[str, FieldType] = {
    "text": "string",
    "int": "integer",
    "int4": "integer",
    "int8": "integer",
    "bigint": "integer",
    "integer": "integer",
    "float": "number",
    "float8": "number",
    "numeric": "number",
    "double precision": "number",
    "bool": "boolean",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "timestamptz": "datetime",
    "time": "time",
    "json": "string",
    "jsonb": "string",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a call declares."""

    name: str
    type: FieldType | None
    label: str | None = None
    notes: str | None = None
    unit: str | None = None


def read_fields(value: object) -> list[Field]:
    """The `fields` of a call: ids, or objects of id, type and info. Raises `Invalid`."""
    if value in (None, ""):
        return []
    if not isinstance(value, list):
        raise Invalid({"fields": ["Not a list"]})
    found, faults = [], []
    for one in value:
        said = {"id": one} if isinstance(one, str) else one
        identifier = said.get("id") if isinstance(said, dict) else None
        if not isinstance(identifier, str) or column_name(identifier) != identifier:
            faults.append(f'"{str(identifier)[:60]}" is not a valid field name: small letters, digits and _')
            continue
        kind = str(said.get("type") or "").lower()
        if kind and kind not in _TYPES:
            faults.append(f'"{kind[:60]}" is not a valid type for field {identifier}')
            continue
        told = said.get("info")
        info = told if isinstance(told, dict) else {}
        texts = [str(info[key])[:500] if info.get(key) else None for key in ("label", "notes", "unit")]
        found.append(Field(identifier, _TYPES.get(kind), *texts))
    names = [field.name for field in found]
    faults += [f'Duplicate column name "{name}"' for name in dict.fromkeys(names) if names.count(name) > 1]
    if faults:
        raise Invalid({"fields": faults})
    return found


def read_records(value: object) -> list[dict[str, Any]]:
    """The `records` of a call. Raises `Invalid`."""
    if value in (None, ""):
        return []
    if not isinstance(value, list) or any(not isinstance(row, dict) for row in value):
        raise Invalid({"records": ["Must be a list of objects"]})
    if len(value) > MOST_RECORDS:
        raise Invalid({"records": [f"At most {MOST_RECORDS} at once; upload a file instead"]})
    return value


def read_key(value: object, columns: Sequence[str]) -> tuple[str, ...]:
    """A `primary_key`: names in a list or with commas. Raises `Invalid`."""
    named = value if isinstance(value, list) else str(value or "").split(",")
    key = tuple(str(name).strip() for name in named if str(name).strip())
    if unknown := [name for name in key if name not in columns]:
        raise Invalid({"primary_key": [f'Field "{name}" is not in the table' for name in unknown]})
    return key


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a canonical table, with cells as they are written."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def merged(
    rows: Iterable[dict[str, str]], records: Sequence[Mapping[str, Any]], key: Sequence[str], method: Method
) -> Iterator[dict[str, str]]:
    """The rows with the records worked in, by their key. Raises `Invalid` for records that cannot be."""
    if method == "insert" and not key:
        yield from rows
        yield from (_texts(record) for record in records)
        return
    if not key:
        raise Invalid({"table": ["unique key must be passed: set primary_key by datastore_create"]})
    coming: dict[tuple[str, ...], dict[str, str]] = {}
    for number, record in enumerate(records):
        cells = _texts(record)
        if missing := [name for name in key if not cells.get(name)]:
            said = f"rows {number}: fields {missing} are missing but needed as key"
            raise Invalid({"records": [said]})
        place = tuple(cells[name] for name in key)
        if place in coming and method == "insert":
            raise Invalid({"records": [f"duplicate key: {place}"]})
        coming[place] = coming.get(place, {}) | cells
    for row in rows:
        found = coming.pop(tuple(row[name] for name in key), None)
        if found is not None and method == "insert":
            raise Invalid({"records": [f"duplicate key: {tuple(row[name] for name in key)}"]})
        yield row if found is None else row | found
    if coming and method == "update":
        raise Invalid({"key": [f"key {next(iter(coming))} not found"]})
    yield from coming.values()


def without(rows: Iterable[dict[str, str]], filters: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The rows that do not fit all of `filters`: a value, or a list of values, by column."""
    wanted = {
        name: {cell(one) for one in value} if isinstance(value, list) else {cell(value)}
        for name, value in filters.items()
    }
    for row in rows:
        if not all(row[name] in values for name, values in wanted.items()):
            yield row


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> int:
    """Write a table with the names of its columns as its header; the number of its rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([row.get(name, "") for name in columns])
            count += 1
    return count


def cell(value: Any) -> str:
    """A value as a canonical table has it; missing is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f") if math.isfinite(value) else ""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value).replace("\x00", "")


def _texts(record: Mapping[str, Any]) -> dict[str, str]:
    return {name: cell(value) for name, value in record.items() if name != "_id"}
