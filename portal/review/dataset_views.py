"""Datasets as the custodian sees them: a list to decide on many, and one with its score, history, withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from datasets import catalog, scores
from datasets.clock import now
from datasets.models import Dataset, DatasetTheme, Theme, Visibility
from metadata import frequencies, licenses
from metadata.errors import NotFound
from portal import context
from portal.accounts import guard
from portal.catalog.present_score import ScoreView, score_view
from portal.catalog.search_query import page_number
from portal.policy import Action, can, of_agency, require
from portal.review import deciding
from portal.review.history import history
from portal.review.mass_views import work_lines
from portal.review.wing import LONGEST, agencies_by_id, bp, decided
from portal.web import figures
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.web.links import site_root
from portal.web.paging import pages_of, paging

ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A dataset in the list."""

    number: int
    title: str
    url: str
    agency: str
    license: str
    frequency: str
    changed: str
    points: str
    withdrawn: bool


@bp.get("/dataset")
def datasets() -> str:
    """The datasets that are or were public, by agency, theme, state and words of the title."""
    require(guard.current(), "dataset.withdraw", of_agency(None))
    owners, session = agencies_by_id(), context.session()
    gone = request.args.get("keadaan") == "ditarik"
    words, slug, theme = (request.args.get(name, "").strip()[:200] for name in ("q", "opd", "tema"))
    asked = select(Dataset).where(Dataset.visibility == (Visibility.WITHDRAWN if gone else Visibility.PUBLISHED))
    if words:
        asked = asked.where(Dataset.title.icontains(words, autoescape=True))
    if slug:
        asked = asked.where(Dataset.organization_id == next((n for n, one in owners.items() if one.slug == slug), 0))
    if theme:
        members = select(DatasetTheme.dataset_id).join(Theme).where(Theme.slug == theme)
        asked = asked.where(Dataset.id.in_(members))
    total, page, found = _page_of(asked, page_number(request.args.get("hal", "")))
    state = "ditarik" if gone else None
    subjects = session.scalars(select(Theme).order_by(Theme.position)).all()
    return render_template(
        "review/datasets.html",
        rows=_rows(found),
        total=total,
        gone=gone,
        q=words,
        agencies=[(one.slug, one.title, one.slug == slug) for one in owners.values()],
        themes=[(one.slug, one.title, one.slug == theme) for one in subjects],
        paging=paging(page, pages_of(total, ROWS), lambda to: url_for(
            "review.datasets", hal=to, q=words or None, opd=slug or None, tema=theme or None, keadaan=state
        )),
        works=work_lines(),
    )  # fmt: skip


@bp.get("/dataset/<int:number>")
def dataset(number: int) -> str:
    """One dataset: its score and why, what has happened to it, its withdrawal."""
    return _dataset(_found(number), Form())[0]


@bp.post("/dataset/<int:number>/tarik")
def withdraw(number: int) -> Response | tuple[str, int]:
    """Take it out of sight, with a reason that the public sees."""
    found, actor, at, root = _found(number, "dataset.withdraw"), guard.current(), now(), site_root()
    reason = request.form.get("reason", "").strip()[:LONGEST]
    if not reason:
        return _dataset(found, Form({}, {"reason": _("Say why; the public reads it at the dataset's address.")}))
    wrong = decided(lambda session: deciding.withdraw(session, number, reason, actor=actor, root=root, at=at))
    if wrong:
        return _dataset(_found(number), Form({"reason": reason}, {"reason": wrong}))
    return redirect(url_for("review.dataset", number=number), 303)


@bp.post("/dataset/<int:number>/pulihkan")
def restore(number: int) -> Response | tuple[str, int]:
    """Take the withdrawal back."""
    _found(number, "dataset.withdraw")
    actor, at = guard.current(), now()
    wrong = decided(lambda session: deciding.restore(session, number, actor=actor, at=at))
    if wrong:
        return _dataset(_found(number), Form({}, {"reason": wrong}))
    return redirect(url_for("review.dataset", number=number), 303)


def _found(number: int, action: Action = "held.see") -> Dataset:
    asked = select(Dataset).where(Dataset.id == number, Dataset.visibility != Visibility.DRAFT)
    found = context.session().scalar(asked.options(joinedload(Dataset.organization)))
    require(guard.current(), action, of_agency(found.organization_id if found else None))
    if found is None:
        raise NotFound(what=f"dataset {number}")
    return found


def _page_of(asked: Select[Dataset], page: int) -> tuple[int, int, Sequence[Dataset]]:
    session = context.session()
    total = session.scalar(select(func.count()).select_from(asked.with_only_columns(Dataset.id).subquery())) or 0
    page = min(max(page, 1), pages_of(total, ROWS))
    ordered = asked.order_by(Dataset.title, Dataset.id).limit(ROWS).offset((page - 1) * ROWS)
    return total, page, session.scalars(ordered).all()


def _rows(found: Sequence[Dataset]) -> list[Row]:
    names = {number: one.title for number, one in agencies_by_id().items()}
    language, session = current_language(), context.session()
    worth = scores.points(session, [one.id for one in found], at=now())
    return [
        Row(
            number=one.id,
            title=one.title,
            url=url_for("review.dataset", number=one.id),
            agency=names.get(one.organization_id, ""),
            license=licenses.get(one.license_id).title.say(language),
            frequency=rhythm.title.say(language) if (rhythm := frequencies.match(one.frequency)) else "–",
            changed=figures.short_day(one.modified_at),
            points=figures.number(worth[one.id]) if one.id in worth else "–",
            withdrawn=one.visibility is Visibility.WITHDRAWN,
        )
        for one in found
    ]


def _score(found: Dataset) -> ScoreView | None:
    session = context.session()
    loaded = session.scalar(
        select(Dataset).where(Dataset.id == found.id).options(joinedload(Dataset.current_version))
        .execution_options(populate_existing=True)
    )  # fmt: skip
    if loaded is None or loaded.current_version is None:
        return None
    return score_view(scores.of_version(session, loaded.current_version, loaded, at=now()))


def _dataset(found: Dataset, form: Form) -> tuple[str, int]:
    versions = catalog.versions_of(context.session(), found)
    page = render_template(
        "review/dataset.html",
        form=form,
        number=found.id,
        title=found.title,
        agency=agencies_by_id()[found.organization_id].title,
        withdrawn=found.visibility is Visibility.WITHDRAWN,
        reason=found.withdrawn_reason or "",
        public_url=url_for("catalog.dataset", slug=found.slug),
        versions=[(one.number, figures.minute(one.published_at), one.change or "") for one in versions],
        score=_score(found),
        page={"history": history(f"dataset:{found.id}")},
        decides=can(guard.current(), "dataset.withdraw", of_agency(found.organization_id)),
    )
    return page, form.status
