"""The rows of a CSV table that may have errors: all others are proven to have none and are never built."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from metadata.validate.clashes import Keys
from metadata.validate.verdicts import Column

if TYPE_CHECKING:
    from frictionless.resources import TableResource
    from frictionless.table.row import Row

BLOCK = 20_000
MOST_RAGGED = 0.2
"""Share of a block's rows that may be of another width; beyond it nothing is saved."""


class Unsupported(Exception):
    """The table is left to frictionless alone."""


class Suspects:
    """Yields frictionless' own `Row` for each row that has an error, in order, with its errors in it.

    `resource` is open. When it has keys there is a first pass over the whole table; see `Keys`.
    """

    def __init__(self, resource: TableResource) -> None:
        from frictionless.table.row import create_cell_handlers

        self.rows = 0
        self._resource = resource
        fields = resource.header.get_expected_fields()
        self._handlers = create_cell_handlers(fields)
        self._names = [field.name for field in fields]
        self._columns = [Column(field) for field in fields]
        if not fields or len(self._handlers) != len(fields):
            raise Unsupported
        unique = [field.name for field in fields if field.constraints.get("unique")]
        self._keys = Keys(resource, self._names, unique)

    def __iter__(self) -> Iterator[Row]:
        in_order = self._keys.need_a_first_pass and self._first_pass()
        rows = 0
        for numbers, block in self._blocks():
            suspicious = [] if in_order else self._suspicious(block)
            # The first row is given in any case: frictionless looks at its limit of errors, which those of the header
            # may have reached, after a row.
            for at in suspicious if rows else sorted({0, *suspicious}):
                row = self._row(block[at], numbers[at])
                self._keys.check(row)
                yield row
            if in_order:
                return
            rows += len(block)
        self.rows = rows

    def _first_pass(self) -> bool:
        """Note all keys and count the rows; whether every row is in order."""
        found = False
        for _, block in self._blocks():
            self.rows += len(block)
            found = bool(self._suspicious(block, first=True)) or found
        return not self._keys.settle() and not found

    def _suspicious(self, block: Sequence[list[str]], *, first: bool = False) -> list[int]:
        """The positions in the block of the rows that may have an error."""
        width = len(self._names)
        if set(map(len, block)) == {width}:
            return sorted(set(self._among(block, first=first)))
        ragged = [at for at, cells in enumerate(block) if len(cells) != width]
        if len(ragged) > max(100, MOST_RAGGED * len(block)):
            raise Unsupported
        if first:
            for at in ragged:
                self._keys.note(self._row(block[at], 0))
        regular = [at for at, cells in enumerate(block) if len(cells) == width]
        found = self._among([block[at] for at in regular], first=first) if regular else ()
        return sorted({*ragged, *(regular[at] for at in found)})

    def _among(self, rows: Sequence[list[str]], *, first: bool) -> Iterator[int]:
        """The suspicious ones among rows of the right width, by position."""
        cells = dict(zip(self._names, zip(*rows, strict=True), strict=True))
        columns = dict(zip(self._names, self._columns, strict=True))
        present = {name: column.look(cells[name]) for name, column in columns.items()}
        for name, column in columns.items():
            if not column.faulty.isdisjoint(present[name]):
                faulty = column.faulty
                yield from (at for at, text in enumerate(cells[name]) if text in faulty)
        if not any(column.missing.isdisjoint(present[name]) for name, column in columns.items()):
            missing = [column.missing for column in self._columns]
            yield from (
                at
                for at, row in enumerate(rows)
                if all(text in marks for text, marks in zip(row, missing, strict=True))
            )

        def values(name: str) -> Sequence[Any]:
            return columns[name].values(cells[name], present[name])

        yield from self._keys.suspicious(values, first=first)

    def _row(self, cells: list[str], number: int) -> Row:
        from frictionless.table.row import Row

        return Row(cells, handlers=self._handlers, row_number=number)

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
