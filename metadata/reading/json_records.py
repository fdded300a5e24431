"""Where in a JSON document the records are: a list, an envelope around one, records by key, columns side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ENVELOPE = (
    *("data", "datas", "records", "record", "rows", "row", "items", "item", "results", "result", "hasil", "values"),
    *("list", "content", "contents", "entries", "response", "payload", "body", "dataset", "isi", "daftar", "value"),
)
"""Members whose name says that the data are in them; earlier ones first."""
_HEADINGS = ("columns", "header", "headers", "fields", "kolom")
_BODIES = ("data", "rows", "records", "values", "isi")
DEEPEST = 8
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Records:
    """Records found at `pointer`: `rows` with their `header`, or without one when the first row may be it."""

    pointer: str
    name: str | None
    header: tuple[str, ...] | None
    rows: list[list[Any]]
    total: int | None = None


def find_records(value: Any) -> list[Records]:
    """The tables in a JSON value; none when it is free-form, several when it is a bundle of tables and nothing else."""
    return _search(value, "", None, 0)


def _search(value: Any, pointer: str, name: str | None, depth: int) -> list[Records]:
    if depth > DEEPEST or not isinstance(value, list | dict) or not value:
        return []
    if isinstance(value, list):
        return _in_list(value, pointer, name, depth)
    return _in_object(value, pointer, name, depth)


def _in_list(value: list[Any], pointer: str, name: str | None, depth: int) -> list[Records]:
    if len(value) <= 3 and any(isinstance(item, list) for item in value) and isinstance(value[0], dict):
        return _several_in_envelope(value, pointer, name, depth)
    objects = [item for item in value if isinstance(item, dict)]
    if len(objects) >= max(1, 0.8 * len(value)):
        inner = _several_in_envelope(value, pointer, name, depth) if len(value) == 2 and not _alike(objects) else []
        return inner or [_from_objects(objects, pointer, name)]
    lists = [item for item in value if isinstance(item, list)]
    if len(lists) >= 2 and len(lists) == len(value) and all(_is_flat(item) for item in lists[:50]):
        return [Records(pointer, name, None, lists)] if max(map(len, lists)) > 1 else []
    return []


def _several_in_envelope(value: list[Any], pointer: str, name: str | None, depth: int) -> list[Records]:
    """`[{page, total}, [records]]`, as BPS has it: the last part with records, the first tells how many there are."""
    for position in range(len(value) - 1, -1, -1):
        found = _search(value[position], f"{pointer}/{position}", name, depth + 1)
        if found and (position > 0 or len(value) == 1):
            total = _total(value[0]) if isinstance(value[0], dict) else None
            return [_with_total(records, total) for records in found]
    return []


def _in_object(value: Mapping[str, Any], pointer: str, name: str | None, depth: int) -> list[Records]:
    for reading in (_split_table, _chart, _columns, _keyed_objects):
        if (records := reading(value, pointer, name)) is not None:
            return [records]
    lower = {key.lower(): key for key in value}
    total = _total(value)
    for known in ENVELOPE:
        key = lower.get(known)
        if key is not None and (found := _search(value[key], f"{pointer}/{key}", name, depth + 1)):
            return [_with_total(records, total) for records in found]
    members = {key: part for key, part in value.items() if isinstance(part, list | dict) and part}
    scalars = [key for key, part in value.items() if not isinstance(part, list | dict)]
    tables = {key: _search(part, f"{pointer}/{key}", key, depth + 1) for key, part in members.items()}
    whole = {key: found for key, found in tables.items() if found}
    if len(whole) == 1:
        key, found = next(iter(whole.items()))
        if not scalars or len(found) > 1 or len(found[0].rows) > 1:
            return [_with_total(records, total) for records in found]
        return []
    if len(whole) == len(members) > 1 and not scalars:
        return [records for found in whole.values() for records in found]
    return []


def _from_objects(objects: list[dict[str, Any]], pointer: str, name: str | None) -> Records:
    header = tuple(dict.fromkeys(key for item in objects for key in item))
    return Records(pointer, name, header, [[item.get(key) for key in header] for item in objects])


def _split_table(value: Mapping[str, Any], pointer: str, name: str | None) -> Records | None:
    """`{columns: […], data: [[…], …]}`."""
    for heading in _HEADINGS:
        for body in _BODIES:
            names, rows = value.get(heading), value.get(body)
            if isinstance(names, list) and isinstance(rows, list) and rows and names and heading != body:
                titles = tuple(_title(item) for item in names)
                if all(titles) and all(isinstance(row, list) and len(row) == len(titles) for row in rows):
                    return Records(f"{pointer}/{body}", name, titles, rows)
    return None


def _chart(value: Mapping[str, Any], pointer: str, name: str | None) -> Records | None:
    """`{labels: […], datasets: [{label, data: […]}]}`: a chart's categories and its series, a column each."""
    for heading in ("labels", "categories", "kategori", "label", "xaxis", "xAxis"):
        labels = value.get(heading)
        if isinstance(labels, dict):
            labels = labels.get("categories")
        if not isinstance(labels, list) or not labels or not _is_flat(labels):
            continue
        for body in ("datasets", "series", "data"):
            series = [item for item in value.get(body) or [] if isinstance(item, dict)] if body in value else []
            columns = [item.get("data") for item in series]
            if columns and all(isinstance(part, list) and len(part) == len(labels) for part in columns):
                titles = [_title(item) or f"{body} {at}" for at, item in enumerate(series, 1)]
                rows = [list(row) for row in zip(labels, *columns, strict=True)]
                return Records(f"{pointer}/{body}", name, ("kategori", *titles), rows)
    return None


