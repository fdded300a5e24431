"""The rows of a CSV table that may have errors: all others are proven to have none and are never built."""

from __future__ import annotations

import csv
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import contains
from typing import TYPE_CHECKING, Any

from metadata.validate.clashes import Keys
from metadata.validate.faults import Reader, Suspect
from metadata.validate.verdicts import Column

if TYPE_CHECKING:
    from frictionless.resources import TableResource

BLOCK = 1_000
"""Rows taken at a time: few enough to stay in the processor's cache, which halves the time."""
MOST_RAGGED = 0.2
"""Share of a block's rows that may be of another width; beyond it nothing is saved."""


def _none(_: object) -> Sequence[int]:
    return ()


class Unsupported(Exception):
    """The table is left to frictionless alone."""


class Suspects:
    """Yields each row that has an error, in order, with its errors in it.

    `resource` is open. When it has keys there is a first pass over the whole table; see `Keys`.
    """

    def __init__(self, resource: TableResource) -> None:
        self.rows = 0
        self._resource = resource
        fields = resource.header.get_expected_fields()
        self._reader = Reader(fields)
        self._names = self._reader.names
        self._columns = [Column(field) for field in fields]
        if not fields or len(self._reader.places) != len(fields):
            raise Unsupported
        unique = [field.name for field in fields if field.constraints.get("unique")]
        self._keys = Keys(resource, self._reader, unique)

    def __iter__(self) -> Iterator[Suspect]:
        suspicious = self._after_a_first_pass() if self._keys.need_a_first_pass else self._suspicious
        rows = 0
        for numbers, block in self._blocks():
            # The first row is given in any case: frictionless looks at its limit of errors, which those of the header
            # may have reached, after a row.
            for at in suspicious(block) if rows else sorted({0, *suspicious(block)}):
                row = self._row(block[at], numbers[at])
                self._keys.check(row)
                self._resource.stats.rows = rows + at + 1
                yield row
            rows += len(block)
            if rows < self.rows and suspicious is _none:
                return
        self.rows = rows

    def _after_a_first_pass(self) -> Callable[[list[list[str]]], Sequence[int]]:
        """Read the table once for its keys; gives what tells the suspicious rows of each block in the second pass."""
        marked = array("q")
        for _, block in self._blocks():
            marked.extend(self.rows + at for at in self._suspicious(block, note=True))
            self.rows += len(block)
        repeats = self._keys.settle()
        if not marked and not repeats:
            return _none
        passed = 0

        def suspicious(block: list[list[str]]) -> Sequence[int]:
            nonlocal passed
            first, last = bisect_left(marked, passed), bisect_left(marked, passed + len(block))
            found = {marked[at] - passed for at in range(first, last)}
            passed += len(block)
            if repeats:
                regular, rows = self._regular(block)
                found.update(regular[at] for at in self._keys.again(self._reader_of(rows)))
            return sorted(found)

        return suspicious

    def _suspicious(self, block: list[list[str]], *, note: bool = False) -> Sequence[int]:
        """The positions in the block of the rows that may have an error by themselves; `note` their keys as well."""
        regular, rows = self._regular(block)
        found: set[int] = set()
        if len(rows) < len(block):
            found = set(range(len(block))).difference(regular)
            if len(found) > max(100, MOST_RAGGED * len(block)):
                raise Unsupported
            for at in found if note else ():
                self._keys.note_row(self._row(block[at], 0))
        if rows:
            found.update(regular[at] for at in self._among(rows, note=note))
        return sorted(found) if found else ()

    def _regular(self, block: list[list[str]]) -> tuple[Sequence[int], list[list[str]]]:
        """The rows as wide as the header, and their positions."""
        width = len(self._names)
        if set(map(len, block)) == {width}:
            return range(len(block)), block
        regular = [at for at, cells in enumerate(block) if len(cells) == width]
        return regular, [block[at] for at in regular]

    def _among(self, rows: list[list[str]], *, note: bool) -> Iterator[int]:
        cells = list(zip(*rows, strict=True))
        present = [column.look(texts) for column, texts in zip(self._columns, cells, strict=True)]
        blank = True
        for column, texts, distinct in zip(self._columns, cells, present, strict=True):
            if column.faulty and not column.faulty.isdisjoint(distinct):
                yield from (at for at, text in enumerate(texts) if text in column.faulty)
            blank = blank and not column.missing.isdisjoint(distinct)
        if blank:
            marks = [column.missing for column in self._columns]
            yield from (at for at, row in enumerate(rows) if all(map(contains, marks, row)))

        def values(name: str) -> Sequence[Any]:
            at = self._names.index(name)
            return self._columns[at].values(cells[at], present[at])

        if note:
            self._keys.note(values)
        yield from self._keys.lacking(values)

    def _reader_of(self, rows: list[list[str]]) -> Callable[[str], Sequence[Any]]:
        def values(name: str) -> Sequence[Any]:
            at = self._names.index(name)
            texts = [row[at] for row in rows]
            return self._columns[at].values(texts, set(texts))

        return values

    def _row(self, cells: list[str], number: int) -> Suspect:
        return Suspect(self._reader, cells, number)

    def _blocks(self) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """Row numbers and cells, a block at a time, of the very records that frictionless would read."""
        from frictionless.formats.csv import CsvControl

        resource: Any = self._resource
        dialect = resource.dialect
        newline = "" if resource.format == "csv" else None
        with open(str(resource.normpath), encoding=resource.encoding, newline=newline) as stream:  # noqa: PTH123
            records = csv.reader(stream, dialect=CsvControl.from_dialect(dialect).to_python())
            if dialect.create_comment_filter() or dialect.create_blank_filter():
                numbered = dialect.read_enumerated_content_stream(records)
                while pairs := list(islice(numbered, BLOCK)):
                    yield [number for number, _ in pairs], [cells for _, cells in pairs]
                return
            start = dialect.create_first_content_row()
            next(islice(records, start - 1, start - 1), None)
            while block := list(islice(records, BLOCK)):
                yield range(start, start + len(block)), block
                start += len(block)
