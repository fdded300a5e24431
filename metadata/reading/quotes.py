"""Lines of delimited text with their quotation marks in order: one that is never closed does not swallow the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from metadata.notices import Place
from metadata.reading.errors import CellTooLong

LONGEST_LINE = 8 * 1024 * 1024
"""Characters of a line; a longer one is no record."""
MOST_LINES = 200
"""Lines that a quoted cell may go over; real ones are notes of a few lines."""
_LOOKS_LIKE_ROWS = 3
"""Lines inside a quoted cell that are as wide as the table from which the mark is taken for a stray one."""


@dataclass(slots=True)
class MendedLines:
    """The lines of a text, stray opening quotation marks taken out; their line numbers (from 1) are in `stray`.

    `width` is how many delimiters a record usually has; 0 when that is not known.
    """

    lines: Iterable[str]
    delimiter: str
    width: int
    place: Place
    stray: set[int] = field(default_factory=set)

    def __iter__(self) -> Iterator[str]:
        source = iter(self.lines)
        number = 0
        for first in source:
            if '"' not in first and len(first) <= LONGEST_LINE:
                number += 1
                yield first
                continue
            waiting = deque([first])
            while waiting:
                held = self._next_record(waiting, source, number + 1)
                number += len(held)
                yield from held

    def _next_record(self, waiting: deque[str], source: Iterator[str], number: int) -> list[str]:
        """The lines of the record that begins with the first waiting one, which is line `number`."""
        line = waiting.popleft()
        if len(line) > LONGEST_LINE:
            raise CellTooLong(place=Place(file=self.place.file, row=number), limit=LONGEST_LINE)
        if '"' not in line or not self._opens(line):
            return [line]
        held = [line]
        if self._closes(held, waiting, source) and not self._swallows_rows(held):
            return held
        waiting.extendleft(reversed(held[1:]))
        self.stray.add(number)
        return [self._without_stray(line)]

    def _opens(self, text: str) -> bool:
        """Whether a quoted cell is still open at the end of the text."""
        if text.count('"') % 2 == 0 and '\n"' not in text[:-1]:
            return False
        try:
            for _ in csv.reader(text.splitlines(keepends=True), delimiter=self.delimiter, strict=True):
                pass
        except csv.Error as error:
            return "unexpected end" in str(error)
        return False

    def _closes(self, held: list[str], waiting: deque[str], source: Iterator[str]) -> bool:
        """Take lines until the quoted cell is closed; False when it is not within the bound."""
        size = len(held[0])
        while len(held) < MOST_LINES and size < LONGEST_LINE:
            line = waiting.popleft() if waiting else next(source, None)
            if line is None:
                return False
            held.append(line)
            size += len(line)
            if '"' in line and not self._opens("".join(held)):
                return True
        return False

    def _swallows_rows(self, held: list[str]) -> bool:
        inside = held[1:-1]
        wide = sum(line.count(self.delimiter) >= self.width > 0 for line in inside)
        return wide >= _LOOKS_LIKE_ROWS and wide >= 0.8 * len(inside)

    def _without_stray(self, line: str) -> str:
        """The line without the opening mark that is not closed: the last one that leaves the line in order."""
        at = len(line)
        while (at := line.rfind('"', 0, at)) >= 0:
            shorter = line[:at] + line[at + 1 :]
            if not self._opens(shorter):
                return shorter
        return line.replace('"', "")
