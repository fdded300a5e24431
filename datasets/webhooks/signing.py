"""Signatures as https://www.standardwebhooks.com describes them: HMAC-SHA256 over id, timestamp and body."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import datetime

from datasets.keys import derived

PREFIX = "whsec_"


def secret(key: str, salt: str) -> str:
    """The secret of a webhook, made of the installation's `key` and the webhook's own `salt`: kept nowhere."""
    return PREFIX + b64encode(derived(key, f"webhook {salt}")).decode("ascii")


def headers(given: str, event: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """What is sent beside `body`: the event's id, the second of `at`, and the signature over all three."""
    second = int(at.timestamp())
    signed = f"{event}.{second}.".encode() + body
    digest = hmac.digest(b64decode(given.removeprefix(PREFIX)), signed, hashlib.sha256)
    return {
        "webhook-id": event,
        "webhook-timestamp": str(second),
        "webhook-signature": f"v1,{b64encode(digest).decode('ascii')}",
    }
