"""Lists as answers of this portal: with their names, types and policy."""

from __future__ import annotations

from typing import Final

from flask import Response

from portal.kip.letters.facts import Letterhead
from portal.kip.registers import sheet as sheets
from portal.kip.registers.sheet import Sheet

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Parts = tuple[tuple[str, str], ...]


def answer(form: str, head: Letterhead, name: str, *lists: Sheet, title: str = "", parts: Parts = ()) -> Response:
    """The lists as a file of that form (`csv` holds the first of them)."""
    if form == "csv":
        content = sheets.as_csv(lists[0])
    elif form == "xlsx":
        content = sheets.as_xlsx(*lists)
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
