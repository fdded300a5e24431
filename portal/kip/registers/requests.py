"""The register of requests (*register permohonan*) in the legal columns, for officers and for the public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, extract, func, select
from sqlalchemy.orm import Session

from datasets.models import Organization
from portal.kip.calendar import WorkingCalendar, desk_date
from portal.kip.letters import words
from portal.kip.models import KipCase, KipEvent, KipObjection, KipPublication, KipRoute
from portal.kip.registers.sheet import Cell, Column, Sheet
from portal.kip.store.identity import Identity

AT_ONCE: Final = 500
"""Cases whose particulars are asked for in one query."""
DECISIONS: Final = {
    "granted": "dikabulkan seluruhnya",
    "partially_granted": "dikabulkan sebagian",
    "refused": "ditolak",
    "not_held": "tidak dikuasai",
    "already_public": "dikabulkan seluruhnya (telah tersedia)",
}
STATES: Final = {
    "received": "diterima",
    "incomplete": "menunggu kelengkapan",
    "in_process": "diproses",
    "extended": "diperpanjang",
    "answered": "dijawab",
    "closed": "selesai",
    "lapsed": "gugur karena tidak dilengkapi",
    "withdrawn": "ditarik kembali",
}
RESULTS: Final = {
    "filed": "menunggu keputusan",
    "upheld": "diterima",
    "upheld_partly": "diterima sebagian",
    "rejected": "ditolak",
    "settled": "diselesaikan",
}
CLASSES: Final = {
    "berkala": "berkala",
    "serta_merta": "serta-merta",
    "setiap_saat": "setiap saat",
    "dikecualikan": "dikecualikan",
}
UNCHECKED: Final = "(belum diperiksa untuk diumumkan)"

OFFICERS: Final = (
    *(Column("No.", 1), Column("Nomor pendaftaran", 3), Column("Tanggal", 2), Column("Nama", 3)),
    *(Column("Alamat", 3), Column("Kontak", 3), Column("Pekerjaan", 2), Column("Informasi yang diminta", 5)),
    *(Column("Tujuan penggunaan", 3), Column("Penguasaan informasi", 3), Column("Bentuk yang dikuasai", 2)),
    *(Column("Jenis permohonan", 2), Column("Keputusan", 2), Column("Alasan penolakan", 2)),
    *(Column("Tanggal pemberitahuan", 2), Column("Tanggal pemberian", 2), Column("Biaya dan cara pembayaran", 2)),
)
"""The columns of the register as the annex of the rules on information services has them."""
PUBLIC: Final = (
    *(Column("No.", 1), Column("Nomor pendaftaran", 3), Column("Tanggal diterima", 2), Column("Jenis pemohon", 2)),
    *(Column("Informasi yang diminta", 6), Column("Klasifikasi", 2), Column("Perangkat daerah", 3)),
    *(Column("Keadaan", 2), Column("Keputusan", 3), Column("Dasar penolakan", 2), Column("Tanggal dijawab", 2)),
    *(Column("Hari kerja", 1), Column("Keberatan", 2)),
)
"""What the public sees: never who asked, and what was asked only in words that an officer has checked."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a case was published: its subject in an officer's words, and its class."""

    subject: str
    information_class: str


@dataclass(slots=True)
class Particulars:
    """What the rows need beside the cases themselves."""

    answers: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    delivered: dict[int, date] = field(default_factory=dict)
    agencies: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    publications: dict[int, Shown] = field(default_factory=dict)
    objections: dict[int, list[KipObjection]] = field(default_factory=lambda: defaultdict(list))


def count(session: Session, year: int, month: int | None = None) -> int:
    """How many requests were registered in a year, or of those received in a month of it."""
    return session.scalar(_narrowed(select(func.count()).select_from(KipCase), year, month)) or 0


def cases_of(
    session: Session,
    year: int,
    month: int | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
    newest_first: bool = False,
) -> Sequence[KipCase]:
    """The registered requests of a year, or of a month of it, in the order of their numbers or the other way."""
    order = KipCase.counter.desc() if newest_first else KipCase.counter
    return session.scalars(_narrowed(select(KipCase), year, month).order_by(order).limit(limit).offset(offset)).all()


def _narrowed(wanted: Select[Any], year: int, month: int | None) -> Select[Any]:
    wanted = wanted.where(KipCase.year == year)
    return wanted if month is None else wanted.where(extract("month", KipCase.received_on) == month)


def particulars(session: Session, ids: Sequence[int]) -> Particulars:
    """Answers, deliveries, agencies, publications and objections of those cases."""
    found = Particulars()
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        events = select(KipEvent.case_id, KipEvent.action, KipEvent.data, KipEvent.at).where(
            KipEvent.case_id.in_(some), KipEvent.action.in_(("answer", "deliver"))
        )
        for case, action, data, at in session.execute(events.order_by(KipEvent.case_id, KipEvent.sequence)):
            if action == "answer":
                found.answers[case] = data
            else:
                given = data.get("delivered_on")
                found.delivered[case] = date.fromisoformat(given) if given else desk_date(at)
        routed = select(KipRoute.case_id, Organization.title).join(
            Organization, Organization.id == KipRoute.organization_id
        )
        for case, title in session.execute(routed.where(KipRoute.case_id.in_(some)).order_by(KipRoute.id)):
            found.agencies[case].append(title)
        shown = select(KipPublication.case_id, KipPublication.subject, KipPublication.information_class).where(
            KipPublication.case_id.in_(some), KipPublication.withdrawn_at.is_(None)
        )
        found.publications |= {case: Shown(subject, named) for case, subject, named in session.execute(shown)}
        for objection in session.scalars(
            select(KipObjection).where(KipObjection.case_id.in_(some)).order_by(KipObjection.id)
        ):
            found.objections[objection.case_id].append(objection)
    return found


