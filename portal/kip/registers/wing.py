"""The officers' wing of lists, registers and reports: its blueprint and who may enter it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint

from datasets.clock import now
from portal import context
from portal.accounts import audit, guard
from portal.kip.calendar import desk_date
from portal.kip.letters.facts import Letterhead
from portal.kip.sealing import keyring
from portal.kip.store import emblem, identity
from portal.kip.store.identity import Identity
from portal.policy import Action, NotAllowed, Reach, reach

bp = guard.private(Blueprint("kip_records", __name__, url_prefix="/kerja"))


def where(action: Action) -> Reach:
    """Where this person may do that. Raises `NotAllowed` when nowhere."""
    found = reach(guard.current(), action)
    if not found:
        raise NotAllowed()
    return found


def everywhere(action: Action) -> None:
    """Raises `NotAllowed` unless this person may do that for the whole regency."""
    if not where(action).everywhere:
        raise NotAllowed()


def who() -> Callable[[int], Identity]:
    """Opens the identity of a case; that somebody looked is written down by `looked`."""
    session, ring = context.session(), keyring(context.installation().settings)
    return lambda case: identity.unseal(session, ring, case)


def looked(what: str, count: int) -> None:
    """Write down that a register with names was looked at or taken, and how many persons were in it."""
    with context.installation().database.write() as session:
        audit.record(session, guard.current(), "kip.register.look", f"kip:{what}", at=now(), after={"rows": count})


def today() -> date:
    """The day at the desk."""
    return desk_date(now())


def head() -> Letterhead:
    """The letterhead as it is set."""
    return emblem.letterhead(context.session(), context.installation().settings.region_name)
