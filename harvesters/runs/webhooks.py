"""Delivers what webhooks wait for: signed, one after the other, each written down right after it was answered."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from datasets import leases, mails
from datasets.installation import Installation
from datasets.keys import installation_key
from datasets.models import Webhook
from datasets.settings import Settings
from datasets.webhooks import deliveries, signing
from datasets.webhooks.deliveries import Delivery
from datasets.webhooks.events import PUBLISHED, RESTORED
from harvesters.wire.session import Limits
from harvesters.wire.webhooks import LIMITS, Sender
from metadata.terms import Bilingual

_SUBJECT = Bilingual(id="{site}: webhook “{title}” dimatikan", en="{site}: webhook “{title}” was switched off")
_FAILING = Bilingual(
    id="Webhook “{title}” ke {host} tidak menerima satu kiriman pun sejak {since} dan telah dimatikan.\n\n"
    "Perbaiki penerimanya, lalu nyalakan lagi di {page}. Kiriman yang gagal dapat dikirim ulang dari sana.",
    en="Webhook “{title}” to {host} has taken no delivery since {since} and has been switched off.\n\n"
    "Mend the receiver, then switch it on again at {page}. What failed can be delivered again from there.",
)
_GONE = Bilingual(
    id="Penerima webhook “{title}” di {host} menyatakan tidak mau menerima kiriman lagi (status 410), sehingga webhook "
    "ini telah dimatikan. Bila keliru, nyalakan lagi di {page}.",
    en="The receiver of webhook “{title}” at {host} says that it wants nothing more (status 410), so it has been "
    "switched off. If that is wrong, switch it on again at {page}.",
)


def deliver(here: Installation, webhook_id: int, *, limits: Limits = LIMITS) -> int:
    """Send what is due to one webhook; how many were taken. What fails is tried again later (`deliveries.WAITS`).

    A delivery whose sending was cut off before it was written down goes out again, under the same id.
    """
    with here.database.read() as session:
        batch = deliveries.due(session, webhook_id, at=leases.database_time(session))
    if not batch:
        return 0
    key, taken = installation_key(here.settings), 0
    with Sender(internal=here.settings.webhooks_internal.split(), limits=limits) as sender:
        for delivery in batch:
            body = message(delivery, here.settings.site_url)
            secret = signing.secret(key, delivery.salt)
            with here.database.read() as session:
                moment = leases.database_time(session)
            outcome = sender.send(delivery.url, body, signing.headers(secret, delivery.key, body, at=moment))
            with here.database.write() as session:
                at = leases.database_time(session)
                if deliveries.settle(session, delivery, outcome, at=at):
                    _tell_owner(session, here.settings, delivery.webhook_id, at=at)
                    break
            taken += outcome.error is None
            if outcome.away:
                break
    return taken


def message(delivery: Delivery, site: str) -> bytes:
    """The body: the same bytes at every attempt. `site` is the portal's address."""
    data: dict[str, Any] = dict(delivery.facts)
    if "dataset" in data:
        slug = data["dataset"]["name"]
        page = f"{site}/dataset/{slug}"
        data["dataset"] = {**data["dataset"], "url": page}
        if delivery.kind in (PUBLISHED, RESTORED):
            data["version"] = {**data["version"], **_addresses(page, data["version"]["number"])}
    told = {"id": delivery.key, "type": delivery.kind, "timestamp": delivery.at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False).encode()


def _addresses(page: str, number: int) -> dict[str, str]:
    fixed = f"{page}/v/{number}"
    found = {"url": fixed, "datapackage": f"{fixed}/datapackage.json"}
    return found | ({"changes": f"{page}/diff/{number - 1}..{number}.json"} if number > 1 else {})


def _tell_owner(session: Session, settings: Settings, webhook_id: int, *, at: datetime) -> None:
    webhook = session.get_one(Webhook, webhook_id)
    if not webhook.owner:
        return
    since = webhook.failing_since or at
    said = {
        "site": settings.site_title,
        "title": webhook.title,
        "host": webhook.url.split("/")[2],
        "since": since.strftime("%Y-%m-%d %H:%M UTC"),
        "page": f"{settings.site_url}/kerja/webhook/{webhook.id}",
    }
    words = _GONE if webhook.disabled_for == "gone" else _FAILING
    mails.post(
        session,
        to=webhook.owner,
        subject=_SUBJECT.say(webhook.language).format(**said),
        text=words.say(webhook.language).format(**said) + "\n",
        at=at,
        key=f"webhook {webhook.id} off {at.isoformat()}",
        language=webhook.language,
    )
