"""The figures of the yearly report (PerKI 1/2021 Pasal 56; UU 14/2008 Pasal 12), each with the cases it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import Organization
from portal.kip.calendar import WorkingCalendar
from portal.kip.letters import words
from portal.kip.models import KipCase, KipEvent, KipObjection, KipPublication, KipRoute
from portal.kip.registers import objections, requests
from portal.kip.registers.requests import CLASSES, DECISIONS, RESULTS
from portal.kip.registers.sheet import shown

SMALL: Final = 5
"""In what the public sees, a cell of a breakdown with fewer cases is joined with others: few identify."""
_CLOSED: Final = ("refused", "partially_granted")
_COUNTED: Final = (
    *(KipCase.id, KipCase.state, KipCase.decision, KipCase.answered_on, KipCase.late, KipCase.dates),
    *(KipCase.applicant_kind, KipCase.channel),
)
"""What the figures need of a case: not its words."""
OPEN: Final = ("received", "incomplete", "in_process", "extended")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what it is called, how many, which cases (by id). `value` tells what is no count, such as a median."""

    key: str
    label: str
    cases: tuple[int, ...] = ()
    value: str | None = None

    @property
    def shown(self) -> str:
        """The figure in digits."""
        return shown(len(self.cases)) if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together; a `breakdown` has small cells joined in public."""

    title: str
    figures: tuple[Figure, ...]
    breakdown: bool = False

    def public(self) -> Section:
        """With the small cells of a breakdown joined into one, not small itself unless all cases together are few.

        A case that stands in several of them (two agencies, two grounds) counts once.
        """
        if not self.breakdown:
            return self
        kept = [figure for figure in self.figures if len(set(figure.cases)) >= SMALL]
        rest = {case for figure in self.figures if figure not in kept for case in figure.cases}
        while rest and kept and len(rest) < SMALL:
            rest.update(kept.pop().cases)  # the smallest: they come the largest first
        joined = (Figure("lainnya", "lainnya (digabung)", tuple(sorted(rest))),) if rest else ()
        return Section(self.title, (*kept, *joined), breakdown=True)


@dataclass(slots=True)
class _Cells:
    """Cases by what they are called."""

    cells: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def section(self, title: str, prefix: str) -> Section:
        """The largest first."""
        ordered = sorted(self.cells.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        figures = tuple(Figure(f"{prefix}-{at}", label, tuple(ids)) for at, (label, ids) in enumerate(ordered, 1))
        return Section(title, figures, breakdown=True)


def of_year(session: Session, year: int, calendar: WorkingCalendar) -> tuple[Section, ...]:
    """All sections of a year, of requests by the day they were registered; lapsed, withdrawn and not held are no
    refusals, and what is open stands apart."""
    cases = session.execute(select(*_COUNTED).where(KipCase.year == year).order_by(KipCase.counter)).all()
    beside = _beside(session, year)
    used = _used(cases, calendar)
    return (
        _received(cases),
        _decided(cases),
        _times(cases, used),
        *_breakdowns(cases, beside, used),
        *_objections(session, year),
    )


def _beside(session: Session, year: int) -> requests.Particulars:
    """Agencies and published classes of all cases, and the answers of those that were refused in whole or part."""
    mine = select(KipCase.id).where(KipCase.year == year)
    found = requests.Particulars()
    closed = mine.where(KipCase.decision.in_(_CLOSED))
    answered = select(KipEvent.case_id, KipEvent.data).where(KipEvent.case_id.in_(closed), KipEvent.action == "answer")
    for case, data in session.execute(answered.order_by(KipEvent.sequence)):
        found.answers[case] = data
    routed = select(KipRoute.case_id, Organization.title).join(
        Organization, Organization.id == KipRoute.organization_id
    )
    for case, title in session.execute(routed.where(KipRoute.case_id.in_(mine))):
        found.agencies[case].append(title)
    published = select(KipPublication.case_id, KipPublication.information_class).where(
        KipPublication.case_id.in_(mine), KipPublication.withdrawn_at.is_(None)
    )
    found.publications |= {case: requests.Shown("", named) for case, named in session.execute(published)}
    return found


def find(sections: Sequence[Section], key: str) -> Figure | None:
    """The figure of that key."""
    return next((figure for section in sections for figure in section.figures if figure.key == key), None)


def _used(cases: Sequence[Any], calendar: WorkingCalendar) -> dict[int, int]:
    """Working days that each answered case took; counted once for each pair of days."""
    known: dict[tuple[str, date], int | None] = {}
    found = {}
    for case in cases:
        if case.answered_on is None:
            continue
        pair = (case.dates.get("clock_start", ""), case.answered_on)
        if pair not in known:
            known[pair] = requests.used_days(case, calendar)
        if (days := known[pair]) is not None:
            found[case.id] = days
    return found


def _received(cases: Sequence[Any]) -> Section:
    def some(key: str, label: str, *states: str) -> Figure:
        return Figure(key, label, tuple(case.id for case in cases if case.state in states))

    return Section(
        "Permohonan informasi",
        (
            Figure("diterima", "Permohonan yang diterima", tuple(case.id for case in cases)),
            Figure("dijawab", "Sudah dijawab", tuple(case.id for case in cases if case.answered_on)),
            some("berjalan", "Masih berjalan", *OPEN),
            some("gugur", "Gugur karena tidak dilengkapi", "lapsed"),
            some("ditarik", "Ditarik kembali oleh pemohon", "withdrawn"),
        ),
    )


def _decided(cases: Sequence[Any]) -> Section:
    return Section(
        "Keputusan",
        tuple(
            Figure(f"keputusan-{code}", label[0].upper() + label[1:], tuple(c.id for c in cases if c.decision == code))
            for code, label in DECISIONS.items()
        ),
    )


def _times(cases: Sequence[Any], used: Mapping[int, int]) -> Section:
    within = [tuple(case for case, days in used.items() if days <= most) for most in (10, 17)]
    late = tuple(case.id for case in cases if case.late)
    middle = shown(median(used.values())) if used else "–"
    share = [f"{100 * len(ids) / len(used):.0f}%" if used else "–" for ids in within]
    return Section(
        "Waktu pelayanan",
        (
            Figure("median", "Median hari kerja sampai dijawab", tuple(used), value=middle),
            Figure("dalam-10", "Dijawab dalam 10 hari kerja", within[0]),
            Figure("bagian-10", "Bagian yang dijawab dalam 10 hari kerja", within[0], value=share[0]),
            Figure("dalam-17", "Dijawab dalam 17 hari kerja", within[1]),
            Figure("bagian-17", "Bagian yang dijawab dalam 17 hari kerja", within[1], value=share[1]),
            Figure("terlambat", "Melewati batas waktu", late),
        ),
    )


def _breakdowns(cases: Sequence[Any], beside: requests.Particulars, used: Mapping[int, int]) -> tuple[Section, ...]:
    grounds, agencies, kinds, channels, classes = _Cells(), _Cells(), _Cells(), _Cells(), _Cells()
    for case in cases:
        kinds.cells[words.KINDS.get(case.applicant_kind, case.applicant_kind)].append(case.id)
        channels.cells[words.CHANNELS.get(case.channel, case.channel)].append(case.id)
        for agency in beside.agencies.get(case.id, ()):
            agencies.cells[agency].append(case.id)
        published = beside.publications.get(case.id)
        label = CLASSES.get(published.information_class, "") if published else "belum ditetapkan"
        classes.cells[label].append(case.id)
        if case.decision in _CLOSED:
            for ground in filter(None, requests.reasons(beside.answers.get(case.id, {})).split(", ")):
                grounds.cells[ground].append(case.id)
    times = _Cells()
    for case in cases:
        published = beside.publications.get(case.id)
        if case.id in used and published is not None:
            times.cells[CLASSES.get(published.information_class, "")].append(case.id)
    return (
        grounds.section("Alasan penolakan (seluruhnya atau sebagian)", "alasan"),
        classes.section("Menurut klasifikasi informasi", "klasifikasi"),
        Section("Median hari kerja menurut klasifikasi", _median_by(times, used)),
        agencies.section("Menurut perangkat daerah", "opd"),
        kinds.section("Menurut jenis pemohon", "pemohon"),
        channels.section("Menurut cara pengajuan", "cara"),
    )


def _median_by(times: _Cells, used: Mapping[int, int]) -> tuple[Figure, ...]:
    return tuple(
        Figure(f"waktu-{at}", label, tuple(ids), value=shown(median(used[case] for case in ids)))
        for at, (label, ids) in enumerate(sorted(times.cells.items()), 1)
        if len(ids) >= SMALL
    )


def _objections(session: Session, year: int) -> tuple[Section, ...]:
    rows = objections.of_year(session, year)
    grounds = _Cells()
    for objection, case in rows:
        for code in objection.grounds:
            grounds.cells[f"{code}. {words.OBJECTION_GROUNDS.get(code, '')}"].append(case.id)

    def some(key: str, label: str, *states: str) -> Figure:
        return Figure(key, label, tuple(case.id for objection, case in rows if objection.state in states))

    waiting = tuple(case.id for _, case in rows if case.next_step == "fulfil")
    upheld = tuple(case.id for objection, case in rows if objection.state in ("upheld", "upheld_partly"))
    return (
        Section(
            "Keberatan",
            (
                Figure("keberatan", "Keberatan yang diterima", tuple(case.id for _, case in rows)),
                *(some(f"keberatan-{code}", label[0].upper() + label[1:], code) for code, label in RESULTS.items()),
                Figure("keberatan-terlambat", "Diajukan setelah jangka waktunya", _late(rows)),
                Figure("dilaksanakan", "Keputusan yang telah dilaksanakan", tuple(sorted(set(upheld) - set(waiting)))),
                Figure("belum-dilaksanakan", "Keputusan yang belum dilaksanakan", waiting),
            ),
        ),
        grounds.section("Alasan keberatan", "dasar-keberatan"),
        Section(
            "Sengketa informasi",
            (
                Figure("sengketa", "Sengketa yang didaftar", tuple(case.id for one, case in rows if one.dispute)),
                *(
                    Figure(
                        f"sengketa-{code}",
                        f"Tahap: {label}",
                        tuple(case.id for objection, case in rows if objection.dispute == code),
                    )
                    for code, label in objections.STAGES.items()
                ),
            ),
        ),
    )


def _late(rows: Sequence[tuple[KipObjection, KipCase]]) -> tuple[int, ...]:
    return tuple(case.id for objection, case in rows if objection.late)


def cases_behind(session: Session, ids: Sequence[int]) -> Sequence[KipCase]:
    """Cases that a figure counts, those of one page, in the order of their numbers."""
    return session.scalars(select(KipCase).where(KipCase.id.in_(ids)).order_by(KipCase.year, KipCase.counter)).all()


def years(session: Session, today: date) -> list[int]:
    """The years that have registered requests, the newest first; this year always."""
    found = set(session.scalars(select(KipCase.year).where(KipCase.year.is_not(None)).distinct()))
    return sorted({year for year in found if year is not None} | {today.year}, reverse=True)
