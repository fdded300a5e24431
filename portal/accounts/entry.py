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
from portal.accounts.models import SignedIn, User
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
    with door.database.read() as session:
        user = people.find_user(session, email)
        buckets = door.buckets(user.email if user else asked)
        for bucket, limit in buckets:
            limits.check(session, bucket, limit, at=at)
    right = door.credentials.is_right(password, user.password_hash if user else None)
    with door.database.write() as session:
        present = session.get(User, user.id) if user is not None and right else None
        if present is None or not present.active:
            for bucket, limit in buckets:
                limits.count(session, bucket, limit, at=at)
        else:
            return _let_in(session, door, present, at=at, buckets=buckets)
    raise NotLetIn()


def with_code(door: Door, half_secret: str, code: str, *, at: datetime) -> LetIn:
    """The second step: a one-time or recovery code. Raises `CodeWrong`, and `NotLetIn` when the first is over."""
    with door.database.write() as session:
        found = sessions.find(session, half_secret, at=at, half=True)
        if found is not None:
            row, user = found
            if door.credentials.is_code(code, user):
                return _second_step(session, door, row, user, at=at)
            if door.credentials.spend_recovery_code(code, user):
                audit.record(session, of(user), "account.recovery_code", f"user:{user.id}", at=at)
                return _second_step(session, door, row, user, at=at)
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


def _let_in(
    session: Session, door: Door, user: User, *, at: datetime, buckets: list[tuple[str, limits.Limit]]
) -> LetIn:
    if user.totp_secret is not None:
        return LetIn(sessions.open_session(session, user, door.device, at=at, pending=HALF_WAY), True, user.id)
    for bucket, limit in buckets:
        if limit is not limits.ADDRESS:
            limits.forget(session, bucket, at=at)
    audit.record(session, of(user), "account.sign_in", f"user:{user.id}", at=at, after={"by": "password"})
    return LetIn(sessions.open_session(session, user, door.device, at=at), False, user.id)


def _second_step(session: Session, door: Door, row: SignedIn, user: User, *, at: datetime) -> LetIn:
    session.delete(row)
    limits.forget(session, door.buckets(user.email)[0][0], at=at)
    audit.record(session, of(user), "account.sign_in", f"user:{user.id}", at=at, after={"by": "code"})
    return LetIn(sessions.open_session(session, user, door.device, at=at, factor=True), False, user.id)
