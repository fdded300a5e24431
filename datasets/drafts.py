"""Drafts on the workbench: opened, saved, submitted, returned, approved. Verbs on rows; they flush, never commit.

draft = open_draft(session, organization_id=3, author="ani@…", at=now())
checked(session, draft.id, revision=…, prepared=…, reasons=…, at=now())         # made by harvesters.desk.prepare
submit(session, draft.id, revision=…, actor="ani@…", at=now())
return_(session, draft.id, comments=[Comment("title", "Sebut tahunnya.")], actor="budi@…", at=now())
approve(session, draft.id, actor="budi@…", at=now())                            # publishes; or with due=… later
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from datasets import alone, held
from datasets.blobs import BlobRef
from datasets.columns import dump_json
from datasets.db import add_missing
from datasets.draft import Draft, Identity
from datasets.draft_faults import EditedMeanwhile, Harvested, NotChecked, SeenOtherwise, WrongState
from datasets.models import Blob, Dataset, DeskDraft, DeskState
from datasets.publish import Published, keep_blobs, publish
from metadata.errors import BadInput, NotFound
from metadata.notices import Notice

if TYPE_CHECKING:
    from pydantic import TypeAdapter

EDITABLE = frozenset({DeskState.DRAFT, DeskState.RETURNED})
OPEN = EDITABLE | {DeskState.SUBMITTED, DeskState.APPROVED}
"""States in which a draft still needs its blobs."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A reviewer's word: on the whole (`field` ""), on a field of the description, or on `column.<name>`."""

    field: str
    text: str


def open_draft(
    session: Session, *, organization_id: int, author: str, at: datetime, title: str = "", dataset_id: int | None = None
) -> DeskDraft:
    """A new draft, of a new dataset or of the next version of `dataset_id`, whose agency it must be.

    Raises `NotFound`, and `Harvested` for a dataset that comes from a source.
    """
    key = f"kerja/{uuid4()}"
    if dataset_id is not None:
        dataset = session.get(Dataset, dataset_id)
        if dataset is None or dataset.organization_id != organization_id:
            raise NotFound(what=f"dataset {dataset_id}")
        if dataset.source_id is not None or dataset.remote_key is None:
            raise Harvested(title=dataset.title)
        key, title = dataset.remote_key, title or dataset.title
    draft = DeskDraft(
        organization_id=organization_id,
        remote_key=key,
        author=author,
        created_at=at,
        updated_at=at,
        updated_by=author,
        dataset_id=dataset_id,
        title=title,
    )
    session.add(draft)
    session.flush()
    return draft


def get_draft(session: Session, number: int, *, whole: bool = False) -> DeskDraft:
    """That draft; with `whole` its reading and what was submitted too. Raises `NotFound`."""
    asked = select(DeskDraft).where(DeskDraft.id == number)
    if whole:
        asked = asked.options(undefer(DeskDraft.seen), undefer(DeskDraft.prepared))
    found = session.scalar(asked)
    if found is None:
        raise NotFound(what=f"draf/draft {number}")
    return found


def drafts(states: Collection[DeskState], *, agencies: Collection[int] | None = None) -> Select[DeskDraft]:
    """Drafts in these states, the last touched first; of these agencies alone when they are given."""
    asked = select(DeskDraft).where(DeskDraft.state.in_(states)).order_by(DeskDraft.updated_at.desc(), DeskDraft.id)
    return asked if agencies is None else asked.where(DeskDraft.organization_id.in_(agencies))


def identity_of(draft: DeskDraft) -> Identity:
    """What its dataset is recognised by."""
    return Identity(None, draft.remote_key)


def save(session: Session, number: int, *, revision: int, actor: str, at: datetime, **members: Any) -> DeskDraft:
    """Write `members` (title, change, hints, about, seen) of a draft that was seen as `revision`.

    Raises `NotFound`, `WrongState` when it is not with its steward, `EditedMeanwhile`.
    """
    draft = _mine(session, number, revision, actor)
    for name in members.keys() - {"title", "change", "hints", "about", "seen"}:
        raise TypeError(name)
    for name, value in members.items():
        setattr(draft, name, value)
    _touch(draft, actor, at)
    session.flush()
    return draft


