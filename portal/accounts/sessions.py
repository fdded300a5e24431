"""Sessions on the server: 256 random bits in a cookie, their hash in the database, an end by idleness and by age."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from metadata.errors import NotFound
from portal.accounts.models import SignedIn, User
from portal.accounts.tokens import digest

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
HALF = timedelta(minutes=10)
"""How long one may take between the password and the second factor."""
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Device:
    """What a person recognises a session by."""

    name: str
    address: str


def open_session(
    session: Session,
    user: User,
    device: Device,
    *,
    at: datetime,
    factor: bool = False,
    pending: dict[str, Any] | None = None,
) -> str:
    """A new session, and what its cookie holds. With `pending` it is one half way in, good for that step alone."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            user_id=user.id,
            digest=digest(secret),
            created_at=at,
            seen_at=at,
            factor=factor,
            device=device.name,
            address=device.address,
            pending=pending,
        )
    )
    if pending is None:
        user.signed_in_at = at
    over = (SignedIn.created_at < at - LONGEST) | (SignedIn.seen_at < at - IDLE)
    session.execute(delete(SignedIn).where(over))
    session.flush()
    return secret


def find(session: Session, secret: str, *, at: datetime, half: bool = False) -> tuple[SignedIn, User] | None:
    """The session of a cookie and its person, while both are good; with `half` only one that is half way in."""
    asked = select(SignedIn, User).join(User, User.id == SignedIn.user_id)
    asked = asked.where(SignedIn.digest == digest(secret), User.active)
    asked = asked.where(SignedIn.created_at > at - (HALF if half else LONGEST), SignedIn.seen_at > at - IDLE)
    found = session.execute(asked).one_or_none()
    if found is None or (found[0].pending is not None) != half:
        return None
    return found[0], found[1]


def renew(session: Session, row: SignedIn, *, factor: bool) -> str:
    """Another secret for the same session, as when its rights grow; what was known before is worth nothing."""
    secret = secrets.token_urlsafe(32)
    row.digest, row.factor = digest(secret), factor
    session.flush()
    return secret


def touch(session: Session, session_id: int, *, at: datetime) -> None:
    """Note that it was used."""
    row = session.get(SignedIn, session_id)
    if row is not None:
        row.seen_at = at


def sessions_of(session: Session, user_id: int, *, at: datetime) -> Sequence[SignedIn]:
    """The sessions of somebody that are open, the newest first."""
    asked = select(SignedIn).where(SignedIn.user_id == user_id, SignedIn.pending.is_(None))
    asked = asked.where(SignedIn.created_at > at - LONGEST, SignedIn.seen_at > at - IDLE)
    return session.scalars(asked.order_by(SignedIn.id.desc())).all()


def end(session: Session, session_id: int, *, user_id: int) -> None:
    """End a session of that person. Raises `NotFound`."""
    row = session.get(SignedIn, session_id)
    if row is None or row.user_id != user_id:
        raise NotFound(what=f"session:{session_id}")
    session.delete(row)
