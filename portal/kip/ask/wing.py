"""The two wings of asking and following: their blueprints, how much a form may carry, what both need."""

from __future__ import annotations

from flask import Blueprint, request

from portal import context
from portal.accounts import guard
from portal.kip.sealing import Keyring, keyring
from portal.kip.store import acting, papers
from portal.kip.store.acting import Desk
from portal.kip.store.papers import LARGEST_PROOF, MOST_PROOFS, SealedProof
from portal.quota.visitors import visitor
from portal.web.links import site_root

FORM_ROOM = 256 * 1024
"""Bytes of a form beside its files."""

ask = Blueprint("kip_ask", __name__, url_prefix="/permohonan")
follow = Blueprint("kip_follow", __name__, url_prefix="/permohonan")


def _room() -> None:
    """Proofs may be as large as proofs may be, and no more of them than are asked for."""
    request.max_form_parts = 100
    request.max_content_length = MOST_PROOFS * LARGEST_PROOF + FORM_ROOM
    request.max_form_memory_size = FORM_ROOM


for _bp in (ask, follow):
    _bp.before_request(_room)
    guard.private(_bp, open_to_all=True)


def ring() -> Keyring:
    """The keys of the desk."""
    return keyring(context.installation().settings)


def desk() -> Desk:
    """The desk, with its address as it is set or else as it was asked."""
    return acting.desk(context.installation(), site_root())


def who_asks() -> str:
    """What stands for the visitor in limits; programs of this machine are one."""
    return visitor(request) or "this machine"


def sent_proofs(key: bytes) -> list[SealedProof]:
    """The files of the form that was sent, sealed with `key` and put away. Raises `ProofRefused`."""
    found = []
    for field, kind in (("proof", "proof"), ("power", "power_of_attorney"), ("supporting", "supporting")):
        for file in request.files.getlist(field)[:MOST_PROOFS]:
            content = file.stream.read(LARGEST_PROOF + 1)
            if content or file.filename:
                papers.media_type(content)
                found.append((kind, (file.filename or "").rpartition("/")[2], content))
    blobs = context.installation().blobs
    return [papers.put_away(blobs, key, content, name, kind=kind) for kind, name, content in found[:MOST_PROOFS]]
