"""Reading what a test writes: bytes, sheets or a whole workbook in; rows, types and codes out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from metadata.reading.reader import read
from metadata.reading.table import ReadHints, Reading, Table


class Reader:
    """Reads content in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def text(self, content: bytes | str, name: str = "uji.csv", **hints: Any) -> Reading:
        """The reading of a file called `name` with these bytes; text is written in UTF-8."""
        path = self.folder / "given"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path, filename=name, into=self.folder / "out", hints=ReadHints(**hints))

    def sheet(self, rows: Sequence[Sequence[Any]], merge: Sequence[str] = (), **hints: Any) -> Reading:
        """The reading of a workbook of one sheet; `merge` gives ranges such as "A1:C1"."""
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        for span in merge:
            book.active.merge_cells(span)
        return self.book(book, **hints)

    def book(self, book: openpyxl.Workbook, **hints: Any) -> Reading:
        """The reading of a workbook."""
        out = io.BytesIO()
        book.save(out)
        return self.text(out.getvalue(), "uji.xlsx", **hints)


def only(reading: Reading) -> Table:
    """The one table of a reading."""
    assert len(reading.tables) == 1, [table.name for table in reading.tables]
    return reading.tables[0]


def rows_of(table: Table) -> list[list[str]]:
    """The records of the canonical CSV, without its header."""
    with table.path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]


def column(table: Table, name: str) -> list[str]:
    """The cells of one column of the canonical CSV."""
    at = [column.name for column in table.columns].index(name)
    return [row[at] for row in rows_of(table)]


def types(table: Table) -> dict[str, str]:
    """The types of the columns by name."""
    return {column.name: column.type for column in table.columns}


def titles(table: Table) -> list[str]:
    """The titles of the columns."""
    return [column.title for column in table.columns]


def codes(reading: Reading) -> set[str]:
    """The codes of everything said of the file and of its tables."""
    said = [*reading.notices, *(notice for table in reading.tables for notice in table.repairs)]
    return {notice.code for notice in said}
