"""Versions and their resources: immutable once published."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from datasets.columns import Json, Prose, UtcDateTime, Words
from datasets.db import Record

if TYPE_CHECKING:
    from datasets.models.blob import Evidence
    from datasets.models.dataset import Dataset
    from datasets.models.source import Run


class ResourceKind(enum.Enum):
    """What a resource is to a reader: a table to browse, a map with its attribute table, or a file to take."""

    TABLE = "table"
    MAP = "map"
    FILE = "file"


class Version(Record):
    """A published state of a dataset, numbered from 1. Nothing in it or below it changes after the commit.

    `package` is the `datapackage.json` as published, `report` frictionless' report as a dict, `notices` what reading
    said (repairs, doubts) as `Notice.as_dict()`. `content_key` is the hash over all that would make a new version.
    """

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("dataset_id", "number"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), index=True)
    number: Mapped[int] = mapped_column()
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content_key: Mapped[str] = mapped_column(Words(64), index=True)
    package: Mapped[dict[str, Any]] = mapped_column(Json)
    report: Mapped[dict[str, Any]] = mapped_column(Json)
    package_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    notices: Mapped[list[dict[str, Any]]] = mapped_column(Json, default_factory=list)
    lacking: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"), index=True, default=None)
    change: Mapped[str | None] = mapped_column(Prose, default=None)

    resources: Mapped[list[Resource]] = relationship(
        init=False, lazy="raise", viewonly=True, order_by="Resource.position"
    )
    dataset: Mapped[Dataset] = relationship(init=False, lazy="raise", viewonly=True, foreign_keys=[dataset_id])
    run: Mapped[Run | None] = relationship(init=False, lazy="raise", viewonly=True)


class Resource(Record):
    """One table, map or file of a version. Hashes name blobs; `schema` is the Table Schema, `stats` per-column figures.

    A table has `csv_sha256` and `parquet_sha256`; a map has them too, for its attributes, and `geo_sha256`; every
    resource has `raw_sha256`, the bytes as fetched (shared by the tables of one workbook).
    """

    __tablename__ = "resource"
    __table_args__ = (
        UniqueConstraint("version_id", "name"),
        Index("ix_resource_version_rows", "version_id", "rows"),  # the catalogue in figures without the documents
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    uuid: Mapped[str] = mapped_column(Words(36), index=True)
    position: Mapped[int] = mapped_column()
    kind: Mapped[ResourceKind] = mapped_column()
    name: Mapped[str] = mapped_column(Words(100))
    title: Mapped[str] = mapped_column(Words(400))
    format: Mapped[str] = mapped_column(Words(20))
    mediatype: Mapped[str] = mapped_column(Words(120))
    raw_filename: Mapped[str] = mapped_column(Words(300))
    raw_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    raw_size: Mapped[int] = mapped_column(BigInteger)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    csv_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True, default=None)
    csv_size: Mapped[int | None] = mapped_column(BigInteger, default=None)
    parquet_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True, default=None)
    geo_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True, default=None)
    rows: Mapped[int | None] = mapped_column(BigInteger, default=None)
    sheet: Mapped[str | None] = mapped_column(Words(200), default=None)
    header_row: Mapped[int | None] = mapped_column(default=None)
    schema: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    stats: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    notes: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    chart: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)

    version: Mapped[Version] = relationship(init=False, lazy="raise", viewonly=True)
    evidence: Mapped[Evidence] = relationship(init=False, lazy="raise", viewonly=True)
