"""The audit log: read by whom, what and when, and exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, stream_with_context, url_for
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets.columns import dump_json
from portal import context
from portal.accounts import guard
from portal.accounts.log_words import kinds, log_lines
from portal.accounts.models import AuditEntry
from portal.config import TIMEZONE
from portal.policy import PORTAL, require
from portal.web.figures import number as number_in_words
from portal.web.paging import pages_of, paging

bp = guard.private(Blueprint("log", __name__, url_prefix="/kerja"))

PAGE = 50


@bp.get("/catatan")
def log() -> str:
    """The audit log, the newest first, narrowed by what stands in the address."""
    _audited()
    session, wanted = context.session(), _wanted()
    total = session.scalar(select(func.count()).select_from(_narrowed(wanted).subquery())) or 0
    pages = pages_of(total, PAGE)
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    rows = session.scalars(_narrowed(wanted).order_by(AuditEntry.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    told: dict[str, Any] = {name: value for name, value in wanted.items() if value}
    return render_template(
        "people/log.html",
        rows=log_lines(session, rows),
        total=number_in_words(total),
        wanted=wanted,
        kinds=kinds(),
        csv=url_for("log.log_csv", **told),
        paging=paging(page, pages, lambda other: url_for("log.log", page=other, **told)),
    )


@bp.get("/catatan.csv")
def log_csv() -> Response:
    """The rows that the page shows, all of them, as CSV, the oldest first."""
    _audited()
    response = Response(stream_with_context(_csv(context.session(), _narrowed(_wanted()))), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="catatan.csv"'
    return response


def _csv(session: Session, asked: Select[AuditEntry]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["id", "at", "actor", "action", "subject", "before", "after"])
    for row in session.scalars(asked.order_by(AuditEntry.id).execution_options(yield_per=500)):
        told = [dump_json(value) if value is not None else "" for value in (row.before, row.after)]
        writer.writerow([row.id, row.at.isoformat(), row.actor, row.action, row.subject, *told])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _wanted() -> dict[str, str]:
    """What the address asks for: words, a kind, days from and until; what is no day is not heeded."""
    given = {name: request.args.get(name, "").strip()[:100] for name in ("q", "kind", "since", "until")}
    return given | {name: given[name] if _day(given[name]) else "" for name in ("since", "until")}


def _narrowed(wanted: dict[str, str]) -> Select[AuditEntry]:
    asked = select(AuditEntry)
    if words := wanted["q"]:
        columns = (AuditEntry.actor, AuditEntry.action, AuditEntry.subject)
        asked = asked.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    if kind := wanted["kind"]:
        asked = asked.where(AuditEntry.action.startswith(f"{kind}.", autoescape=True))
    if since := _day(wanted["since"]):
        asked = asked.where(AuditEntry.at >= since)
    if until := _day(wanted["until"]):
        asked = asked.where(AuditEntry.at < until + timedelta(days=1))
    return asked


def _day(text: str) -> datetime | None:
    """The beginning of a day (ISO 8601) at the office; None for what is none, or one that no clock can be set to."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(TIMEZONE)) if 1900 < day.year < 9000 else None


def _audited() -> None:
    require(guard.current(), "audit.read", PORTAL)