def attach(
    session: Session,
    number: int,
    blob: BlobRef | None,
    filename: str,
    *,
    revision: int,
    actor: str,
    at: datetime,
    seen: dict[str, Any] | None = None,
    hints: dict[str, Any] | None = None,
) -> DeskDraft:
    """Put a durable upload in place of the draft's file; it is kept from the sweep while the draft is open.

    Without `blob` nothing of the upload is kept but what `seen` says of it. Raises as `save`.
    """
    draft = _mine(session, number, revision, actor)
    draft.files = []
    if blob is not None:
        alone.alone(session)
        add_missing(session, Blob, [{"sha256": blob.sha256, "size": blob.size, "created_at": at}])
        draft.files = [{"sha256": blob.sha256, "size": blob.size, "filename": filename, "at": at.isoformat()}]
    draft.seen, draft.hints = seen, hints or {}
    _touch(draft, actor, at)
    session.flush()
    return draft


def checked(
    session: Session, number: int, *, revision: int, prepared: Draft, reasons: Sequence[Notice], at: datetime
) -> None:
    """Keep what would be published of a draft as it stands in `revision`, and what the gates say of it.

    Nothing is kept when it was saved since, or is not with its steward any more.
    """
    draft = session.scalar(select(DeskDraft).where(DeskDraft.id == number).with_for_update())
    if draft is None or draft.revision != revision or draft.state not in EDITABLE:
        return
    keep_blobs(session, prepared, at=at)
    draft.prepared = _adapter().dump_python(prepared, mode="json")
    draft.reasons = json.loads(dump_json([reason.as_dict() for reason in reasons]))
    session.flush()


def refused(session: Session, number: int, *, revision: int, reason: Notice) -> None:
    """Keep why nothing would be published of a draft as it stands in `revision`; nothing when it was saved since."""
    draft = session.scalar(select(DeskDraft).where(DeskDraft.id == number).with_for_update())
    if draft is not None and draft.revision == revision and draft.state in EDITABLE and draft.seen is not None:
        draft.seen = draft.seen | {"refused": {"revision": revision, "reason": reason.as_dict()}}
        session.flush()


def submit(session: Session, number: int, *, revision: int, actor: str, at: datetime) -> DeskDraft:
    """Hand what was `checked` to the reviewer. Raises as `save`, and `NotChecked` when it was saved since."""
    draft = _mine(session, number, revision, actor)
    if draft.prepared is None:
        raise NotChecked
    prepared, reasons = draft.prepared, draft.reasons
    _touch(draft, actor, at)
    draft.prepared, draft.reasons = prepared, reasons
    draft.state, draft.submitted_at, draft.comments = DeskState.SUBMITTED, at, []
    session.flush()
    return draft


def take_back(session: Session, number: int, *, actor: str, at: datetime) -> DeskDraft:
    """The steward takes back what was submitted, or waits for its hour, to go on with it.

    Raises `NotFound`, `WrongState`.
    """
    draft = _locked(session, number, {DeskState.SUBMITTED, DeskState.APPROVED})
    draft.state, draft.submitted_at, draft.publish_at = DeskState.DRAFT, None, None
    _touch(draft, actor, at)
    session.flush()
    return draft


def prepared_of(draft: DeskDraft) -> Draft | None:
    """What approving would publish; ask for the draft as a `whole`."""
    return None if draft.prepared is None else _adapter().validate_python(draft.prepared)


