"""The last look at a draft, made by the whole way of publication, and its submission to the reviewer."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets import drafts
from datasets.clock import now
from datasets.models import DeskDraft
from metadata.errors import LumbungError
from portal import context
from portal.accounts import audit, guard
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.workbench import checking, present_check
from portal.workbench.steps import word_of_state
from portal.workbench.wing import bp, draft_here, head, revision_seen


@bp.get("/draf/<int:number>/periksa")
def check(number: int) -> str:
    """What would be published: checked, compared with the last version."""
    return _page(draft_here(number, whole=True), Form())[0]


@bp.post("/draf/<int:number>/periksa")
def submit(number: int) -> Response | tuple[str, int]:
    """Hand it to the reviewer."""
    draft = draft_here(number, "draft.write", whole=True)
    if not request.form.get("sure"):
        return _page(draft, Form({}, {"sure": _("Confirm that the data may be published.")}))
    actor, at = guard.current(), now()
    try:
        revision = revision_seen()
        with context.installation().database.write() as session:
            drafts.submit(session, number, revision=revision, actor=actor.label, at=at)
            audit.record(session, actor, "draft.submit", f"draft:{number}", at=at, after={"title": draft.title})
    except LumbungError as error:
        return _page(draft, Form({}, {"sure": error.say(current_language())}))
    return redirect(url_for("workbench.draft", number=number), 303)


def _page(draft: DeskDraft, form: Form) -> tuple[str, int]:
    said, going = "", False
    if draft.prepared is None and draft.state in drafts.EDITABLE:
        draft, said = _checked(draft)
        going = draft.prepared is None and not said
    prepared = drafts.prepared_of(draft)
    page = render_template(
        "workbench/check.html",
        head=head(draft),
        form=form,
        said=said,
        going=going,
        check=present_check.check(prepared, draft.reasons) if prepared else None,
        state=word_of_state(draft.state)[0],
        titled=bool(draft.title),
    )
    return page, form.status


def _checked(draft: DeskDraft) -> tuple[DeskDraft, str]:
    """The draft with what would be published of it; or in words why nothing can be; neither while the worker looks."""
    here = context.installation()
    if not draft.title:
        return draft, _("The dataset has no title yet. Give it one under Description.")
    if checking.is_large(draft):
        told = checking.refusal(draft) or checking.ask_worker(here, draft)
        return draft, told.say(current_language()) if told else ""
    try:
        checking.look(here, draft)
    except LumbungError as error:
        return draft, error.say(current_language())
    with here.database.read() as session:  # the page's own session is from before
        fresh = drafts.get_draft(session, draft.id, whole=True)
        session.expunge(fresh)
    return fresh, ""
