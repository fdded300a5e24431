"""Followers: who wants to be told of new versions by e-mail. Nobody is before the address's owner has said so."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import mails
from datasets.db import add_missing
from datasets.journal import log
from datasets.keys import keyed_hash, opened, sealed
from datasets.models import Dataset, Follow, Organization, published

UNCONFIRMED = timedelta(days=2)
"""How long a link to confirm works; the row of who never used it goes then."""
MOST = 100
"""What one address may follow."""
LETTERS = "follow:"
"""How the keys of letters to followers begin."""
_PURPOSE = "follower"

Purpose = Literal["confirm", "leave"]


@dataclass(frozen=True, slots=True)
class Target:
    """What is followed: a dataset or an agency by id, or what a search finds."""

    kind: Literal["dataset", "organization", "search"]
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"

    @classmethod
    def parse(cls, text: str) -> Target:
        """The target that a row names."""
        kind, _, value = text.partition(":")
        if kind == "dataset":
            return cls("dataset", value)
        return cls("organization", value) if kind == "organization" else cls("search", value)


def ask(
    session: Session, target: Target, address: str, *, key: str, language: str, root: str, at: datetime
) -> Follow | None:
    """Note the wish to follow, unconfirmed; None where the address follows it already, of which nobody is told.

    It is None too for an address that follows `MOST` already. `root` is the portal's address for links in letters.
    Raises `AddressWrong`.
    """
    plain = mails.checked_address(address)
    reader = reader_of(key, plain)
    forget_unconfirmed(session, key=key, at=at)
    theirs = session.scalars(select(Follow).where(Follow.reader == reader)).all()
    if len(theirs) >= MOST:
        return None
    row = {"reader": reader, "target": str(target), "address": sealed(key, _PURPOSE, plain), "position": 0}
    more = {"nonce": secrets.token_hex(16), "language": language, "root": root, "created_at": at}
    add_missing(session, Follow, [row | more | {"confirmed_at": None}])
    follow = session.scalars(select(Follow).where(Follow.reader == reader, Follow.target == str(target))).one()
    return None if follow.confirmed_at is not None else follow


def forget_unconfirmed(session: Session, *, key: str, at: datetime) -> None:
    """Delete what nobody has confirmed in time, and with the last of it the address."""
    late = select(Follow).where(Follow.confirmed_at.is_(None), Follow.created_at < at - UNCONFIRMED)
    leave(session, session.scalars(late).all(), key=key)


def confirm(session: Session, follow: Follow, *, at: datetime) -> None:
    """The owner of the address has said yes: what comes from now on is told."""
    if follow.confirmed_at is None:
        follow.confirmed_at, follow.position = at, log.head_size(session)
        session.flush()


def leave(session: Session, follows: Sequence[Follow], *, key: str) -> None:
    """Tell nothing more; of an address that follows nothing else, nothing is left, in the outbox neither."""
    for follow in follows:
        session.delete(follow)
    session.flush()
    for follow in follows:
        if session.scalar(select(Follow.id).where(Follow.reader == follow.reader).limit(1)) is None:
            address = address_of(follow, key)
            if address is not None:
                mails.forget(session, address, LETTERS)


def token_of(follow: Follow, purpose: Purpose, *, key: str) -> str:
    """What stands in the link of a letter: which row, for what, and a proof that it came from there."""
    return f"{follow.id}-{_mac(follow, purpose, key)}"


def by_token(session: Session, token: str, purpose: Purpose, *, key: str) -> Follow | None:
    """The row that a link is about; None when the link is false, or the row gone."""
    number, _, mac = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    follow = session.get(Follow, int(number))
    if follow is None or not hmac.compare_digest(
        _mac(follow, purpose, key).encode(), mac.encode("utf-8", "surrogatepass")
    ):
        return None
    return follow


def token_of_all(reader: str, *, key: str) -> str:
    """What stands in the link that ends everything for an address, whichever of its rows are left by then."""
    return f"{reader}-{keyed_hash(key, 'follow leave-all', reader)[:40]}"


def by_token_of_all(session: Session, token: str, *, key: str) -> Sequence[Follow]:
    """All that the address of such a link follows; nothing when the link is false."""
    reader = token.partition("-")[0]
    if not hmac.compare_digest(token_of_all(reader, key=key).encode(), token.encode("utf-8", "surrogatepass")):
        return []
    return of_reader(session, reader)


def of_reader(session: Session, reader: str) -> Sequence[Follow]:
    """All that an address follows, confirmed or not."""
    return session.scalars(select(Follow).where(Follow.reader == reader).order_by(Follow.id)).all()


def reader_of(key: str, address: str) -> str:
    """By what an address is recognised without being read."""
    return keyed_hash(key, _PURPOSE, address.lower())


def address_of(follow: Follow, key: str) -> str | None:
    """The address; None when another key sealed it."""
    return opened(key, _PURPOSE, follow.address)


def name_of(session: Session, target: Target) -> str | None:
    """What is followed, in words; None when it is not public any more."""
    if target.kind == "search":
        return target.value
    number = int(target.value)
    if target.kind == "dataset":
        return session.scalar(published().with_only_columns(Dataset.title).where(Dataset.id == number))
    return session.scalar(select(Organization.title).where(Organization.id == number))


def _mac(follow: Follow, purpose: Purpose, key: str) -> str:
    return keyed_hash(key, f"follow {purpose}", f"{follow.id} {follow.nonce}")[:40]
