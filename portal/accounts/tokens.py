"""Tokens of the API: 256 random bits, shown once, kept as a hash, for some purposes and some time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from metadata.errors import BadInput, LumbungError, NotFound
from metadata.terms import Bilingual
from portal.accounts import audit, people
from portal.accounts.models import ApiToken, User
from portal.policy import RIGHTS, SCOPES, Actor, Grant, Scope

PREFIX = "lumbung_"
"""Lets a person, and a scanner of leaked secrets, recognise a token."""
LONGEST_DAYS = 366
TOUCHED_EVERY = timedelta(minutes=10)
"""The last use is noted this often: reading the API should not write each time."""


class ScopeBeyond(LumbungError):
    """A token was asked for what its owner may not do."""

    code = "token.scope_beyond"
    status = 403
    text = Bilingual(
        id="Cakupan {scope} melampaui peran pemilik token.", en="The scope {scope} goes beyond the roles of its owner."
    )


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token: `secret` is never seen again."""

    id: int
    secret: str
    expires_at: datetime


def offered(grants: Iterable[Grant]) -> list[Scope]:
    """The scopes that mean something for a holder of these roles."""
    rights = frozenset(action for grant in grants for action in RIGHTS[grant.role])
    reading = SCOPES[Scope.READ]
    return [scope for scope in Scope if (SCOPES[scope] if scope is Scope.READ else SCOPES[scope] - reading) & rights]


def issue(
    session: Session, user: User, *, name: str, scopes: Iterable[Scope], days: int, at: datetime, actor: Actor
) -> Issued:
    """A new token of `user`, good for `days`. Raises `ScopeBeyond`, `BadInput`."""
    wanted = sorted(set(scopes), key=lambda scope: scope.value)
    if not wanted or not name.strip() or not 1 <= days <= LONGEST_DAYS:
        raise BadInput(reason=f"name, scopes, days (1-{LONGEST_DAYS})")
    possible = offered(people.grants_of(session, user.id))
    for scope in wanted:
        if scope not in possible:
            raise ScopeBeyond(scope=scope.value)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=user.id,
        name=name.strip(),
        digest=digest(secret),
        hint=secret[: len(PREFIX) + 4],
        scopes=[scope.value for scope in wanted],
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    said = {"name": token.name, "scopes": token.scopes, "expires_at": token.expires_at.isoformat(), "of": user.email}
    audit.record(session, actor, "token.add", f"token:{token.id}", at=at, after=said)
    return Issued(token.id, secret, token.expires_at)


def find(session: Session, secret: str, *, at: datetime) -> tuple[ApiToken, User] | None:
    """The token and its owner while both are good: not expired, not revoked, the owner not shut out."""
    if not secret.startswith(PREFIX):
        return None
    asked = select(ApiToken, User).join(User, User.id == ApiToken.user_id)
    asked = asked.where(ApiToken.digest == digest(secret), ApiToken.revoked_at.is_(None), ApiToken.expires_at > at)
    found = session.execute(asked.where(User.active)).one_or_none()
    return None if found is None else (found[0], found[1])


def is_stale(token: ApiToken, *, at: datetime) -> bool:
    """Whether its last use ought to be noted again."""
    return token.last_used_at is None or at - token.last_used_at >= TOUCHED_EVERY


def touch(session: Session, token_id: int, *, at: datetime) -> None:
    """Note that it was used."""
    token = session.get(ApiToken, token_id)
    if token is not None:
        token.last_used_at = at


def tokens_of(session: Session, user_id: int) -> Sequence[ApiToken]:
    """The tokens of somebody that were not revoked, the newest first."""
    asked = select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    return session.scalars(asked.order_by(ApiToken.id.desc())).all()


def revoke(session: Session, token_id: int, *, owner_id: int | None, at: datetime, actor: Actor) -> None:
    """It works no more. With `owner_id` only a token of that person. Raises `NotFound`."""
    token = session.get(ApiToken, token_id)
    if token is None or (owner_id is not None and token.user_id != owner_id):
        raise NotFound(what=f"token:{token_id}")
    if token.revoked_at is None:
        token.revoked_at = at
        audit.record(session, actor, "token.revoke", f"token:{token.id}", at=at, before={"name": token.name})


def digest(secret: str) -> str:
    """How a random secret is kept: 256 bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
