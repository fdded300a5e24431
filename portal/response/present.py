"""What readers say, as a dataset's page and the workbench show it: figures with their number, words that were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from datasets.clock import now
from datasets.models import DataReport, Dataset, Rating, ReaderResponse
from datasets.response import ratings, reports
from metadata.personal import sign_of
from portal.web import figures
from portal.web.i18n import gettext as _
from portal.web.i18n import ngettext

RATINGS = frozenset(rating.value for rating in Rating)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the four answers, and where a click on it leads."""

    value: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer's part of all: a count, a share where there are enough to speak of one, a width of 100."""

    words: str
    count: str
    share: str
    width: int


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a reader that the public may read, or a report with its answer."""

    words: str
    note: str
    answer: str = ""
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Voices:
    """The part of a dataset's page where readers are heard. `waiting` says how many reports have no answer yet."""

    choices: tuple[Choice, ...]
    total: str
    bars: tuple[Bar, ...]
    few: bool
    comments: tuple[Said, ...]
    answers: tuple[Said, ...]
    waiting: str
    report_url: str
    follow_url: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report in the list of the workbench."""

    url: str
    title: str
    agency: str
    words: str
    moment: str


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment that waits to be read; `warning` names what looks personal in it."""

    number: int
    title: str
    url: str
    agency: str
    rating: str
    words: str
    moment: str
    warning: str


@dataclass(frozen=True, slots=True)
class TableColumns:
    """A table of a dataset with the titles of its columns, to choose from."""

    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """How much readers have ever said of a dataset; `mark` changes with what is seen of it."""

    responses: int
    reports: int
    mark: str


def voices(session: Session, dataset: Dataset, heard: Heard) -> Voices:
    """What readers said of a dataset; it is not asked for where nothing was `heard`."""
    found, open_reports = ratings.Figures(()), 0
    comments: Sequence[ReaderResponse] = ()
    answered: Sequence[DataReport] = ()
    if heard.responses:
        found, comments = ratings.figures(session, dataset.id, at=now()), ratings.comments(session, dataset.id)
    if heard.reports:
        answered, open_reports = reports.answered(session, dataset.id), reports.open_count(session, dataset.id)
    few = found.total < ratings.FEW
    return Voices(
        choices=tuple(
            Choice(value, words, url_for("response.rating", slug=dataset.slug, nilai=value))
            for value, words in rating_words()
        ),
        total=ngettext("%(count)s rating", "%(count)s ratings", found.total, count=figures.number(found.total)),
        bars=tuple(_bar(rating, count, found.total, few) for rating, count in found.counts) if found.total else (),
        few=few,
        comments=tuple(Said(one.comment, f"{_words(one.rating)}, {figures.day(one.updated_at)}") for one in comments),
        answers=tuple(_answered(one) for one in answered),
        waiting=ngettext(
            "%(count)s report waits for an answer.",
            "%(count)s reports wait for an answer.",
            open_reports,
            count=figures.number(open_reports),
        )
        if open_reports
        else "",
        report_url=url_for("response.report", slug=dataset.slug),
        follow_url=url_for("response.follow", dataset=dataset.slug),
    )


def heard_of(session: Session, dataset_id: int) -> Heard:
    """Whether readers said anything of a dataset, in one question."""
    last = (
        select(func.max(ReaderResponse.updated_at), func.count(), func.count(ReaderResponse.decided_by))
        .where(ReaderResponse.dataset_id == dataset_id)
        .subquery()
    )
    told = (
        select(func.max(DataReport.answered_at), func.count(), func.count(DataReport.answered_at))
        .where(DataReport.dataset_id == dataset_id)
        .subquery()
    )
    both = select(last, told).select_from(last.join(told, true()))
    row = session.execute(both).one()
    return Heard(row[1], row[4], repr([*row, ratings.period_of(now())]))


def rating_words() -> tuple[tuple[str, str], ...]:
    """The four answers with their words, from the best."""
    return tuple((rating.value, _words(rating)) for rating in Rating)


def report_line(report: DataReport, dataset: Dataset, agencies: dict[int, str]) -> ReportLine:
    """A report in a list."""
    return ReportLine(
        url=url_for("response_desk.one_report", number=report.id),
        title=dataset.title,
        agency=agencies.get(dataset.organization_id, ""),
        words=report.text if len(report.text) <= 200 else report.text[:199] + "…",
        moment=figures.minute(report.created_at),
    )


def comment_line(response: ReaderResponse, dataset: Dataset, agencies: dict[int, str]) -> CommentLine:
    """A comment that waits."""
    personal = any(sign_of(line) is not None for line in response.comment.splitlines())
    return CommentLine(
        number=response.id,
        title=dataset.title,
        url=url_for("catalog.dataset", slug=dataset.slug),
        agency=agencies.get(dataset.organization_id, ""),
        rating=_words(response.rating),
        words=response.comment,
        moment=figures.minute(response.updated_at),
        warning=_("Looks like a number of a person: do not show it.") if personal else "",
    )


def columns_of(dataset: Dataset) -> Sequence[TableColumns]:
    """The tables of the present version with their columns, as a form offers them."""
    version = dataset.current_version
    return [
        TableColumns(
            resource.title,
            tuple(str(field.get("title") or field["name"]) for field in resource.schema.get("fields", ())[:200]),
        )
        for resource in (version.resources if version else ())
    ]


def _bar(rating: Rating, count: int, total: int, few: bool) -> Bar:
    width = round(100 * count / total)
    share = "" if few else f"{figures.number(width)} %"
    return Bar(_words(rating), figures.number(count), share, width)


def _answered(report: DataReport) -> Said:
    where = ", ".join(part for part in (report.table, report.column, report.row) if part)
    note = _("Version %(number)s, reported on %(day)s", number=report.version, day=figures.day(report.created_at))
    answered = figures.day(report.answered_at) if report.answered_at else ""
    return Said(report.summary, f"{where} · {note}" if where else note, report.answer, answered)


def _words(rating: Rating) -> str:
    return {
        Rating.VERY_SATISFIED: _("Very satisfied"),
        Rating.SATISFIED: _("Satisfied"),
        Rating.FAIR: _("Fairly satisfied"),
        Rating.NOT_SATISFIED: _("Not satisfied"),
    }[rating]
