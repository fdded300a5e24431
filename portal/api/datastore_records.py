"""Rows as CKAN writes them: objects, lists, CSV or TSV in an answer; CSV, TSV, JSON or XML as a dump."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from datasets.query.cells import Cell, json_cell, text_cell

RECORD_FORMATS = ("objects", "lists", "csv", "tsv")
_XML_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Rows = Iterable[Sequence[Cell]]


def records(form: str, names: Sequence[str], rows: Rows) -> Any:
    """The `records` of an answer; in CSV and TSV without a header, as CKAN has it."""
    if form == "objects":
        return [dict(zip(names, map(json_cell, row), strict=True)) for row in rows]
    if form == "lists":
        return [[json_cell(cell) for cell in row] for row in rows]
    return delimited(rows, "," if form == "csv" else "\t")


def delimited(rows: Rows, delimiter: str) -> str:
    """Lines of canonical text, a missing cell empty."""
    written = StringIO()
    lines = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    lines.writerows([text_cell(cell) for cell in row] for row in rows)
    return written.getvalue()


def dumped(form: str, fields: list[dict[str, Any]], pages: Iterator[Rows], *, bom: bool) -> Iterator[bytes]:
    """A dump piece by piece; `bom` puts a byte order mark before text forms, for Excel."""
    names = [field["id"] for field in fields]
    if bom and form != "json":
        yield b"\xef\xbb\xbf"
    if form in ("csv", "tsv"):
        delimiter = "," if form == "csv" else "\t"
        yield delimited([names], delimiter).encode()
        for rows in pages:
            yield delimited(rows, delimiter).encode()
    elif form == "json":
        yield from _json_dump(fields, pages)
    else:
        yield from _xml_dump(names, pages)


def _json_dump(fields: list[dict[str, Any]], pages: Iterator[Rows]) -> Iterator[bytes]:
    head = json.dumps(fields, ensure_ascii=False)
    yield f'{{\n  "fields": {head},\n  "records": ['.encode()
    between = "\n    "
    for rows in pages:
        lines = [json.dumps([json_cell(cell) for cell in row], ensure_ascii=False) for row in rows]
        if lines:
            yield (between + ",\n    ".join(lines)).encode()
            between = ",\n    "
    yield b"\n]}\n"


def _xml_dump(names: list[str], pages: Iterator[Rows]) -> Iterator[bytes]:
    tags = [
        (name, name) if _XML_NAME.fullmatch(name) else (f"column name={quoteattr(name)}", "column") for name in names
    ]
    yield b'<data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    for rows in pages:
        yield "".join(_xml_row(names, tags, row) for row in rows).encode()
    yield b"</data>\n"


def _xml_row(names: list[str], tags: list[tuple[str, str]], row: Sequence[Cell]) -> str:
    number = f' _id="{text_cell(row[0])}"' if names[0] == "_id" else ""
    cells = []
    for name, (start, end), cell in zip(names, tags, row, strict=True):
        if name == "_id":
            continue
        if cell is None:
            cells.append(f'<{start} xsi:nil="true"/>')
        else:
            cells.append(f"<{start}>{escape(_NOT_XML.sub('', text_cell(cell)))}</{end}>")
    return f"<row{number}>{''.join(cells)}</row>\n"
