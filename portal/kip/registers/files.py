"""Lists and reports as answers of this portal: with their names, types and policy; public ones are made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import Response

from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.downloads.serving import ASK_AGAIN, guarded, not_modified
from portal.kip.letters.facts import Letterhead
from portal.kip.models import KipReport
from portal.kip.registers import report
from portal.kip.registers import sheet as sheets
from portal.kip.registers.figures import Section
from portal.kip.registers.sheet import Sheet
from portal.web.conditional import strong
from portal.web.engine import lists

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Parts = tuple[tuple[str, str], ...]
LAYOUT: Final = 1
"""Raised when files are made otherwise of the same words, so that none that was made before is handed out."""
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


@dataclass(frozen=True, slots=True)
class ListFile:
    """What a file is made of: its form (`csv` holds the first of the lists), its name without an ending, the lists;
    on paper also the letterhead, the title of several lists together, and (heading, text) before them.

    Raises `TooLongForPaper`.
    """

    form: str
    name: str
    lists: tuple[Sheet, ...]
    head: Letterhead
    title: str = ""
    parts: Parts = ()

    def __post_init__(self) -> None:
        rows = sum(len(one.rows) for one in self.lists)
        if self.form == "pdf" and rows > MOST_ON_PAPER:
            raise TooLongForPaper(count=rows, most=MOST_ON_PAPER)

    def content(self) -> bytes:
        """The file's bytes. Raises `LogoWrong`, `LetterFailed`."""
        if self.form == "csv":
            return sheets.as_csv(self.lists[0])
        if self.form == "xlsx":
            return sheets.as_xlsx(*self.lists)
        return sheets.as_pdf(self.head, *self.lists, title=self.title, parts=self.parts)

    def tag(self) -> str:
        """The same for the same words, another for every change of them."""
        said = (LAYOUT, self.form, self.lists, self.head.as_dict(), self.title, self.parts)
        return sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()


def of_report(
    form: str, head: Letterhead, year: int, row: KipReport | None, sections: Sequence[Section], *, today: date
) -> ListFile:
    """The yearly report as a file: as a workbook its figures stand in one sheet, its words in another."""
    parts = (*report.typed(row, report.BEFORE), *report.typed(row, report.AFTER))
    made = report.one_sheet(year, sections, parts, today=today) if form == "xlsx" else report.sheets(sections, today)
    return ListFile(form, f"laporan-layanan-informasi-{year}", tuple(made), head, report.title_of(year), parts)


def for_officers(file: ListFile) -> Response:
    """The file, made for this request and kept nowhere: it may name persons."""
    return handed(file.content(), TYPES[file.form], f"{file.name}.{file.form}")


def for_all(file: ListFile) -> Response:
    """The file, made once for what it says, however many ask for it at a time; 304 for who holds it."""
    tag = file.tag()
    if (known := not_modified(tag, cache=ASK_AGAIN)) is not None:
        return known

    def make(folder: Path) -> Path:
        target = folder / "list"
        target.write_bytes(file.content())
        return target

    content = lists().ready(f"{tag}.{file.form}", make).read_bytes()
    made = guarded(handed(content, TYPES[file.form], f"{file.name}.{file.form}"), cache=ASK_AGAIN)
    return strong(made, tag)


def handed(content: bytes, media: str, filename: str) -> Response:
    """A file to be kept, that no browser runs."""
    found = Response(content, mimetype=media.partition(";")[0])
    found.headers["Content-Type"] = media
    found.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    found.headers["Content-Security-Policy"] = "sandbox"
    return found
