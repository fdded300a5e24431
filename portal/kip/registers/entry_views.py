"""`/kerja/informasi`: rows of the list of public information that the catalogue does not know."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from datasets.clock import now
from datasets.models import Organization
from portal import context
from portal.accounts import guard
from portal.kip import spoken
from portal.kip.models import KipInformation
from portal.kip.registers import entries
from portal.kip.registers.information import CLASSES, MEDIUMS
from portal.kip.registers.wing import bp, today, where
from portal.policy import of_agency, require
from portal.web.figures import day
from portal.web.forms import Form, typed
from portal.web.i18n import gettext as _


@bp.get("/informasi")
def information() -> str:
    """The manual rows of one's reach; what is overdue stands out."""
    rows = entries.entries(context.session(), where("information.write"))
    lines = [
        (row, spoken.information_class(row.information_class), day(row.next_due) if row.next_due else "", _late(row))
        for row in rows
    ]
    return render_template("kip_records/information.html", lines=lines)


@bp.get("/informasi/baru")
def new_entry() -> str:
    """The page to add a row; `dataset` names one of the catalogue to say more of."""
    where("information.write")
    given = {"information_class": "berkala", "medium": "soft", "dataset": request.args.get("dataset", "")}
    return _page(None, Form(given))[0]


@bp.post("/informasi/baru")
def add_entry() -> Response | tuple[str, int]:
    """Add a row."""
    where("information.write")
    return _kept(None)


@bp.get("/informasi/<int:number>")
def entry(number: int) -> str:
    """The page to change a row."""
    return _page(number, Form(entries.values_of(context.session(), _row(number))))[0]


@bp.post("/informasi/<int:number>")
def change_entry(number: int) -> Response | tuple[str, int]:
    """Change a row."""
    _row(number)
    return _kept(number)


@bp.post("/informasi/<int:number>/hapus")
def remove_entry(number: int) -> Response:
    """Take a row out."""
    _row(number)
    with context.installation().database.write() as session:
        entries.remove(session, number, actor=guard.current(), at=now())
    return redirect(url_for("kip_records.information"), 303)


def _row(number: int) -> KipInformation:
    """The row, for who may write those of its agency. Raises `NotFound`, `NotAllowed`."""
    where("information.write")
    row = entries.get(context.session(), number)
    require(guard.current(), "information.write", of_agency(row.organization_id))
    return row


def _kept(number: int | None) -> Response | tuple[str, int]:
    reach, values = where("information.write"), typed(request.form, *entries.LIMITS)
    if errors := entries.wrong(context.session(), values, reach, number):
        return _page(number, Form(values, errors))
    with context.installation().database.write() as session:
        entries.keep(session, number, values, actor=guard.current(), at=now())
    return redirect(url_for("kip_records.information"), 303)


def _page(number: int | None, form: Form) -> tuple[str, int]:
    reach, session = where("information.write"), context.session()
    agencies = session.execute(select(Organization.id, Organization.title).order_by(Organization.title)).all()
    choices = [(str(key), title) for key, title in agencies if reach.covers(key)]
    page = render_template(
        "kip_records/entry.html",
        number=number,
        form=form,
        classes=[(name, spoken.information_class(name)) for name in CLASSES],
        mediums=list(MEDIUMS.items()),
        agencies=[("", _("the PPID itself")), *choices] if reach.everywhere else choices,
    )
    return page, form.status


def _late(row: entries.Entry) -> bool:
    return row.next_due is not None and row.next_due < today()
