"""Manuscripts: what somebody writes of a dataset through the API, before and between its versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Json, UtcDateTime, Words
from datasets.db import Record


class Manuscript(Record):
    """The working state of one dataset: `said` is a `harvesters.manuscript.Written`, of which versions are made.

    `content_key` is that of the state that was last made ready of it; equal to that of the current version when all of
    it is published. `public` and `public_key` are the state published last. `revision` counts the writes, so that of
    two at once the later one is built anew on the earlier.
    """

    __tablename__ = "manuscript"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    said: Mapped[dict[str, Any]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(Words(250))
    revision: Mapped[int] = mapped_column(default=1)
    content_key: Mapped[str | None] = mapped_column(Words(64), default=None)
    public: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    public_key: Mapped[str | None] = mapped_column(Words(64), default=None)


class WrittenResource(Record):
    """By which dataset a resource's uuid is to be found while no version has it."""

    __tablename__ = "written_resource"

    uuid: Mapped[str] = mapped_column(Words(36), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), index=True)
