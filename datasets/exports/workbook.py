"""An XLSX workbook: the rows on the first sheet, what they are on the second; memory does not grow with the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from datasets.exports.about import ExportAbout
from datasets.exports.content import FORMULA, NUMBER_TEXT, Content
from datasets.query_cells import Cell, text_cell
from datasets.query_relation import Relation
from metadata.errors import LumbungError
from metadata.terms import Bilingual

MOST_ROWS = 1_048_575  # a sheet has one more, which the header takes
MOST_TEXT = 32_767  # characters in a cell
MOST_DIGITS = 15  # of a number in a cell
FIRST_DAY = date(1900, 3, 1)  # before it Excel's calendar has a day too many
BATCH = 2_000
NARROWEST, WIDEST = 8, 60
SECONDS = 600

Put = Callable[[int, int, Any], object]

_FORMULA = re.compile(FORMULA)
_NUMBER = re.compile(NUMBER_TEXT)
_NOT_XML = re.compile("[\ufffe\uffff]")
_WORDS = {
    "id": ("Data", "Keterangan", "Kolom", "Nama", "Satuan", "Tipe", "{count} teks dipotong pada {most} huruf"),
    "en": ("Data", "About", "Column", "Name", "Unit", "Type", "{count} texts were cut at {most} characters"),
}


class TooManyRows(LumbungError):
    """More rows than a sheet of a workbook has."""

    code = "export.too_many_rows"
    status = 422
    text = Bilingual(
        id="Excel hanya memuat {most} baris; tabel ini {rows} baris. Unduh CSV atau Parquet, atau persempit saringan.",
        en="Excel holds {most} rows; this table has {rows}. Take CSV or Parquet, or narrow the filter.",
    )


def write_workbook(table: Relation, content: Content, about: ExportAbout, target: Path) -> None:
    """Write the rows of `content` and the sheet about them to `target`.

    Numbers are numbers (text where Excel would lose digits), codes and other texts are text that Excel does not take
    for formulas, dates are dates from 1 March 1900 on. Raises `TooManyRows` before anything is written.
    """
    import xlsxwriter  # late: only this format needs it

    with table.instance.cursor(SECONDS) as cursor:
        counted = cursor.execute(f"SELECT count(*) FROM ({content.rows.text})", content.rows.values)  # noqa: S608
        rows = counted.fetchall()[0][0]
        if rows > MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS, rows=rows)
        options = {"constant_memory": True, "tmpdir": str(target.parent), "default_date_format": "yyyy-mm-dd"}
        with xlsxwriter.Workbook(str(target), options) as book:
            book.set_properties({"title": about.title[:255], "author": about.organization[:255]})
            book.set_custom_property("version", about.version or "-")
            sheet = _Rows(book, content, about.language)
            cursor.execute(content.rows.text, content.rows.values)
            while batch := cursor.fetchmany(BATCH):
                sheet.add(batch)
            sheet.finish(rows)
            _describe(book, content, about, sheet.cut)


class _Rows:
    """The first sheet: a header that stays in sight, then the rows as they come."""

    def __init__(self, book: Any, content: Content, language: str) -> None:
        self.cut = 0
        self._content = content
        self._sheet = book.add_worksheet(_WORDS["en" if language == "en" else "id"][0])
        self._header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._text = book.add_format({"num_format": "@"})
        self._guarded = book.add_format({"num_format": "@", "quote_prefix": True})
        formats = {
            "integer": book.add_format({"num_format": "#,##0"}),
            "year": book.add_format({"num_format": "0"}),
            "number": None,
            "boolean": None,
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "time": book.add_format({"num_format": "hh:mm:ss"}),
        }
        self._puts: list[Put] = [self._put(column.type, formats.get(column.type)) for column in content.columns]
        self._titles = [f"{c.heading(language)} ({c.unit})" if c.unit else c.heading(language) for c in content.columns]
        self._next = 0

    def add(self, batch: Sequence[Sequence[Cell]]) -> None:
        """Write rows; the first ones decide the widths."""
        if self._next == 0:
            self._begin(batch)
        for row in batch:
            for place, value in enumerate(row):
                if value is not None:
                    self._puts[place](self._next, place, value)
            self._next += 1

    def finish(self, rows: int) -> None:
        """The filter buttons, and a header where there was no row."""
        if self._next == 0:
            self._begin(())
        self._sheet.autofilter(0, 0, max(rows, 1), len(self._titles) - 1)

    def _begin(self, batch: Sequence[Sequence[Cell]]) -> None:
        for place, title in enumerate(self._titles):
            longest = max([min(len(title), 30), *(len(text_cell(row[place])) for row in batch[:200])])
            self._sheet.set_column(place, place, min(max(longest + 2, NARROWEST), WIDEST))
            self._sheet.write_string(0, place, title[:MOST_TEXT], self._header)
        self._sheet.freeze_panes(1, 1 if len(self._titles) > 4 else 0)
        self._next = 1

    def _put(self, kind: str, style: Any) -> Put:
        sheet = self._sheet

        def text(row: int, place: int, value: Cell) -> None:
            shown = _NOT_XML.sub("\ufffd", text_cell(value))
            if len(shown) > MOST_TEXT:
                self.cut += 1
                shown = shown[: MOST_TEXT - 1] + "…"
            risky = _FORMULA.match(shown) and not _NUMBER.fullmatch(shown)
            sheet.write_string(row, place, shown, self._guarded if risky else self._text)

        def number(row: int, place: int, value: Cell) -> None:
            if _fits(value):
                sheet.write_number(row, place, value, style)
            else:
                text(row, place, value)

        def moment(row: int, place: int, value: Cell) -> None:
            if isinstance(value, datetime):
                value = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            day = value.date() if isinstance(value, datetime) else value
            if isinstance(day, date) and day < FIRST_DAY:
                text(row, place, value)
            else:
                sheet.write_datetime(row, place, value, style)

        def truth(row: int, place: int, value: Cell) -> None:
            sheet.write_boolean(row, place, value)

        puts: dict[str, Put] = {
            **dict.fromkeys(("integer", "year", "number"), number),
            **dict.fromkeys(("date", "datetime", "time"), moment),
            "boolean": truth,
        }
        return puts.get(kind, text)


def _fits(value: Cell) -> bool:
    """Whether Excel keeps all digits of a number."""
    if isinstance(value, float):
        return value - value == 0  # neither NaN nor infinite
    if isinstance(value, Decimal):
        return len(value.normalize().as_tuple().digits) <= MOST_DIGITS
    return isinstance(value, int) and abs(value) < 10**MOST_DIGITS


def _describe(book: Any, content: Content, about: ExportAbout, cut: int) -> None:
    """The second sheet: where the table is from, and its columns."""
    _, name, *heads, cut_note = _WORDS["en" if about.language == "en" else "id"]
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 80)
    sheet.set_column(2, 3, 16)
    lines = about.lines() + ([("!", cut_note.format(count=cut, most=MOST_TEXT))] if cut else [])
    for place, (label, text) in enumerate(lines):
        sheet.write_string(place, 0, label, bold)
        sheet.write_string(place, 1, text[:MOST_TEXT], wrapped)
    start = len(lines) + 1
    for place, head in enumerate(heads):
        sheet.write_string(start, place, head, bold)
    for row, column in enumerate(content.columns, start + 1):
        for place, text in enumerate((column.heading(about.language), column.name, column.unit or "", column.type)):
            sheet.write_string(row, place, text[:MOST_TEXT], wrapped)
