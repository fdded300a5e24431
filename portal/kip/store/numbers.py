"""Numbers of the registers: one after the other in each year, none left out and none given twice."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from datasets.db import add_missing
from portal.kip.models import KipCounter

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

FORMATS = {
    "objection": "{number:04d}/KB/PPID/{month}/{year}",
    "letter": "{number:04d}/PPID/{month}/{year}",
    "exemption": "{number:03d}/UK/PPID/{month}/{year}",
}
"""How the numbers of the other registers are written; that of requests is a setting."""


def take(session: Session, register: str, on: date) -> int:
    """The next number of a register in the year of `on`; given back by a rollback, so that no gap is left."""
    add_missing(session, KipCounter, [{"register": register, "year": on.year, "last": 0}])
    row = session.get_one(KipCounter, (register, on.year), with_for_update=True, populate_existing=True)
    row.last += 1
    session.flush()
    return row.last


def written(pattern: str, number: int, on: date) -> str:
    """A number as it is written: `{number:04d}/PI/PPID/{month}/{year}` with the month in Roman numerals."""
    return pattern.format(number=number, month=ROMAN[on.month - 1], year=on.year)
