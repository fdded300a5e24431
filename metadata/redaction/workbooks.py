"""Workbooks (XLSX): what hides in them, and a copy built anew from what is seen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from metadata.notices import Notice, Place
from metadata.personal import spans
from metadata.reading.package_check import check_package
from metadata.redaction import findings
from metadata.redaction.columns import MASK, find_in_rows, masked
from metadata.redaction.findings import counted
from metadata.redaction.packages import BARE_APP, BARE_CORE, about_package, pictures, written

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WHITE = frozenset({"FFFFFFFF", "00FFFFFF"})


def find(path: Path, filename: str) -> Iterator[Notice]:
    """Hidden sheets, rows, columns and cells; comments; parts that are not seen; properties; data of persons.

    Raises `Unreadable`.
    """
    place = Place(file=filename)
    check_package(path, place)
    yield from about_package(path, place)
    book = _open(path)
    comments = 0
    for sheet in book.worksheets:
        where = Place(file=filename, sheet=sheet.title)
        if spans(sheet.title):
            yield Notice(findings.PERSONAL_NAME, Place(file=filename))
        if sheet.sheet_state != "visible":
            yield Notice(findings.HIDDEN_SHEET, where)
        rows = [each for each, shape in sheet.row_dimensions.items() if shape.hidden]
        yield from counted(findings.HIDDEN_ROWS, Place(filename, sheet.title, min(rows, default=None)), len(rows))
        columns = _hidden_columns(sheet)
        first = min(columns, default=0)
        yield from counted(
            findings.HIDDEN_COLUMNS,
            Place(filename, sheet.title, column=_letter(first) if first else None),
            len(columns),
        )
        unseen = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None and _looks_empty(cell)]
        if unseen:
            at = Place(filename, sheet.title, unseen[0].row, unseen[0].column_letter)
            yield Notice(findings.HIDDEN_CELLS, at, {"count": len(unseen)})
        comments += sum(cell.comment is not None for row in sheet.iter_rows() for cell in row)
        yield from _page_words(sheet, where)
        cells = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        yield from find_in_rows(cells, where).notices
    yield from counted(findings.COMMENTS, place, comments)
    yield from counted(findings.LOOK, place, pictures(path))


def clean(path: Path, target: Path) -> None:
    """Write the sheets, rows and columns that are seen, as values, into a new workbook at `target`.

    Formulas become what they last showed; charts, pictures, comments, names and links stay behind; columns with data of
    persons are masked.
    """
    from openpyxl import Workbook  # late: 0.4 s
    from openpyxl.utils import get_column_letter

    book, made = _open(path), Workbook(write_only=False)
    for sheet in list(made.worksheets):
        made.remove(sheet)
    for at, sheet in enumerate((each for each in book.worksheets if each.sheet_state == "visible"), 1):
        hidden = _hidden_columns(sheet)
        seen = [
            (number, [cell for column, cell in enumerate(row, 1) if column not in hidden])
            for number, row in enumerate(sheet.iter_rows(), 1)
            if not sheet.row_dimensions[number].hidden
        ]
        kept = [[None if _looks_empty(cell) else cell.value for cell in cells] for _, cells in seen]
        personal = find_in_rows([[_text(value) for value in row] for row in kept], Place())
        copy = made.create_sheet(title=f"Lembar {at}" if spans(sheet.title) else sheet.title)
        for row, ((_, cells), values) in enumerate(zip(seen, kept, strict=True), 1):
            for column, (cell, value) in enumerate(zip(cells, values, strict=True), 1):
                if value is None:
                    continue
                whole = column - 1 in personal.whole and row - 1 > personal.header
                made_cell = copy.cell(row=row, column=column)
                _put(made_cell, MASK if whole else _without(value), cell)
        for column, width in enumerate(_widths(sheet, hidden), 1):
            if width:
                copy.column_dimensions[get_column_letter(column)].width = width
    if not made.worksheets:
        made.create_sheet(title="Lembar 1")
    held = io.BytesIO()
    made.save(held)
    _write(held, target)


def _write(held: io.BytesIO, target: Path) -> None:
    """The workbook without the library's name and the hour in its properties."""
    with zipfile.ZipFile(held) as made, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in made.infolist():
            content = made.read(member)
            if member.filename == "docProps/core.xml":
                content = BARE_CORE
            elif member.filename == "docProps/app.xml":
                content = BARE_APP
            archive.writestr(written(member.filename), content)


def _open(path: Path) -> Any:
    from openpyxl import load_workbook  # late: 0.4 s

    content = io.BytesIO(path.read_bytes())  # by a path it would ask for an ending, which files of a store have not
    return load_workbook(content, data_only=True, keep_links=False)


def _hidden_columns(sheet: Any) -> set[int]:
    hidden: set[int] = set()
    for shape in sheet.column_dimensions.values():
        if shape.hidden or shape.width == 0:
            hidden.update(range(shape.min or 0, min(shape.max or 0, sheet.max_column) + 1))
    return {column for column in hidden if 0 < column <= sheet.max_column}


def _looks_empty(cell: Any) -> bool:
    """Whether a cell that holds something shows nothing: a format without any figure, or white on no colour."""
    if cell.value is None or not cell.has_style:
        return False
    if cell.number_format.replace(" ", "") in (";;;", ";;"):
        return True
    colour = cell.font.color
    white = colour is not None and (colour.rgb in _WHITE or (colour.type == "theme" and colour.theme == 0))
    return bool(white and cell.fill.fill_type is None)


def _page_words(sheet: Any, where: Place) -> Iterator[Notice]:
    """Personal data at the head and foot of printed pages."""
    words = "".join(
        str(getattr(part, side).text or "")
        for part in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter)
        for side in ("left", "center", "right")
    )
    yield from counted(findings.PERSONAL_TEXT, where, len(spans(words)), part="kepala atau kaki halaman")


def _widths(sheet: Any, hidden: set[int]) -> Sequence[float | None]:
    from openpyxl.utils import get_column_letter  # late: with the library

    found = []
    for column in range(1, sheet.max_column + 1):
        if column not in hidden:
            shape = sheet.column_dimensions.get(get_column_letter(column))
            found.append(shape.width if shape is not None and shape.customWidth else None)
    return found


def _put(made: Any, value: Any, cell: Any) -> None:
    made.value = value
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        made.data_type = "s"  # what it showed, and no formula any more
    if cell.has_style:
        made.number_format = cell.number_format
        if cell.font.b:
            from openpyxl.styles import Font  # late: with the library

            made.font = Font(bold=True)


def _without(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    return MASK if isinstance(value, (int, float)) and spans(_text(value)) else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, date, time, timedelta)):
        return str(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter  # late: with the library

    return str(get_column_letter(column))
