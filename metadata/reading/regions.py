"""The tables of one sheet: each with its header and the rows that are its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metadata.reading.grid import Grid, Row, is_blank, tidy
from metadata.reading.header import Header, find_header
from metadata.reading.rows import Look, filled, look

MOST_HELD_ROWS = 50_000
MOST_HELD_CELLS = 1_500_000
"""Up to so many rows and cells a sheet is held and searched for several tables; beyond it is one table, streamed."""


@dataclass(frozen=True, slots=True)
class Region:
    """A table's place: its header, and the row after its last (None: the end of the file). `top` is its first row."""

    header: Header
    top: int
    stop: int | None


def hold(grid: Grid) -> tuple[list[Row], bool]:
    """The rows from the top, and whether they are all that the grid has."""
    held: list[Row] = []
    cells = 0
    rows = iter(grid.rows)
    for row in rows:
        held.append(row)
        cells += len(row)
        if len(held) >= MOST_HELD_ROWS or cells >= MOST_HELD_CELLS:
            return held, next(rows, None) is None
    return held, True


def find_regions(held: Sequence[Row], grid: Grid, *, whole: bool, header_row: int | None = None) -> list[Region]:
    """The tables of a grid from top to bottom; `header_row` (from 1) overrules what would be found."""
    if header_row is not None and grid.before < header_row <= len(held) + grid.before:
        header = _told(held, header_row - 1 - grid.before)
        return [Region(header, 0, None if not whole else len(held))]
    first = find_header(held, grid.merges, 0, len(held))
    if first is None:
        return []
    if not whole:
        return [Region(first, 0, None)]
    starts = [(0, first)]
    for start in _after_gaps(held, first.body + 1):
        if start < starts[-1][1].body + 1:
            continue
        found = _new_table(held, grid, start, starts[-1][1])
        if found is not None:
            starts.append((start, found))
    stops = [start for start, _ in starts[1:]] + [len(held)]
    return [Region(header, start, stop) for (start, header), stop in zip(starts, stops, strict=True)]


def _told(held: Sequence[Row], at: int) -> Header:
    titles = tuple(row for row in range(at) if filled(held[row]))
    found = find_header(held, (), at + 1, len(held))
    return Header(titles, (at,), (), at + 1, found.figures if found else frozenset())


def _after_gaps(held: Sequence[Row], start: int) -> list[int]:
    """The rows that come next after a blank one."""
    found = []
    gap = False
    for at in range(start, len(held)):
        if all(map(is_blank, held[at])):
            gap = True
        elif gap:
            found.append(at)
            gap = False
    return found


def _new_table(held: Sequence[Row], grid: Grid, start: int, before: Header) -> Header | None:
    """The header of another table that begins at `start`; None when the rows there go on with the one before."""
    stop = len(held)
    found = find_header(held, grid.merges, start, stop)
    if found is None or not found.rows or found.body >= stop or not found.figures:
        return None
    if found.body - start > 12:
        return None
    words = [column for column in filled(held[found.rows[-1]]) if look(held[found.rows[-1]][column]) is Look.WORDS]
    years = len(filled(held[found.rows[-1]])) - len(words)
    over_figures = sum(column in found.figures for row in found.rows for column in filled(held[row]))
    if len(words) + years < 2 or not over_figures:
        return None
    same = _texts(held, found.rows) == _texts(held, before.rows)
    return None if same and not found.titles else found


def _texts(held: Sequence[Row], rows: Sequence[int]) -> list[list[str]]:
    return [[tidy(held[row][column]) for column in filled(held[row])] for row in rows]
