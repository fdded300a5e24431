"""The officers' wing: its blueprint, who may do what on a case, and as which actor of the law."""

from __future__ import annotations

from flask import Blueprint, request
from sqlalchemy import select

from metadata.errors import NotFound
from portal import context
from portal.accounts import guard
from portal.kip.models import KipCase, KipRoute
from portal.kip.sealing import Keyring, keyring
from portal.kip.settings import KipSettings
from portal.kip.store import acting
from portal.kip.store.acting import Desk
from portal.policy import Action, NotAllowed, Reach, reach
from portal.web.links import site_root

MEGABYTE = 1024 * 1024
LARGEST_ANSWER = 50 * MEGABYTE
"""Bytes of one file of an answer."""

bp = Blueprint("kip_work", __name__, url_prefix="/kerja")


@bp.before_request
def _room() -> None:
    """Files of answers may be larger than forms are."""
    request.max_form_parts = 500
    if request.endpoint in ("kip_work.put_file", "kip_work.put_redacted"):
        request.max_content_length = LARGEST_ANSWER + MEGABYTE


guard.private(bp)

RIGHTS: dict[str, Action] = {
    "route": "request.route",
    "return_from_opd": "request.propose",
    "note": "request.propose",
    "extend": "request.answer",
    "answer": "request.answer",
    "decide_objection": "objection.decide",
    "settle": "request.see",
}
"""Which right an event needs; all others are the desk's (`request.register`)."""


def ring() -> Keyring:
    """The keys of the desk."""
    return keyring(context.installation().settings)


def desk() -> Desk:
    """The desk, with its address as it is set or else as it was asked."""
    return acting.desk(context.installation(), site_root())


def right_of(action: str, settings: KipSettings) -> Action:
    """The right that an event needs; where agencies may answer, what is enough to propose is enough for that."""
    if action == "answer" and settings.opd_may_answer:
        return "request.propose"
    return RIGHTS.get(action, "request.register")


def kip_actor() -> str:
    """As whom of the law this person acts."""
    actor = guard.current()
    if reach(actor, "request.answer").everywhere:
        return "ppid_utama"
    if reach(actor, "objection.decide"):
        return "atasan_ppid"
    return "ppid_pelaksana"


def seeing(action: Action = "request.see") -> Reach:
    """Where this person may see cases. Raises `NotAllowed` when nowhere."""
    found = reach(guard.current(), action)
    if not found:
        raise NotAllowed()
    return found


def case_here(number: int, action: Action = "request.see") -> KipCase:
    """The case of that number, for who may do `action` to it: everywhere, or where it was passed to the own agency.

    Raises `NotFound` and `NotAllowed`.
    """
    allowed = seeing(action)
    row = context.session().get(KipCase, number)
    if row is None:
        raise NotFound(what="permohonan")
    if not allowed.everywhere:
        routed = select(KipRoute.organization_id).where(KipRoute.case_id == number)
        if not allowed.agencies.intersection(context.session().scalars(routed)):
            raise NotAllowed()
    return row
