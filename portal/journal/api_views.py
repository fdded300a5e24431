"""The journal for programs: heads, entries, proofs. Everything that `lumbung verify` and other verifiers ask."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from datasets import catalog
from datasets.journal import log
from datasets.journal.log import NoSuchState
from datasets.journal.proof import prove
from datasets.journal.signing import Signed, public_key, public_pem, signed
from datasets.models import JournalEntry
from metadata.errors import LumbungError, NotFound
from portal.context import installation, session
from portal.feeds.answers import feed
from portal.journal.reading import last_about, naming, stretch
from portal.web.i18n import current_language
from portal.web.links import canonical_url

bp = Blueprint("journal_api", __name__)

MOST = 500
"""Entries in one answer."""
_LARGEST = 2**31 - 1


@bp.errorhandler(LumbungError)
def fault(error: LumbungError) -> Response:
    """What cannot be answered, for programs."""
    text = json.dumps({"error": {"code": error.code, "message": error.say(current_language())}}, ensure_ascii=False)
    response = Response(text, status=error.status, content_type="application/json; charset=utf-8")
    if error.status == 503:
        response.headers["Retry-After"] = "30"
    return response


@bp.get("/jurnal/checkpoint")
def checkpoint() -> Response:
    """The signed head, as C2SP's tlog-checkpoint."""
    here = installation()
    with signed(here.database, here.settings) as (_, head):
        return feed(head.note, "text/plain")


@bp.get("/jurnal/kunci")
def key() -> Response:
    """The key that checks heads, in the one line that verifiers of signed notes take."""
    return feed(f"{public_key(installation().settings)}\n", "text/plain")


@bp.get("/jurnal/kunci.pem")
def key_pem() -> Response:
    """The same key as OpenSSL takes it."""
    return feed(public_pem(installation().settings), "application/x-pem-file")


@bp.get("/jurnal/entri.json")
def entries() -> Response:
    """Entries in their order, from number `from` on, at most `limit`: to keep a copy of the whole journal."""
    first, limit = _number("from", 0), min(_number("limit", 100), MOST)
    found = stretch(session(), first, limit)
    told = [{"index": entry.position, "entry": entry.body} for entry in found]
    return _json({"size": log.head_size(session()), "entries": told})


@bp.get("/jurnal/bukti/<int:index>.json")
def proof(index: int) -> Response:
    """The proof of one entry, to be kept."""
    here = installation()
    with signed(here.database, here.settings) as (asking, head):
        return _json(_proved(asking, log.entry(asking, min(index, _LARGEST)), head))


@bp.get("/dataset/<slug>/v/<int:number>/bukti.json")
def version_proof(slug: str, number: int) -> Response:
    """The proof of a version's publication, as a file to keep beside its data."""
    version = catalog.version(session(), slug, number)
    here = installation()
    with signed(here.database, here.settings) as (asking, head):
        entry = log.entry_of_version(asking, version.id)
        if entry is None:
            raise NotFound(what=f"{slug} v{number}")
        response = _json(_proved(asking, entry, head))
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}_v{number}_bukti.json"'
    return response


@bp.get("/jurnal/berkas/<sha256>.json")
def by_file(sha256: str) -> Response:
    """The proofs of all publications that name a file with this SHA-256, the newest first.

    `last` is the proof of the last entry about the dataset of the first: whether it was withdrawn or followed since.
    """
    here = installation()
    with signed(here.database, here.settings) as (asking, head):
        found = naming(asking, sha256.lower()) if len(sha256) == 64 else []
        if not found:
            raise NotFound(what=sha256[:64])
        last = last_about(asking, found[0].subject) or found[0]
        proofs = [_proved(asking, entry, head) for entry in found]
        return _json({"proofs": proofs, "last": _proved(asking, last, head)})


@bp.get("/jurnal/konsistensi.json")
def consistency() -> Response:
    """What shows that the journal of `old` entries is the beginning of that of `new`, by default the present one."""
    here = installation()
    with signed(here.database, here.settings) as (asking, head):
        old, new = _number("old", 0), _number("new", head.head.size)
        path = log.consistency(asking, old, new)
        told = {"old": old, "new": new, "path": [step.hex() for step in path]}
        roots = {"old_root": log.head(asking, old).root.hex(), "new_root": log.head(asking, new).root.hex()}
        return _json(told | roots | {"checkpoint": head.note})


def _proved(asking: Session, entry: JournalEntry, head: Signed) -> dict[str, Any]:
    return prove(asking, entry, head, journal=canonical_url("journal.journal"))


def _json(value: Any) -> Response:
    return feed(json.dumps(value, ensure_ascii=False, indent=1), "application/json")


def _number(name: str, default: int) -> int:
    """A whole number of the address. Raises `NoSuchState` for anything else."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NoSuchState(size=log.head_size(session()))
    return int(text)
