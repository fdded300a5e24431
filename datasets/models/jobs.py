"""What must follow a commit, and who is at work: the search outbox and the leases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Key, UtcDateTime, Words
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
