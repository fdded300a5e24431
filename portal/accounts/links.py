"""Links sent by mail: signed, for one purpose, good once and for a time."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from portal.accounts.keys import derived
from portal.accounts.models import User

HOURS = {"sandi": 2, "undangan": 7 * 24}
"""How long a link is good for: to a new password, and of an invitation."""


def make(key: str, purpose: str, user: User) -> str:
    """What the link ends in. It dies with the person's `stamp`."""
    return _signer(key, purpose).dumps([user.id, user.stamp])


def find(session: Session, key: str, purpose: str, text: str) -> User | None:
    """The person whom the link was sent to, while it is good."""
    if purpose not in HOURS:
        return None
    try:
        user_id, stamp = _signer(key, purpose).loads(text, max_age=HOURS[purpose] * 3600)
    except (BadSignature, ValueError, TypeError):
        return None
    user = session.get(User, user_id)
    return user if user is not None and user.active and user.stamp == stamp else None


def _signer(key: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(derived(key, f"link {purpose}"), salt=purpose)
