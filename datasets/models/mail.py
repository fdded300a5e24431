"""Letters by e-mail that are to go out, written in the transaction of their cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Json, Key, Prose, UtcDateTime, Words
from datasets.db import Record


class Mail(Record):
    """One letter. `key` makes posting idempotent; `message_id` stays the same however often it is tried.

    `headers` are those of a list: where to stop its letters (RFC 2369, RFC 8058).

    It waits until `due`, is on its way until it has a `sent_at`, or was given up at `dead_at`; `error` (as
    `Notice.as_dict()`) says why it last failed. When it has gone out its text is forgotten.
    """

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_open_due", "sent_at", "dead_at", "due"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    address: Mapped[str] = mapped_column(Words(254))
    subject: Mapped[str] = mapped_column(Words(300))
    text: Mapped[str] = mapped_column(Prose)
    language: Mapped[str] = mapped_column(Words(10))
    message_id: Mapped[str] = mapped_column(Words(100), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due: Mapped[datetime] = mapped_column(UtcDateTime)
    headers: Mapped[dict[str, str] | None] = mapped_column(Json, default=None)
    key: Mapped[str | None] = mapped_column(Key(200), unique=True, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    error: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)


class Told(Record):
    """What the steward of that address was told last, as the digest's fingerprint, so that nobody is told it daily."""

    __tablename__ = "told"

    address: Mapped[str] = mapped_column(Words(254), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(Words(64))
