"""`/permohonan`: requests and answers that were published, found by words, and the desk's figures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import func, select

from datasets.clock import now
from portal import context
from portal.catalog.search_query import LONGEST_TEXT, clean
from portal.headers import public_page
from portal.kip import spoken
from portal.kip.calendar import desk_date
from portal.kip.models import KipPublication
from portal.kip.public import answers, figures
from portal.kip.public.answers import Found
from portal.web.figures import day, number
from portal.web.i18n import gettext as _

MOST = 50

bp = Blueprint("kip_public", __name__, url_prefix="/permohonan")
bp.after_request(public_page)


@bp.get("")
def published() -> str:
    """Published requests, the newest first or those that fit words, beside the desk's figures of this year."""
    text = clean(request.args.get("q", ""))[:LONGEST_TEXT]
    session = context.session()
    found = answers.published_answers(session, text, MOST, answered=False)
    total = session.scalar(select(func.count()).where(KipPublication.withdrawn_at.is_(None))) or 0
    return render_template(
        "kip/published.html",
        text=text,
        cards=[card(one) for one in found],
        total=total,
        figures=_figures(figures.of_year(session, desk_date(now()).year)),
    )


@bp.get("/<slug>")
def answer(slug: str) -> str:
    """One published request with its answer."""
    found = answers.by_slug(context.session(), slug)
    row = found.row
    facts = [
        (_("Number"), row.number),
        (_("Received"), day(row.received_on)),
        (_("Answered"), day(row.answered_on) if row.answered_on else _("not yet")),
        (_("Working days used"), number(row.working_days) if row.working_days is not None else ""),
        (_("Decision"), spoken.decision(row.decision)),
        (_("Ground of exemption"), "; ".join(f"Pasal {code} ({spoken.exemption(code)})" for code in row.grounds)),
        (_("Class of information"), spoken.information_class(row.information_class)),
        (_("Agency"), found.agency),
        (_("Asked by"), row.name or spoken.applicant_kind(row.applicant_kind)),
        (_("Objection"), spoken.objection_state(row.objection) if row.objection else ""),
        (_("Want to know the same"), number(found.joined) if found.joined else ""),
    ]
    return render_template("kip/answer.html", row=row, facts=[pair for pair in facts if pair[1]], card=card(found))


def card(found: Found) -> dict[str, Any]:
    """A publication as a list shows it."""
    row = found.row
    told = row.answer if len(row.answer) <= 240 else row.answer[:240].rsplit(" ", 1)[0] + " …"
    return {
        "slug": row.slug,
        "subject": row.subject,
        "told": told,
        "decision": spoken.decision(row.decision) or _("not answered yet"),
        "kind": "good" if row.decision in ("granted", "already_public") else "warn" if row.decision else "plain",
        "agency": found.agency,
        "day": day(row.answered_on or row.received_on),
        "joined": found.joined,
        "number": row.number,
    }


def _figures(one: figures.Figures) -> dict[str, Any]:
    """The figures in words; nothing where there is nothing to tell."""
    share = {"ten": one.within_ten, "seventeen": one.within_seventeen}
    tiles = [
        (_("Requests in %(year)s", year=one.year), number(one.received)),
        (_("Answered"), number(one.answered)),
        (_("Still open"), number(one.open)),
        (_("Median, working days"), number(one.median_days) if one.median_days is not None else "–"),
        (_("Within 10 working days"), f"{number(100 * share['ten'], 0)}%" if share["ten"] is not None else "–"),
        (_("Met without filing"), number(one.met)),
    ]
    rest = _("others, fewer than five each")
    return {
        "tiles": tiles,
        "decisions": [(spoken.decision(name) or rest, number(count)) for name, count in one.decisions],
        "agencies": [(name or rest, number(count)) for name, count in one.agencies],
        "objections": number(one.objections),
    }
