"""Tables in a web page, or in a page that calls itself a workbook; pages that refuse are errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree, html

from metadata.notices import Notice, Place
from metadata.reading.encoding import find_encoding
from metadata.reading.errors import BrokenFile, ErrorPage, TooLarge
from metadata.reading.grid import Grid, Merge, Row

LARGEST = 64 * 1024 * 1024
_WIDEST_SPAN = 100
_REFUSAL = re.compile(
    r"\b(?:40[0-9]|50[0-9])\b|forbidden|not\s+found|access\s+denied|denied|blocked|block\b|unauthori[sz]ed|sign\s*in"
    r"|log\s*in|masuk\s+(?:ke|akun)|ditolak|tidak\s+ditemukan|captcha|cloudflare|firewall|maintenance|pemeliharaan"
    r"|galat|error\b|gangguan",
    re.IGNORECASE,
)


def html_grids(path: Path, *, filename: str, declared: str | None) -> tuple[list[Grid], tuple[Notice, ...]]:
    """The tables of data in a page as grids; none when the page has none.

    Raises `ErrorPage` for a login page or a refusal, `TooLarge`, `BrokenFile`.
    """
    place = Place(file=filename)
    size = path.stat().st_size
    if size > LARGEST:
        raise TooLarge(place=place, what="HTML", size=f"{size >> 20} MB", limit=f"{LARGEST >> 20} MB")
    encoding = find_encoding(path, filename=filename, declared=declared)
    text = path.read_text(encoding=encoding.name, errors=encoding.errors).replace("\x00", "")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise BrokenFile(place=place, format="HTML", reason=str(error)[:120]) from None
    _refuse(root, place)
    grids = [grid for table in root.iter("table") if (grid := _grid(table)) is not None]
    return grids, encoding.notices


def _refuse(root: Any, place: Place) -> None:
    headings = [_said(element) for tag in ("title", "h1", "h2") for element in root.iter(tag)]
    if root.xpath("//input[@type='password']"):
        raise ErrorPage(place=place, message=next((text for text in headings if text), "login")[:200])
    for text in headings[:6]:
        if len(text) < 120 and _REFUSAL.search(text):
            raise ErrorPage(place=place, message=text[:200])


def _said(element: Any) -> str:
    return " ".join(str(element.text_content()).split())


def _grid(table: Any) -> Grid | None:
    """The table as a grid, spans as merged cells; None for layout: other tables inside, one row, or one column."""
    if next(table.iterdescendants("table"), None) is not None:
        return None
    rows: list[list[str]] = []
    merges: list[Merge] = []
    taken: set[tuple[int, int]] = set()
    for number, line in enumerate(table.iter("tr")):
        row: list[str] = []
        for cell in line.xpath("./td|./th"):
            while (number, len(row)) in taken:
                row.append("")
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            left = len(row)
            row += [_said(cell), *[""] * (wide - 1)]
            if wide > 1 or high > 1:
                merges.append(Merge(number, left, number + high - 1, left + wide - 1))
                taken |= {(number + down, left + over) for down in range(1, high) for over in range(wide)}
        rows.append(row)
    width = max(map(len, rows), default=0)
    full = [row for row in rows if any(row)]
    if len(full) < 2 or width < 2:
        return None
    even: Sequence[Row] = [row + [""] * (width - len(row)) for row in rows]
    caption = table.find("caption")
    name = _said(caption)[:80] if caption is not None else None
    bounded = tuple(Merge(m.top, m.left, min(m.bottom, len(rows) - 1), m.right) for m in merges)
    return Grid(list(even), name=name or None, text_only=True, merges=bounded)


def _span(cell: Any, name: str) -> int:
    found = re.match(r"\s*(\d{1,6})", cell.get(name, "1"))
    return max(1, min(int(found[1]), _WIDEST_SPAN)) if found else 1
