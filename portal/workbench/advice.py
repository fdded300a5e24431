"""What an office can do about a remark from reading, in plain words; remarks that need nobody are not here."""

from __future__ import annotations

from metadata.reading import cell_repairs, repairs
from portal.web.i18n import gettext as _


def advice(code: str) -> str:
    """What to do about a remark of that code; empty when there is nothing to do."""
    return {
        repairs.HEADER_MISSING: _("Say below in which row the titles of the columns stand."),
        repairs.HEADER_BLANK: _("Write a title into the empty header cells of the file, or give the columns one."),
        repairs.HEADER_DUPLICATE: _("Give one of the two columns another title in the file."),
        repairs.ROWS_LONG: _("Look at this row: a cell too many often comes from a comma inside a text."),
        repairs.ROWS_SHORT: _("Look whether cells are lacking at the end of these rows."),
        repairs.CELL_ERRORS: _("Mend the formulas in the file, save it, and upload it again."),
        repairs.FORMULAS_UNCOMPUTED: _("Open the file in Excel, save it, and upload it again."),
        repairs.ROWS_HIDDEN: _("Show the hidden rows in Excel and look whether they belong to the data."),
        repairs.COLUMNS_HIDDEN: _("Show the hidden columns in Excel and look whether they belong to the data."),
        repairs.SHEET_HIDDEN: _("Show the sheet in Excel, delete it if it is not for the public, and upload again."),
        repairs.QUOTE_UNCLOSED: _("Look at this line for a quotation mark that is not closed."),
        repairs.ENCODING_GUESSED: _("Look at letters with accents; save the file as UTF-8 if they are wrong."),
        repairs.BYTES_REPLACED: _("Look at the letters shown as �; save the file as UTF-8 and upload it again."),
        repairs.DELIMITER_WRONG: _("Choose another delimiter below."),
        repairs.SHEET_ABSENT: _("Choose another sheet below."),
        repairs.STRAY_ROW: _("If this row is data, write what it is about into its first cell."),
        cell_repairs.FIGURES_AND_WORDS: _(
            "Mend these cells in the file; or, when they mean “no value”, name them below under marks for no value."
        ),
        cell_repairs.TYPE_REFUSED: _("Choose another type below, or mend the cells that do not fit."),
        cell_repairs.NUMBERS_UNDECIDABLE: _("Choose the decimal mark below."),
        cell_repairs.NUMBERS_BY_CUSTOM: _("If this is wrong, choose the decimal mark below."),
        cell_repairs.NUMBERS_MIXED: _("Look whether the figures of this column are written in two ways."),
        cell_repairs.DATES_GUESSED: _("Look whether day and month are the right way round."),
    }.get(code, "")
