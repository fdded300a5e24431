"""The upper rows of a table as they look, before it is known where its header is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from metadata.reading.grid import Cell, Merge, Row
from metadata.reading.rows import Look, filled, is_mark, is_numbering, look

WINDOW = 300
"""Rows looked at to find the header and the looks of the columns."""
ENOUGH = 0.6
"""Share of a column's cells that must be figures for it to count as figures."""
_MOST_COUNTING = 2


@dataclass(slots=True)
class Window:
    """The rows looked at, by their numbers: `order` those with something in them, `filled` and `looks` their cells.

    `numbering` rows count the columns from the first on, `counting` rows count some other way: days of a month, or
    questions. `figures` are the columns that hold figures, `yearly` and `dated` those of them that hold years and
    dates. `top` are merged ranges by their first cell, `covered` the cells they cover.
    """

    rows: Sequence[Row]
    start: int
    stop: int
    looks: dict[int, list[Look]]
    filled: dict[int, list[int]]
    order: list[int]
    numbering: list[int]
    counting: set[int]
    figures: set[int]
    yearly: set[int]
    dated: set[int]
    top: dict[tuple[int, int], Merge]
    covered: dict[tuple[int, int], tuple[int, int]]


def figure_columns(rows: Sequence[Row]) -> frozenset[int]:
    """The columns that mostly hold figures, in rows that have no header above them."""
    window = look_at(rows, (), 0, min(len(rows), WINDOW))
    return frozenset(window.figures)


def look_at(rows: Sequence[Row], merges: Sequence[Merge], start: int, stop: int) -> Window:
    """The rows from `start` up to before `stop`, looked at."""
    remembered: dict[Cell, Look] = {}
    looks: dict[int, list[Look]] = {}
    order: list[int] = []
    numbering: list[int] = []
    counting: set[int] = set()
    filled_at = {at: filled(rows[at]) for at in range(start, stop)}
    leftmost = min((columns[0] for columns in filled_at.values() if columns), default=0)
    for at in range(start, stop):
        row = rows[at]
        if not filled_at[at]:
            continue
        if not numbering and len(counting) < _MOST_COUNTING and is_numbering(row):
            if order and filled_at[at][0] == leftmost and is_mark(row[leftmost]):
                numbering.append(at)
                continue
            counting.add(at)
        looks[at] = [_remember(cell, remembered) for cell in row]
        order.append(at)
    top = {(merge.top, merge.left): merge for merge in merges if start <= merge.top < stop}
    covered = {
        (row, column): (merge.top, merge.left)
        for merge in top.values()
        for row in range(merge.top, min(merge.bottom, stop) + 1)
        for column in range(merge.left, merge.right + 1)
    }
    window = Window(rows, start, stop, looks, filled_at, order, numbering, counting, set(), set(), set(), top, covered)
    if order:
        _columns_of_figures(window)
    return window


def _remember(cell: Cell, remembered: dict[Cell, Look]) -> Look:
    found = remembered.get(cell)
    if found is None:
        found = remembered[cell] = look(cell)
    return found


def _columns_of_figures(window: Window) -> None:
    """Judge the columns by the lower half of the rows, where titles and headers are not."""
    usual = median(len(window.filled[at]) for at in window.order)
    lower = window.order[len(window.order) // 2 :]
    body = [at for at in lower if len(window.filled[at]) > 1 or usual <= 1] or lower
    width = max(len(window.looks[at]) for at in body)
    for column in range(width):
        cells = [window.looks[at][column] for at in body if column < len(window.looks[at])]
        seen = [cell for cell in cells if cell not in (Look.EMPTY, Look.MARK)]
        figures = [cell for cell in seen if cell is not Look.WORDS]
        if figures and len(figures) >= ENOUGH * len(seen):
            window.figures.add(column)
            if figures.count(Look.YEAR) * 2 > len(figures):
                window.yearly.add(column)
            if figures.count(Look.DATE) * 2 > len(figures):
                window.dated.add(column)
