"""How telling goes: what is due, what was taken, what is tried again and when it is given up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from datasets import jobs, leases
from datasets.models import Webhook, WebhookDelivery, WebhookEvent
from datasets.webhooks.events import URGENT, WEBHOOK
from datasets.webhooks.subscribing import switch_off
from metadata.errors import NotFound
from metadata.notices import Notice

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # fmt: skip
"""How long after each failure the next attempt comes, give or take a fifth; after the last one it is given up."""
PATIENCE = timedelta(days=3)
"""A webhook that has taken nothing for so long is switched off."""
LONGEST_REST = timedelta(minutes=10)
"""An address that does not answer is asked for one delivery in so long at the least, however many wait."""
KEPT = timedelta(days=30)
"""How long it is remembered what was delivered or given up."""
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one address, with all that is needed to send it."""

    id: int
    webhook_id: int
    url: str
    salt: str
    key: str
    kind: str
    at: datetime
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: the status answered, if any; why it failed, if it did; what the other side asks for.

    `away`: nobody there could answer at all, so that other deliveries would fare no better. `gone`: the other side says
    that it wants nothing more.
    """

    status: int | None
    error: Notice | None = None
    wait: float | None = None
    away: bool = False
    gone: bool = False


def due(session: Session, webhook_id: int, *, at: datetime) -> Sequence[Delivery]:
    """What is to be sent to a webhook now, the oldest event first, at most `AT_ONCE`."""
    rows = session.execute(
        select(
            WebhookDelivery.id,
            WebhookDelivery.webhook_id,
            Webhook.url,
            Webhook.salt,
            WebhookEvent.key,
            WebhookEvent.kind,
            WebhookEvent.at,
            WebhookEvent.facts,
        )
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
        .where(
            Webhook.id == webhook_id,
            Webhook.disabled_at.is_(None),
            (Webhook.rests_until.is_(None)) | (Webhook.rests_until <= at),
            WebhookDelivery.delivered_at.is_(None),
            WebhookDelivery.dead_at.is_(None),
            WebhookDelivery.due <= at,
        )
        .order_by(WebhookDelivery.event_id)
        .limit(AT_ONCE)
    )
    return [Delivery(*row) for row in rows]


def settle(session: Session, delivery: Delivery, outcome: Outcome, *, at: datetime) -> bool:
    """Write down what came of an attempt; whether the webhook was switched off for it.

    No fault when the webhook or the delivery was removed meanwhile.
    """
    row, webhook = session.get(WebhookDelivery, delivery.id), session.get(Webhook, delivery.webhook_id)
    if row is None or webhook is None:
        return False
    row.attempts, row.tried_at, row.status = row.attempts + 1, at, outcome.status
    row.error = None if outcome.error is None else outcome.error.as_dict()
    if outcome.error is None:
        row.delivered_at, row.dead_at = at, None
        webhook.taken_at, webhook.failures, webhook.failing_since, webhook.rests_until = at, 0, None, None
        return False
    last = row.attempts > len(WAITS)
    row.dead_at = at if last else row.dead_at
    row.due = at + max(_jittered(WAITS[min(row.attempts, len(WAITS)) - 1]), timedelta(seconds=outcome.wait or 0))
    webhook.failing_since, webhook.failures = webhook.failing_since or at, webhook.failures + 1
    if outcome.away:
        webhook.rests_until = at + min(_jittered(WAITS[0] * 2 ** min(webhook.failures - 1, 10)), LONGEST_REST)
    if webhook.disabled_at is None and (outcome.gone or at - webhook.failing_since >= PATIENCE):
        switch_off(session, webhook, "gone" if outcome.gone else "failing", at=at)
        return True
    return False


def ask_again(session: Session, webhook_id: int) -> None:
    """Ask for the job of what still waits for this webhook, at the moment when the first of it is due."""
    first = session.scalar(
        select(func.min(WebhookDelivery.due)).where(
            WebhookDelivery.webhook_id == webhook_id,
            WebhookDelivery.delivered_at.is_(None),
            WebhookDelivery.dead_at.is_(None),
        )
    )
    webhook = session.get(Webhook, webhook_id)
    if first is None or webhook is None or webhook.disabled_at is not None:
        return
    moment = max(first, webhook.rests_until or first, leases.database_time(session))
    jobs.ask(session, WEBHOOK, str(webhook_id), due=moment, priority=URGENT)


def redeliver(session: Session, webhook: Webhook, delivery_id: int, *, at: datetime) -> None:
    """Send an event once more, under the same id, whatever became of it. Raises `NotFound`."""
    row = session.get(WebhookDelivery, delivery_id)
    if row is None or row.webhook_id != webhook.id:
        raise NotFound(what=f"{delivery_id}")
    row.delivered_at = row.dead_at = row.error = None
    row.attempts, row.due, webhook.rests_until = 0, at, None
    session.flush()
    jobs.ask(session, WEBHOOK, str(webhook.id), priority=URGENT)


def last_of(session: Session, webhook_id: int, *, limit: int = 50) -> Sequence[tuple[WebhookDelivery, WebhookEvent]]:
    """The deliveries of a webhook with their events, the newest first."""
    rows = session.execute(
        select(WebhookDelivery, WebhookEvent)
        .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.webhook_id == webhook_id)
        .order_by(WebhookDelivery.event_id.desc())
        .limit(limit)
    )
    return [(delivery, event) for delivery, event in rows]


def forget_old(session: Session, *, at: datetime) -> None:
    """Forget what was delivered or given up more than `KEPT` ago, and events that nobody waits for any more."""
    over = func.coalesce(WebhookDelivery.delivered_at, WebhookDelivery.dead_at)
    session.execute(delete(WebhookDelivery).where(over < at - KEPT))
    told = select(WebhookDelivery.id).where(WebhookDelivery.event_id == WebhookEvent.id)
    session.execute(delete(WebhookEvent).where(WebhookEvent.at < at - KEPT, ~told.exists()))


def _jittered(wait: timedelta) -> timedelta:
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
