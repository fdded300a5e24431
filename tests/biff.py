"""Writes an old Excel workbook (.xls, BIFF8 in an OLE2 file) as Excel 97 laid it out: for tests, byte by byte.

After Microsoft's [MS-XLS] and [MS-CFB]. Cells are texts, numbers, booleans, days (`date`) and None; texts go through
the shared string table, numbers into RK or NUMBER records as they fit.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import date

Cell = str | float | int | bool | date | None
SECTOR = 512
_DATE_STYLE, _PLAIN_STYLE = 16, 15
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], *, hidden: Sequence[str] = ()) -> bytes:
    """The bytes of a workbook with these sheets, rows and cells; `hidden` names those that are not shown."""
    strings: dict[str, int] = {}
    bodies = [_sheet(rows, strings) for rows in sheets.values()]
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    head += _record(0x0042, struct.pack("<H", 1200))  # CODEPAGE: UTF-16
    styles = b"".join(_style(0) for _ in range(_DATE_STYLE)) + _style(14)
    table = _string_table(strings)
    bound = [(_unicode(name, "<B"), 1 if name in hidden else 0) for name in sheets]
    length = len(head) + len(styles) + sum(4 + 6 + len(name) for name, _ in bound) + len(table) + 4
    listed, at = b"", length
    for (name, state), body in zip(bound, bodies, strict=True):
        listed += _record(0x0085, struct.pack("<IBB", at, state, 0) + name)
        at += len(body)
    return _compound(head + styles + listed + table + _record(0x000A) + b"".join(bodies))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _style(number_format: int) -> bytes:
    return _record(0x00E0, struct.pack("<HHH", 0, number_format, 1) + bytes(14))


def _unicode(text: str, length: str) -> bytes:
    """A string with its length and a byte that says how wide its characters are."""
    narrow = all(ord(sign) < 256 for sign in text)
    coded = text.encode("latin-1" if narrow else "utf-16-le")
    return struct.pack(length, len(text) if narrow else len(coded) // 2) + bytes([not narrow]) + coded


def _string_table(strings: Mapping[str, int]) -> bytes:
    """SST, and CONTINUE records between strings when it grows beyond one record."""
    parts, blocks = [_unicode(text, "<H") for text in strings], [struct.pack("<II", len(strings), len(strings))]
    for part in parts:
        if len(blocks[-1]) + len(part) > 8224:
            blocks.append(b"")
        blocks[-1] += part
    return _record(0x00FC, blocks[0]) + b"".join(_record(0x003C, block) for block in blocks[1:])


def _sheet(rows: Sequence[Sequence[Cell]], strings: dict[str, int]) -> bytes:
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    width = max((len(row) for row in rows), default=0)
    body += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell is not None:
                body += _cell(y, x, cell, strings)
    return body + _record(0x000A)


def _cell(y: int, x: int, cell: Cell, strings: dict[str, int]) -> bytes:
    if isinstance(cell, str):
        return _record(0x00FD, struct.pack("<HHHI", y, x, _PLAIN_STYLE, strings.setdefault(cell, len(strings))))
    if isinstance(cell, bool):
        return _record(0x0205, struct.pack("<HHHBB", y, x, _PLAIN_STYLE, cell, 0))
    if isinstance(cell, date):
        days = (cell - date(1899, 12, 30)).days
        return _record(0x0203, struct.pack("<HHHd", y, x, _DATE_STYLE, days))
    if isinstance(cell, int) and abs(cell) < 2**29:
        return _record(0x027E, struct.pack("<HHHI", y, x, _PLAIN_STYLE, (cell << 2 | 2) & 0xFFFFFFFF))
    return _record(0x0203, struct.pack("<HHHd", y, x, _PLAIN_STYLE, cell))


def _compound(stream: bytes) -> bytes:
    """An OLE2 file with one stream, `Workbook`, long enough not to go into the little streams."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    sectors = len(stream) // SECTOR
    fats = 1
    while fats * (SECTOR // 4) < fats + 1 + sectors:
        fats += 1
    first = fats + 1
    chain = [_FAT] * fats + [_END] + [*range(first + 1, first + sectors), _END]
    chain += [_FREE] * (fats * (SECTOR // 4) - len(chain))
    listed = [*range(fats), *[_FREE] * (109 - fats)]
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fats, fats, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", *listed)
    entries = _entry("Root Entry", 5, child=1, start=_END) + _entry("Workbook", 2, start=first, size=len(stream))
    return head + struct.pack(f"<{len(chain)}I", *chain) + entries + bytes(SECTOR - len(entries)) + stream


def _entry(name: str, kind: int, *, child: int = _FREE, start: int, size: int = 0) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(coded), kind, 1, _FREE, _FREE, child)
    return coded.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)
