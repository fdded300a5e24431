"""The steward's wing of the workbench: its blueprint, how much a form may carry, and the draft that a page is about."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, request

from datasets import drafts
from datasets.clock import now
from datasets.drafts import EDITABLE
from datasets.models import DeskDraft, Organization
from metadata.errors import BadInput
from portal import context
from portal.accounts import guard
from portal.policy import Action, can, of_agency, require
from portal.web.figures import minute
from portal.web.i18n import gettext as _

MEGABYTE = 1024 * 1024
CHUNK = 8 * MEGABYTE
"""Bytes that one piece of an upload may have."""
PASTED = 5 * MEGABYTE
_RECENT = 30 * 60

bp = Blueprint("workbench", __name__, url_prefix="/kerja")


@bp.before_request
def _room() -> None:
    """Uploads may be as large as files may be; whoever is not signed in is turned away before any of it is read."""
    request.max_form_parts = 5_000
    if request.endpoint == "workbench.put_file":
        request.max_content_length = context.installation().settings.max_file_megabytes * MEGABYTE + PASTED
        request.max_form_memory_size = PASTED
    elif request.endpoint == "workbench.put_piece":
        request.max_content_length = CHUNK


guard.private(bp)


class Head(NamedTuple):
    """What stands at the top of every page of a draft. `other` tells that somebody else was just at it."""

    number: int
    title: str
    agency: str
    revision: int
    editable: bool
    may_write: bool
    other: str


def draft_here(number: int, action: Action = "draft.see", *, whole: bool = False) -> DeskDraft:
    """The draft of that number. Raises `NotFound`, and `NotAllowed` when the reader may not do `action` to it."""
    found = drafts.get_draft(context.session(), number, whole=whole)
    require(guard.current(), action, of_agency(found.organization_id))
    return found


def head(draft: DeskDraft) -> Head:
    """The top of the page of `draft`."""
    actor = guard.current()
    agency = context.session().get_one(Organization, draft.organization_id)
    recent = (now() - draft.updated_at).total_seconds() < _RECENT
    other = ""
    returned = draft.updated_at == draft.decided_at  # by the reviewer, which the page tells by itself
    if recent and not returned and draft.updated_by != actor.label and draft.state in EDITABLE:
        other = _("%(who)s saved this draft at %(when)s.", who=draft.updated_by, when=minute(draft.updated_at))
    return Head(
        number=draft.id,
        title=draft.title or _("Draft without a title"),
        agency=agency.title,
        revision=draft.revision,
        editable=draft.state in EDITABLE,
        may_write=can(actor, "draft.write", of_agency(draft.organization_id)),
        other=other,
    )


def revision_seen() -> int:
    """The revision that the form was made of. Raises `BadInput` when the form names none."""
    text = request.form.get("revision", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadInput(reason="revision")
    return int(text)
