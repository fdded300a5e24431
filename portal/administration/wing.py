"""The administrator's wing of the workbench: its blueprint, and what several of its pages need."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint
from sqlalchemy.orm import Session

from datasets.clock import now
from datasets.search import feed
from metadata.errors import LumbungError
from portal import context
from portal.accounts import guard
from portal.administration import owners
from portal.policy import Action, Thing, require
from portal.web.i18n import current_language

bp = guard.private(Blueprint("administration", __name__, url_prefix="/kerja"))


def allowed(action: Action, thing: Thing) -> None:
    """Raises `NotAllowed` unless who is here may do `action` to `thing`."""
    require(guard.current(), action, thing)


def tried(work: Callable[[Session], object]) -> str:
    """Do `work` in one transaction; what refused it, in words, and nothing is written then. Empty when it is done."""
    here = context.installation()
    try:
        with here.database.write() as session:
            work(session)
    except LumbungError as error:
        return error.say(current_language())
    context.renew()
    return ""


def tried_on_owner(work: Callable[[Session], object]) -> str:
    """As `tried`, and what changed of agencies and themes is found at once by the new words."""
    wrong = tried(work)
    if not wrong:
        here = context.installation()
        feed.drain(here.database, here.search)
    return wrong


def remove(row: owners.Owner) -> str:
    """Remove an agency or a theme; why not, in words."""
    actor = guard.current()
    return tried_on_owner(lambda session: owners.remove(session, owners.again(session, row), actor=actor, at=now()))
