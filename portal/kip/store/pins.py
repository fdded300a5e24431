"""The PIN that goes with a registration number: argon2id, and doors that shut for guessers and not for the applicant.

Failures are counted by visitor, so that nobody can shut out another, and by case only far above what one visitor may
try: then the PIN rests for that case for a day, while the secret link, which cannot be guessed, still opens it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts import limits
from portal.accounts.keys import keyed_hash
from portal.accounts.limits import Limit
from portal.kip.models import KipCase
from portal.kip.store import cases

VISITOR = Limit(10, timedelta(minutes=15))
CASE = Limit(200, timedelta(days=1))
"""With eight digits 200 tries a day find a PIN in 700 years on average."""
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def hashed(pin: str) -> str:
    """What is kept of a PIN."""
    return str(_hasher().hash(pin))


def opens(session: Session, key: str, number: str, pin: str, visitor: str, *, at: datetime) -> KipCase | None:
    """The case of that number if the PIN is right; the same work and the same answer for a number that is none.

    `session` writes, since failures are counted. Raises `TooOften`.
    """
    from argon2.exceptions import InvalidHashError, VerificationError  # late: only this door

    who = keyed_hash(key, "pin visitor", visitor or "this machine")
    limits.check(session, who, VISITOR, at=at)
    row = cases.by_number(session, number)
    door = keyed_hash(key, "pin case", str(row.id)) if row is not None else ""
    if row is not None:
        limits.check(session, door, CASE, at=at)
    digits = "".join(character for character in pin if character.isdigit())[:20]
    try:
        right = _hasher().verify((row.pin_hash if row is not None else None) or _NOBODY, digits)
    except (VerificationError, InvalidHashError):
        right = False
    if right and row is not None:
        return row
    limits.count(session, who, VISITOR, at=at)
    if row is not None:
        limits.count(session, door, CASE, at=at)
    return None


def _hasher() -> Any:
    from argon2 import PasswordHasher  # late: only this door

    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
