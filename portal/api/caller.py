"""Who calls an action: the owner of the token in the header, and nobody known where an answer could run as a script."""

from __future__ import annotations

from flask import request

from portal.accounts.actor import current_actor
from portal.api.faults import Forbidden
from portal.policy import ANONYMOUS, Action, Actor, Thing, can


def caller() -> Actor:
    """Who asks. JSONP (`callback`) is answered as to the public, as CKAN does: any page could ask for it."""
    return ANONYMOUS if request.args.get("callback") else current_actor()


def demand(action: Action, thing: Thing, what: str) -> Actor:
    """The caller, who may do `action` to `thing`. Raises `Forbidden` naming `what` may not be done."""
    actor = caller()
    if not can(actor, action, thing):
        raise Forbidden(f"Access denied: not authorized to {what}")
    return actor
