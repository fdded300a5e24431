"""An XLSX workbook: the rows on the first sheet, what they are on the second; memory does not grow with the rows."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from datasets.exports.about import ExportAbout
from datasets.exports.content import Content
from datasets.exports.sheet_rows import MOST_TEXT, Counted, counted, counting, row_xml
from datasets.query.cells import text_cell
from datasets.query.relation import Relation
from metadata.errors import LumbungError
from metadata.terms import Bilingual

MOST_ROWS = 1_048_575  # a sheet has one more, which the header takes
BATCH = 2_000
EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same rows give the same bytes
SAMPLE = 200  # rows that decide the width of the columns
NARROWEST, WIDEST = 8, 60
SECONDS = 300
COMPRESSION = 2  # a workbook of a million rows takes half the time of the usual 6 and a third more bytes

SHEET = "xl/worksheets/sheet1.xml"
FORMATS = {
    "text": {"num_format": "@"},
    "guarded": {"num_format": "@", "quote_prefix": True},
    "integer": {"num_format": "#,##0"},
    "number": {"num_format": "General", "align": "right"},
    "year": {"num_format": "0"},
    "date": {"num_format": "yyyy-mm-dd"},
    "datetime": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "time": {"num_format": "hh:mm:ss"},
}
_STYLED = re.compile(r'<c r="[A-Z]+2" s="(\d+)"/>')
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
    from xlsxwriter.utility import xl_col_to_name  # late: only this format needs it

    with table.instance.cursor(SECONDS) as cursor:
        # how many there are is known at once; looking into each cell of a table that does not fit takes long
        many = f"SELECT count(*) FROM ({content.rows.text})"  # noqa: S608 - places, values bound
        rows_there = cursor.execute(many, content.rows.values).fetchall()[0][0]
        if rows_there > MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS, rows=rows_there)
        asked = counting(content)
        found = counted(cursor.execute(asked.text, asked.values).fetchall()[0])
        sample = cursor.execute(f"{content.rows.text} LIMIT {SAMPLE}", content.rows.values).fetchall()
        frame = target.with_suffix(".frame")
        _write_frame(frame, content, about, found, sample)
        letters = tuple(xl_col_to_name(place) for place in range(len(content.columns)))
        with zipfile.ZipFile(frame) as source:
            before, after, styles = _opened(source.read(SHEET).decode(), f"A1:{letters[-1]}{found.rows + 1}")
            rows = row_xml(content, found, styles, letters)
            cursor.execute(rows.text, rows.values)
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
                for member in source.infolist():
                    if member.filename != SHEET:
                        archive.writestr(member, source.read(member), zipfile.ZIP_DEFLATED)
                member = zipfile.ZipInfo(SHEET, source.getinfo(SHEET).date_time)
                member.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(member, "w", force_zip64=True) as sheet:
                    sheet.write(before.encode())
                    while batch := cursor.fetchmany(BATCH):
                        sheet.write("".join(row[0] for row in batch).encode())
                    sheet.write(after.encode())
    frame.unlink()


def _write_frame(frame: Path, content: Content, about: ExportAbout, found: Counted, sample: list[Any]) -> None:
    """The workbook without its rows; the second row of the first sheet has one empty cell of each format."""
    import xlsxwriter

    language = "en" if about.language == "en" else "id"
    with xlsxwriter.Workbook(str(frame)) as book:
        book.set_properties({"title": about.title[:255], "author": about.organization[:255], "created": EPOCH})
        sheet = book.add_worksheet(_WORDS[language][0])
        header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for place, column in enumerate(content.columns):
            heading = column.heading(language)
            title = f"{heading} ({column.unit})" if column.unit else heading
            longest = max([min(len(title), 30), *(len(text_cell(row[place])) for row in sample)])
            sheet.set_column(place, place, min(max(longest + 2, NARROWEST), WIDEST))
            sheet.write_string(0, place, title[:MOST_TEXT], header)
        for place, style in enumerate(FORMATS.values()):
            sheet.write_blank(1, place, None, book.add_format(style))
        sheet.freeze_panes(1, 1 if len(content.columns) > 4 else 0)
        sheet.autofilter(0, 0, max(found.rows, 1), len(content.columns) - 1)
        _describe(book, content, about, found.cut)


def _opened(sheet: str, dimension: str) -> tuple[str, str, dict[str, int]]:
    """The sheet's XML before and after its rows, and the numbers of the formats that its second row shows."""
    styles = dict(zip(FORMATS, (int(number) for number in _STYLED.findall(sheet)), strict=True))
    before, _, rest = sheet.partition('<row r="2"')
    _, _, after = rest.partition("</row>")
    return re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="{dimension}"/>', before), after, styles


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
