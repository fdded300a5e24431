"""What stands at the address of a withdrawn dataset: its name, why and when it went, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from datasets import catalog
from datasets.models import Dataset, Visibility
from datasets.withdraw import Withdrawn
from portal.context import renew, session
from portal.web import figures


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The page; `versions` are (number, day of publication)."""

    title: str
    reason: str
    when: str
    agency: str
    agency_url: str
    email: str
    versions: tuple[tuple[str, str], ...]


def tombstone(error: Withdrawn) -> Response:
    """The answer at an address of a withdrawn dataset. Raises `error` where there is no page for it."""
    renew()
    slug = str((request.view_args or {}).get("slug", ""))
    asked = select(Dataset).where(Dataset.slug == slug, Dataset.visibility != Visibility.DRAFT)
    dataset = session().scalar(asked.options(joinedload(Dataset.organization)))
    if dataset is None:
        raise error
    agency = dataset.organization
    page = Tombstone(
        title=dataset.title,
        reason=str(error.notice.params.get("reason", "")),
        when=figures.day(dataset.modified_at),
        agency=agency.title,
        agency_url=url_for("browse.organization", slug=agency.slug),
        email=agency.email or "",
        versions=tuple(
            (figures.number(one.number), figures.day(one.published_at))
            for one in catalog.versions_of(session(), dataset)
        ),
    )
    response = make_response(render_template("catalog/withdrawn.html", page=page), error.status)
    response.headers["Cache-Control"] = "no-store"
    return response
