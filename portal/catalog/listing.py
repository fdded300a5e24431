"""The published datasets of one agency or theme, page by page, straight from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from datasets import catalog
from datasets.models import Dataset, DatasetTheme, Organization, Theme, published

ROWS = 20


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of datasets, the newest first, and how many there are."""

    datasets: Sequence[Dataset]
    total: int
    page: int
    pages: int


def of_organization(session: Session, organization: Organization, page: int) -> Listing:
    """What an agency has published."""
    return _listing(session, Dataset.organization_id == organization.id, page)


def of_theme(session: Session, theme: Theme, page: int) -> Listing:
    """What has been published under a theme."""
    members = select(DatasetTheme.dataset_id).where(DatasetTheme.theme_id == theme.id)
    return _listing(session, Dataset.id.in_(members), page)


def _listing(session: Session, condition: ColumnElement[bool], page: int) -> Listing:
    wanted = published().where(condition)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // ROWS))
    page = min(page, pages)
    ids = session.scalars(
        wanted.with_only_columns(Dataset.id)
        .order_by(Dataset.modified_at.desc(), Dataset.id.desc())
        .limit(ROWS)
        .offset((page - 1) * ROWS)
    ).all()
    return Listing(datasets=catalog.by_ids(session, ids), total=total, page=page, pages=pages)
