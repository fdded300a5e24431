"""`/kerja/uji-konsekuensi`: the tests on which refusals rest, from proposal to the day they end."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from datasets.clock import now
from datasets.models import Organization
from metadata.errors import BadInput, LumbungError
from portal import context
from portal.accounts import guard
from portal.kip import spoken
from portal.kip.calendar import desk_date
from portal.kip.codes import PASAL_17
from portal.kip.models import KipExemption
from portal.kip.store import exempting
from portal.kip.store.rules import load_calendar
from portal.kip.work import acts
from portal.kip.work.wing import bp, seeing
from portal.policy import PORTAL, of_agency, require
from portal.web.figures import day
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

TEXTS = (
    *("information", "document", "ground", "article", "consequence_if_open", "consequence_if_closed"),
    *("expires_on", "expires_when", "participants", "place", "organization_id"),
)
NEEDED = ("information", "document", "ground", "consequence_if_open", "consequence_if_closed", "participants")


@bp.get("/uji-konsekuensi")
def tests() -> str:
    """All tests, the newest first."""
    return _page(Form({"place": ""}))[0]


@bp.post("/uji-konsekuensi")
def add_test() -> Response | tuple[str, int]:
    """Write a test down, as a proposal until the head has approved it."""
    seeing("exemption.propose")
    at = now()
    values = {name: request.form.get(name, "").strip()[:5000] for name in TEXTS}
    errors = {name: _("This is needed (PerKI 1/2021 Pasal 49).") for name in NEEDED if not values[name]}
    organization = acts.number(values["organization_id"])
    require(guard.current(), "exemption.propose", of_agency(organization))
    if errors:
        return _page(Form(values, errors))
    try:
        if values["expires_on"]:
            acts.day(values["expires_on"])
        with context.installation().database.write() as session:
            calendar = load_calendar(session, desk_date(at))
            exempting.propose(
                session, {**values, "organization_id": organization}, calendar, actor=guard.current(), at=at
            )
    except LumbungError as error:
        return _page(Form(values, {"expires_on": error.say(current_language())}))
    return redirect(url_for("kip_work.tests"), 303)


@bp.post("/uji-konsekuensi/<int:number>/<any(tetapkan, buka):act>")
def decide_test(number: int, act: str) -> Response:
    """Note the head's approval with the decree, or declare the information public."""
    require(guard.current(), "exemption.set", PORTAL)
    actor, at = guard.current(), now()
    with context.installation().database.write() as session:
        if act == "tetapkan":
            letter, by = (request.form.get(name, "").strip()[:200] for name in ("letter", "by"))
            if not letter:
                raise BadInput(reason=_("the number of the decree is lacking"))
            exempting.approve(session, number, letter, by=by or actor.label, actor=actor, at=at)
        else:
            exempting.end(session, number, actor=actor, at=at)
    return redirect(url_for("kip_work.tests"), 303)


def _page(form: Form) -> tuple[str, int]:
    where = seeing("exemption.propose")
    context.renew()
    session, today = context.session(), desk_date(now())
    wanted = select(KipExemption).order_by(KipExemption.id.desc())
    if not where.everywhere:
        wanted = wanted.where(KipExemption.organization_id.in_(where.agencies))
    words = {
        "proposed": (_("proposed"), "warn"),
        "in_force": (_("in force"), "good"),
        "public_by_expiry": (_("ended: public"), "plain"),
        "withdrawn": (_("declared public"), "plain"),
    }
    agencies = session.execute(select(Organization.id, Organization.title).order_by(Organization.title)).all()
    lines = [
        {
            "row": row,
            "state": words[exempting.state(row, today)],
            "open": exempting.state(row, today),
            "ground": f"Pasal {row.ground} ({spoken.exemption(row.ground)})",
            "end": day(row.expires_on) if row.expires_on else row.expires_when,
            "review": day(row.review_on) if row.review_on else "",
            "soon": row.review_on is not None and row.review_on - today < timedelta(days=30),
            "day": day(row.decided_on),
        }
        for row in session.scalars(wanted.limit(500))
    ]
    return (
        render_template(
            "kip_work/tests.html",
            form=form,
            lines=lines,
            grounds=[("", "–"), *((code, f"{code} {spoken.exemption(code)}") for code in PASAL_17)],
            agencies=[("", "–"), *((str(id_), title) for id_, title in agencies if where.covers(id_))],
            everywhere=where.everywhere,
        ),
        form.status,
    )
