"""Reports of problems with data: filed by anybody, answered by the agency, shown with their answer to everybody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from datasets import journal
from datasets.columns import text_hash
from datasets.models import DataReport, Dataset, ReportState
from datasets.response.ratings import refuse_personal
from metadata.errors import LumbungError, NotFound
from metadata.terms import Bilingual

LONGEST = 4000
"""Characters of a report and of its answer."""


class AlreadyAnswered(LumbungError):
    """Somebody else was faster."""

    code = "report.already_answered"
    status = 409
    text = Bilingual(id="Laporan ini sudah dijawab oleh {who}.", en="This report has been answered already, by {who}.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What a reader reports: the words, and where; table, column and row as the reader named them."""

    text: str
    table: str = ""
    column: str = ""
    row: str = ""


def file(
    session: Session,
    dataset_id: int,
    version: int,
    problem: Problem,
    *,
    contact: str | None,
    language: str,
    at: datetime,
) -> DataReport:
    """Keep a report; `contact` is the sealed address to which the answer goes. Raises `PersonalWords`."""
    refuse_personal("\n".join((problem.text, problem.table, problem.column, problem.row)))
    report = DataReport(
        dataset_id=dataset_id,
        version=version,
        text=problem.text.strip()[:LONGEST],
        table=problem.table.strip(),
        column=problem.column.strip(),
        row=problem.row.strip(),
        contact=contact,
        language=language,
        created_at=at,
    )
    session.add(report)
    session.flush()
    return report


def find(session: Session, report_id: int, *, to_write: bool = False) -> tuple[DataReport, Dataset]:
    """A report with its dataset; `to_write` keeps others from it until the transaction ends. Raises `NotFound`."""
    found = session.get(DataReport, report_id, with_for_update=to_write or None)
    if found is None:
        raise NotFound(what=str(report_id))
    return found, session.get_one(Dataset, found.dataset_id)


def listed(
    session: Session, agencies: Collection[int] | None, state: ReportState, *, limit: int = 50
) -> Sequence[tuple[DataReport, Dataset]]:
    """Reports in a state with their datasets, of these agencies or (None) of all: the open ones oldest first."""
    wanted = select(DataReport, Dataset).join(Dataset, Dataset.id == DataReport.dataset_id)
    wanted = wanted.where(DataReport.state == state)
    if agencies is not None:
        wanted = wanted.where(Dataset.organization_id.in_(agencies))
    order = DataReport.id if state is ReportState.OPEN else DataReport.answered_at.desc()
    return [(report, dataset) for report, dataset in session.execute(wanted.order_by(order).limit(limit))]


def answered(session: Session, dataset_id: int, *, limit: int = 10) -> Sequence[DataReport]:
    """The reports with their answers that the public sees on a dataset's page, the newest first."""
    wanted = select(DataReport).where(DataReport.dataset_id == dataset_id, DataReport.state == ReportState.ANSWERED)
    return session.scalars(wanted.order_by(DataReport.answered_at.desc()).limit(limit)).all()


def open_count(session: Session, dataset_id: int) -> int:
    """How many reports of a dataset wait for an answer."""
    wanted = select(func.count()).where(DataReport.dataset_id == dataset_id, DataReport.state == ReportState.OPEN)
    return session.scalar(wanted) or 0


def answer(session: Session, report: DataReport, *, summary: str, words: str, actor: str, at: datetime) -> str | None:
    """Answer a report in public; gives the sealed address to which the answer is to go, which is then forgotten.

    `summary` is the report as it is shown; the journal keeps the hashes of both. Raises `AlreadyAnswered`,
    `PersonalWords`.
    """
    _refuse_closed(report)
    refuse_personal(f"{summary}\n{words}")
    report.state, report.summary, report.answer = ReportState.ANSWERED, summary.strip(), words.strip()
    report.answered_at, report.answered_by = at, actor
    contact, report.contact = report.contact, None
    session.flush()
    slug = session.scalars(select(Dataset.slug).where(Dataset.id == report.dataset_id)).one()
    journal.append(session, "answer", f"dataset:{slug}", facts_of(report), at=at)
    return contact


def facts_of(report: DataReport) -> dict[str, Any]:
    """What the journal says of an answered report."""
    return {
        "report": report.id,
        "version": report.version,
        "summary_sha256": text_hash(report.summary),
        "answer_sha256": text_hash(report.answer),
    }


def refuse(session: Session, report: DataReport, *, actor: str, at: datetime) -> None:
    """Put a report aside that says nothing about the data; nothing of it is shown. Raises `AlreadyAnswered`."""
    _refuse_closed(report)
    report.state, report.answered_at, report.answered_by, report.contact = ReportState.REFUSED, at, actor, None
    session.flush()


def _refuse_closed(report: DataReport) -> None:
    if report.state is not ReportState.OPEN:
        raise AlreadyAnswered(who=report.answered_by or "–")
