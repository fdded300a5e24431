"""The decisions that can be made on many at once: what each would do to each thing, told before and then done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from datasets.draft_faults import SeenOtherwise
from datasets.drafts import Comment, get_draft, prepared_of
from datasets.installation import Installation
from datasets.mass import Step
from datasets.models import Dataset, DeskDraft, DeskState, MassStep, MassWork, StepState, Visibility
from datasets.rulings import Ruling
from harvesters import redescribing
from metadata import frequencies, licenses, themes
from metadata.errors import BadInput
from metadata.notices import Notice, declare
from portal.accounts import audit
from portal.policy import Action, Actor
from portal.review import deciding
from portal.web.i18n import gettext as _

SAME = declare("mass.same", id="Sudah begitu; tidak ada yang diubah.", en="It is so already; nothing was changed.")
RIGHTS: dict[str, Action] = {
    "approve": "dataset.publish",
    "return": "draft.review",
    "withdraw": "dataset.withdraw",
    "restore": "dataset.withdraw",
    "license": "dataset.publish",
    "frequency": "dataset.publish",
    "theme": "dataset.publish",
}
"""What each action needs the right to."""
ON_DRAFTS = frozenset({"approve", "return"})
DEFAULT_LANGUAGE = "id"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was chosen and is left out, and why in words."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a decision would do, and what it leaves out."""

    steps: tuple[Step, ...]
    left: tuple[Left, ...]


