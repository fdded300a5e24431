"""The custodian's wing of the workbench: its blueprint, who sees what of the queue, and decisions as transactions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.matters import Sight
from datasets.models import Organization
from datasets.search import feed
from metadata.errors import LumbungError
from portal import context
from portal.accounts import guard
from portal.config import TIMEZONE
from portal.policy import PORTAL, Action, NotAllowed, can, reach
from portal.web.i18n import current_language

LONGEST = 2_000
"""Letters of a comment or a reason."""

bp = guard.private(Blueprint("review", __name__, url_prefix="/kerja"))


@bp.before_request
def _room() -> None:
    """Forms with a field for every column of a wide table, several hundred ticks, or a spreadsheet of a plan."""
    request.max_form_parts = 5_000
    request.max_form_memory_size = 5 * 1024 * 1024
    request.max_content_length = 12 * 1024 * 1024


def sight() -> Sight:
    """What who is here sees of the queue."""
    return Sight(
        drafts=_where("draft.review"),
        held=_where("held.see"),
        sources=_where("source.see"),
        overdue=_where("held.see"),
    )


def require_queue() -> None:
    """Raises `NotAllowed` for who sees nothing of the queue."""
    if not (may("draft.review") or may("held.see")):
        raise NotAllowed()


def may(action: Action) -> bool:
    """Whether who is here may do it somewhere."""
    return bool(reach(guard.current(), action))


def may_everywhere(action: Action) -> bool:
    """Whether who is here may do it for the whole regency."""
    return can(guard.current(), action, PORTAL)


def decided(work: Callable[[Session], object]) -> str:
    """Do `work` in one transaction and bring the index up to date; why not, in words, and nothing is written then."""
    here = context.installation()
    try:
        with here.database.write() as session:
            work(session)
    except LumbungError as error:
        context.renew()
        return error.say(current_language())
    feed.drain(here.database, here.search)
    context.renew()
    return ""


def agencies_by_id() -> Mapping[int, Organization]:
    """Every agency by its number."""
    return {one.id: one for one in context.session().scalars(select(Organization).order_by(Organization.title))}


def ticked(name: str = "subject") -> list[int]:
    """The numbers that were ticked in a list."""
    found = (text for text in request.form.getlist(name) if text.isascii() and text.isdigit() and len(text) < 10)
    return list(dict.fromkeys(int(text) for text in found))


def local_moment(text: str) -> datetime | None:
    """What a field for day and hour holds, in the time of the portal; None when it holds none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(TIMEZONE))
    except ValueError:
        return None


def _where(action: Action) -> Collection[int] | None:
    reached = reach(guard.current(), action)
    return None if reached.everywhere else reached.agencies
