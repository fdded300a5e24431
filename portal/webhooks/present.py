"""Webhooks and their deliveries as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import Dataset, Organization, Webhook, WebhookDelivery, WebhookEvent
from datasets.webhooks import events
from harvesters.runs.spoken import learn
from harvesters.wire.addresses import without_query
from metadata.notices import Notice
from portal.accounts.present import Choice
from portal.web.figures import minute
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """One webhook: where it sends, what about, and how it stands (`kind` is the colour of the badge)."""

    id: int
    title: str
    url: str
    about: str
    events: str
    kind: str
    state: str
    on: bool
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One event on its way: what, when it was tried, what was answered."""

    id: int
    what: str
    subject: str
    key: str
    when: str
    kind: str
    state: str
    error: str


def event_words(kind: str) -> str:
    """A kind of event in words."""
    return {
        events.PUBLISHED: _("A version was published"),
        events.WITHDRAWN: _("A dataset was withdrawn"),
        events.VANISHED: _("A dataset vanished from its source"),
        events.RESTORED: _("A dataset is public again"),
        events.TEST: _("A test"),
    }.get(kind, kind)


def event_choices(chosen: Sequence[str]) -> list[Choice]:
    """The events that may be wanted; all are chosen where none is."""
    return [Choice(kind, event_words(kind), kind, not chosen or kind in chosen) for kind in events.KINDS]


def webhook_line(session: Session, webhook: Webhook) -> WebhookLine:
    """A webhook in words."""
    kind, state = _state(webhook)
    wanted = [event_words(one) for one in webhook.events]
    return WebhookLine(
        id=webhook.id,
        title=webhook.title,
        url=without_query(webhook.url),
        about=_about(session, webhook),
        events="; ".join(wanted) if wanted else _("All events"),
        kind=kind,
        state=state,
        on=webhook.disabled_at is None,
        reason=_reason(webhook),
    )


def delivery_line(delivery: WebhookDelivery, event: WebhookEvent) -> DeliveryLine:
    """A delivery in words."""
    learn("files")
    kind, state = "quiet", _("waits")
    if delivery.delivered_at is not None:
        kind, state = "good", _("taken (%(status)s)", status=delivery.status)
    elif delivery.dead_at is not None:
        kind, state = "bad", _("given up")
    elif delivery.attempts:
        kind, state = "warn", _("next attempt %(moment)s", moment=minute(delivery.due))
    return DeliveryLine(
        id=delivery.id,
        what=event_words(event.kind),
        subject=event.facts.get("dataset", {}).get("title", ""),
        key=event.key,
        when=minute(delivery.tried_at or event.at),
        kind=kind,
        state=state,
        error=Notice.from_dict(delivery.error).say(current_language()) if delivery.error else "",
    )


def _about(session: Session, webhook: Webhook) -> str:
    if webhook.dataset_id is not None:
        title = session.scalar(select(Dataset.title).where(Dataset.id == webhook.dataset_id))
        return _("Dataset: %(title)s", title=title)
    if webhook.organization_id is not None:
        title = session.scalar(select(Organization.title).where(Organization.id == webhook.organization_id))
        return _("Agency: %(title)s", title=title)
    return _("All datasets")


def _state(webhook: Webhook) -> tuple[str, str]:
    if webhook.disabled_at is not None:
        return "bad", _("switched off")
    if webhook.failing_since is not None:
        return "warn", _("failing since %(moment)s", moment=minute(webhook.failing_since))
    if webhook.taken_at is not None:
        return "good", _("last taken %(moment)s", moment=minute(webhook.taken_at))
    return "quiet", _("nothing sent yet")


def _reason(webhook: Webhook) -> str:
    return {
        "failing": _("It took nothing for three days, so it was switched off."),
        "gone": _("The receiver answered that it wants nothing more (410), so it was switched off."),
        "account": _("It was switched off with its account."),
    }.get(webhook.disabled_for or "", "")
