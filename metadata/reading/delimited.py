"""Delimited text as a grid: the delimiter found, quotes understood, rows streamed as often as they are needed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from metadata.notices import Notice, Place
from metadata.reading import repairs
from metadata.reading.encoding import Encoding, find_encoding
from metadata.reading.errors import BrokenFile, CellTooLong, EmptyFile, Unreadable
from metadata.reading.grid import Grid, Row
from metadata.reading.quotes import MendedLines
from metadata.reading.table import ReadHints

LONGEST_CELL = 131_072
"""Characters of a cell; csv refuses more. A cell of a table is not a document."""
SAMPLE = 200
"""Records by which a delimiter is judged."""
DELIMITERS = (";", "\t", "|", ",")
PROSE = 6
"""Words a line from which a single column is prose."""
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
_SAMPLE_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the lines divide into cells. `skip` lines at the beginning are no data; `wrapped` lines are quoted whole.

    `width` is how many delimiters a line usually has.
    """

    delimiter: str
    skip: int = 0
    width: int = 0
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class DelimitedRows:
    """The records of a delimited file, read anew at each iteration; `stray` are lines with a stray quotation mark."""

    path: Path
    encoding: Encoding
    dialect: Dialect
    place: Place
    stray: set[int] = field(default_factory=set)

    def __iter__(self) -> Iterator[Row]:
        csv.field_size_limit(LONGEST_CELL)
        with self.path.open(encoding=self.encoding.name, errors=self.encoding.errors, newline="") as stream:
            lines = _without_nuls(stream) if self.encoding.nuls else iter(stream)
            for _ in range(self.dialect.skip):
                next(lines, None)
            mended = MendedLines(lines, self.dialect.delimiter, self.dialect.width, self.place, self.stray)
            reader = _reader(iter(mended), self.dialect)
            try:
                yield from reader
            except csv.Error as error:
                raise self._explained(error, reader.line_num) from None

    def _explained(self, error: csv.Error, line: int) -> Unreadable:
        place = Place(file=self.place.file, row=line + self.dialect.skip)
        if "field larger" in str(error):
            return CellTooLong(place=place, limit=LONGEST_CELL)
        return BrokenFile(place=place, format="CSV", reason=str(error))


def read_delimited(path: Path, *, filename: str, hints: ReadHints) -> tuple[Grid, tuple[Notice, ...]]:
    """The file as a grid, and what there is to say of its encoding and form. Raises `EmptyFile`, `CellTooLong`."""
    encoding = find_encoding(path, filename=filename, declared=hints.encoding)
    place = Place(file=filename)
    sample = _sample(path, encoding)
    if not sample.strip('\ufeff\x00 \t\r\n,;|"'):
        raise EmptyFile(place=place)
    dialect, notices = find_dialect(sample, hints.delimiter, place)
    dialect = replace(dialect, width=_usual_delimiters(sample, dialect.delimiter))
    rows = DelimitedRows(path, encoding, dialect, place)
    grid = Grid(rows, text_only=True, encoding=spoken_name(encoding), delimiter=dialect.delimiter, before=dialect.skip)
    return grid, (*encoding.notices, *notices)


def stray_quotes(grid: Grid, filename: str) -> tuple[Notice, ...]:
    """What there is to say of quotation marks that were never closed; known once the rows have been gone through."""
    lines = sorted(grid.rows.stray) if isinstance(grid.rows, DelimitedRows) else []
    if not lines:
        return ()
    at = Place(file=filename, row=lines[0] + grid.before)
    return (Notice(repairs.QUOTE_UNCLOSED, at, {"count": len(lines)}),)


def is_prose(grid: Grid) -> bool:
    """Whether the text is written in lines of words rather than in columns: one cell a line, and long ones."""
    lines = [row[0] for row in islice(iter(grid.rows), SAMPLE) if len(row) == 1 and isinstance(row[0], str) and row[0]]
    wide = sum(len(row) > 1 for row in islice(iter(grid.rows), SAMPLE))
    if wide > 0.2 * (wide + len(lines)) or not lines:
        return False
    return sum(len(line.split()) for line in lines) / len(lines) > PROSE


def spoken_name(encoding: Encoding) -> str:
    """The encoding as `Table.encoding` names it: without the mark."""
    return {"utf-8-sig": "utf-8"}.get(encoding.name, encoding.name)


