"""Webhooks are registered, found, switched off and on, and removed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from datasets import jobs, leases
from datasets.models import Webhook, WebhookDelivery, WebhookEvent
from datasets.webhooks.events import KINDS, URGENT, WEBHOOK
from metadata.errors import BadInput, LumbungError, NotFound
from metadata.terms import Bilingual

MOST = 20
"""Webhooks that one account may have."""


class TooManyWebhooks(LumbungError):
    """An account has as many as it may."""

    code = "webhook.too_many"
    status = 422
    text = Bilingual(
        id="Satu akun paling banyak memiliki {most} webhook. Hapus dulu yang tidak dipakai lagi.",
        en="One account has at most {most} webhooks. Remove those that are not used any more first.",
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be told, and where: `events` empty for all, at most one of the two filters."""

    url: str
    title: str = ""
    events: tuple[str, ...] = ()
    dataset_id: int | None = None
    organization_id: int | None = None


def add(
    session: Session, wish: Wish, *, owner: str, owner_id: int | None = None, language: str = "id", at: datetime
) -> Webhook:
    """Register a webhook whose address has been judged. Raises `BadInput` for unknown events, `TooManyWebhooks`."""
    strange = sorted(set(wish.events) - set(KINDS))
    if strange:
        raise BadInput(reason=f"{', '.join(strange)}: {', '.join(KINDS)}")
    if owner_id is not None and _count(session, owner_id) >= MOST:
        raise TooManyWebhooks(most=MOST)
    made = Webhook(
        url=wish.url,
        title=wish.title.strip() or wish.url.partition("?")[0],
        salt=_salt(),
        owner=owner,
        owner_id=owner_id,
        created_at=at,
        language=language,
        events=[kind for kind in KINDS if kind in wish.events],
        dataset_id=wish.dataset_id,
        organization_id=wish.organization_id,
    )
    session.add(made)
    session.flush()
    return made


def get(session: Session, number: int, *, owner_id: int | None = None) -> Webhook:
    """The webhook of that number, of that owner if one is named. Raises `NotFound`."""
    found = session.get(Webhook, number)
    if found is None or (owner_id is not None and found.owner_id != owner_id):
        raise NotFound(what=f"webhook {number}")
    return found


def every(session: Session, *, owner_id: int | None = None) -> Sequence[Webhook]:
    """All webhooks, or those of one owner, the oldest first."""
    wanted = select(Webhook).order_by(Webhook.id)
    return session.scalars(wanted if owner_id is None else wanted.where(Webhook.owner_id == owner_id)).all()


def renew_secret(webhook: Webhook) -> None:
    """From now on another secret is used; the old one signs nothing more."""
    webhook.salt = _salt()


def switch_off(session: Session, webhook: Webhook, reason: str, *, at: datetime) -> None:
    """Nothing more is sent; what waited is given up and may be delivered again by hand."""
    webhook.disabled_at, webhook.disabled_for = at, reason
    waiting = (WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.delivered_at.is_(None))
    session.execute(update(WebhookDelivery).where(*waiting, WebhookDelivery.dead_at.is_(None)).values(dead_at=at))
    jobs.forget(session, WEBHOOK, str(webhook.id))
    session.flush()


def switch_on(session: Session, webhook: Webhook) -> None:
    """Send again from now on, as if nothing had failed."""
    webhook.disabled_at = webhook.disabled_for = webhook.failing_since = webhook.rests_until = None
    webhook.failures = 0
    session.flush()


def switch_off_of(session: Session, owner_id: int, *, at: datetime) -> int:
    """Switch off all of an account that was shut out; how many that were."""
    wanted = select(Webhook).where(Webhook.owner_id == owner_id, Webhook.disabled_at.is_(None))
    found = session.scalars(wanted).all()
    for webhook in found:
        switch_off(session, webhook, "account", at=at)
    return len(found)


def remove(session: Session, webhook: Webhook) -> None:
    """Forget it and all that was delivered or was to be."""
    mine = select(WebhookDelivery.event_id).where(WebhookDelivery.webhook_id == webhook.id)
    events = list(session.scalars(mine))
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id))
    _forget_events(session, events)
    jobs.forget(session, WEBHOOK, str(webhook.id))
    session.delete(webhook)
    session.flush()


def plan(session: Session) -> None:
    """See that each webhook for which something waits has its job."""
    wanted = (
        select(WebhookDelivery.webhook_id, func.min(WebhookDelivery.due))
        .where(WebhookDelivery.delivered_at.is_(None), WebhookDelivery.dead_at.is_(None))
        .group_by(WebhookDelivery.webhook_id)
        .order_by(WebhookDelivery.webhook_id)
    )
    waiting = session.execute(wanted).all()
    there = {job.subject for job in jobs.every(session) if job.kind == WEBHOOK and job.dead_at is None}
    for number, due in waiting:
        if str(number) not in there:
            at = leases.database_time(session)
            jobs.ask(session, WEBHOOK, str(number), due=max(due, at), priority=URGENT)


def _forget_events(session: Session, events: Sequence[int]) -> None:
    """Forget those of these events that nobody is told of any more."""
    told = select(WebhookDelivery.id).where(WebhookDelivery.event_id == WebhookEvent.id)
    for start in range(0, len(events), 500):
        some = events[start : start + 500]
        session.execute(delete(WebhookEvent).where(WebhookEvent.id.in_(some), ~told.exists()))


def _count(session: Session, owner_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Webhook).where(Webhook.owner_id == owner_id)) or 0


def _salt() -> str:
    return secrets.token_hex(16)
