"""A steward's drafts: the list, a new one, the steps of one, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from datasets import drafts
from datasets.clock import now
from datasets.models import Dataset, DeskDraft, DeskState, Organization, Visibility
from harvesters.desk import about_of_version
from metadata.errors import LumbungError
from portal import context
from portal.accounts import audit, guard
from portal.policy import can, of_agency, reach, require
from portal.web.figures import minute
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.workbench import suggesting
from portal.workbench.steps import steps, word_of_state
from portal.workbench.wing import bp, draft_here, head


@dataclass(frozen=True, slots=True)
class Line:
    """One draft in the list."""

    number: int
    title: str
    agency: str
    state: str
    kind: str
    touched: str


@bp.get("/draf")
def desk() -> str:
    """The drafts of the agencies where one works: open ones first, the last decided ones below."""
    reached = reach(guard.current(), "draft.see")
    require(guard.current(), "draft.see", of_agency(next(iter(reached.agencies), None)))
    agencies = None if reached.everywhere else reached.agencies
    session = context.session()
    going = session.scalars(drafts.drafts(drafts.OPEN, agencies=agencies).limit(200)).all()
    over = session.scalars(drafts.drafts({DeskState.PUBLISHED}, agencies=agencies).limit(20)).all()
    return render_template("workbench/desk.html", going=_lines(going), over=_lines(over))


@bp.get("/draf/baru")
def beginning() -> str:
    """The page to begin a draft."""
    _may_write_somewhere()
    return _beginning(Form({"dataset": request.args.get("dataset", "")[:20]}))[0]


@bp.post("/draf/baru")
def begin() -> Response | tuple[str, int]:
    """Open a draft for an agency, of a new dataset or of the next version of one."""
    _may_write_somewhere()
    actor, at, values = guard.current(), now(), typed(request.form, "agency", "dataset", "title")
    offered = {str(one.id): one.id for one in _agencies()}
    errors = {}
    if values["agency"] not in offered and len(offered) == 1:
        values["agency"] = next(iter(offered))
    if values["agency"] not in offered:
        errors["agency"] = _("Choose the agency whose data these are.")
    if not values["dataset"] and not values["title"]:
        errors["title"] = _("Give the dataset a title, or choose the one that this is the next version of.")
    if errors:
        return _beginning(Form(values, errors))
    agency = offered[values["agency"]]
    require(actor, "draft.write", of_agency(agency))
    dataset = int(told) if (told := values["dataset"]).isascii() and told.isdigit() and len(told) < 10 else None
    about = about_of_version(context.installation(), dataset) if dataset else None
    try:
        with context.installation().database.write() as session:
            made = drafts.open_draft(
                session, organization_id=agency, author=actor.label, at=at, title=values["title"], dataset_id=dataset
            )
            if about is not None:
                made.about = about.model_dump(mode="json", exclude_defaults=True)
            audit.record(session, actor, "draft.open", f"draft:{made.id}", at=at, after={"title": made.title})
    except LumbungError as error:
        return _beginning(Form(values, {"dataset": error.say(current_language())}))
    return redirect(url_for("workbench.file_page", number=made.id), 303)


@bp.get("/draf/<int:number>")
def draft(number: int) -> str:
    """One draft: where it stands, what is to be done, what the reviewer said."""
    found = draft_here(number, whole=True)
    return render_template(
        "workbench/draft.html",
        head=head(found),
        steps=steps(found),
        state=word_of_state(found.state),
        open=found.state in drafts.OPEN,
        submitted=found.state in (DeskState.SUBMITTED, DeskState.APPROVED),
        may_review=can(guard.current(), "draft.review", of_agency(found.organization_id)),
        comments=[
            (one["by"], one["field"], suggesting.label_of(one["field"]) if one["field"] else "", one["text"])
            for one in found.comments
        ],
        due=minute(found.publish_at) if found.state is DeskState.APPROVED and found.publish_at else "",
    )


@bp.post("/draf/<int:number>/ambil")
def take_back(number: int) -> Response:
    """Take a draft back that was submitted, or waits for its hour, to go on with it."""
    draft_here(number, "draft.write")
    actor, at = guard.current(), now()
    with context.installation().database.write() as session:
        drafts.take_back(session, number, actor=actor.label, at=at)
        audit.record(session, actor, "draft.take_back", f"draft:{number}", at=at)
    return redirect(url_for("workbench.draft", number=number), 303)


@bp.post("/draf/<int:number>/buang")
def discard(number: int) -> Response:
    """Throw a draft away."""
    found = draft_here(number, "draft.write")
    actor, at = guard.current(), now()
    with context.installation().database.write() as session:
        drafts.discard(session, number, actor=actor.label, at=at)
        audit.record(session, actor, "draft.discard", f"draft:{number}", at=at, before={"title": found.title})
    return redirect(url_for("workbench.desk"), 303)


def _may_write_somewhere() -> None:
    reached = reach(guard.current(), "draft.write")
    require(guard.current(), "draft.write", of_agency(next(iter(reached.agencies), None)))


def _agencies() -> Sequence[Organization]:
    reached = reach(guard.current(), "draft.write")
    asked = select(Organization).order_by(Organization.title)
    if not reached.everywhere:
        asked = asked.where(Organization.id.in_(reached.agencies))
    return context.session().scalars(asked).all()


def _beginning(form: Form) -> tuple[str, int]:
    agencies = _agencies()
    ours = select(Dataset.id, Dataset.title).where(
        Dataset.source_id.is_(None),
        Dataset.visibility == Visibility.PUBLISHED,
        Dataset.organization_id.in_([one.id for one in agencies]),
    )
    page = render_template(
        "workbench/beginning.html",
        form=form,
        agencies=[(str(one.id), one.title) for one in agencies],
        datasets=[(str(number), title) for number, title in context.session().execute(ours.order_by(Dataset.title))],
    )
    return page, form.status


def _lines(found: Sequence[DeskDraft]) -> list[Line]:
    names = {one.id: one.title for one in context.session().scalars(select(Organization))}
    return [
        Line(
            number=one.id,
            title=one.title or _("Draft without a title"),
            agency=names.get(one.organization_id, ""),
            state=word_of_state(one.state)[0],
            kind=word_of_state(one.state)[1],
            touched=_("%(when)s by %(who)s", when=minute(one.updated_at), who=one.updated_by),
        )
        for one in found
    ]
