"""`/kerja/kalender` and the desk's settings: days off with their decree, what the law leaves open, the letterhead."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets.clock import now
from metadata.errors import BadInput, LumbungError
from portal import context
from portal.accounts import audit, guard
from portal.kip.calendar import SpecialDay, desk_date
from portal.kip.models import KipDay
from portal.kip.settings import CHOICES, KipSettings
from portal.kip.store import daily, emblem
from portal.kip.store.rules import KINDS, add_day, change_settings, load_calendar, load_settings
from portal.kip.work import acts
from portal.kip.work.sources import SOURCES
from portal.kip.work.wing import bp, desk
from portal.policy import PORTAL, require
from portal.web.figures import day, minute
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

HEAD = ("body", "office", "address", "phone", "email", "website", "place")
SIGNERS = ("ppid", "superior", "head")
OF_SIGNER = ("name", "post", "nip")


@bp.get("/kalender")
def calendar() -> str:
    """The days of a year that are not what their weekday says, and how they came to be."""
    require(guard.current(), "calendar.write", PORTAL)
    return _calendar(Form())[0]


@bp.post("/kalender")
def change_day() -> Response | tuple[str, int]:
    """Write down a day; deadlines of open cases are computed anew, and none that was told moves earlier."""
    require(guard.current(), "calendar.write", PORTAL)
    at = now()
    values = {
        name: request.form.get(name, "").strip()[:300] for name in ("day", "kind", "name", "source", "decided_on")
    }
    try:
        entry = SpecialDay(
            acts.day(values["day"]), values["kind"], values["name"], values["source"], acts.day(values["decided_on"])
        )
    except BadInput:
        return _calendar(Form(values, {"day": _("Choose the day, and the day of the decree.")}))
    try:
        with context.installation().database.write() as session:
            add_day(session, entry, actor=guard.current(), at=at)
        daily.recalculate(context.installation(), desk(), at=at, answered=False)
    except LumbungError as error:
        return _calendar(Form(values, {"day": error.say(current_language())}))
    return redirect(url_for("kip_work.calendar", tahun=entry.day.year), 303)


@bp.get("/permohonan/pengaturan")
def settings() -> str:
    """What the law leaves open, each with its default and source; and the letterhead."""
    require(guard.current(), "calendar.write", PORTAL)
    return _settings(Form())[0]


@bp.post("/permohonan/pengaturan")
def change() -> Response | tuple[str, int]:
    """Change them; the regency's legal office has confirmed what is written here."""
    require(guard.current(), "calendar.write", PORTAL)
    actor, at = guard.current(), now()
    values = request.form.to_dict()
    try:
        with context.installation().database.write() as session:
            if request.form.get("what") == "letterhead":
                _keep_head(session, values, at=at)
                audit.record(session, actor, "kip.letterhead", "kip:settings", at=at)
            else:
                change_settings(session, _typed(values), actor=actor, at=at)
    except ValueError as error:
        return _settings(Form(values, {"": str(error)}))
    except LumbungError as error:
        return _settings(Form(values, {"logo": error.say(current_language())}))
    return redirect(url_for("kip_work.settings"), 303)


def _typed(values: dict[str, str]) -> dict[str, object]:
    """The settings of the form with the type of their default. ValueError for a number that is none."""
    told: dict[str, object] = {}
    for field in fields(KipSettings):
        default = field.default
        if isinstance(default, bool):
            told[field.name] = values.get(field.name) == "1"
        elif field.name in values:
            text = values[field.name].strip()
            told[field.name] = int(text) if isinstance(default, int) else text
    pattern = str(told.get("number_format", ""))
    try:
        pattern.format(number=1, month="I", year=2026)
    except (KeyError, IndexError, AttributeError, TypeError):
        raise ValueError(pattern) from None
    return told


def _keep_head(session: Session, values: dict[str, str], *, at: datetime) -> None:
    made: dict[str, Any] = {name: values.get(name, "").strip()[:500] for name in HEAD}
    for who in SIGNERS:
        of = {member: values.get(f"{who}_{member}", "").strip()[:200] for member in OF_SIGNER}
        made[who] = {member: text for member, text in of.items() if text}
    file = request.files.get("logo")
    logo = file.stream.read(emblem.LARGEST + 1) if file is not None else b""
    if logo:
        made["logo"] = emblem.keep(session, logo, by=guard.current().label, at=at)
    elif values.get("no_logo") == "1":
        made["logo"] = ""
    emblem.change_letterhead(session, made, at=at)


def _calendar(form: Form) -> tuple[str, int]:
    context.renew()
    session, today = context.session(), desk_date(now())
    year = min(2100, max(2000, request.args.get("tahun", today.year, type=int)))
    kept = session.scalars(select(KipDay).order_by(KipDay.id)).all()
    known = load_calendar(session, date(year, 7, 1))
    words = {"holiday": _("holiday"), "leave": _("collective leave"), "working": _("working day")}
    days = sorted((entry for entry in known.days if entry.day.year == year), key=lambda entry: entry.day)
    return (
        render_template(
            "kip_work/calendar.html",
            form=form,
            year=year,
            days=[
                (day(one.day), words.get(one.kind, one.kind), one.name, one.source,
                 day(one.decided_on) if one.decided_on else "", one.provisional)
                for one in days
            ],
            working=sum(known.is_working_day(date.fromordinal(at)) for at in _ordinals(year)),
            kinds=[(name, words[name]) for name in KINDS],
            changes=[(minute(row.at), row.by, day(row.day), row.name) for row in reversed(kept) if row.decided_on][:20],
            today=str(today),
        ),
        form.status,
    )  # fmt: skip


def _settings(form: Form) -> tuple[str, int]:
    context.renew()
    session = context.session()
    current, default = asdict(load_settings(session)), asdict(KipSettings())
    head = emblem.letterhead(session, context.installation().settings.region_name)
    rows = [
        {
            "name": name,
            "value": value,
            "default": default[name],
            "choices": CHOICES.get(name, ()),
            "switch": isinstance(value, bool),
            "source": SOURCES.get(name, ""),
        }
        for name, value in current.items()
    ]
    return (
        render_template("kip_work/settings.html", form=form, rows=rows, head=head, fields=HEAD, signers=SIGNERS),
        form.status,
    )


def _ordinals(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
