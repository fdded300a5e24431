"""Text tables (CSV): columns with data of persons, and a copy in which they are masked."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from metadata.notices import Notice, Place
from metadata.personal import spans
from metadata.reading.delimited import find_dialect
from metadata.reading.encoding import find_encoding
from metadata.redaction import findings
from metadata.redaction.columns import MASK, find_in_rows, masked
from metadata.redaction.findings import counted

_SAMPLE = 64 * 1024


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
    count = len(spans(_text(path, filename)))
    yield from counted(findings.PERSONAL_TEXT, Place(file=filename), count, part="teks")


def clean_text(path: Path, target: Path) -> None:
    """Write the text in UTF-8, data of persons masked."""
    target.write_text(masked(_text(path, path.name)), encoding="utf-8")


def _rows(path: Path, filename: str) -> tuple[list[list[str]], str]:
    text = _text(path, filename)
    dialect, _ = find_dialect(text[:_SAMPLE], None, Place(file=filename))
    lines = text.splitlines(keepends=True)
    return list(csv.reader(lines, delimiter=dialect.delimiter)), dialect.delimiter


def _text(path: Path, filename: str) -> str:
    encoding = find_encoding(path, filename=filename)
    return path.read_bytes().decode(encoding.name, encoding.errors).replace("\x00", "")
