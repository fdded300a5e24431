"""What a list is narrowed to by its address: year and month."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from flask import request

from portal.kip.registers.files import MOST_ON_PAPER
from portal.web.i18n import current_language


def year(today: date) -> int:
    """The year `tahun` of the address, else this one."""
    wanted = request.args.get("tahun", "")
    return int(wanted) if wanted.isdecimal() and len(wanted) == 4 else today.year


def month() -> int | None:
    """The month `bulan` of the address, from 1; None for the whole year."""
    wanted = request.args.get("bulan", "")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 3 and 1 <= int(wanted) <= 12 else None


def months(year: int, rows: int) -> list[tuple[int, str]]:
    """The months of a year with their names, where the year has more rows than go on paper; else none."""
    if rows <= MOST_ON_PAPER:
        return []
    return [(at, format_date(date(year, at, 1), "MMMM", locale=current_language())) for at in range(1, 13)]


def page(pages: int) -> int:
    """The page `page` of the address, within what there is."""
    wanted = request.args.get("page", "1")
    return min(max(int(wanted), 1), pages) if wanted.isdecimal() and len(wanted) < 8 else 1
