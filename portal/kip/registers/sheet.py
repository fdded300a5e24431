"""A list as an office knows it: a title, named columns, rows; written as XLSX, CSV and PDF."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.kip.letters import words
from portal.kip.letters.facts import Letterhead
from portal.kip.letters.pdf import clean_text, press

Cell = str | int | float | date | None
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST: Final = 32_767
"""Characters that a cell of XLSX holds."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the words above it, and its share of the width."""

    title: str
    width: int = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list. `name` begins the names of its files, `subtitle` says of when it is, `note` what was left out."""

    name: str
    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    dated: date
    note: str = ""

    def said(self) -> list[list[str]]:
        """The cells as text, as pages and PDF show them."""
        return [[shown(cell) for cell in row] for row in self.rows]


def shown(cell: Cell) -> str:
    """A cell as a reader of Indonesian expects it; nothing is a dash."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        return f"{cell:.1f}".replace(".", ",").removesuffix(",0")
    return f"{cell:,}".replace(",", ".") if isinstance(cell, int) else cell


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark of byte order, dates as ISO 8601; texts that a spreadsheet would compute get an apostrophe."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow([column.title for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_plain(cell) for cell in row])
    return b"\xef\xbb\xbf" + held.getvalue().encode("utf-8")


def as_xlsx(*sheets: Sheet) -> bytes:
    """A workbook with a sheet for each list: texts are texts whatever they begin with, dates are dates."""
    import xlsxwriter  # late: 0.1 s

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": sheets[0].title, "created": _moment(sheets[0].dated)})
    bold = book.add_format({"bold": True, "font_size": 13})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#EEEAE4"})
    text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "border": 1, "align": "left"})
    for one in sheets:
        page = book.add_worksheet(one.name[:31])
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(3)
        page.freeze_panes(4, 0)
        page.write_string(0, 0, one.title, bold)
        page.write_string(1, 0, one.subtitle)
        if one.note:
            page.write_string(2, 0, one.note)
        for at, column in enumerate(one.columns):
            page.set_column(at, at, 7 * column.width)
            page.write_string(3, at, column.title, head)
        for number, row in enumerate(one.rows, 4):
            for at, cell in enumerate(row):
                if cell is None or cell == "":
                    page.write_blank(number, at, None, text)
                elif isinstance(cell, date):
                    page.write_datetime(number, at, _moment(cell), day)
                elif isinstance(cell, str):
                    page.write_string(number, at, clean_text(cell)[:_LONGEST], text)
                else:
                    page.write_number(number, at, cell, text)
    book.close()
    return held.getvalue()


def as_pdf(head: Letterhead, *sheets: Sheet, title: str = "", parts: tuple[tuple[str, str], ...] = ()) -> bytes:
    """The lists below the letterhead, on wide paper, dated by themselves; `parts` are (heading, text) before them.

    `title` is that of several lists together; one alone has its own.

    Raises LogoWrong, LetterFailed.
    """
    first = sheets[0]
    data = {
        "head": {name: getattr(head, name) for name in ("body", "office", "address", "phone", "email", "website")},
        "dated": [first.dated.year, first.dated.month, first.dated.day],
        "printed": words.on(first.dated),
        "title": title or first.title,
        "subtitle": "" if title else first.subtitle,
        "parts": [{"heading": heading, "text": text} for heading, text in parts],
        "sheets": [
            {
                "title": one.title,
                "subtitle": one.subtitle,
                "note": one.note,
                "columns": [column.title for column in one.columns],
                "widths": [column.width for column in one.columns],
                "rows": one.said(),
            }
            for one in sheets
        ],
    }
    return press("sheet-1", data, head.logo)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    return "'" + text if isinstance(cell, str) and text.startswith(_FORMULA_STARTS) else text


def _moment(day: date) -> date:
    from datetime import datetime  # late: the library wants moments

    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day has no zone
