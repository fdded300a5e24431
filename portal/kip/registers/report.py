"""The yearly report on information services: computed figures, parts that are typed in, and its publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.kip.calendar import desk_date
from portal.kip.letters import words
from portal.kip.models import KipReport
from portal.kip.registers.figures import Section
from portal.kip.registers.sheet import Column, Sheet
from portal.policy import Actor

PARTS: Final = {
    "policy": "Gambaran umum kebijakan pelayanan informasi publik",
    "facilities": "Sarana dan prasarana",
    "staff": "Sumber daya manusia dan kualifikasinya",
    "budget": "Anggaran pelayanan informasi dan penggunaannya",
    "execution": "Pelaksanaan tanggapan atas keberatan, putusan mediasi, ajudikasi, dan pengadilan",
    "obstacles": "Kendala eksternal dan internal",
    "recommendations": "Rekomendasi dan rencana tindak lanjut",
}
"""The parts that nobody can compute, in the order of the report; a policy first, obstacles and plans last."""
BEFORE: Final = ("policy", "facilities", "staff", "budget")
AFTER: Final = tuple(name for name in PARTS if name not in BEFORE)
"""What stands before the figures of the report, and what after them."""
LONGEST: Final = 20_000


def get(session: Session, year: int) -> KipReport | None:
    """The typed-in parts of a year; None while nobody has begun."""
    return session.get(KipReport, year)


def published(session: Session) -> Sequence[KipReport]:
    """The reports that everybody may read, the newest first."""
    wanted = select(KipReport).where(KipReport.published_on.is_not(None)).order_by(KipReport.year.desc())
    return session.scalars(wanted).all()


def write(
    session: Session, year: int, parts: Mapping[str, str], *, publish: bool, actor: Actor, at: datetime
) -> KipReport:
    """Keep the parts of a year, and publish the report or take it back; written down in the audit log."""
    row = session.get(KipReport, year)
    if row is None:
        row = KipReport(year=year, at=at, by=actor.label)
        session.add(row)
    was = {"published_on": str(row.published_on or "")}
    for name in PARTS:
        setattr(row, name, parts.get(name, "").strip()[:LONGEST])
    row.at, row.by = at, actor.label
    row.published_on = (row.published_on or desk_date(at)) if publish else None
    after = {"published_on": str(row.published_on or "")}
    audit.record(session, actor, "kip.report", f"kip:report:{year}", at=at, before=was, after=after)
    session.flush()
    return row


def typed(row: KipReport | None, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The typed-in parts with their headings; what is not written yet says so."""
    return tuple((PARTS[name], (getattr(row, name) if row else "") or "(belum diisi)") for name in names)


def title_of(year: int) -> str:
    """What the report is called."""
    return f"Laporan Layanan Informasi Publik Tahun {year}"


def sheets(sections: Sequence[Section], today: date) -> list[Sheet]:
    """The figures as a list for each section."""
    columns = (Column("Uraian", 8), Column("Jumlah", 2))
    return [
        Sheet("laporan", one.title, "", columns, tuple((each.label, each.shown) for each in one.figures), today)
        for one in sections
    ]


def one_sheet(year: int, sections: Sequence[Section], parts: Sequence[tuple[str, str]], *, today: date) -> list[Sheet]:
    """The report as a workbook: the figures in one sheet, the words in another."""
    title = title_of(year)
    figures = tuple((section.title, figure.label, figure.shown) for section in sections for figure in section.figures)
    columns = (Column("Bagian", 4), Column("Uraian", 8), Column("Jumlah", 2))
    said = (Column("Bagian", 4), Column("Uraian", 12))
    return [
        Sheet("angka", title, f"Keadaan {words.on(today)}", columns, figures, today),
        Sheet("uraian", title, f"Keadaan {words.on(today)}", said, tuple(parts), today),
    ]
