"""The rows below a header: which are data, and which are blank, totals, repeated headers, notes or signatures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from metadata.reading.grid import Cell, Row, Rows, blocks, is_blank, tidy
from metadata.reading.rows import Look, filled, is_note, is_numbering, is_signature, look
from metadata.reading.totals import LabelWatch, is_bare_total, names_region, total_label

LABEL_COLUMNS = 6
"""The first so many columns are searched for labels of totals and for notes."""
TOO_MANY_TOTALS = 0.4
"""Share of rows from which "total" rows are a class of the data and stay."""
MOST_NOTE_CELLS = 3
MOST_EXTRAS = 10_000
"""Rows longer than the header whose surplus is kept; a file with more has another delimiter or no header."""


class Reason(StrEnum):
    """Why a row is not in the data."""

    BLANK = "blank"
    REPEATED = "repeated"
    NUMBERING = "numbering"
    TOTAL = "total"
    NOTE = "note"
    SIGNATURE = "signature"
    STRAY = "stray"


@dataclass(slots=True)
class Body:
    """The rows of one table from `start` up to before `stop` (None: to the end), counted from 0.

    `width` is the number of columns, `figures` those that hold figures, `titles` what the header says of each, `header`
    the texts of the last header row. Of `records`, as JSON has them, none is a note; with `all_data` none is left out.
    After `discover` has run, `dropped` tells which rows are not data and why, `texts`
    what they say and `labels` the names of the totals among them, `extras` what stood beyond the last column, `short`
    how many rows were too short, `kept` how many are data.
    """

    rows: Rows
    start: int
    stop: int | None
    width: int
    figures: frozenset[int]
    titles: dict[int, str]
    header: list[str]
    records: bool = False
    all_data: bool = False
    dropped: dict[int, Reason] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    extras: list[tuple[int, Sequence[Cell]]] = field(default_factory=list)
    kept: int = 0
    _short: list[int] = field(default_factory=list)
    _first: int = 0
    _last_titled: int = 0
    _pending: list[tuple[int, Row]] = field(default_factory=list)
    _totals: list[tuple[int, Row, str]] = field(default_factory=list)
    _watches: dict[int, LabelWatch] = field(default_factory=dict)
    _longest: int = 0
    _last: int = -1

    def __post_init__(self) -> None:
        titled = [column for column, title in self.titles.items() if title]
        self._first, self._last_titled = (titled[0], titled[-1]) if titled else (0, self.width - 1)

    @property
    def short(self) -> int:
        """How many rows of data lack cells at their end."""
        return sum(number not in self.dropped for number in self._short)

    def discover(self) -> Iterator[tuple[Sequence[int], list[Row]]]:
        """Blocks of rows that are data, with their numbers; rows in doubt come once it is known what follows them."""
        for at, block in blocks(self.rows, self.start, self.stop):
            even = self._even(block, at)
            suspects = set() if self.all_data else self._suspects(even, at)
            numbers: Sequence[int] = range(at, at + len(even))
            if suspects:
                plain = [position for position in range(len(even)) if position not in suspects]
                numbers = [at + position for position in plain]
                even = [even[position] for position in plain]
            if even:
                self._longest = max(self._longest, *(len(str(row[0])) for row in even[:50]))
                yield from self._counted(self._released(before=numbers[-1]))
                self.kept += len(even)
                self._last = numbers[-1]
                yield numbers, even
        yield from self._counted(self._settle())

    def again(self) -> Iterator[list[Row]]:
        """Blocks of the rows that are data, in the order of the file; for after `discover`."""
        dropped = self.dropped
        first = min(dropped, default=None)
        for at, block in blocks(self.rows, self.start, self.stop):
            even = self._even(block, None)
            if first is not None and at + len(even) > first:
                even = [row for number, row in enumerate(even, at) if number not in dropped]
            if even:
                yield even

    def numbered(self) -> Iterator[list[tuple[int, Row]]]:
        """The same, each row with its number."""
        for at, block in blocks(self.rows, self.start, self.stop):
            yield [
                (number, row) for number, row in enumerate(self._even(block, None), at) if number not in self.dropped
            ]

    def _counted(self, pairs: list[tuple[int, Row]]) -> Iterator[tuple[Sequence[int], list[Row]]]:
        if pairs:
            self.kept += len(pairs)
            yield [number for number, _ in pairs], [row for _, row in pairs]

    def _even(self, block: list[Row], at: int | None) -> list[Row]:
        """The rows, all of the table's width; with `at`, what is lacking and what is over is counted."""
        width = self.width
        if set(map(len, block)) == {width}:
            return block
        made: list[Row] = []
        for position, row in enumerate(block):
            if len(row) == width:
                made.append(row)
                continue
            made.append(row[:width] if len(row) > width else [*row, *[""] * (width - len(row))])
            if at is None:
                continue
            if len(row) > width and not all(map(is_blank, row[width:])):
                if len(self.extras) < MOST_EXTRAS:
                    self.extras.append((at + position, row[width:]))
            elif len(row) <= self._last_titled and not all(map(is_blank, row)):
                self._short.append(at + position)
        return made

    def _suspects(self, block: list[Row], at: int) -> set[int]:
        """Positions in the block that are not plainly data; each is sorted, or kept until more is known."""
        maybe: set[int] = set()
        spare = max(1, self.width - 1)
        maybe.update(position for position, row in enumerate(block) if row.count("") >= spare)
        for column in range(min(LABEL_COLUMNS, self.width)):
            if column not in self.figures or column == 0:
                watch = self._watches.setdefault(column, LabelWatch(self.header[column]))
                maybe.update(watch.spot([row[column] for row in block]))
        suspects = set()
        for position in sorted(maybe):
            if position not in suspects and self._sort(at + position, block[position]):
                suspects.add(position)
                follower = block[position + 1 : position + 2]
                if self.dropped.get(at + position) is Reason.REPEATED and follower and is_numbering(follower[0]):
                    self.drop(at + position + 1, follower[0], Reason.NUMBERING)
                    suspects.add(position + 1)
        return suspects

    def _sort(self, number: int, row: Row) -> bool:
        """Put a suspect row where it belongs; False when it is data after all."""
        columns = filled(row)
        if not columns:
            self.drop(number, row, Reason.BLANK)
            return True
        if self._is_header(row, columns):
            self.drop(number, row, Reason.REPEATED)
            return True
        first = tidy(row[columns[0]])
        if label := total_label(row, columns, self.titles, self.figures):
            self._totals.append((number, row, label))
            return True
        sparse = len(columns) == 1 and self.width > 1
        if self.records or (self._has_figures(row, columns) and not sparse):
            return False
        few = len(columns) <= MOST_NOTE_CELLS and self.width > len(columns)
        if sparse or (few and (is_note(first) or is_signature(first))):
            self._pending.append((number, row))
            return True
        return False

    def _has_figures(self, row: Row, columns: list[int]) -> bool:
        return any(column in self.figures and look(row[column]) is not Look.WORDS for column in columns)

    def _is_header(self, row: Row, columns: list[int]) -> bool:
        named = [column for column, text in enumerate(self.header) if text]
        if len(named) < 2 and self.width > 1:
            return False
        same = sum(tidy(row[column]) == self.header[column] for column in named)
        return same >= max(1, 0.8 * len(named)) and len(columns) <= len(named)

    def _released(self, before: int) -> list[tuple[int, Row]]:
        """The pending rows that data follow: they are data too, unless they say that they are notes."""
        if not self._pending or self._pending[0][0] > before:
            return []
        ready = [pair for pair in self._pending if pair[0] < before]
        self._pending = [pair for pair in self._pending if pair[0] >= before]
        released = []
        for number, row in ready:
            if is_note(tidy(row[filled(row)[0]])) and len(filled(row)) == 1:
                self.drop(number, row, Reason.NOTE)
            else:
                released.append((number, row))
        return released

    def _settle(self) -> list[tuple[int, Row]]:
        """At the end: rows below the data are notes, totals that are a class of the data are data."""
        released = self._settled_totals()
        noted = False
        for number, row in self._pending:
            columns = filled(row)
            text = " ".join(tidy(row[column]) for column in columns)
            apart = noted or self.dropped.get(number - 1) is Reason.BLANK
            if apart and is_signature(text):
                noted = True
                self.drop(number, row, Reason.SIGNATURE)
            elif noted or self._looks_like_note(number, text):
                noted = True
                self.drop(number, row, Reason.NOTE)
            elif len(columns) == 1 and columns[0] > self._first and look(row[columns[0]]) is not Look.WORDS:
                self.drop(number, row, Reason.STRAY)
            else:
                released.append((number, row))
        self._pending = []
        return released

    def _looks_like_note(self, number: int, text: str) -> bool:
        if is_note(text):
            return True
        after_gap = self.dropped.get(number - 1) is Reason.BLANK
        return (after_gap and look(text) is Look.WORDS) or len(text) > max(40, 2 * self._longest)

    def _settled_totals(self) -> list[tuple[int, Row]]:
        released = []
        indicators = sum(watch.indicators for watch in self._watches.values())
        many = len(self._totals) > TOO_MANY_TOTALS * (self.kept + len(self._totals))
        for number, row, label in self._totals:
            if many or not self._is_total(number, label, indicators):
                released.append((number, row))
            else:
                self.drop(number, row, Reason.TOTAL)
                self.labels[number] = label
        self._totals = []
        return released

    def _is_total(self, number: int, label: str, indicators: int) -> bool:
        """A bare "Jumlah" anywhere; with a region's name unless other labels go on so too; others only at the end."""
        if is_bare_total(label):
            return True
        return indicators <= 1 and (names_region(label) or number > self._last)

    def drop(self, number: int, row: Row, reason: Reason) -> None:
        """Take a row out of the data, with what it says."""
        self.dropped[number] = reason
        if reason is not Reason.BLANK:
            self.texts[number] = " ".join(tidy(cell) for cell in row if not is_blank(cell))
