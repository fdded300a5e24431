"""The describing rows beside a dataset: its organisation, themes, tags and regions, as the current version has them."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from datasets.columns import clean
from datasets.db import add_missing
from datasets.draft import Draft, OrganizationDraft
from datasets.models import Dataset, DatasetRegion, DatasetTag, DatasetTheme, Organization, Region, Theme
from datasets.seed import seed_themes

_TAG_LENGTH = 100
_GAPS = ("abbreviation", "description", "homepage", "email")


def ensure_organization(session: Session, draft: OrganizationDraft) -> Organization:
    """The organisation of that slug, made when there is none; what is stored stays, gaps are filled."""
    row = {name: getattr(draft, name) for name in ("slug", "title", *_GAPS)}
    add_missing(session, Organization, [row])
    organization = session.scalars(select(Organization).where(Organization.slug == draft.slug)).one()
    for name in _GAPS:
        if getattr(organization, name) is None and row[name]:
            setattr(organization, name, row[name])
    session.flush()
    return organization


def describe_dataset(session: Session, dataset: Dataset, draft: Draft) -> None:
    """Repeat in the dataset's row and beside it what lists, facets and search need from the draft."""
    dataset.title = draft.title
    dataset.description = draft.description
    dataset.license_id = draft.license_id
    dataset.frequency = draft.frequency
    dataset.year_from, dataset.year_to = draft.year_from, draft.year_to
    session.flush()
    for record in (DatasetTheme, DatasetTag, DatasetRegion):
        session.execute(delete(record).where(record.dataset_id == dataset.id))
    themes = _theme_ids(session, draft.themes)
    add_missing(session, DatasetTheme, [{"dataset_id": dataset.id, "theme_id": theme} for theme in themes])
    tags = dict.fromkeys((clean(tag) or "").strip()[:_TAG_LENGTH] for tag in draft.tags)
    add_missing(session, DatasetTag, [{"dataset_id": dataset.id, "tag": tag} for tag in tags if tag])
    codes = session.scalars(select(Region.code).where(Region.code.in_(set(draft.regions))))
    add_missing(session, DatasetRegion, [{"dataset_id": dataset.id, "region_code": code} for code in codes])


def _theme_ids(session: Session, slugs: tuple[str, ...]) -> list[int]:
    known = select(Theme.id).where(Theme.slug.in_(set(slugs))).order_by(Theme.id)
    found = session.scalars(known).all()
    if len(found) < len(set(slugs)):
        seed_themes(session)  # an installation from before this theme was thought of
        found = session.scalars(known).all()
    return list(found)
