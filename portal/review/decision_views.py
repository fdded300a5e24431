"""One screen for each decision on a draft: publish it now or at an hour, give it back, take the hour back."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Response as Answer
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets import drafts
from datasets.clock import now
from datasets.draft import Draft
from datasets.drafts import Comment
from datasets.models import DeskDraft, DeskState
from portal import context
from portal.accounts import guard
from portal.policy import of_agency, require
from portal.review import deciding
from portal.review.packages import descriptor, table
from portal.review.present_decision import of_draft
from portal.review.wing import LONGEST, bp, decided, local_moment
from portal.web.forms import Form
from portal.web.i18n import gettext as _
from portal.web.links import site_root

FURTHEST = timedelta(days=730)
_DECIDABLE = frozenset({DeskState.SUBMITTED, DeskState.APPROVED})


@bp.get("/tinjau/<int:number>")
def draft(number: int) -> str:
    """The whole of a draft, for who decides on it."""
    return _page(_draft(number), Form())[0]


@bp.post("/tinjau/<int:number>/setujui")
def approve(number: int) -> Response | tuple[str, int]:
    """Publish it, now or at the hour that was chosen."""
    found, actor, at, due = _draft(number), guard.current(), now(), None
    if request.form.get("when") == "later":
        due = local_moment(request.form.get("due", ""))
        if wrong := _wrong_hour(due, at):
            return _page(found, Form(dict(request.form), {"due": wrong}))
    root, revision = site_root(), request.form.get("revision", type=int)
    wrong = decided(
        lambda session: deciding.approve(session, number, actor=actor, root=root, at=at, due=due, revision=revision)
    )
    if wrong:
        return _page(_draft(number), Form(dict(request.form), {"when": wrong}))
    return redirect(url_for("review.draft", number=number), 303)


@bp.post("/tinjau/<int:number>/kembalikan")
def return_draft(number: int) -> Response | tuple[str, int]:
    """Give it back with comments on the whole, on fields, on columns."""
    found, actor, at, root = _draft(number), guard.current(), now(), site_root()
    comments = [
        Comment(name.removeprefix("comment").removeprefix("."), text.strip()[:LONGEST])
        for name, text in request.form.items()
        if name.startswith("comment") and text.strip()
    ]
    if not comments:
        return _page(found, Form({}, {"comment": _("Write what is to be mended, on the whole or at a field.")}))
    wrong = decided(lambda session: deciding.return_(session, number, comments=comments, actor=actor, root=root, at=at))
    if wrong:
        return _page(_draft(number), Form(dict(request.form), {"comment": wrong}))
    return redirect(url_for("review.draft", number=number), 303)


@bp.post("/tinjau/<int:number>/batal-jadwal")
def unschedule(number: int) -> Response | tuple[str, int]:
    """Take the hour of publication back."""
    _draft(number)
    actor, at, root = guard.current(), now(), site_root()
    wrong = decided(lambda session: deciding.unschedule(session, number, actor=actor, root=root, at=at))
    if wrong:
        return _page(_draft(number), Form({}, {"when": wrong}))
    return redirect(url_for("review.draft", number=number), 303)


@bp.get("/tinjau/<int:number>/paket")
def draft_package(number: int) -> Answer:
    """The descriptor that would be published. Raises `NotFound`."""
    return descriptor(_prepared(_draft(number)))


@bp.get("/tinjau/<int:number>/tabel/<name>")
def draft_table(number: int, name: str) -> Answer:
    """A table of it as CSV, or the file. Raises `NotFound`."""
    return table(_prepared(_draft(number)), name)


def _draft(number: int) -> DeskDraft:
    found = drafts.get_draft(context.session(), number, whole=True)
    require(guard.current(), "draft.review", of_agency(found.organization_id))
    return found


def _prepared(found: DeskDraft) -> Draft | None:
    return drafts.prepared_of(found)


def _wrong_hour(due: datetime | None, at: datetime) -> str:
    if due is None:
        return _("Choose the day and the hour at which it is to be published.")
    if due <= at:
        return _("This hour has passed. Choose a later one, or publish now.")
    if due > at + FURTHEST:
        return _("Choose an hour within the next two years.")
    return ""


def _page(found: DeskDraft, form: Form) -> tuple[str, int]:
    comments = {one["field"]: one["text"] for one in found.comments} if found.state is DeskState.RETURNED else {}
    comments |= {
        name.removeprefix("comment").removeprefix("."): text
        for name, text in form.values.items()
        if name.startswith("comment")
    }
    page = render_template(
        "review/draft.html",
        page=of_draft(found, drafts.prepared_of(found), comments=comments),
        form=form,
        revision=found.revision,
        open=found.state in _DECIDABLE,
        scheduled=found.state is DeskState.APPROVED,
    )
    return page, form.status
