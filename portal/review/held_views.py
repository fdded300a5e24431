"""One screen for each held harvest: publish it after all, or turn it down with a reason."""

from __future__ import annotations

from flask import Response as Answer
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets import held as holding
from datasets.clock import now
from datasets.models import Dataset, Held, HeldState, Organization, Source
from portal import context
from portal.accounts import guard
from portal.policy import Action, can, of_agency, require
from portal.review import deciding
from portal.review.packages import descriptor, table
from portal.review.present_decision import of_held
from portal.review.wing import LONGEST, bp, decided
from portal.web.forms import Form
from portal.web.i18n import gettext as _


@bp.get("/ditahan/<int:number>")
def held(number: int) -> str:
    """What was held, why, and what would change."""
    return _page(_held(number), Form())[0]


@bp.post("/ditahan/<int:number>/terima")
def accept_held(number: int) -> Response | tuple[str, int]:
    """Publish it as it was harvested."""
    found, actor, at = _held(number, "held.decide"), guard.current(), now()
    remark = request.form.get("remark", "").strip()[:LONGEST]
    wrong = decided(lambda session: deciding.accept(session, number, remark=remark, actor=actor, at=at))
    return _done(found, wrong)


@bp.post("/ditahan/<int:number>/tolak")
def reject_held(number: int) -> Response | tuple[str, int]:
    """Turn it down; the published version stays."""
    found, actor, at = _held(number, "held.decide"), guard.current(), now()
    remark = request.form.get("remark", "").strip()[:LONGEST]
    if not remark:
        return _page(found, Form({}, {"remark": _("Say what is wrong, for the office that keeps the data.")}))
    wrong = decided(lambda session: deciding.turn_down(session, number, remark=remark, actor=actor, at=at))
    return _done(found, wrong)


@bp.get("/ditahan/<int:number>/paket")
def held_package(number: int) -> Answer:
    """The descriptor that accepting would publish. Raises `NotFound`."""
    return descriptor(holding.draft_of(_held(number)))


@bp.get("/ditahan/<int:number>/tabel/<name>")
def held_table(number: int, name: str) -> Answer:
    """A table of it as CSV, or the file. Raises `NotFound`."""
    return table(holding.draft_of(_held(number)), name)


def _held(number: int, action: Action = "held.see") -> Held:
    found = holding.get_held(context.session(), number)
    require(guard.current(), action, of_agency(_owner(found)))
    return found


def _owner(found: Held) -> int | None:
    session = context.session()
    dataset = session.get(Dataset, found.dataset_id) if found.dataset_id else None
    source = session.get(Source, found.source_id) if found.source_id else None
    return dataset.organization_id if dataset else source.organization_id if source else None


def _done(found: Held, wrong: str) -> Response | tuple[str, int]:
    if wrong:
        return _page(_held(found.id), Form(dict(request.form), {"remark": wrong}))
    return redirect(url_for("review.held", number=found.id), 303)


def _page(found: Held, form: Form) -> tuple[str, int]:
    owner = _owner(found)
    agency = context.session().get(Organization, owner) if owner else None
    prepared = holding.draft_of(found)
    page = render_template(
        "review/held.html",
        page=of_held(found, prepared, agency.title if agency else "", remark=form.value("remark")),
        form=form,
        waiting=found.state is HeldState.WAITING,
        acceptable=prepared is not None,
        decides=can(guard.current(), "held.decide", of_agency(owner)),
    )
    return page, form.status
