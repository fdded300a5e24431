"""Blobs that are durable, and the evidence of how bytes came in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from datasets.columns import Json, Key, UtcDateTime, Words
from datasets.db import Record

if TYPE_CHECKING:
    from datasets.models.source import Source


class Blob(Record):
    """Bytes known by their SHA-256 (hex). A row exists only after the bytes are durable; neither ever changes."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(Words(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Evidence(Record):
    """One fetch: which bytes a source gave under which address, when, and with which headers (secrets left out)."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_source_remote", "source_id", "remote_key"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    remote_key: Mapped[str] = mapped_column(Key(500))
    url: Mapped[str] = mapped_column(Words(2000))
    filename: Mapped[str] = mapped_column(Words(300))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None] = mapped_column(default=None)
    headers: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)

    source: Mapped[Source | None] = relationship(init=False, lazy="raise", viewonly=True)
