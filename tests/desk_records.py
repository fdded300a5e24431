"""Addresses of the desk's lists, registers and reports, with something behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Organization
from portal.kip.models import KipCase, KipInformation
from portal.kip.public import answers
from portal.kip.public.answers import Publication
from portal.kip.store import acting
from portal.kip.store.cases import Asked
from portal.kip.store.identity import Identity


def path_of(path: str, here: Installation) -> str:
    """A rule as an address: of this year, a register as a workbook, a row of the first agency made for it."""
    if "/kerja/informasi/<int:number>" in path:
        with here.database.write() as session:
            agency = session.scalars(select(Organization.id).order_by(Organization.id)).first()
            row = KipInformation(
                information_class="berkala", summary="Profil", organization_id=agency, at=now(), by="tests"
            )
            session.add(row)
            session.flush()
            path = path.replace("<int:number>", str(row.id))
    if "/kerja/register/" in path or "/kerja/laporan-tahunan" in path:
        path = path.replace("<any(permohonan, keberatan):which>", "keberatan").replace("<any(xlsx, pdf):form>", "xlsx")
        path = path.replace("<int:year>", str(now().year)).replace("<figure>", "diterima")
    return path


WHO = (
    Identity("Kinanti Rahasia", "3522016504900003", "Jl. Veteran 9, Kapas", "081234567890", "kinanti@contoh.example"),
    Identity("Bramantyo Tersembunyi", "3522014107850001", "Dukuh Sepi 7", "081298765432", "bram@contoh.example"),
)
"""Who asked, each of whom no page for everybody may tell."""
CANARIES = (
    *(text for who in WHO for text in (who.name, who.nik, who.address, who.phone, who.email)),
    *("PERTANYAAN-RAHASIA", "TUJUAN-RAHASIA", "Notaris Sunyi"),
)
TEST = {"ground": "17.h", "number": "003/UK/2026", "date": "2026-05-04", "expires_on": "2031-07-01"}
FILED = datetime(2026, 7, 6, 3, 0, tzinfo=UTC)


def work(here: Installation) -> list[int]:
    """A year of the desk: answered and published, refused and objected to, not held, still open; the cases' ids."""
    desk = acting.desk(here, "https://data.example")
    made: list[int] = []
    with here.database.write() as session:
        agency = session.scalars(select(Organization).order_by(Organization.id)).first()
        assert agency is not None
        for at, who in enumerate((WHO[0], WHO[1], WHO[0], WHO[1])):
            asked = Asked("perorangan", f"PERTANYAAN-RAHASIA nomor {at}", "TUJUAN-RAHASIA")
            opened = acting.register(
                session, desk, asked, replace(who, attorney="Notaris Sunyi"),
                channel="web", actor="applicant", by="pemohon", at=FILED,
            )  # fmt: skip
            made.append(opened.row.id)

        def act(case: int, day: int, action: str, actor: str, **data: object) -> None:
            at = FILED + timedelta(days=day)
            acting.act(session, desk, case, action, actor=actor, by="tests", at=at, data=data, quiet=True)

        act(made[0], 1, "route", "ppid_utama", opd=[agency.slug])
        act(made[0], 9, "answer", "ppid_utama", decision="granted", format="soft", delivered=True)
        act(made[1], 9, "answer", "ppid_utama", decision="refused", grounds=["17.h"], exemptions=[TEST])
        act(made[1], 15, "object", "applicant", grounds=["a"])
        act(made[1], 30, "decide_objection", "atasan_ppid", result="rejected", reason="Tetap rahasia pribadi.")
        act(made[1], 40, "refer_dispute", "applicant", reference="12/KI/2026")
        act(made[2], 14, "answer", "ppid_utama", decision="not_held", holder="BPS Kabupaten Bojonegoro")
        row = session.get_one(KipCase, made[0])
        answers.publish(
            session, row, Publication("Anggaran jalan desa 2025", "Berapa anggarannya?", "Seratus juta rupiah."),
            WHO[0], actor="ppid_utama", by="tests", at=FILED + timedelta(days=41),
        )  # fmt: skip
    return made
