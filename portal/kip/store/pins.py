"""The PIN that goes with a registration number: argon2id, and a door that rests longer after each wrong one.

It rests for one network at one number and for nobody else, so that no stranger can shut the applicant out; the secret
link, which cannot be guessed, opens at all times.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from sqlalchemy.orm import Session

from datasets.db import add_missing
from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.accounts import limits
from portal.accounts.keys import keyed_hash
from portal.accounts.limits import KEPT, Limit
from portal.accounts.models import Attempts
from portal.kip.models import KipCase
from portal.kip.store import cases

VISITOR: Final = Limit(10, timedelta(minutes=15))
"""Failures from one network at whatever numbers."""
FREE: Final = 5
"""Failures from one network at one number before the door rests."""
FIRST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=1)
"""How long it rests then; twice as long after each failure more."""
BESIEGED: Final = Limit(200, timedelta(days=1))
"""Failures at one number from all networks, after which each has one try a day: nobody who knows the PIN needs more.

Ten thousand networks then find one of eight digits in 13 years on average; those who keep below it, in 700.
"""
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


class PinRests(LumbungError):
    """Too many wrong PINs from this network; the secret link opens the case meanwhile."""

    code = "kip.pin_rests"
    status = 429
    text = Bilingual(
        id="Terlalu banyak percobaan. Coba lagi {minutes} menit lagi, atau buka permohonan dengan tautan rahasia dari "
        "surel tanda bukti.",
        en="Too many attempts. Try again in {minutes} minutes, or open the request by the secret link in the e-mail "
        "with your receipt.",
    )


def hashed(pin: str) -> str:
    """What is kept of a PIN."""
    return str(_hasher().hash(pin))


def opens(session: Session, key: str, number: str, pin: str, visitor: str, *, at: datetime) -> KipCase | None:
    """The case of that number if the PIN is right; the same work and the same answer for a number that is none.

    `session` writes, since failures are counted. Raises `PinRests`.
    """
    from argon2.exceptions import InvalidHashError, VerificationError  # late: only this door

    who, plain = visitor or "this machine", cases.plain_number(number)
    door = _door(session, keyed_hash(key, "pin visitor number", f"{who} {plain}"), at)
    everywhere, siege = keyed_hash(key, "pin visitor", who), keyed_hash(key, "pin number", plain)
    _must_not_rest(door.since - at)
    try:
        limits.check(session, everywhere, VISITOR, at=at)
    except limits.TooOften:
        raise PinRests(minutes=ceil(VISITOR.span.total_seconds() / 60)) from None
    row = cases.by_number(session, number)
    digits = "".join(character for character in pin if character.isdigit())[:20]
    try:
        right = _hasher().verify((row.pin_hash if row is not None else None) or _NOBODY, digits)
    except (VerificationError, InvalidHashError):
        right = False
    if right and row is not None:
        limits.forget(session, door.bucket, at=at)
        return row
    limits.count(session, everywhere, VISITOR, at=at)
    besieged = limits.count(session, siege, BESIEGED, at=at) > BESIEGED.count
    door.count += 1
    door.since = at + (LONGEST if besieged else _rest(door.count))
    session.flush()
    return None


def _door(session: Session, bucket: str, at: datetime) -> Attempts:
    """The failures of one network at one number, for this transaction alone; `since` is the moment until it rests."""
    add_missing(session, Attempts, [{"bucket": bucket, "since": at, "count": 0}])
    row = session.get_one(Attempts, bucket, with_for_update=True, populate_existing=True)
    if at - row.since >= KEPT:
        row.count = 0
    return row


def _must_not_rest(left: timedelta) -> None:
    if left > timedelta():
        raise PinRests(minutes=ceil(left.total_seconds() / 60))


def _rest(failures: int) -> timedelta:
    return timedelta() if failures < FREE else min(LONGEST, FIRST * 2 ** min(failures - FREE, 20))


def _hasher() -> Any:
    from argon2 import PasswordHasher  # late: only this door

    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