def checked(action: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the action needs to know, from a form; None while something of it is lacking. Raises `BadInput`."""
    if action not in RIGHTS:
        raise BadInput(reason=f"action {action[:40]}")
    if action in ("approve", "restore"):
        return {}
    if action in ("return", "withdraw"):
        text = str(given.get("text", "")).strip()[:2000]
        return {"text": text} if text else None
    if action == "license":
        licence = str(given.get("license", ""))
        known = {one.id for one in licenses.every()} - {licenses.NOT_STATED}
        return {"license": licence} if licence in known else None
    if action == "frequency":
        rhythm = frequencies.match(str(given.get("frequency", "")))
        return {"frequency": rhythm.slug} if rhythm else None
    slugs = [slug for slug in given.get("themes", ()) if themes.get(slug)]
    return {"themes": slugs} if slugs else None


def outlook(session: Session, action: str, params: Mapping[str, Any], ids: Sequence[int], language: str) -> Outlook:
    """What it would do to these, in the order given."""
    if action in ON_DRAFTS:
        return _of_drafts(session, action, ids)
    return _of_datasets(session, action, params, ids, language)


def do(
    here: Installation, work: MassWork, step: MassStep, *, actor: Actor, at: datetime
) -> tuple[StepState, Notice | None]:
    """Do one step in a transaction of its own; what it raises keeps the step from being done."""
    root = here.settings.site_url.rstrip("/")
    number, params = step.subject, work.params
    if work.action in ("license", "frequency", "theme"):
        return _rule(here, work, step, actor=actor, at=at)
    with here.database.write() as session:
        if work.action == "approve":
            draft = get_draft(session, number)
            if draft.submitted_at is None or draft.submitted_at > work.asked_at:
                raise SeenOtherwise(by=draft.updated_by)
            deciding.approve(session, number, actor=actor, root=root, at=at, revision=draft.revision)
        elif work.action == "return":
            comments = [Comment("", params["text"])]
            deciding.return_(session, number, comments=comments, actor=actor, root=root, at=at)
        elif work.action == "withdraw":
            deciding.withdraw(session, number, params["text"], actor=actor, root=root, at=at)
        else:
            deciding.restore(session, number, actor=actor, at=at)
        _done(session, step, at)
    return StepState.DONE, None


def _rule(
    here: Installation, work: MassWork, step: MassStep, *, actor: Actor, at: datetime
) -> tuple[StepState, Notice | None]:
    params = work.params
    slugs = params.get("themes")
    ruling = Ruling(params.get("license"), params.get("frequency"), None if slugs is None else tuple(slugs))
    change = ruled_in_words(work.action, params, DEFAULT_LANGUAGE)
    ready = redescribing.prepare(here, step.subject, ruling, change=f"Keterangan diubah walidata: {change}.", at=at)
    with here.database.write() as session:
        published = redescribing.settle(session, ready, by=actor.label, at=at)
        if not published.created:
            return StepState.SKIPPED, Notice(SAME)
        _done(session, step, at)
        after = {"version": published.version.number} | ruling.said()
        audit.record(session, actor, "dataset.rule", f"dataset:{step.subject}", at=at, after=after)
    return StepState.DONE, None


def _done(session: Session, step: MassStep, at: datetime) -> None:
    """In the very transaction of the deed, so that no kill lets it be done twice."""
    row = session.get_one(MassStep, step.id)
    row.state, row.at, row.said = StepState.DONE, at, None
    session.flush()


def ruled_in_words(action: str, params: Mapping[str, Any], language: str) -> str:
    """A licence, rhythm or themes in words."""
    if action == "license":
        return licenses.get(params["license"]).title.say(language)
    if action == "frequency":
        rhythm = frequencies.match(params["frequency"])
        return rhythm.title.say(language) if rhythm else params["frequency"]
    found = (themes.get(slug) for slug in params["themes"])
    return ", ".join(one.title.say(language) for one in found if one)


def _of_drafts(session: Session, action: str, ids: Sequence[int]) -> Outlook:
    rows = session.scalars(select(DeskDraft).where(DeskDraft.id.in_(ids)).options(undefer(DeskDraft.prepared)))
    known = {one.id: one for one in rows}
    steps, left = [], []
    for number in ids:
        draft = known.get(number)
        if draft is None or draft.state is not DeskState.SUBMITTED:
            left.append(Left(draft.title if draft else str(number), _("it does not wait for a reviewer")))
            continue
        prepared = prepared_of(draft) if action == "approve" else None
        if action == "approve" and (prepared is None or prepared.place.withdrawn):
            left.append(Left(draft.title, _("its dataset was withdrawn")))
            continue
        if action == "approve" and draft.reasons:
            left.append(Left(draft.title, _("the gates have doubts: decide on it on its own page")))
            continue
        becomes = _("Returned to its steward")
        if prepared is not None:
            becomes = _("Published, version %(number)s", number=prepared.place.number)
        steps.append(Step(number, draft.title, _("Submitted"), becomes))
    return Outlook(tuple(steps), tuple(left))


def _of_datasets(
    session: Session, action: str, params: Mapping[str, Any], ids: Sequence[int], language: str
) -> Outlook:
    rows = session.scalars(select(Dataset).where(Dataset.id.in_(ids)).options(selectinload(Dataset.themes)))
    known = {one.id: one for one in rows}
    wanted = Visibility.WITHDRAWN if action == "restore" else Visibility.PUBLISHED
    steps, left = [], []
    for number in ids:
        dataset = known.get(number)
        if dataset is None or dataset.visibility is not wanted:
            why = _("it was not withdrawn") if action == "restore" else _("it is not public")
            left.append(Left(dataset.title if dataset else str(number), why))
            continue
        before, after = _becomes(dataset, action, params, language)
        if before == after:
            left.append(Left(dataset.title, _("it is so already")))
            continue
        steps.append(Step(number, dataset.title, before, after))
    return Outlook(tuple(steps), tuple(left))


def _becomes(dataset: Dataset, action: str, params: Mapping[str, Any], language: str) -> tuple[str, str]:
    if action == "withdraw":
        return _("Published"), _("Withdrawn, with the reason")
    if action == "restore":
        return _("Withdrawn"), _("Published")
    if action == "license":
        return licenses.get(dataset.license_id).title.say(language), ruled_in_words(action, params, language)
    if action == "frequency":
        rhythm = frequencies.match(dataset.frequency)
        return rhythm.title.say(language) if rhythm else "–", ruled_in_words(action, params, language)
    here = {"themes": sorted(theme.slug for theme in dataset.themes)}
    there = {"themes": sorted(params["themes"])}
    return ruled_in_words("theme", here, language) or "–", ruled_in_words("theme", there, language)
