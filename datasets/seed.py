"""The code lists in the database: themes and regions from the vocabularies of `metadata`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from datasets.models import DatasetRegion, Region, SearchOutbox, Theme
from metadata import regions, themes


def seed(session: Session, *, at: datetime) -> None:
    """Bring themes and regions to the state of the vocabularies; what a vocabulary no longer names stays. Idempotent.

    Datasets of a region whose name has changed are handed to the search index again.
    """
    seed_themes(session)
    renamed = seed_regions(session)
    touched = select(DatasetRegion.dataset_id).where(DatasetRegion.region_code.in_(renamed)).distinct()
    rows = [{"dataset_id": dataset_id, "at": at} for dataset_id in session.scalars(touched)]
    if rows:
        session.execute(insert(SearchOutbox), rows)


def seed_themes(session: Session) -> None:
    """Add new themes, follow changes of wording, icon and order but where somebody changed a theme by hand."""
    known = {theme.slug: theme for theme in session.scalars(select(Theme))}
    for theme in themes.every():
        record = known.get(theme.slug)
        if record is None:
            record = Theme(slug=theme.slug, title=theme.title.id, title_en=theme.title.en)
            session.add(record)
        if record.by_hand:
            continue
        record.title, record.title_en = theme.title.id, theme.title.en
        record.description, record.description_en = theme.description.id, theme.description.en
        record.icon, record.position = theme.icon, theme.position
    session.flush()


def seed_regions(session: Session, of: regions.Regions | None = None) -> list[str]:
    """Add new regions, follow changes of name and kind; the codes of those renamed. `of` is a list other than ours."""
    known = {region.code: region for region in session.scalars(select(Region))}
    renamed = []
    for region in sorted(of or regions.load(), key=lambda region: len(region.code)):  # those above come first
        record = known.get(region.code)
        if record is None:
            record = known[region.code] = Region(code=region.code, name=region.name, kind=region.kind)
            session.add(record)
        elif record.name != region.name:
            renamed.append(region.code)
        record.name, record.kind, record.bps_code = region.name, region.kind, region.bps_code
        record.parent_code = region.parent if region.parent in known else None
    session.flush()
    return renamed