def _title(item: Any) -> str:
    if isinstance(item, dict):
        item = next((item[key] for key in ("title", "label", "name", "id") if item.get(key)), "")
    return str(item) if isinstance(item, str | int) else ""


def _columns(value: Mapping[str, Any], pointer: str, name: str | None) -> Records | None:
    """`{kode: […], nama: […]}`: columns of one length, or by row number as `{kode: {"0": …}}`."""
    parts = list(value.values())
    if len(parts) < 2:
        return None
    if all(isinstance(part, dict) for part in parts):
        keys = list(parts[0])
        if not keys or not all(key.isdigit() for key in keys) or any(list(part) != keys for part in parts):
            return None
        if keys != [str(number) for number in range(len(keys))]:
            return None
        parts = [list(part.values()) for part in parts]
    if not all(isinstance(part, list) and _is_flat(part) for part in parts):
        return None
    if len({len(part) for part in parts}) != 1 or not parts[0]:
        return None
    return Records(pointer, name, tuple(value), [list(row) for row in zip(*parts, strict=True)])


def _keyed_objects(value: Mapping[str, Any], pointer: str, name: str | None) -> Records | None:
    """`{"3522010": {…}, "3522020": {…}}`: records by key; the key becomes a column unless the records have it."""
    objects = list(value.values())
    if len(objects) < 2 or not all(isinstance(item, dict) and item for item in objects) or not _alike(objects):
        return None
    if not any(not isinstance(cell, list | dict) for cell in objects[0].values()):
        return None
    found = _from_objects(objects, pointer, name)
    own = any(all(str(item.get(key)) == at for at, item in value.items()) for key in objects[0])
    if own or found.header is None:
        return found
    rows = [[key, *row] for key, row in zip(value, found.rows, strict=True)]
    return Records(pointer, name, ("kunci", *found.header), rows)


def _alike(objects: list[dict[str, Any]]) -> bool:
    """Whether the objects have most of their members in common."""
    shared = set(objects[0])
    every: set[str] = set()
    for item in objects:
        shared &= set(item)
        every |= set(item)
    return len(shared) >= _ALIKE * max(1, len(every))


def _is_flat(items: list[Any]) -> bool:
    return not any(isinstance(item, list | dict) for item in items)


def _total(value: Mapping[str, Any]) -> int | None:
    """How many records the source says it has."""
    for key, said in _flat_members(value):
        if key.lower() in ("total", "count", "total_count", "totaldata", "total_data", "data_count", "recordstotal"):
            try:
                return int(said)
            except (TypeError, ValueError):
                continue
    return None


def _flat_members(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    order = sorted(value.items(), key=lambda item: "total" not in item[0].lower())
    yield from ((key, said) for key, said in order if not isinstance(said, list | dict))
    for key in ("meta", "pagination", "paging", "metadata"):
        if isinstance(value.get(key), dict):
            yield from value[key].items()


def _with_total(records: Records, total: int | None) -> Records:
    return Records(
        records.pointer, records.name, records.header, records.rows, records.total if total is None else total
    )
