"""`/kerja/permohonan`: the officer's home, and taking in what came by other ways than the form."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from datasets.clock import now
from datasets.models import Organization
from metadata.errors import BadInput, LumbungError
from portal import context
from portal.accounts import guard
from portal.kip import spoken
from portal.kip.ask import form as ask_form
from portal.kip.calendar import desk_date
from portal.kip.codes import CHANNELS
from portal.kip.models import KipCase
from portal.kip.store import acting, pins
from portal.kip.store.rules import load_calendar
from portal.kip.work import acts, lists
from portal.kip.work.lists import PAGE, Board, Filters
from portal.kip.work.wing import bp, desk, seeing
from portal.policy import PORTAL, require
from portal.web.figures import number, short_day
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.web.paging import pages_of, paging

MOST_PAGES = 100_000
STATES = ("open", "received", "incomplete", "in_process", "extended", "answered", "closed", "lapsed", "withdrawn")


@bp.get("/permohonan")
def requests() -> str:
    """What is due, overdue, and will be late; and the cases by filters."""
    where, session = seeing(), context.session()
    today = desk_date(now())
    calendar = load_calendar(session, today)
    filters = _filters()
    told = lists.board(session, where, calendar, today)
    rows, total = lists.found(session, where, filters, today, calendar, told.at_risk)
    agencies = lists.agencies_of(session, [row.id for row in rows])
    pages = pages_of(total, PAGE)
    kept: dict[str, Any] = {"q": filters.text, "state": filters.state, "agency": filters.agency, "due": filters.due}
    kept = {name: value for name, value in kept.items() if value}
    return render_template(
        "kip_work/list.html",
        tiles=_tiles(told),
        filters=filters,
        lines=[_line(row, agencies.get(row.id, []), today, told.at_risk) for row in rows],
        total=number(total),
        states=[(name, _("open") if name == "open" else spoken.state(name)) for name in STATES],
        agencies=session.execute(select(Organization.slug, Organization.title).order_by(Organization.title)).all(),
        everywhere=where.everywhere,
        paging=paging(
            min(filters.page, pages), pages, lambda page: url_for("kip_work.requests", **{**kept, "page": page})
        ),
    )


@bp.get("/permohonan/baru")
def entering() -> str:
    """The form for a request that came in person, by telephone, letter, mail, or out of a complaint."""
    require(guard.current(), "request.register", PORTAL)
    start = {"applicant_kind": "perorangan", "manner": "soft", "delivery": "collect", "channel": "in_person"}
    return _entry(Form({**start, "received_on": str(desk_date(now()))}))[0]


@bp.post("/permohonan/baru")
def enter() -> Response | tuple[str, int]:
    """Register it with its own date; the applicant's receipt is printed or mailed."""
    require(guard.current(), "request.register", PORTAL)
    values = ask_form.typed(request.form)
    more = {name: request.form.get(name, "").strip()[:200] for name in ("channel", "received_on", "complaint")}
    errors = ask_form.mistakes(values, by_officer=True)
    try:
        received = acts.day(more["received_on"])
    except BadInput:
        errors["received_on"] = _("Choose the day on which it reached the desk.")
    if more["channel"] not in CHANNELS:
        errors["channel"] = _("Choose how it came.")
    if errors:
        return _entry(Form(values | more, errors))
    try:
        with context.installation().database.write() as session:
            opened = acting.register(
                session,
                desk(),
                ask_form.asked(values, current_language(), complaint=more["complaint"]),
                ask_form.identity(values),
                channel=more["channel"],
                actor="desk_officer",
                by=guard.current().label,
                at=now(),
                received_on=received,
                pin_hash=pins.hashed,
            )
    except LumbungError as error:
        return _entry(Form(values | more, {"received_on": error.say(current_language())}))
    return redirect(url_for("kip_work.case", number=opened.row.id), 303)


def _entry(form: Form) -> tuple[str, int]:
    channels = [(name, spoken.channel(name).capitalize()) for name in CHANNELS if name != "web"]
    return (
        render_template("kip_work/entry.html", form=form, choices=ask_form.choices(), channels=channels),
        form.status,
    )


def _filters() -> Filters:
    args = request.args
    return Filters(
        text=args.get("q", "").strip()[:100],
        state=args.get("state", "") if args.get("state") in (*STATES, "objection") else "",
        agency=args.get("agency", "")[:100],
        due=args.get("due", "") if args.get("due") in ("today", "overdue", "soon", "risk") else "",
        page=min(MOST_PAGES, max(1, args.get("page", 1, type=int))),
    )


def _tiles(told: Board) -> list[tuple[str, str, str, str]]:
    """What, how many, where that leads, how it looks."""

    def url(**kept: Any) -> str:
        return url_for("kip_work.requests", **kept)

    return [
        (_("Due today"), number(told.today), url(due="today"), "warn" if told.today else ""),
        (_("Overdue"), number(told.overdue), url(due="overdue"), "bad" if told.overdue else ""),
        (_("Due within three working days"), number(told.soon), url(due="soon"), ""),
        (
            _("Will be late at this pace"),
            number(len(told.at_risk)),
            url(due="risk"),
            "warn" if told.at_risk else "",
        ),
        (_("Objections to decide"), number(told.objections), url(state="objection"), "warn" if told.objections else ""),
        (_("Still open"), number(told.open), url(state="open"), ""),
        (_("Answers a working day, lately"), number(told.pace, 1), "", ""),
    ]


def _line(row: KipCase, agencies: list[str], today: date, at_risk: frozenset[int]) -> dict[str, Any]:
    """A case as the list shows it: nothing of who asked."""
    owed = row.due is not None and row.state in lists.OWED
    late = owed and row.due is not None and row.due < today
    return {
        "id": row.id,
        "number": row.number,
        "subject": row.subject,
        "state": spoken.state(row.state),
        "kind": spoken.state_kind(row.state, late=late),
        "received": short_day(row.received_on) if row.received_on else "",
        "due": short_day(row.next_due) if row.next_due and row.next_due.year < 9999 else "",
        "step": spoken.step(row.next_step),
        "urgency": "bad" if late else "warn" if owed and row.due == today else "",
        "risk": row.id in at_risk,
        "agencies": ", ".join(agencies),
    }