def return_(session: Session, number: int, *, comments: Sequence[Comment], actor: str, at: datetime) -> DeskDraft:
    """Give it back to its steward with comments, of which there must be one. Raises `NotFound`, `WrongState`."""
    said = [comment for comment in comments if comment.text.strip()]
    if not said:
        raise BadInput(reason="komentar / a comment")
    draft = _locked(session, number, {DeskState.SUBMITTED, DeskState.APPROVED})
    draft.comments = [{"at": at.isoformat(), "by": actor, "field": one.field, "text": one.text.strip()} for one in said]
    draft.state, draft.publish_at = DeskState.RETURNED, None
    draft.decided_at, draft.decided_by = at, actor
    _touch(draft, actor, at)
    session.flush()
    return draft


def approve(
    session: Session,
    number: int,
    *,
    actor: str,
    at: datetime,
    due: datetime | None = None,
    revision: int | None = None,
) -> Published | None:
    """Publish what was submitted, or with a later `due` let it wait for that moment (then nothing is published: None).

    `revision` is the one that was looked at. Raises `NotFound`, `WrongState`, `Withdrawn`; `SeenOtherwise` when it is
    another by now; `Overtaken` when the dataset was published since it was submitted.
    """
    draft = _locked(session, number, {DeskState.SUBMITTED, DeskState.APPROVED})
    if revision is not None and draft.revision != revision:
        raise SeenOtherwise(by=draft.updated_by)
    draft.decided_at, draft.decided_by = at, actor
    if due is not None and due > at:
        draft.state, draft.publish_at = DeskState.APPROVED, due
        draft.revision, draft.updated_at, draft.updated_by = draft.revision + 1, at, actor
        session.flush()
        return None
    return _publish(session, draft, actor, at)


def unschedule(session: Session, number: int, *, actor: str, at: datetime) -> DeskDraft:
    """Take back the hour at which an approved draft was to be published: it is with the reviewer again.

    Raises `NotFound`, `WrongState`.
    """
    draft = _locked(session, number, {DeskState.APPROVED})
    draft.state, draft.publish_at, draft.decided_at, draft.decided_by = DeskState.SUBMITTED, None, None, None
    draft.revision, draft.updated_at, draft.updated_by = draft.revision + 1, at, actor
    session.flush()
    return draft


def discard(session: Session, number: int, *, actor: str, at: datetime) -> DeskDraft:
    """Throw a draft away; its blobs go with the next sweep. Raises `NotFound`, `WrongState`."""
    draft = _locked(session, number, OPEN)
    draft.state, draft.seen = DeskState.DISCARDED, None
    _touch(draft, actor, at)
    session.flush()
    return draft


def _publish(session: Session, draft: DeskDraft, actor: str, at: datetime) -> Published:
    prepared = prepared_of(draft)
    if prepared is None:
        raise WrongState(state=draft.state.value)
    published = publish(session, replace(prepared, change=draft.change.strip() or None), at=at)
    held.overtake(session, identity_of(draft), at=at)
    draft.state, draft.dataset_id, draft.seen = DeskState.PUBLISHED, published.dataset.id, None
    _touch(draft, actor, at)
    session.flush()
    return published


def _mine(session: Session, number: int, revision: int, actor: str) -> DeskDraft:
    draft = _locked(session, number, EDITABLE)
    if draft.revision != revision:
        raise EditedMeanwhile(by=draft.updated_by if draft.updated_by != actor else f"{actor} (2)")
    return draft


def _locked(session: Session, number: int, states: Collection[DeskState]) -> DeskDraft:
    asked = select(DeskDraft).where(DeskDraft.id == number).with_for_update()
    draft = session.scalar(asked.options(undefer(DeskDraft.prepared)))
    if draft is None:
        raise NotFound(what=f"draf/draft {number}")
    if draft.state not in states:
        raise WrongState(state=draft.state.value)
    return draft


def _touch(draft: DeskDraft, actor: str, at: datetime) -> None:
    """One more write; what was checked before is not this state."""
    draft.prepared, draft.reasons = None, []
    draft.revision += 1
    draft.updated_at, draft.updated_by = at, actor


@cache
def _adapter() -> TypeAdapter[Draft]:
    from pydantic import TypeAdapter  # late: only what is decided on needs it

    return TypeAdapter(Draft)
