"""The way in: password, then the second factor; the same answer and about the same work for whoever is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from datasets.db import Database
from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.accounts import audit, limits, people, sessions
from portal.accounts.credentials import Credentials
from portal.accounts.keys import keyed_hash
from portal.accounts.models import User
from portal.accounts.sessions import Device
from portal.policy import Actor

HALF_WAY = {"step": "factor"}
CODES_AT_ONCE = 5
"""Wrong codes after which the password must be given again."""


class NotLetIn(LumbungError):
    """The one answer to a wrong address, a wrong password, and an account that was shut."""

    code = "account.not_let_in"
    status = 422
    text = Bilingual(id="Surel atau kata sandi tidak cocok.", en="The e-mail or the password does not fit.")


class CodeWrong(LumbungError):
    """Neither a one-time code of this moment nor an unused recovery code."""

    code = "account.code_wrong"
    status = 422
    text = Bilingual(
        id="Kode tidak cocok. Gunakan kode terbaru dari aplikasi, atau satu kode pemulihan.",
        en="The code does not fit. Use the newest code of the app, or a recovery code.",
    )


@dataclass(frozen=True, slots=True)
class LetIn:
    """What the cookies will hold: of the session, or of one `half` way in, which still owes a code."""

    secret: str
    half: bool
    user_id: int


@dataclass(frozen=True, slots=True)
class Door:
    """Where people come in: who is at it (`device`), and what the machine they use has `known` before."""

    database: Database
    credentials: Credentials
    key: str
    device: Device
    known: str | None

    def buckets(self, email: str) -> list[tuple[str, limits.Limit]]:
        """What an attempt at this account counts for: the device if it is known there, else account and address."""
        if self.known is not None and self.known == device_mark(self.key, email):
            return [(keyed_hash(self.key, "limit", f"device {email}"), limits.DEVICE)]
        counted = [(keyed_hash(self.key, "limit", f"account {email}"), limits.ACCOUNT)]
        if self.device.address:
            counted.append((keyed_hash(self.key, "limit", f"address {self.device.address}"), limits.ADDRESS))
        return counted


def device_mark(key: str, email: str) -> str:
    """What a machine on which somebody has signed in keeps, so that strangers' attempts do not count against it."""
    return keyed_hash(key, "device", email)


def with_password(door: Door, email: str, password: str, *, at: datetime) -> LetIn:
    """Let somebody in by password. Raises `NotLetIn`, `limits.TooOften`."""
    asked = email.strip().casefold()[:200]
    with door.database.write() as session:  # counted before the answer is known: many at once count as many
        user = people.find_user(session, email)
        buckets = door.buckets(user.email if user else asked)
        for bucket, limit in buckets:
            limits.check(session, bucket, limit, at=at)
        for bucket, limit in buckets:
            limits.count(session, bucket, limit, at=at)
        kept = user.password_hash if user else None
    if not door.credentials.is_right(password, kept) or user is None:
        raise NotLetIn()
    with door.database.write() as session:
        present = session.get_one(User, user.id)
        if not present.active or present.password_hash != kept:
            raise NotLetIn()
        if present.totp_secret is not None:
            return LetIn(
                sessions.open_session(session, present, door.device, at=at, pending=HALF_WAY), True, present.id
            )
        return _let_in(session, door, present, at=at, factor=False)


def with_code(door: Door, half_secret: str, code: str, *, at: datetime) -> LetIn:
    """The second step: a one-time or recovery code. Raises `CodeWrong`, and `NotLetIn` when the first is over."""
    with door.database.write() as session:
        found = sessions.find(session, half_secret, at=at, half=True)
        if found is not None:
            row, user = found
            if door.credentials.is_code(code, user):
                session.delete(row)
                return _let_in(session, door, user, at=at, factor=True)
            if door.credentials.spend_recovery_code(code, user):
                audit.record(session, of(user), "account.recovery_code", f"user:{user.id}", at=at)
                session.delete(row)
                return _let_in(session, door, user, at=at, factor=True)
            for bucket, limit in door.buckets(user.email):
                limits.count(session, bucket, limit, at=at)
            tried = int((row.pending or {}).get("tried", 0)) + 1
            row.pending = HALF_WAY | {"tried": tried}
            if tried >= CODES_AT_ONCE:
                session.delete(row)
    if found is None:
        raise NotLetIn()
    raise CodeWrong()


def of(user: User) -> Actor:
    """A person as the one who did something, for the audit log."""
    return Actor(user_id=user.id, name=user.name, email=user.email)


def _let_in(session: Session, door: Door, user: User, *, at: datetime, factor: bool) -> LetIn:
    for bucket, limit in door.buckets(user.email):
        if limit is limits.ADDRESS:
            limits.give_back(session, bucket)
        else:
            limits.forget(session, bucket, at=at)
    by = "code" if factor else "password"
    audit.record(session, of(user), "account.sign_in", f"user:{user.id}", at=at, after={"by": by})
    return LetIn(sessions.open_session(session, user, door.device, at=at, factor=factor), False, user.id)
