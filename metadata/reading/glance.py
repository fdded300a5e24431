"""A file's rows as they are, before they mean anything: what stands beside the reading for a person to compare."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from metadata.reading.delimited import read_delimited
from metadata.reading.grid import Grid, tidy
from metadata.reading.html_tables import html_grids
from metadata.reading.sheets import read_workbook
from metadata.reading.sniff import sniff
from metadata.reading.table import ReadHints

HEAD = 40
"""Rows shown from the top of each sheet."""
WIDTH = 60
LONGEST = 120
MOST_SHEETS = 20
FURTHEST = 200_000
"""Rows gone through to reach one that a remark names."""
_SHAPE_ROWS = 8
_FIGURES = re.compile(r"[\d.,%()\-]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one sheet (or of the whole of a delimited file), numbered as a spreadsheet numbers them.

    `shape` is a hash over the words of its first rows, without figures: files of the same kind have the same.
    """

    name: str | None
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    shape: str


def glance(path: Path, *, filename: str, hints: ReadHints, wanted: Iterable[int] = ()) -> tuple[Sheet, ...]:
    """The first rows of each sheet, and the `wanted` ones with their neighbours; () for what has no rows.

    Raises what reading raises.
    """
    near = {row + step for row in wanted for step in (-1, 0, 1) if 0 < row + step <= FURTHEST}
    return tuple(_sheet(grid, near) for grid in _grids(path, filename, hints)[:MOST_SHEETS])


def _grids(path: Path, filename: str, hints: ReadHints) -> Sequence[Grid]:
    kind = sniff(path).format
    if kind in ("xlsx", "xlsb", "xls", "ods"):
        return read_workbook(path, filename=filename, kind=kind, hints=ReadHints())[0]
    if kind == "html":
        return html_grids(path, filename=filename, declared=hints.encoding)[0]
    return [read_delimited(path, filename=filename, hints=hints)[0]] if kind == "csv" else []


def _sheet(grid: Grid, near: set[int]) -> Sheet:
    last = max(near, default=0)
    rows = []
    for number, row in enumerate(islice(iter(grid.rows), max(HEAD, last)), start=1 + grid.before):
        if number <= HEAD + grid.before or number in near:
            rows.append((number, tuple(tidy(cell)[:LONGEST] for cell in row[:WIDTH])))
    return Sheet(grid.name, tuple(rows), _shape([cells for _, cells in rows[:_SHAPE_ROWS]]))


def _shape(rows: Sequence[Sequence[str]]) -> str:
    """Over words alone, and how wide the rows are: next year's file has other figures under the same words."""
    words = [[_FIGURES.sub("", cell).casefold().strip() for cell in row] for row in rows[:_SHAPE_ROWS]]
    width = max((at + 1 for row in rows for at, cell in enumerate(row) if cell), default=0)
    return hashlib.sha256(repr((width, words[:4])).encode()).hexdigest()


def sheets_to_json(sheets: Iterable[Sheet]) -> list[dict[str, Any]]:
    """As plain JSON values."""
    return [
        {"name": sheet.name, "shape": sheet.shape, "rows": [[number, list(cells)] for number, cells in sheet.rows]}
        for sheet in sheets
    ]
