"""What must follow a commit, and who is at work: the search outbox, the jobs and the leases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Json, Key, UtcDateTime, Words
from datasets.db import Record


class SearchOutbox(Record):
    """A dataset whose present state the search index has yet to take over; written in the causing transaction.

    Numbers are never used twice (SQLite would, were it not told otherwise): a late reader that deletes the rows it
    read can therefore never delete one that was written since.
    """

    __tablename__ = "search_outbox"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's convention

    seq: Mapped[int] = mapped_column(init=False, primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Lease(Record):
    """A named right to work, held until a moment; `fence` grows with each holder so that a late one is recognised."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(Key(200), primary_key=True)
    holder: Mapped[str] = mapped_column(Words(100))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    fence: Mapped[int] = mapped_column(default=1)


class Job(Record):
    """A piece of work that is due: the one row of its kind and subject, so that no queue can ever overflow.

    It is written in the transaction of its cause and goes when it is done. Who works on it is `holder` until
    `lease_until`, known by its `fence`; `asked` grows whenever the work is wanted again, also while it is being done.
    `dead_at` is when it was given up, and `error` (as `Notice.as_dict()`) why the last attempt failed. Of work on a
    schedule, `cause` is the cron line.
    """

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("kind", "subject"), Index("ix_job_dead_at_due", "dead_at", "due"))

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    kind: Mapped[str] = mapped_column(Words(40))
    subject: Mapped[str] = mapped_column(Key(200))
    due: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    priority: Mapped[int] = mapped_column(default=0)
    cause: Mapped[str | None] = mapped_column(Words(100), default=None)
    asked: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str | None] = mapped_column(Words(100), default=None)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    error: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
