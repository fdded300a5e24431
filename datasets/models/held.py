"""What is held: a new state of a dataset that waits for a person while the last good version stays."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Json, Key, Prose, UtcDateTime, Words
from datasets.db import Record


class HeldState(enum.Enum):
    """What became of it; `OVERTAKEN` by a later state of the dataset that was good, or held in its place."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    OVERTAKEN = "overtaken"


class Held(Record):
    """One state of one dataset that was not published, and why (`reasons` as `Notice.as_dict()`).

    `draft` is the whole of it, so that accepting publishes without fetching again; None when nothing may be kept of it
    (personal data, a hidden sheet). `fingerprint` is by what the next harvest recognises the state.
    """

    __tablename__ = "held"
    __table_args__ = (Index("ix_held_source_remote", "source_id", "remote_key", "state"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    remote_key: Mapped[str] = mapped_column(Key(500))
    title: Mapped[str] = mapped_column(Prose)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    state: Mapped[HeldState] = mapped_column(default=HeldState.WAITING, index=True)
    draft: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None, deferred=True)
    content_key: Mapped[str | None] = mapped_column(Words(64), default=None)
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), index=True, default=None)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"), index=True, default=None)
    fingerprint: Mapped[str | None] = mapped_column(Key(200), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    decided_by: Mapped[str | None] = mapped_column(Words(200), default=None)
    remark: Mapped[str | None] = mapped_column(Prose, default=None)
