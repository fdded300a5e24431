"""Datasets, and the one definition of what the public may see."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from datasets.columns import Key, Prose, UtcDateTime, Words
from datasets.db import Record

if TYPE_CHECKING:
    from datasets.models.organization import Organization
    from datasets.models.region import Region
    from datasets.models.source import Source
    from datasets.models.theme import Theme
    from datasets.models.version import Version


class Visibility(enum.Enum):
    """Whether the public sees a dataset; a withdrawn one leaves a tombstone with its reason."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Dataset(Record):
    """A dataset of the catalogue. (source, remote_key) is its identity; `slug` is its address and never changes.

    The descriptive columns repeat what lists, search and facets need from the current version's package. Relationships
    are for reading, loaded where asked for (`datasets.catalog` does); what is written is written by ids.
    """

    __tablename__ = "dataset"
    __table_args__ = (
        UniqueConstraint("source_id", "remote_key"),
        Index("ix_dataset_visibility_modified", "visibility", "modified_at"),
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    slug: Mapped[str] = mapped_column(Words(100), unique=True)
    uuid: Mapped[str] = mapped_column(Words(36), unique=True)
    title: Mapped[str] = mapped_column(Words(400))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True, default=None)
    remote_key: Mapped[str | None] = mapped_column(Key(500), default=None)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.DRAFT)
    description: Mapped[str] = mapped_column(Prose, default="")
    license_id: Mapped[str] = mapped_column(Words(60), default="notspecified")
    frequency: Mapped[str | None] = mapped_column(Words(40), default=None)
    year_from: Mapped[int | None] = mapped_column(default=None)
    year_to: Mapped[int | None] = mapped_column(default=None)
    withdrawn_reason: Mapped[str | None] = mapped_column(Prose, default=None)
    current_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("version.id", use_alter=True), index=True, default=None
    )

    organization: Mapped[Organization] = relationship(init=False, lazy="raise", viewonly=True)
    source: Mapped[Source | None] = relationship(init=False, lazy="raise", viewonly=True)
    current_version: Mapped[Version | None] = relationship(
        init=False, lazy="raise", foreign_keys=[current_version_id], viewonly=True
    )
    themes: Mapped[list[Theme]] = relationship(
        init=False, lazy="raise", secondary="dataset_theme", viewonly=True, order_by="Theme.position"
    )
    tags: Mapped[list[DatasetTag]] = relationship(init=False, lazy="raise", viewonly=True, order_by="DatasetTag.tag")
    regions: Mapped[list[Region]] = relationship(
        init=False, lazy="raise", secondary="dataset_region", viewonly=True, order_by="Region.code"
    )


class DatasetTheme(Record):
    """A dataset belongs to a theme."""

    __tablename__ = "dataset_theme"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True, index=True)


class DatasetTag(Record):
    """A dataset carries a keyword."""

    __tablename__ = "dataset_tag"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(Words(100), primary_key=True, index=True)


class DatasetRegion(Record):
    """A dataset has figures about a region (Kemendagri code)."""

    __tablename__ = "dataset_region"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True, index=True)


def published() -> Select[Dataset]:
    """Every public query starts here."""
    return select(Dataset).where(Dataset.visibility == Visibility.PUBLISHED)
