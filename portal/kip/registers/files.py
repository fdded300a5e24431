"""Lists as answers of this portal: with their names, types and policy."""

from __future__ import annotations

from typing import Final

from flask import Response

from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.kip.letters.facts import Letterhead
from portal.kip.registers import sheet as sheets
from portal.kip.registers.sheet import Sheet

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Parts = tuple[tuple[str, str], ...]
MOST_ON_PAPER: Final = 1_000
"""Rows of a PDF: more are no paper that anybody reads, and take seconds to set."""


class TooLongForPaper(LumbungError):
    """A list that is too long for a PDF."""

    code = "kip.too_long_for_paper"
    status = 422
    text = Bilingual(
        id="Daftar ini memuat {count} baris; PDF paling banyak {most}. Ambil XLSX, atau pilih satu bulan (bulan=1 …).",
        en="This list has {count} rows; a PDF takes {most}. Take the XLSX, or choose a month (bulan=1 …).",
    )


def answer(form: str, head: Letterhead, name: str, *lists: Sheet, title: str = "", parts: Parts = ()) -> Response:
    """The lists as a file of that form (`csv` holds the first of them)."""
    if form == "csv":
        content = sheets.as_csv(lists[0])
    elif form == "xlsx":
        content = sheets.as_xlsx(*lists)
    elif (rows := sum(len(one.rows) for one in lists)) > MOST_ON_PAPER:
        raise TooLongForPaper(count=rows, most=MOST_ON_PAPER)
    else:
        content = sheets.as_pdf(head, *lists, title=title, parts=parts)
    return handed(content, TYPES[form], f"{name}.{form}")


def handed(content: bytes, media: str, filename: str) -> Response:
    """A file to be kept, that no browser runs."""
    found = Response(content, mimetype=media.partition(";")[0])
    found.headers["Content-Type"] = media
    found.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    found.headers["Content-Security-Policy"] = "sandbox"
    return found
