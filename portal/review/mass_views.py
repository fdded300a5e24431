"""Decisions on many: chosen in a list, seen before they are made, followed while they are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from datasets import mass
from datasets.clock import now
from datasets.mass import MOST
from datasets.models import Dataset, DeskDraft, MassWork, StepState
from metadata import frequencies, licenses, themes
from metadata.errors import BadInput, NotFound
from portal import context
from portal.accounts import guard
from portal.policy import of_agency, require
from portal.review import mass_actions
from portal.review.present_queue import said
from portal.review.wing import bp, decided, may_everywhere, ticked
from portal.web import figures
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A work in the list of the last ones."""

    url: str
    words: str
    when: str
    state: str
    kind: str


@bp.post("/massal/pratinjau")
def preview() -> tuple[str, int]:
    """What the decision would make of each thing that was ticked."""
    action, ids = _chosen()
    params = mass_actions.checked(action, _given())
    if not ids:
        return _preview(action, params, ids, Form({}, {"subject": _("Tick at least one in the list first.")}))
    tried = "text" in request.form or "license" in request.form or "frequency" in request.form or "step" in request.form
    errors = {} if params is not None or not tried else {"params": _("This is still lacking.")}
    return _preview(action, params, ids, Form(dict(request.form), errors))


@bp.post("/massal")
def begin() -> Response | tuple[str, int]:
    """Have it done, as it was shown."""
    action, ids = _chosen()
    params = mass_actions.checked(action, _given())
    if params is None or not ids:
        return _preview(action, params, ids, Form(dict(request.form), {"params": _("This is still lacking.")}))
    actor, at = guard.current(), now()
    outlook = mass_actions.outlook(context.session(), action, params, ids, current_language())
    if not outlook.steps:
        return _preview(action, params, ids, Form({}, {"subject": _("None of them would be changed.")}))
    made: list[int] = []

    def ask(session: Any) -> None:
        work = mass.ask(session, action, params, outlook.steps, by=actor.label, user_id=actor.user_id, at=at)
        made.append(work.id)

    if wrong := decided(ask):
        return _preview(action, params, ids, Form({}, {"subject": wrong}))
    return redirect(url_for("review.work", number=made[0]), 303)


@bp.get("/massal/<int:number>")
def work(number: int) -> str:
    """How far a work is, step by step; the page loads itself anew while something of it waits."""
    return render_template("review/work.html", **_work(_allowed(number)))


@bp.post("/massal/<int:number>/berhenti")
def stop_work(number: int) -> Response:
    """Leave undone what still waits of it."""
    _allowed(number)
    decided(lambda session: mass.stop(session, number, at=now()))
    return redirect(url_for("review.work", number=number), 303)


@bp.post("/massal/<int:number>/lanjutkan")
def go_on(number: int) -> Response:
    """Do what was left undone."""
    _allowed(number)
    decided(lambda session: mass.go_on(session, number))
    return redirect(url_for("review.work", number=number), 303)


def work_lines() -> list[WorkLine]:
    """The works asked for last."""
    session = context.session()
    found = []
    for one in mass.latest(session, most=5):
        progress = mass.progress(session, one.id)
        words, kind = _state(one, progress.counts)
        told = f"{figures.number(progress.gone)}/{figures.number(progress.whole)}"
        found.append(
            WorkLine(url_for("review.work", number=one.id), f"{action_words(one.action)} ({told})",
                     figures.minute(one.asked_at), words, kind)
        )  # fmt: skip
    return found


def action_words(action: str) -> str:
    """What an action is called."""
    return {
        "approve": _("Approve and publish"),
        "return": _("Return to the stewards"),
        "withdraw": _("Withdraw"),
        "restore": _("Take the withdrawal back"),
        "license": _("Set the licence"),
        "frequency": _("Set the update frequency"),
        "theme": _("Set the themes"),
    }.get(action, action)


def _chosen() -> tuple[str, list[int]]:
    """The action and the things, all of which who is here may do it to."""
    require(guard.current(), "draft.review", of_agency(None))
    action, ids = request.form.get("action", ""), ticked()[:MOST]
    right = mass_actions.RIGHTS.get(action)
    if right is None:
        raise BadInput(reason="action")
    record = DeskDraft if action in mass_actions.ON_DRAFTS else Dataset
    owners: set[int | None] = set(context.session().scalars(select(record.organization_id).where(record.id.in_(ids))))
    for owner in owners or {None}:
        require(guard.current(), right, of_agency(owner))
    return action, ids


def _given() -> dict[str, Any]:
    return dict(request.form) | {"themes": request.form.getlist("themes")}


def _allowed(number: int) -> MassWork:
    require(guard.current(), "draft.review", of_agency(None))
    found = mass.get_work(context.session(), number)
    if not may_everywhere(mass_actions.RIGHTS.get(found.action, "dataset.publish")):
        raise NotFound(what=f"massal {number}")
    return found


def _preview(action: str, params: Mapping[str, Any] | None, ids: Sequence[int], form: Form) -> tuple[str, int]:
    language = current_language()
    outlook = None
    if params is not None and ids:
        outlook = mass_actions.outlook(context.session(), action, params, ids, language)
    page = render_template(
        "review/preview.html",
        action=action,
        words=action_words(action),
        form=form,
        ids=ids,
        outlook=outlook,
        chosen=request.form.getlist("themes"),
        licenses=[(one.id, one.title.say(language)) for one in licenses.every() if one.id != licenses.NOT_STATED],
        frequencies=[(one.slug, one.title.say(language)) for one in frequencies.every()],
        themes=[(one.slug, one.title.say(language)) for one in themes.every()],
        back=url_for("review.queue" if action in mass_actions.ON_DRAFTS else "review.datasets"),
    )
    return page, form.status


def _work(one: MassWork) -> dict[str, Any]:
    session, language = context.session(), current_language()
    progress = mass.progress(session, one.id)
    named = {
        StepState.WAITING: (_("waits"), "river"),
        StepState.DONE: (_("done"), "good"),
        StepState.SKIPPED: (_("nothing to do"), "teak"),
        StepState.FAILED: (_("could not be done"), "bad"),
    }
    endpoint = "review.draft" if one.action in mass_actions.ON_DRAFTS else "review.dataset"
    return {
        "number": one.id,
        "words": action_words(one.action),
        "param": one.params.get("text") or _param(one, language),
        "asked": _("%(when)s by %(who)s", when=figures.minute(one.asked_at), who=one.asked_by),
        "state": _state(one, progress.counts),
        "gone": progress.gone,
        "whole": progress.whole,
        "told": [
            (figures.number(progress.counts[state]), named[state]) for state in StepState if progress.counts.get(state)
        ],
        "steps": [
            (step.title, url_for(endpoint, number=step.subject), step.before, step.after, named[step.state],
             said(step.said) if step.said else "")
            for step in mass.steps(session, one.id)
        ],
        "going": one.over_at is None,
        "left": bool(progress.counts.get(StepState.WAITING)),
    }  # fmt: skip


def _param(one: MassWork, language: str) -> str:
    return mass_actions.ruled_in_words(one.action, one.params, language) if one.params else ""


def _state(one: MassWork, counts: Mapping[StepState, int]) -> tuple[str, str]:
    if one.stopped:
        return _("Stopped"), "warn"
    if one.over_at is None:
        return _("At work"), "river"
    return (_("Done, with failures"), "warn") if counts.get(StepState.FAILED) else (_("Done"), "good")
