"""Actions of a caller about itself: who it is, and its tokens. A token makes none that does more or lasts longer."""

from __future__ import annotations

import math
from typing import Any

from datasets.clock import now
from metadata.profiles.ckan_dicts import moment
from portal.accounts import people, tokens
from portal.accounts.models import ApiToken
from portal.api.caller import caller
from portal.api.faults import Forbidden, Invalid, NotFoundFault
from portal.api.parameters import Parameters
from portal.api.registry import action, write
from portal.context import installation, renew, session
from portal.policy import Actor, Grant, Role, Scope

_DAY = 86_400


@action
def user_show(parameters: Parameters) -> dict[str, Any]:
    """The caller, by `id` (number or e-mail address) or without. Nobody else is told of."""
    actor = _own(parameters, "id")
    user = people.get_user(session(), actor.user_id or 0)
    return {
        "id": str(user.id),
        "name": user.email,
        "fullname": user.name,
        "display_name": user.name,
        "email": user.email,
        "created": moment(user.created_at),
        "state": "active",
        "sysadmin": Grant(Role.ADMINISTRATOR) in actor.grants,
        "about": None,
        "activity_streams_email_notifications": False,
        "image_url": "",
        "image_display_url": "",
        "number_created_packages": 0,
    }


@action
def user_list(parameters: Parameters) -> list[Any]:
    """The caller, and nobody else; all_fields=false gives the name alone."""
    if not caller().is_known:
        return []
    whole = user_show(Parameters({}))
    return [whole] if parameters.flag("all_fields", default=True) else [whole["name"]]


@action
def api_token_list(parameters: Parameters) -> list[dict[str, Any]]:
    """The caller's tokens that were not revoked: what they are called, their scopes and times, never the secret."""
    actor = _own(parameters, "user_id", "user")
    return [_told(token) for token in tokens.tokens_of(session(), actor.user_id or 0)]


@write
def api_token_create(parameters: Parameters) -> dict[str, Any]:
    """Another token of the caller, shown once. Parameters: name; scopes (those of the asking token), expires_in and
    unit (seconds; by default as long as the asking token). It does no more and lasts no longer than the one that asks.
    """
    actor = _own(parameters, "user")
    name = parameters.text("name").strip()
    if not name:
        raise Invalid({"name": ["Missing value"]})
    mine = session().get(ApiToken, actor.token_id)
    if mine is None or actor.scopes is None:
        raise Forbidden("Access denied: not authorized to create API tokens")
    at = now()
    left = math.floor((mine.expires_at - at).total_seconds() / _DAY)
    asked = parameters.integer("expires_in", 0) * parameters.integer("unit", 1)
    days = min(left, asked // _DAY or 1) if asked else left
    if days < 1:
        raise Invalid({"expires_in": ["The asking token ends within a day; make a new one at /akun"]})
    wanted = parameters.texts("scopes") or [scope.value for scope in actor.scopes]
    if beyond := [scope for scope in wanted if scope not in {one.value for one in actor.scopes}]:
        raise Invalid({"scopes": [f"The asking token has no scope {scope[:40]}" for scope in beyond]})
    with installation().database.write() as writing:
        user = people.get_user(writing, actor.user_id or 0)
        scopes = [Scope(scope) for scope in wanted]
        made = tokens.issue(writing, user, name=name[:100], scopes=scopes, days=days, at=at, actor=actor)
    renew()
    return {"token": made.secret, "jti": str(made.id), "expires_at": moment(made.expires_at)}


@write
def api_token_revoke(parameters: Parameters) -> None:
    """End a token of the caller: `jti` (its number), `token` (itself), or without both the one that asks."""
    actor = caller()
    number, secret = parameters.text("jti"), parameters.text("token")
    if secret:
        found = tokens.find(session(), secret, at=now())
        number = str(found[0].id) if found and found[1].id == actor.user_id else "0"
    number = number or str(actor.token_id)
    if not number.isdecimal() or len(number) > len(str(2**31)):
        raise NotFoundFault("Not found")
    with installation().database.write() as writing:
        tokens.revoke(writing, int(number), owner_id=actor.user_id, at=now(), actor=actor)
    renew()


def _own(parameters: Parameters, *names: str) -> Actor:
    """The caller, when the call is about nobody else. Raises `Forbidden` of everybody else, known or not."""
    actor = caller()
    asked = next((text for name in names if (text := parameters.text(name))), "")
    if not actor.is_known or asked.casefold() not in ("", str(actor.user_id), actor.email):
        raise Forbidden("Access denied: not authorized to see this user")
    return actor


def _told(token: ApiToken) -> dict[str, Any]:
    return {
        "id": str(token.id),
        "name": token.name,
        "hint": token.hint,
        "scopes": list(token.scopes),
        "user_id": str(token.user_id),
        "created_at": moment(token.created_at),
        "expires_at": moment(token.expires_at),
        "last_access": moment(token.last_used_at) if token.last_used_at else None,
    }