def officers_register(
    session: Session,
    year: int,
    who: Callable[[int], Identity],
    *,
    today: date,
    month: int | None = None,
    cases: Iterable[KipCase] | None = None,
) -> Sheet:
    """The register of a year, or of a month of it, with those who asked, for officers alone; `who` opens an identity,
    and the look is written down. `cases` are those of one page."""
    rows = list(cases_of(session, year, month) if cases is None else cases)
    beside = particulars(session, [row.id for row in rows])
    made = [_for_officers(row, beside, who(row.id)) for row in rows]
    return Sheet(
        "register-permohonan",
        "Register Permohonan Informasi Publik",
        _period(year, month),
        OFFICERS,
        tuple(made),
        today,
        "Memuat data pribadi: hanya untuk petugas pelayanan informasi.",
    )


def public_register(
    session: Session,
    year: int,
    calendar: WorkingCalendar,
    *,
    today: date,
    month: int | None = None,
    cases: Iterable[KipCase] | None = None,
) -> Sheet:
    """The register of a year, or of a month of it, without anybody's name. `cases` are those of one page."""
    rows = list(cases_of(session, year, month) if cases is None else cases)
    beside = particulars(session, [row.id for row in rows])
    made = [_for_all(row, beside, calendar) for row in rows]
    return Sheet(
        "register-permohonan",
        "Register Permohonan Informasi Publik",
        _period(year, month),
        PUBLIC,
        tuple(made),
        today,
        "Tanpa nama, alamat, dan kontak pemohon. Uraian permohonan dimuat setelah diperiksa petugas.",
    )


def _period(year: int, month: int | None) -> str:
    """`Tahun 2026`, `Juli 2026` for a month of it."""
    return f"Tahun {year}" if month is None else words.on(date(year, month, 1)).partition(" ")[2]


def reasons(answer: Mapping[str, Any]) -> str:
    """The letters of Pasal 17 that an answer rests on."""
    grounds = answer.get("grounds") or [each.get("ground") for each in answer.get("redactions") or ()]
    grounds = [grounds] if isinstance(grounds, str) else list(grounds)
    return ", ".join(dict.fromkeys(words.pasal_17(str(each)).partition(" UU")[0] for each in grounds if each))


def used_days(case: Any, calendar: WorkingCalendar) -> int | None:
    """Working days from the start of the clock to the answer; of a case, or a row with its `answered_on`, `dates`."""
    started = case.dates.get("clock_start")
    if case.answered_on is None or not started:
        return None
    return calendar.working_days_between(date.fromisoformat(started), case.answered_on)


def _for_officers(case: KipCase, beside: Particulars, who: Identity) -> tuple[Cell, ...]:
    answer = beside.answers.get(case.id, {})
    contact = ", ".join(part for part in (who.phone, who.email) if part)
    return (
        case.counter,
        case.number,
        case.received_on,
        who.name or "(telah dihapus)",
        who.address,
        contact,
        who.occupation,
        case.question,
        case.purpose,
        _held(answer),
        _form(answer),
        "melihat" if case.manner == "look" else "salinan",
        DECISIONS.get(case.decision or "", STATES.get(case.state, case.state)),
        reasons(answer),
        case.answered_on,
        beside.delivered.get(case.id) or (case.answered_on if answer.get("delivered") else None),
        _cost(answer),
    )


def _for_all(case: KipCase, beside: Particulars, calendar: WorkingCalendar) -> tuple[Cell, ...]:
    shown = beside.publications.get(case.id)
    objections = beside.objections.get(case.id, [])
    return (
        case.counter,
        case.number,
        case.received_on,
        words.KINDS.get(case.applicant_kind, case.applicant_kind),
        shown.subject if shown else UNCHECKED,
        CLASSES.get(shown.information_class, "") if shown else "",
        "; ".join(beside.agencies.get(case.id, ())),
        STATES.get(case.state, case.state),
        DECISIONS.get(case.decision or "", ""),
        reasons(beside.answers.get(case.id, {})),
        case.answered_on,
        used_days(case, calendar),
        "; ".join(RESULTS.get(one.state, one.state) for one in objections),
    )


def _held(answer: Mapping[str, Any]) -> str:
    if not answer:
        return ""
    if answer.get("decision") != "not_held":
        return "dikuasai"
    holder = str(answer.get("holder") or "")
    return f"tidak; dikuasai {holder}" if holder not in ("", "unknown") else "tidak dikuasai"


def _form(answer: Mapping[str, Any]) -> str:
    if not answer or answer.get("decision") in ("not_held", "refused"):
        return ""
    return "cetak" if answer.get("format") in ("hard", "hardcopy", "hard_copy") else "elektronik"


def _cost(answer: Mapping[str, Any]) -> str:
    if not answer or answer.get("decision") in ("not_held", "refused"):
        return ""
    fee = int(answer.get("fee") or 0)
    return " ".join(part for part in (words.rupiah(fee), str(answer.get("payment") or "") if fee else "") if part)
