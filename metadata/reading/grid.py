"""The cells of a file before they mean anything: rows that can be gone through more than once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Protocol

Cell = str | int | float | Decimal | date | time | timedelta
"""A cell as the file has it; "" is an empty one. `datetime` is a `date`; truth values come as TRUE and FALSE."""
Row = Sequence[Cell]

BLOCK = 10_000
"""Rows taken at a time, so that a column of a block is handled by C code and memory stays flat."""

_BLANKS = re.compile(r"\s+")


class Rows(Protocol):
    """Rows of cells from the top of a file or sheet; each iteration starts anew and gives the same."""

    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, counted from 0, both ends within it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, or the whole of a delimited file.

    `text_only` says that every cell is a string. `before` are lines of the file above the first row. `header` are the
    titles that the format itself gives (JSON, maps); with `all_data` no row may be left out, not even a blank one.
    """

    rows: Rows
    name: str | None = None
    text_only: bool = False
    merges: tuple[Merge, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    before: int = 0
    all_data: bool = False
    header: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Blanked:
    """Rows in which the cells with certain marks are empty."""

    rows: Rows
    marks: frozenset[str]

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            yield ["" if tidy(cell).casefold() in self.marks else cell for cell in row]


def blanked(grid: Grid, marks: Sequence[str]) -> Grid:
    """The grid without the cells that a person has declared to stand for "no value"."""
    told = frozenset(mark.strip().casefold() for mark in marks if mark.strip())
    return replace(grid, rows=Blanked(grid.rows, told)) if told else grid


def tidy(cell: Cell) -> str:
    """The cell as one line of text: blanks of all kinds become single spaces, whole floats lose their `.0`."""
    if isinstance(cell, str):
        return _BLANKS.sub(" ", cell.replace("\x00", "")).strip() if cell else ""
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, datetime) and cell.time() == time(0):
        return str(cell.date())
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Whether nothing can be seen in the cell."""
    return isinstance(cell, str) and not cell.strip()


def blocks(rows: Rows, start: int, stop: int | None, size: int = BLOCK) -> Iterator[tuple[int, list[Row]]]:
    """The rows from `start` up to before `stop` in blocks, each with the number of its first row."""
    stream = islice(iter(rows), start, stop)
    at = start
    while block := list(islice(stream, size)):
        yield at, block
        at += len(block)
