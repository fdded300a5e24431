"""What a draft says of itself: saved by hand or by itself, and put together when two people write at once."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Response as Answer
from flask import jsonify, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from datasets import drafts
from datasets.clock import now
from datasets.draft_faults import EditedMeanwhile, WrongState
from datasets.models import DeskDraft
from metadata.about import About
from metadata.errors import LumbungError
from portal import context
from portal.accounts import audit, guard
from portal.web.figures import minute
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.workbench import about_form, suggesting
from portal.workbench.about_form import LONGEST, Merged
from portal.workbench.wing import bp, draft_here, head, revision_seen


@bp.get("/draf/<int:number>/keterangan")
def about(number: int) -> str:
    """The form of the description, with help and what similar datasets say."""
    draft = draft_here(number, whole=True)
    return _page(draft, Form(_stored(draft)))[0]


@bp.post("/draf/<int:number>/keterangan")
def save_about(number: int) -> Response | Answer | tuple[str, int]:
    """Save the description; of two people at once neither loses a word. A script that saves by itself asks for JSON."""
    draft = draft_here(number, "draft.write", whole=True)
    by_itself = request.accept_mimetypes.best == "application/json"
    values, revision = _typed(_columns(draft)), revision_seen()
    if taken := request.form.get("use", ""):
        name, _sign, text = taken.partition("=")
        if name in suggesting.FIELDS:
            values[name] = text[:LONGEST]
    errors = about_form.mistakes(values)
    if errors and not by_itself and not taken:
        return _page(draft, Form(values, errors))
    try:
        saved, merged = _save(number, values, revision)
    except WrongState as error:
        return _answer(error) if by_itself else _gone(number)
    if by_itself:
        return _clash_told(saved, merged) if merged.clashes else _saved_told(saved, merged)
    if merged.clashes or (merged.theirs and not taken):
        return _page(saved, Form(merged.values), merged=merged)
    if taken:
        return redirect(url_for("workbench.about", number=number, _anchor=taken.partition("=")[0]), 303)
    on = "workbench.check" if request.form.get("go") == "on" and saved.files else "workbench.draft"
    return redirect(url_for(on, number=number), 303)


def _save(number: int, values: dict[str, str], revision: int) -> tuple[DeskDraft, Merged]:
    """Write it over the revision that was seen; when another was written since, put the two together first.

    Where both changed the same field nothing is written, and the draft is the other's.
    """
    actor, at = guard.current(), now()
    with context.installation().database.write() as session:
        session.execute(select(DeskDraft.id).where(DeskDraft.id == number).with_for_update())  # nobody saves in between
        draft = drafts.get_draft(session, number, whole=True)
        before = _stored(draft)
        merged = Merged(values)
        if draft.revision != revision:
            merged = about_form.merged(_was(), values, before)
            if merged.clashes:
                session.expunge(draft)
                return draft, merged
        if merged.values == before:
            session.expunge(draft)
            return draft, merged
        about = about_form.about_of(merged.values, About.model_validate(draft.about))
        draft = drafts.save(
            session, number, revision=draft.revision, actor=actor.label, at=at,
            about=about.model_dump(mode="json", exclude_defaults=True),
            title=merged.values["title"], change=merged.values["change"],
        )  # fmt: skip
        changed = {name: text[:200] for name, text in merged.values.items() if before.get(name, "") != text}
        was = {name: before.get(name, "")[:200] for name in changed}
        audit.record(session, actor, "draft.about", f"draft:{number}", at=at, before=was, after=changed)
        session.refresh(draft, ["seen"])
        session.expunge(draft)
    return draft, merged


def _typed(columns: Mapping[str, str]) -> dict[str, str]:
    """Every field of the form, the ticked themes as one text; what the form lacks is empty."""
    form = request.form
    names = [one.name for group in about_form.groups() for one in group.fields if one.kind != "ticks"]
    names += ["change", *(f"column.{name}" for name in columns)]
    values = {name: form.get(name, "").replace("\r\n", "\n").strip()[:LONGEST] for name in names}
    return values | {"themes": " ".join(sorted(set(form.getlist("themes"))))[:LONGEST]}


def _stored(draft: DeskDraft) -> dict[str, str]:
    said = about_form.values_of(About.model_validate(draft.about), title=draft.title, change=draft.change)
    said["themes"] = " ".join(sorted(said["themes"].split()))
    return {f"column.{name}": "" for name in _columns(draft)} | said


def _was() -> dict[str, str]:
    """What the page showed when it was opened, as the form brings it back."""
    try:
        told = json.loads(request.form.get("was", "{}"))
    except ValueError:
        return {}
    return {str(name): str(text) for name, text in told.items()} if isinstance(told, dict) else {}


def _columns(draft: DeskDraft) -> dict[str, str]:
    seen = draft.seen or {"tables": []}
    return {column["name"]: column["title"] for table in seen["tables"] for column in table["columns"]}


def _theirs(merged: Merged) -> str:
    if not merged.theirs:
        return ""
    fields = ", ".join(suggesting.label_of(name) for name in merged.theirs)
    return _("Somebody else changed at the same time: %(fields)s. Both were kept.", fields=fields)


def _saved_told(draft: DeskDraft, merged: Merged) -> Answer:
    told = _("Saved at %(when)s", when=minute(draft.updated_at))
    return jsonify(revision=draft.revision, was=_stored(draft), said=told, theirs=_theirs(merged))


def _clash_told(draft: DeskDraft, merged: Merged) -> Answer:
    fields = ", ".join(suggesting.label_of(name) for name in merged.clashes)
    told = EditedMeanwhile(by=draft.updated_by)
    answer = jsonify(said=_("%(who)s changed the same: %(fields)s. Press Save to compare.", who=draft.updated_by,
                            fields=fields))  # fmt: skip
    answer.status_code = told.status
    return answer


def _answer(error: LumbungError) -> Answer:
    answer = jsonify(said=error.say(current_language()))
    answer.status_code = error.status
    return answer


def _gone(number: int) -> Response:
    return redirect(url_for("workbench.draft", number=number), 303)


def _page(draft: DeskDraft, form: Form, *, merged: Merged | None = None) -> tuple[str, int]:
    stored = _stored(draft)
    clashes = merged.clashes if merged else {}
    comments = {comment["field"]: comment["text"] for comment in draft.comments if comment["field"]}
    page = render_template(
        "workbench/about.html",
        head=head(draft),
        form=form,
        groups=about_form.groups(),
        columns=_columns(draft),
        was=json.dumps(stored, ensure_ascii=False),
        suggestions=suggesting.suggestions(draft, dict(form.values)) if not form.errors else {},
        clashes=clashes,
        theirs=_theirs(merged) if merged and not clashes else "",
        by=draft.updated_by,
        comments=comments,
        said_of_columns=any(field.startswith("column.") for field in comments),
        change_label=_("What is new"),
    )
    return page, 409 if clashes else form.status