def find_dialect(sample: str, declared: str | None, place: Place) -> tuple[Dialect, list[Notice]]:
    """The dialect of a text by its beginning, and the notices of what was found about it."""
    notices = []
    skip = 0
    if line := _SEPARATOR_LINE.match(sample):
        notices.append(Notice(repairs.SEPARATOR_LINE, Place(file=place.file, row=1)))
        skip, sample = 1, sample[line.end() :]
        declared = declared or line[1]
    if declared == "\\t":
        declared = "\t"
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best] <= 0 and (inner := _unwrapped(sample)):
        notices.append(Notice(repairs.LINES_QUOTED_WHOLE, place))
        found = max(DELIMITERS, key=lambda delimiter: _score(inner, delimiter))
        return Dialect(found, skip, wrapped=True), notices
    if declared and len(declared) == 1:
        if declared in sample or scores[best] <= 0:
            return Dialect(declared, skip), notices
        notices.append(Notice(repairs.DELIMITER_WRONG, place, {"declared": declared, "delimiter": best}))
    return Dialect(best if scores[best] > 0 else ",", skip), notices


def _score(sample: str, delimiter: str) -> float:
    """How well a delimiter divides the sample: share of records of the usual width, by width, less for prose."""
    records = _records(sample, Dialect(delimiter))
    widths = Counter(len(record) for record in records if any(cell.strip() for cell in record))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0
    width, count = max(wide.items(), key=lambda item: (item[1] * min(item[0], 4), item[0]))
    share = count / sum(widths.values())
    prose = sum(cell.startswith(" ") and len(cell) > 1 for record in records for cell in record[1:])
    cells = sum(len(record) - 1 for record in records)
    prose_share = prose / cells if cells and delimiter == "," else 0
    return share * (1 - 0.8 * prose_share) * (1 + min(width, 20) / 40)


def _lines(sample: str) -> list[str]:
    """The lines as a file gives them; `splitlines` would break at form feeds too."""
    return list(io.StringIO(sample, newline=""))


def _usual_delimiters(sample: str, delimiter: str) -> int:
    counts = Counter(line.count(delimiter) for line in _lines(sample)[:SAMPLE] if line.strip())
    return counts.most_common(1)[0][0] if counts else 0


def _records(sample: str, dialect: Dialect) -> list[list[str]]:
    """The first records of the sample that have cells; up to the first one that is too long to be a record."""
    csv.field_size_limit(LONGEST_CELL)
    found: list[list[str]] = []
    width = _usual_delimiters(sample, dialect.delimiter)
    lines = MendedLines(_lines(sample), dialect.delimiter, width, Place())
    try:
        for record in _reader(iter(lines), dialect):
            if record:
                found.append(record)
            if len(found) == SAMPLE:
                break
    except (csv.Error, CellTooLong):
        pass
    return found


def _unwrapped(sample: str) -> str | None:
    """The sample with each line taken out of its quotes, when every line is one quoted cell with delimiters in it."""
    records = _records(sample, Dialect(","))
    if len(records) < 2 or any(len(record) > 1 for record in records) or not sample.lstrip("\ufeff").startswith('"'):
        return None
    inner = "\n".join(record[0] for record in records)
    return inner if max(_score(inner, delimiter) for delimiter in DELIMITERS) > 0.5 else None


def _sample(path: Path, encoding: Encoding) -> str:
    with path.open(encoding=encoding.name, errors="replace", newline="") as stream:
        text = stream.read(_SAMPLE_CHARACTERS)
        if not text.strip('\ufeff\x00 \t\r\n,;|"'):
            while (more := stream.read(_SAMPLE_CHARACTERS)) and not more.strip('\x00 \t\r\n,;|"'):
                pass
            text += more
    return text.replace("\x00", "")


def _without_nuls(stream: TextIO) -> Iterator[str]:
    return (line.replace("\x00", "") for line in stream)


def _reader(lines: Iterator[str], dialect: Dialect) -> csv._reader:  # type: ignore[name-defined]
    if dialect.wrapped:
        lines = (" ".join(record[0].splitlines()) + "\n" for record in csv.reader(lines) if record)
    return csv.reader(lines, delimiter=dialect.delimiter)
