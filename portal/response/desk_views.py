"""The workbench's desk for readers: reports to answer, comments to read before others may."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from datasets.clock import now
from datasets.keys import opened
from datasets.models import Organization, ReportState
from datasets.response import ratings, reports
from metadata.errors import LumbungError
from portal import context
from portal.accounts import audit, guard
from portal.policy import PORTAL, NotAllowed, of_agency, reach, require
from portal.response import letters
from portal.response.present import comment_line, report_line
from portal.response.report_views import CONTACT
from portal.web import figures
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.web.links import canonical_url

bp = guard.private(Blueprint("response_desk", __name__, url_prefix="/kerja"))


@bp.get("/tanggapan")
def desk() -> str:
    """What readers sent and nobody has dealt with yet, and the last answers."""
    agencies = _reached()
    session = context.session()
    names = {number: title for number, title in session.execute(select(Organization.id, Organization.title))}  # noqa: C416
    open_ = [report_line(*pair, names) for pair in reports.listed(session, agencies, ReportState.OPEN)]
    over = [report_line(*pair, names) for pair in reports.listed(session, agencies, ReportState.ANSWERED, limit=10)]
    comments = [comment_line(*pair, names) for pair in ratings.waiting(session, agencies)]
    return render_template("response/desk.html", open=open_, over=over, comments=comments)


@bp.get("/laporan/<int:number>")
def one_report(number: int) -> str:
    """One report, and the form to answer it."""
    report, _dataset = reports.find(context.session(), number)
    return _page(number, Form({"summary": report.summary or report.text, "answer": report.answer}))[0]


@bp.post("/laporan/<int:number>")
def decide_report(number: int) -> Response | tuple[str, int]:
    """Answer it in public, or put it aside."""
    values = {name: request.form.get(name, "").strip()[: reports.LONGEST] for name in ("summary", "answer")}
    aside = request.form.get("verb") == "refuse"
    _page(number, Form())  # who may not see it may not decide
    if not aside and not values["answer"]:
        return _page(number, Form(values, {"answer": _("Write the answer that readers will see.")}))
    if not aside and not values["summary"]:
        return _page(number, Form(values, {"summary": _("Say what was reported, as readers will see it.")}))
    actor, at = guard.current(), now()
    try:
        with context.installation().database.write() as session:
            report, dataset = reports.find(session, number, to_write=True)
            if aside:
                reports.refuse(session, report, actor=actor.label, at=at)
            else:
                said = values["summary"], values["answer"]
                sealed = reports.answer(session, report, summary=said[0], words=said[1], actor=actor.label, at=at)
                address = opened(guard.key(), CONTACT, sealed) if sealed else None
                if address is not None:
                    link = canonical_url("catalog.dataset", slug=dataset.slug, _anchor="tanggapan")
                    letters.tell_reporter(session, report, dataset, address, link=link, at=at)
            verb = "report.refuse" if aside else "report.answer"
            audit.record(session, actor, verb, f"report:{number}", at=at, after={"dataset": dataset.slug})
    except LumbungError as error:
        return _page(number, Form(values, {"answer": error.say(current_language())}), status=error.status)
    return redirect(url_for("response_desk.desk"), 303)


@bp.post("/tanggapan/<int:number>")
def decide_comment(number: int) -> Response:
    """Show a comment to the public, or not."""
    actor, at = guard.current(), now()
    show = request.form.get("verb") == "show"
    with context.installation().database.write() as session:
        response, dataset = ratings.find(session, number)
        require(actor, "report.answer", of_agency(dataset.organization_id))
        words = "\n".join(request.form.get("words", "").splitlines())
        if ratings.decide(session, response, show=show, words=words, actor=actor.label):
            verb = "comment.show" if show else "comment.refuse"
            audit.record(session, actor, verb, f"comment:{number}", at=at, after={"dataset": dataset.slug})
    return redirect(url_for("response_desk.desk", _anchor="komentar"), 303)


def _reached() -> Collection[int] | None:
    """The agencies whose readers are in one's care; None for all. Raises `NotAllowed`."""
    actor = guard.current()
    require(actor, "desk.enter", PORTAL)
    reached = reach(actor, "report.answer")
    if not reached:
        raise NotAllowed()
    return None if reached.everywhere else reached.agencies


def _page(number: int, form: Form, *, status: int | None = None) -> tuple[str, int]:
    report, dataset = reports.find(context.session(), number)
    require(guard.current(), "report.answer", of_agency(dataset.organization_id))
    page = render_template(
        "response/report_answer.html",
        report=report,
        dataset=dataset,
        form=form,
        open=report.state is ReportState.OPEN,
        moment=figures.minute(report.created_at),
        mailed=report.contact is not None,
    )
    return page, status or form.status
