"""Text tables (CSV): columns with data of persons, and a copy in which they are masked."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from metadata.notices import Notice, Place
from metadata.personal import spans
from metadata.reading.delimited import read_delimited
from metadata.reading.encoding import find_encoding
from metadata.reading.table import ReadHints
from metadata.redaction import findings
from metadata.redaction.columns import MASK, find_in_rows, masked
from metadata.redaction.findings import counted


def find(path: Path, filename: str) -> Iterator[Notice]:
    """The columns that hold data of persons. Raises `Unreadable`."""
    yield from find_in_rows(_rows(path, filename)[0], Place(file=filename)).notices


def clean(path: Path, target: Path) -> None:
    """Write a copy in UTF-8 with the same delimiter, data of persons masked. Raises `Unreadable`."""
    rows, delimiter = _rows(path, path.name)
    personal = find_in_rows(rows, Place())
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        for number, row in enumerate(rows):
            whole = personal.whole if number > personal.header else set()
            writer.writerow([MASK if at in whole and cell else masked(cell) for at, cell in enumerate(row)])


def find_text(path: Path, filename: str) -> Iterator[Notice]:
    """Data of persons in a running text."""
    count = len(spans(text_of(path, filename)))
    yield from counted(findings.PERSONAL_TEXT, Place(file=filename), count, part="teks")


def clean_text(path: Path, target: Path) -> None:
    """Write the text in UTF-8, data of persons masked."""
    target.write_text(masked(text_of(path, path.name)), encoding="utf-8")


def text_of(path: Path, filename: str) -> str:
    """The file's text. Raises `Unreadable`."""
    encoding = find_encoding(path, filename=filename)
    return path.read_bytes().decode(encoding.name, encoding.errors).replace("\x00", "")


def _rows(path: Path, filename: str) -> tuple[list[list[str]], str]:
    """The rows as the reader of tables understands them, and their delimiter."""
    grid, _ = read_delimited(path, filename=filename, hints=ReadHints())
    return [[str(cell) for cell in row] for row in grid.rows], grid.delimiter or ","
