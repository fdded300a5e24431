"""What happens to datasets, written down for whoever wants to be told, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from datasets import jobs
from datasets.models import Dataset, Organization, Version, Webhook, WebhookDelivery, WebhookEvent

WEBHOOK = "webhook"
"""The kind of the job that delivers; its subject is the number of the webhook."""
URGENT = 50
"""The job's priority: above harvests, below letters."""

PUBLISHED = "version.published"
WITHDRAWN = "dataset.withdrawn"
VANISHED = "dataset.vanished"
RESTORED = "dataset.restored"
TEST = "webhook.test"
KINDS = (PUBLISHED, WITHDRAWN, VANISHED, RESTORED)
"""What may be wanted. A test is sent to whoever asks for it, and never by itself."""


def published(session: Session, dataset: Dataset, version: Version, *, at: datetime) -> None:
    """A version was made the current one."""
    facts = {"number": version.number, "published_at": version.published_at.isoformat()}
    _tell(session, PUBLISHED, dataset, {"version": facts}, at=at)


def taken_out(session: Session, dataset: Dataset, *, vanished: bool, at: datetime) -> None:
    """A dataset that was public is not any more: withdrawn by a person, or `vanished` from its source."""
    if dataset.current_version_id is not None:
        _tell(session, VANISHED if vanished else WITHDRAWN, dataset, {"reason": dataset.withdrawn_reason}, at=at)


def brought_back(session: Session, dataset: Dataset, *, at: datetime) -> None:
    """A dataset that was taken out is public again."""
    number = session.scalar(select(Version.number).where(Version.id == dataset.current_version_id))
    if number is not None:
        _tell(session, RESTORED, dataset, {"version": {"number": number}}, at=at)


def test(session: Session, webhook: Webhook, *, at: datetime) -> WebhookDelivery:
    """An event that nothing has happened for, to see whether telling works."""
    event = WebhookEvent(key=_key(), kind=TEST, at=at, facts={})
    session.add(event)
    session.flush()
    return _deliver(session, webhook.id, event, at=at)


def _tell(session: Session, kind: str, dataset: Dataset, facts: Mapping[str, Any], *, at: datetime) -> None:
    wanted = [number for number, events in _wanting(session, dataset) if not events or kind in events]
    if not wanted:
        return
    slug, title = session.execute(
        select(Organization.slug, Organization.title).where(Organization.id == dataset.organization_id)
    ).one()
    about = {"id": dataset.uuid, "name": dataset.slug, "title": dataset.title}
    told = {"dataset": about | {"organization": {"name": slug, "title": title}}, **facts}
    event = WebhookEvent(key=_key(), kind=kind, at=at, facts=told, dataset_id=dataset.id)
    session.add(event)
    session.flush()
    for number in wanted:
        _deliver(session, number, event, at=at)


def _wanting(session: Session, dataset: Dataset) -> list[tuple[int, list[str]]]:
    """The webhooks that are on and whose filter lets this dataset through, with the events that they want."""
    found = session.execute(
        select(Webhook.id, Webhook.events)
        .where(
            Webhook.disabled_at.is_(None),
            or_(Webhook.dataset_id.is_(None), Webhook.dataset_id == dataset.id),
            or_(Webhook.organization_id.is_(None), Webhook.organization_id == dataset.organization_id),
        )
        .order_by(Webhook.id)
    )
    return [(number, list(events)) for number, events in found]


def _deliver(session: Session, webhook_id: int, event: WebhookEvent, *, at: datetime) -> WebhookDelivery:
    delivery = WebhookDelivery(webhook_id=webhook_id, event_id=event.id, due=at)
    session.add(delivery)
    session.flush()
    jobs.ask(session, WEBHOOK, str(webhook_id), priority=URGENT)
    return delivery


def _key() -> str:
    return f"evt_{uuid4().hex}"
