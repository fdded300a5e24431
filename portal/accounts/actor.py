"""Who asks: read from the token in the header, or from the session that a private page has opened."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import cast

from flask import g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from datasets.clock import now
from datasets.errors import Busy, DiskFull
from portal import context
from portal.accounts import people, tokens
from portal.accounts.models import ApiToken, User
from portal.policy import ANONYMOUS, Actor, Scope, demanding

HEADERS = ("Authorization", "X-CKAN-API-Key")
"""Where CKAN's clients put a token: ckanapi and ckanr send both."""

log = logging.getLogger("lumbung.portal")


def current_actor() -> Actor:
    """Who asks this request; found once. Nobody known when there is no token, or none that is good.

    A session counts on private pages alone, which put it here (`portal.accounts.guard`): public pages and the API
    never look at a cookie, so that caches may keep the ones, and no other site can make a browser call the other.
    """
    if "actor" not in g:
        secret = token_of_request()
        g.actor = ANONYMOUS if secret is None else actor_of_token(context.session(), secret)
    return cast(Actor, g.actor)


def token_of_request() -> str | None:
    """The token in the headers, with or without `Bearer`."""
    for name in HEADERS:
        text = request.headers.get(name, "").strip()
        scheme, _, rest = text.partition(" ")
        if scheme.lower() == "bearer":
            text = rest.strip()
        if text.startswith(tokens.PREFIX):
            return text
    return None


def actor_of_token(session: Session, secret: str) -> Actor:
    """Whom a token stands for, with its scopes."""
    at = now()
    found = tokens.find(session, secret, at=at)
    if found is None:
        return ANONYMOUS
    token, user = found
    if tokens.is_stale(token, at=at):
        _touch(token)
    return Actor(
        user_id=user.id,
        name=user.name,
        email=user.email,
        grants=people.grants_of(session, user.id),
        scopes=frozenset(Scope(scope) for scope in token.scopes),
        token_id=token.id,
    )


def actor_of_user(session: Session, user: User, *, session_id: int | None, factor: bool, officers: bool) -> Actor:
    """A person who signed in, with the roles that are in force: those that demand a second factor once it was shown.

    `officers` is the setting that all roles demand it.
    """
    held = people.grants_of(session, user.id)
    waiting = frozenset() if factor else demanding(held, officers=officers)
    return Actor(
        user_id=user.id,
        name=user.name,
        email=user.email,
        grants=held - waiting,
        session_id=session_id,
        lacks_factor=bool(waiting),
    )


def _touch(token: ApiToken) -> None:
    """Note the use; a database that cannot be written to keeps nobody from reading."""
    with suppress(Busy, DiskFull, DBAPIError), context.installation().database.write() as writing:
        tokens.touch(writing, token.id, at=now())
