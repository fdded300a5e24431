"""How often something may be tried, counted in the database, where all workers see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from datasets.db import add_missing
from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.accounts.models import Attempts

KEPT = timedelta(days=1)


class TooOften(LumbungError):
    """Something was tried too often; it may be tried again later."""

    code = "account.too_often"
    status = 429
    text = Bilingual(
        id="Terlalu banyak percobaan. Coba lagi {minutes} menit lagi, atau minta tautan kata sandi baru lewat surel.",
        en="Too many attempts. Try again in {minutes} minutes, or ask for a new password by mail.",
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in a `span`, which begins with the first."""

    count: int
    span: timedelta


ADDRESS = Limit(50, timedelta(minutes=15))
"""Failures from one address (of IPv6, one household): an office behind one address has room."""
ACCOUNT = Limit(10, timedelta(minutes=15))
"""Failures at one account from devices that never signed in to it. They close no door to the person's own device."""
DEVICE = Limit(10, timedelta(minutes=15))
"""Failures at one account from a device that did."""
LETTERS = Limit(3, timedelta(hours=1))
"""Letters with a link to one address of mail."""


def check(session: Session, bucket: str, limit: Limit, *, at: datetime) -> None:
    """Raises `TooOften` when the bucket is full."""
    row = session.get(Attempts, bucket)
    if row is not None and row.count >= limit.count and (left := row.since + limit.span - at) > timedelta():
        raise TooOften(minutes=max(1, round(left.total_seconds() / 60)))


def count(session: Session, bucket: str, limit: Limit, *, at: datetime) -> int:
    """One more; how many there are in this span."""
    add_missing(session, Attempts, [{"bucket": bucket, "since": at, "count": 0}])
    row = session.get_one(Attempts, bucket, with_for_update=True, populate_existing=True)
    if at - row.since >= limit.span:
        row.since, row.count = at, 0
    row.count += 1
    session.flush()
    return row.count


def give_back(session: Session, bucket: str) -> None:
    """One fewer: it was no failure."""
    row = session.get(Attempts, bucket)
    if row is not None and row.count:
        row.count -= 1


def forget(session: Session, bucket: str, *, at: datetime) -> None:
    """Empty a bucket, and drop those that nobody has used for a day."""
    session.execute(delete(Attempts).where((Attempts.bucket == bucket) | (Attempts.since < at - KEPT)))
