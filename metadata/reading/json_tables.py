"""Records of a JSON document as grids of cells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from metadata.notices import Notice, Place
from metadata.reading import cell_repairs
from metadata.reading.delimited import LONGEST_CELL
from metadata.reading.errors import ErrorPage, NoRows, TooManyColumns
from metadata.reading.grid import Cell, Grid, Row
from metadata.reading.json_records import ENVELOPE, Records, find_records
from metadata.reading.labels import JOINT
from metadata.reading.package_check import MOST_COLUMNS

_REFUSALS = frozenset({"error", "err", "fail", "failed", "failure", "gagal", "false", "unauthorized", "forbidden"})
_MOST_MEMBERS = 24


def json_grids(value: Any, *, filename: str) -> tuple[list[Grid], list[Notice]]:
    """The tables in a JSON value as grids, and what there is to say of them; no grid when it is free-form.

    Raises `ErrorPage` when it is the answer of a service that refused, `NoRows` when a service had nothing to give.
    """
    place = Place(file=filename)
    found = find_records(value)
    if not found:
        _refuse_answers(value, place)
        return [], []
    grids = []
    notices = []
    for records in found:
        grid, said = _grid(records, place)
        grids.append(grid)
        notices += said
    return grids, notices


def _refuse_answers(value: Any, place: Place) -> None:
    if value in ([], {}, None):
        raise NoRows(place=place)
    if not isinstance(value, dict):
        return
    said = {key.lower(): part for key, part in value.items()}
    status = said.get("status", said.get("success", said.get("ok")))
    refused = status is False or (isinstance(status, str) and status.lower() in _REFUSALS)
    if refused or (isinstance(status, int) and status is not True and status >= 400) or said.get("error"):
        message = next((str(said[key]) for key in ("message", "pesan", "error", "msg") if said.get(key)), str(status))
        raise ErrorPage(place=place, message=message[:200])
    empty = [key for key in said if key in ENVELOPE and said[key] in ("", None, [], {})]
    if empty and not any(isinstance(part, list | dict) and part for part in said.values()):
        raise NoRows(place=place)


def _grid(records: Records, place: Place) -> tuple[Grid, list[Notice]]:
    here = Place(file=place.file, sheet=records.name)
    notices = []
    if records.pointer:
        notices.append(Notice(cell_repairs.RECORDS_UNDER, here, {"pointer": records.pointer}))
    if records.total is not None and records.total > len(records.rows):
        params = {"total": records.total, "count": len(records.rows)}
        notices.append(Notice(cell_repairs.PAGE_OF_MORE, here, params))
    if records.header is None:
        return Grid([[cell_of(item) for item in row] for row in records.rows], name=records.name), notices
    columns = [
        part
        for at, title in enumerate(records.header)
        for part in _unfold(title, [row[at] for row in records.rows], here, notices)
    ]
    if len(columns) > MOST_COLUMNS:
        raise TooManyColumns(place=here, count=len(columns), limit=MOST_COLUMNS)
    rows: list[Row] = [list(row) for row in zip(*(column.cells for column in columns), strict=True)]
    return Grid(rows, name=records.name, header=tuple(column.title for column in columns)), notices


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    cells: Sequence[Cell]


def _unfold(title: str, items: list[Any], place: Place, notices: list[Notice]) -> list[_Column]:
    """One column, or several when the member is an object of plain values in every record that has it."""
    present = [item for item in items if item not in (None, {}, [])]
    if present and all(isinstance(item, dict) for item in present):
        members = list(dict.fromkeys(key for item in present for key in item))
        flat = not any(isinstance(part, list | dict) for item in present for part in item.values())
        if flat and len(members) <= _MOST_MEMBERS:
            return [
                _Column(
                    f"{title}{JOINT}{key}",
                    [cell_of(item.get(key) if isinstance(item, dict) else None) for item in items],
                )
                for key in members
            ]
    nested = any(isinstance(item, dict) or (isinstance(item, list) and not _is_plain(item)) for item in present)
    cells = [cell_of(item) for item in items]
    here = Place(file=place.file, sheet=place.sheet, column=title)
    if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
        notices.append(Notice(cell_repairs.NESTED_TOO_LONG, here, {"limit": LONGEST_CELL}))
        return []
    if nested:
        notices.append(Notice(cell_repairs.NESTED_KEPT, here))
    return [_Column(title, cells)]


def _is_plain(items: list[Any]) -> bool:
    return not any(isinstance(item, list | dict) for item in items)


def cell_of(item: Any) -> Cell:
    """A JSON value as a cell: null is empty, a list of plain values is joined by `; `, nested values are JSON text."""
    if item is None:
        return ""
    if isinstance(item, bool):
        return str(item).upper()
    if isinstance(item, str | int | Decimal):
        return item
    if isinstance(item, list) and _is_plain(item):
        return "; ".join(str(cell_of(part)) for part in item)
    return json.dumps(item, ensure_ascii=False, default=_number) if item else ""


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)
