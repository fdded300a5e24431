"""The tables of accounts: people, their roles, sessions and tokens, what was tried, and what was done by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from datasets.columns import Json, Key, Prose, UtcDateTime, Words
from datasets.db import Record
from datasets.models import Immutable
from portal.policy import Role


class User(Record):
    """A person. `email` is in small letters and the name to sign in with; without `password_hash` there is none yet.

    `stamp` is part of every link sent by mail and is made anew when the password changes, so that a link works once.
    `totp_secret` is encrypted and `recovery_codes` are keyed hashes, by a key that is not in the database;
    `totp_counter` is the step of the last code used, so that none works twice. `issuer` and `subject` name the person
    at the single sign-on.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    email: Mapped[str] = mapped_column(Key(200), unique=True)
    name: Mapped[str] = mapped_column(Words(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stamp: Mapped[str] = mapped_column(Words(64))
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(Words(200), default=None)
    totp_secret: Mapped[str | None] = mapped_column(Prose, default=None)
    totp_counter: Mapped[int | None] = mapped_column(default=None)
    recovery_codes: Mapped[list[str] | None] = mapped_column(Json, default=None)
    issuer: Mapped[str | None] = mapped_column(Key(200), default=None)
    subject: Mapped[str | None] = mapped_column(Key(200), default=None)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class RoleGrant(Record):
    """A role that somebody holds, at an agency or (None) for the whole regency."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("user_id", "role", "organization_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignedIn(Record):
    """A session: known by the SHA-256 of what the cookie holds. `factor` says that a second factor was shown.

    `device` and `address` are for its owner to recognise it by; the row goes when it ends.
    """

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    digest: Mapped[str] = mapped_column(Words(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    factor: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str] = mapped_column(Words(200), default="")
    address: Mapped[str] = mapped_column(Words(60), default="")
    pending: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)


class ApiToken(Record):
    """A token for programs: shown once, kept as its SHA-256. `hint` is its beginning, to recognise it by."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(Words(100))
    digest: Mapped[str] = mapped_column(Words(64), unique=True)
    hint: Mapped[str] = mapped_column(Words(12))
    scopes: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Attempts(Record):
    """How often something was tried in a span of time, counted where all workers see it.

    `bucket` is a keyed hash of what is counted by (an address, an account, a device): it tells nobody which.
    """

    __tablename__ = "attempts"

    bucket: Mapped[str] = mapped_column(Words(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    count: Mapped[int] = mapped_column(default=0)


class AuditEntry(Record):
    """One change: who, when, what, and how it was before and after. Rows are added and never change."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(Words(250))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    action: Mapped[str] = mapped_column(Words(60))
    subject: Mapped[str] = mapped_column(Key(200))
    before: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)


def _refuse(_mapper: Mapper[Any], _connection: Any, _record: AuditEntry) -> None:
    raise Immutable("audit_entry never changes")


event.listen(AuditEntry, "before_update", _refuse)
event.listen(AuditEntry, "before_delete", _refuse)
