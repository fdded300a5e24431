"""The workbench's tables: what a steward prepares for publication, and how files of a kind are to be read."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Json, Key, Prose, UtcDateTime, Words
from datasets.db import Record


class DeskState(enum.Enum):
    """Where a draft stands: with its steward (the first and third), its reviewer, waiting for its hour, or over."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class DeskDraft(Record):
    """One version in the making, of a dataset that is there (`dataset_id`) or of a new one.

    (`source_id` None, `remote_key`) is the identity under which it is published. `files` are the uploads as `{"sha256",
    "size", "filename", "at"}`, `hints` a `ReadHints` and `about` an `About` as JSON, `seen` what was last shown of the
    reading. `prepared` is the `datasets.draft.Draft` that was submitted, `reasons` what the gates said of it (as
    `Notice.as_dict()`). `comments` are the reviewer's: `{"at", "by", "field", "text"}`, of which `field` is "" for the
    whole, a field of the description, or `column.<name>`. `revision` counts the writes: who
    saves names the one that was seen.
    """

    __tablename__ = "desk_draft"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    remote_key: Mapped[str] = mapped_column(Key(500))
    author: Mapped[str] = mapped_column(Words(250))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(Words(250))
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), index=True, default=None)
    state: Mapped[DeskState] = mapped_column(default=DeskState.DRAFT, index=True)
    title: Mapped[str] = mapped_column(Prose, default="")
    change: Mapped[str] = mapped_column(Prose, default="")
    files: Mapped[list[dict[str, Any]]] = mapped_column(Json, default_factory=list)
    hints: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    about: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    comments: Mapped[list[dict[str, Any]]] = mapped_column(Json, default_factory=list)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(Json, default_factory=list)
    revision: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    decided_by: Mapped[str | None] = mapped_column(Words(250), default=None)
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True, default=None)
    seen: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None, deferred=True)
    prepared: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None, deferred=True)


class ReadingHabit(Record):
    """How an agency's files of one shape are read, as a person has corrected it.

    `shape` is a hash over the first rows of the file as they are, without the figures in them.
    """

    __tablename__ = "reading_habit"
    __table_args__ = (UniqueConstraint("organization_id", "shape"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    shape: Mapped[str] = mapped_column(Words(64))
    hints: Mapped[dict[str, Any]] = mapped_column(Json)
    units: Mapped[dict[str, str]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Words(250))
