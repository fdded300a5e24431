"""Workbooks looked at from outside before any library opens them: the ZIP directory, then each sheet's used range."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from metadata.notices import Place
from metadata.reading.errors import BrokenWorkbook, DangerousFile, ProtectedFile, TooLarge
from metadata.terms import Bilingual

MOST_MEMBERS = 5_000
MOST_BYTES = 1_000 * 1024 * 1024
"""Unpacked size of all members together."""
MOST_TEXTS = 200 * 1024 * 1024
"""Unpacked size of the shared texts, which every library holds in memory."""
MOST_RATIO = 400
"""Unpacked by packed size from which a member above 10 MB is a bomb; real sheets stay under 60."""
MOST_CELLS = 5_000_000
MOST_ROWS = 1_048_576
MOST_COLUMNS = 1_000

_CHUNK = 1024 * 1024
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})(\d{1,7})"')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="e"')
_UNCOMPUTED = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\s[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<v></v>)?\s*</(?:\w+:)?c>")
_ROW_HIDDEN = re.compile(rb'<(?:\w+:)?row\s[^>]*?\bhidden="(?:1|true)"')
_COLUMN_HIDDEN = re.compile(rb'<(?:\w+:)?col\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
_SPAN = re.compile(rb'\b(min|max)="(\d{1,5})"')
_OVERLAP = 512
_ODS_TAG = re.compile(rb"<table:table-(?:cell|row)\b[^>]*>")
_REPEATED = re.compile(rb'table:number-(rows|columns)-repeated="(\d{1,10})"')


@dataclass(slots=True)
class SheetFacts:
    """What the XML of one sheet shows: its last row and column (from 1), and how many rows and columns are hidden, how
    many cells hold errors, and how many formulas without a saved value.
    """

    rows: int = 0
    columns: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    errors: int = 0
    uncomputed: int = 0


@dataclass(slots=True)
class PackageFacts:
    """What the package holds beside its sheets. `sheets` are keyed by member name, e.g. `xl/worksheets/sheet1.xml`."""

    comments: bool = False
    links: bool = False
    macros: bool = False
    sheets: dict[str, SheetFacts] = field(default_factory=dict)


def check_package(path: Path, place: Place) -> PackageFacts:
    """Look into the ZIP of a workbook without unpacking it to disk.

    Raises `BrokenWorkbook`, `ProtectedFile`, `DangerousFile` (a ZIP bomb) or `TooLarge` (sizes, or a stray cell far
    away which would make a sheet of billions of cells).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_directory(members, place)
            facts = PackageFacts()
            for member in members:
                _look_at(archive, member, facts, place)
            return facts
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        raise BrokenWorkbook(
            place=place, reason=Bilingual("ZIP di dalamnya rusak atau terpotong", "its ZIP is damaged or cut short")
        ) from None
    except RuntimeError:
        raise ProtectedFile(place=place) from None


def _check_directory(members: list[zipfile.ZipInfo], place: Place) -> None:
    if len(members) > MOST_MEMBERS:
        raise DangerousFile(
            place=place, reason=Bilingual(f"{len(members)} bagian di dalamnya", f"it has {len(members)} parts")
        )
    if any(member.flag_bits & 1 for member in members):
        raise ProtectedFile(place=place)
    total = sum(member.file_size for member in members)
    for member in members:
        if member.file_size > 10 * 1024 * 1024 and member.file_size > MOST_RATIO * max(1, member.compress_size):
            raise DangerousFile(
                place=place,
                reason=Bilingual(f"{member.filename} membesar tak wajar (bom ZIP)", f"{member.filename} is a ZIP bomb"),
            )
    if total > MOST_BYTES:
        raise TooLarge(place=place, what="workbook", size=_megabytes(total), limit=_megabytes(MOST_BYTES))


def _look_at(archive: zipfile.ZipFile, member: zipfile.ZipInfo, facts: PackageFacts, place: Place) -> None:
    name = member.filename.lower()
    facts.comments = facts.comments or ("comments" in name and name.endswith((".xml", ".bin")))
    facts.links = facts.links or "externallinks/" in name
    facts.macros = facts.macros or name.endswith("vbaproject.bin")
    if name.endswith("sharedstrings.xml") and member.file_size > MOST_TEXTS:
        raise TooLarge(place=place, what=name, size=_megabytes(member.file_size), limit=_megabytes(MOST_TEXTS))
    if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
        with archive.open(member) as stream:
            facts.sheets[member.filename] = _sheet_facts(stream, place)
    elif name == "content.xml":
        with archive.open(member) as stream:
            _check_repeats(stream, place)


def _sheet_facts(stream: IO[bytes], place: Place) -> SheetFacts:
    facts = SheetFacts()
    last_cell = b""
    for chunk in _overlapping(stream):
        for column, row in _CELL.findall(chunk):
            number = int(row)
            facts.rows = max(facts.rows, number)
            if len(column) > 1 or facts.columns < 26:
                at = _column_number(column)
                if at > facts.columns:
                    facts.columns, last_cell = at, column + row
        facts.errors += len(_ERROR_CELL.findall(chunk))
        facts.uncomputed += len(_UNCOMPUTED.findall(chunk))
        facts.hidden_rows += len(_ROW_HIDDEN.findall(chunk))
        facts.hidden_columns += sum(map(_hidden_in, _COLUMN_HIDDEN.findall(chunk)))
        if facts.rows * facts.columns > MOST_CELLS:
            where = last_cell.decode() or f"row {facts.rows}"
            size = f"{facts.rows} × {facts.columns} ({where})"
            raise TooLarge(place=place, what="sheet", size=size, limit=f"{MOST_CELLS} cells")
    return facts


def _overlapping(stream: IO[bytes]) -> Iterator[bytes]:
    """Chunks cut before the last `<`, so that no tag is seen in halves or twice."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        joined = rest + chunk
        cut = joined.rfind(b"<")
        if cut <= 0 or len(joined) - cut > 64 * _CHUNK:
            cut = len(joined)
        yield joined[:cut]
        rest = joined[cut:]
    yield rest


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _hidden_in(tag: bytes) -> int:
    span = {key: int(value) for key, value in _SPAN.findall(tag)}
    width = span.get(b"max", 1) - span.get(b"min", 1) + 1
    return width if width < 200 else 0


def _check_repeats(stream: IO[bytes], place: Place) -> None:
    """Refuse an ODS whose repeated rows or columns would unfold to more cells than any sheet has."""
    cells, rows = 0, 1
    for chunk in _overlapping(stream):
        for tag in _ODS_TAG.findall(chunk):
            repeats = {kind: int(times) for kind, times in _REPEATED.findall(tag)}
            if tag.startswith(b"<table:table-row"):
                rows = repeats.get(b"rows", 1)
            elif b"office:value" in tag or not tag.endswith(b"/>"):
                cells += rows * repeats.get(b"columns", 1)
        if cells > MOST_CELLS:
            raise TooLarge(place=place, what="sheet", size=f"{cells}", limit=f"{MOST_CELLS} cells")


def _megabytes(size: int) -> str:
    return f"{size // (1024 * 1024)} MB"
