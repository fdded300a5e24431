"""Addresses that want to be told of publications, what there was to tell, and how telling each of them went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Json, Prose, UtcDateTime, Words
from datasets.db import Record


class Webhook(Record):
    """An address with what it wants to know: `events` (none: all) of a dataset, of an agency, or of everything.

    Its secret is not here: it is computed from the key of the installation and `salt`. `owner` is the e-mail address
    that is told when the webhook is switched off, `owner_id` the account, None for one of the command line. `failures`
    counts what went wrong in a row since `failing_since`; until `rests_until` nothing is sent. `disabled_at` switches
    it off for the reason `disabled_for` (`owner`, `failing`, `gone`, `account`).
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    url: Mapped[str] = mapped_column(Prose)
    title: Mapped[str] = mapped_column(Words(200))
    salt: Mapped[str] = mapped_column(Words(64))
    owner: Mapped[str] = mapped_column(Words(254))
    owner_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(Words(10), default="id")
    events: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), default=None)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), default=None)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    rests_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    disabled_for: Mapped[str | None] = mapped_column(Words(20), default=None)


class WebhookEvent(Record):
    """Something that happened, written in the transaction in which it did. `key` is the id that receivers see."""

    __tablename__ = "webhook_event"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    key: Mapped[str] = mapped_column(Words(64), unique=True)
    kind: Mapped[str] = mapped_column(Words(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), default=None)


class WebhookDelivery(Record):
    """One event on its way to one address: waits until `due`, was taken at `delivered_at` or given up at `dead_at`.

    `status` is what was last answered, None when nothing was; `error` (as `Notice.as_dict()`) says why it failed.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_delivery_open_due", "webhook_id", "delivered_at", "dead_at", "due"),
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_event.id"), index=True)
    due: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    status: Mapped[int | None] = mapped_column(default=None)
    error: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
