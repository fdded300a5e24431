"""The code lists in the database: themes and regions from the vocabularies of `metadata`."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import Theme
from metadata import themes


def seed(session: Session) -> None:
    """Bring themes and regions to the state of the vocabularies; what a vocabulary no longer names stays."""
    seed_themes(session)


def seed_themes(session: Session) -> None:
    """Add new themes, follow changes of wording, icon and order."""
    known = {theme.slug: theme for theme in session.scalars(select(Theme))}
    for theme in themes.every():
        record = known.get(theme.slug)
        if record is None:
            record = Theme(slug=theme.slug, title=theme.title.id, title_en=theme.title.en)
            session.add(record)
        record.title, record.title_en = theme.title.id, theme.title.en
        record.description, record.description_en = theme.description.id, theme.description.en
        record.icon, record.position = theme.icon, theme.position
    session.flush()
