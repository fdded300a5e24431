"""Columns that a merged header cell holds together: which of them the data use, and which are one, indented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from metadata.reading.grid import Cell, Merge, Row, Rows, is_blank
from metadata.reading.labels import Labels
from metadata.reading.regions import Region
from metadata.reading.rows import Look, look

MOSTLY = 0.5
"""Share of rows in which a value must be merged under another title to belong to it."""


@dataclass(frozen=True, slots=True)
class Mended:
    """Rows put right: merged labels stand in each of their cells, the columns of a group are one.

    `texts` are the labels by row and column; of each of `groups` the first column takes what the others hold.
    """

    rows: Rows
    texts: Mapping[int, Mapping[int, Cell]]
    groups: tuple[tuple[int, ...], ...] = ()

    def __iter__(self) -> Iterator[Row]:
        for number, row in enumerate(self.rows):
            texts = self.texts.get(number)
            cells = list(row)
            if texts is not None:
                cells = [texts.get(column, cell) for column, cell in enumerate(cells)]
            for first, *others in self.groups:
                for column in others:
                    if column < len(cells) and not is_blank(cells[column]):
                        cells[first], cells[column] = cells[column], ""
            yield cells


def indented(held: Sequence[Row], region: Region, labels: Labels) -> tuple[tuple[int, ...], ...]:
    """Groups of columns under one merged title of which each row fills at most one, with words: one list, indented."""
    body = held[region.header.body : region.stop]
    found = []
    for span in labels.spans.values():
        used = [column for column in span if any(column < len(row) and not is_blank(row[column]) for row in body)]
        if len(used) > 1 and all(_at_most_one(row, used) for row in body) and not set(used) & region.header.figures:
            found.append(tuple(used))
    return tuple(found)


def _at_most_one(row: Row, columns: Sequence[int]) -> bool:
    cells = [row[column] for column in columns if column < len(row) and not is_blank(row[column])]
    return len(cells) <= 1 and all(look(cell) in (Look.WORDS, Look.MARK) for cell in cells)


def retitled(held: Sequence[Row], merges: Sequence[Merge], region: Region, labels: Labels) -> Labels:
    """The labels with each title moved to the column where its data are.

    A column of values under the right half of a span, merged in most rows with the column beside the span, belongs to
    that column's title when nothing else stands under it.
    """
    start, stop = region.header.body, region.stop if region.stop is not None else len(held)
    titles, own = dict(labels.titles), set(labels.own)
    for left, span in labels.spans.items():
        used = [column for column in span if _fills(held, column, start, stop)]
        for column in used[1:]:
            reaching = [merge for merge in merges if merge.left == column and start <= merge.top < stop]
            beyond = {merge.right for merge in reaching if merge.right > span[-1]}
            if len(beyond) != 1 or len(reaching) < MOSTLY * _fills(held, column, start, stop):
                continue
            beside = beyond.pop()
            if beside in own and not _fills(held, beside, start, stop):
                titles[column], titles[beside] = titles.get(beside, ""), ""
                own -= {beside}
        if used and left not in used:
            own -= {left}
    return replace(labels, titles=titles, own=frozenset(own))


def _fills(held: Sequence[Row], column: int, start: int, stop: int) -> int:
    return sum(column < len(held[row]) and not is_blank(held[row][column]) for row in range(start, stop))
