"""The register of objections (*register keberatan*) in the legal columns, for officers and for the public."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.kip.letters import words
from portal.kip.letters.facts import Letterhead
from portal.kip.models import KipCase, KipEvent, KipObjection, KipPublication
from portal.kip.registers.requests import AT_ONCE, RESULTS, UNCHECKED
from portal.kip.registers.sheet import Cell, Column, Sheet
from portal.kip.store.identity import Identity

OFFICERS: Final = (
    *(Column("Nomor keberatan", 3), Column("Tanggal diterima", 2), Column("Identitas pemohon atau kuasa", 5)),
    *(Column("Nomor pendaftaran", 3), Column("Informasi yang diminta", 5), Column("Tujuan penggunaan", 3)),
    *(Column("Alasan keberatan", 5), Column("Keputusan", 3), Column("Hari dan tanggal tanggapan", 3)),
    *(Column("Nama dan jabatan Atasan PPID", 3), Column("Tanggapan pemohon", 3)),
)
PUBLIC: Final = (
    *(Column("Nomor keberatan", 3), Column("Tanggal diterima", 2), Column("Nomor pendaftaran", 3)),
    *(Column("Informasi yang diminta", 5), Column("Alasan keberatan", 5), Column("Keputusan", 3)),
    *(Column("Tanggal tanggapan", 2), Column("Sengketa", 2)),
)
STAGES: Final = {
    "registered": "didaftar di Komisi Informasi",
    "mediation": "mediasi",
    "adjudication": "ajudikasi",
    "decided": "diputus Komisi Informasi",
    "in_court": "di pengadilan",
    "final": "berkekuatan hukum tetap",
}


def of_year(session: Session, year: int) -> Sequence[tuple[KipObjection, KipCase]]:
    """The objections numbered in a year with their cases, in the order of their numbers."""
    wanted = select(KipObjection, KipCase).join(KipCase, KipCase.id == KipObjection.case_id)
    found = session.execute(wanted.where(KipObjection.year == year).order_by(KipObjection.counter)).all()
    return [(objection, case) for objection, case in found]


def officers_register(
    session: Session, year: int, who: Callable[[int], Identity], head: Letterhead, *, today: date
) -> Sheet:
    """The register with those who object, for officers alone; `who` opens an identity, and the look is written down."""
    rows = of_year(session, year)
    decisions = _decisions(session, [case.id for _, case in rows])
    made = [
        _for_officers(
            objection, case, who(case.id), decisions.get(objection.key) or decisions.get(f"case {case.id}", {}), head
        )
        for objection, case in rows
    ]
    return Sheet(
        "register-keberatan",
        "Register Keberatan",
        f"Tahun {year}",
        OFFICERS,
        tuple(made),
        today,
        "Memuat data pribadi: hanya untuk petugas pelayanan informasi.",
    )


def public_register(session: Session, year: int, *, today: date) -> Sheet:
    """The register without anybody's name."""
    rows = of_year(session, year)
    ids = [case.id for _, case in rows]
    shown: dict[int, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        wanted = select(KipPublication.case_id, KipPublication.subject).where(
            KipPublication.case_id.in_(ids[start : start + AT_ONCE]), KipPublication.withdrawn_at.is_(None)
        )
        shown |= {case: subject for case, subject in session.execute(wanted)}  # noqa: C416 - rows, not pairs
    made: list[tuple[Cell, ...]] = [
        (
            objection.key,
            objection.received_on,
            case.number,
            shown.get(case.id, UNCHECKED),
            _grounds(objection),
            RESULTS.get(objection.state, objection.state),
            objection.answered_on,
            STAGES.get(objection.dispute or "", ""),
        )
        for objection, case in rows
    ]
    note = "Tanpa nama, alamat, dan kontak pemohon. Uraian permohonan dimuat setelah diperiksa petugas."
    return Sheet("register-keberatan", "Register Keberatan", f"Tahun {year}", PUBLIC, tuple(made), today, note)


def _for_officers(
    objection: KipObjection, case: KipCase, who: Identity, decision: Mapping[str, Any], head: Letterhead
) -> tuple[Cell, ...]:
    signed = ", ".join(part for part in (head.superior.name, head.superior.post) if part)
    return (
        objection.key,
        objection.received_on,
        _identity(who),
        case.number,
        case.question,
        case.purpose,
        _grounds(objection),
        "; ".join(
            part for part in (RESULTS.get(objection.state, objection.state), str(decision.get("reason") or "")) if part
        ),
        words.on(objection.answered_on, weekday=True) if objection.answered_on else "",
        signed if objection.answered_on else "",
        _response(objection),
    )


def _identity(who: Identity) -> str:
    if not who.name:
        return "(telah dihapus)"
    attorney = f"kuasa: {who.attorney}" if who.attorney else ""
    return "; ".join(part for part in (who.name, attorney, who.address, who.phone, who.email) if part)


def _response(objection: KipObjection) -> str:
    """What the applicant did with the decision."""
    if objection.dispute:
        return f"mengajukan sengketa: {STAGES.get(objection.dispute, objection.dispute)}"
    return "tidak mengajukan sengketa" if objection.answered_on else ""


def _grounds(objection: KipObjection) -> str:
    return "; ".join(f"{code}. {words.OBJECTION_GROUNDS.get(code, '')}" for code in objection.grounds)


def _decisions(session: Session, ids: Sequence[int]) -> dict[str, Mapping[str, Any]]:
    """What was said when each objection was decided, by its number, or by its case where none is named."""
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        wanted = select(KipEvent).where(KipEvent.case_id.in_(some), KipEvent.action == "decide_objection")
        for event in session.scalars(wanted.order_by(KipEvent.id)):
            named = event.data.get("objection")
            found[str(named) if named else f"case {event.case_id}"] = event.data
    return found
