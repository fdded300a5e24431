"""Held, not harmed: what a gate stopped is kept whole and waits for a person, who lets it through or turns it down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, undefer

from datasets.columns import dump_json
from datasets.draft import Draft, Identity
from datasets.models import Dataset, Held, HeldState, Item, ItemOutcome, Version
from datasets.publish import Published, keep_blobs, publish
from metadata.errors import BadInput, LumbungError, NotFound
from metadata.notices import Notice, declare
from metadata.terms import Bilingual

if TYPE_CHECKING:
    from pydantic import TypeAdapter

REJECTED = declare(
    "held.rejected",
    id="Keadaan ini ditolak oleh {actor}: {remark} Versi terbit tetap berlaku sampai sumber memperbaikinya.",
    en="This state was turned down by {actor}: {remark} The published version stays until the source mends it.",
)


class Decided(LumbungError):
    """Somebody has decided on it already, or a later harvest has."""

    code = "held.decided"
    status = 409
    text = Bilingual(
        id="“{title}” tidak lagi menunggu keputusan (keadaannya: {state}).",
        en="“{title}” no longer waits for a decision (it is {state}).",
    )


class NothingKept(LumbungError):
    """Nothing of it is kept (personal data, a hidden sheet, no data at all): there is nothing to publish."""

    code = "held.nothing_kept"
    status = 409
    text = Bilingual(
        id="“{title}” tidak dapat diterima karena isinya sengaja tidak disimpan, atau memang bukan data. Minta pemilik "
        "data memperbaiki berkasnya (misalnya hapus data pribadi atau lembar tersembunyi), lalu panen lagi.",
        en="“{title}” cannot be accepted because its contents were deliberately not kept, or are no data. Have the "
        "owner mend the file (such as remove personal data or hidden sheets), then harvest again.",
    )


def hold(
    session: Session,
    identity: Identity,
    reasons: Sequence[Notice],
    *,
    title: str,
    at: datetime,
    draft: Draft | None = None,
    run_id: int | None = None,
    fingerprint: str | None = None,
) -> Held:
    """Keep a state for a person, in place of one that waits already; the same state again is the same row.

    With `draft` its blobs, which are durable, are kept from the sweep. Without, nothing of the contents is kept.
    """
    key = draft.content_key if draft else None
    waiting = session.scalar(_of(identity).where(Held.state == HeldState.WAITING).order_by(Held.id.desc()).limit(1))
    told: list[dict[str, Any]] = json.loads(dump_json([reason.as_dict() for reason in reasons]))
    if waiting is not None and waiting.content_key == key and (key or waiting.reasons == told):
        waiting.reasons, waiting.fingerprint = told, fingerprint
        return waiting
    overtake(session, identity, at=at)
    if draft is not None:
        keep_blobs(session, draft, at=at)
    held = Held(
        source_id=identity.source_id,
        remote_key=identity.remote_key,
        title=title,
        at=at,
        reasons=told,
        draft=_adapter().dump_python(draft, mode="json") if draft else None,
        content_key=key,
        dataset_id=draft.place.dataset_id if draft else session.scalar(_dataset_of(identity)),
        run_id=run_id,
        fingerprint=fingerprint,
    )
    session.add(held)
    session.flush()
    return held


def recognised_by(session: Session, identity: Identity, fingerprint: str) -> None:
    """The state that waits was met again, and the next harvest will recognise it by another mark."""
    session.execute(
        update(Held)
        .where(
            Held.source_id.is_not_distinct_from(identity.source_id),
            Held.remote_key == identity.remote_key,
            Held.state == HeldState.WAITING,
        )
        .values(fingerprint=fingerprint)
    )


def overtake(session: Session, identity: Identity, *, at: datetime) -> None:
    """What waits of this dataset needs no decision any more: a later state is good, or is held in its place."""
    session.execute(
        update(Held)
        .where(
            Held.source_id.is_not_distinct_from(identity.source_id),
            Held.remote_key == identity.remote_key,
            Held.state == HeldState.WAITING,
        )
        .values(state=HeldState.OVERTAKEN, decided_at=at, draft=None)
    )


def turned_down(session: Session, identity: Identity, content_key: str) -> Notice | None:
    """What to say when a person has turned down this very state before."""
    wanted = _of(identity).where(Held.state == HeldState.REJECTED, Held.content_key == content_key)
    found = session.scalar(wanted.order_by(Held.id.desc()).limit(1))
    return None if found is None else _rejection(found)


def waiting(session: Session) -> Sequence[Held]:
    """All that waits for a person, the oldest first."""
    return session.scalars(select(Held).where(Held.state == HeldState.WAITING).order_by(Held.id)).all()


def get_held(session: Session, number: int) -> Held:
    """One of them, decided or not, with its draft. Raises `NotFound`."""
    found = session.scalar(select(Held).where(Held.id == number).options(undefer(Held.draft)))
    if found is None:
        raise NotFound(what=f"held {number}")
    return found


def draft_of(held: Held) -> Draft | None:
    """What would be published by accepting it."""
    return None if held.draft is None else _adapter().validate_python(held.draft)


def accept(
    session: Session, number: int, *, actor: str, remark: str = "", at: datetime, mended: Draft | None = None
) -> Published:
    """Publish what is held, as it was fetched and read, or `mended`. The next harvest then finds it unchanged.

    Raises `NotFound`, `Decided`, `NothingKept`, `Withdrawn`, and `Overtaken` when the dataset was published since.
    """
    held = _undecided(session, number)
    draft = mended or draft_of(held)
    if draft is None:
        raise NothingKept(title=held.title)
    published = publish(session, replace(draft, change=remark.strip() or draft.change), at=at)
    _decide(session, held, HeldState.ACCEPTED, actor, remark, at)
    messages = [dict(notice) for notice in draft.notices]
    _settle(session, held, ItemOutcome.PUBLISHED, messages, at, published.dataset, published.version)
    return published


def reject(session: Session, number: int, *, actor: str, remark: str, at: datetime) -> Held:
    """Turn it down, with a reason; the published version stays and this state is not asked about again.

    Raises `NotFound`, `Decided`, and `BadInput` without a reason.
    """
    if not remark.strip():
        raise BadInput(reason="alasan / a reason")
    held = _undecided(session, number)
    _decide(session, held, HeldState.REJECTED, actor, remark, at)
    _settle(session, held, ItemOutcome.UNCHANGED, [_rejection(held).as_dict(), *held.reasons], at)
    return held


def identity_of(held: Held) -> Identity:
    """By what its dataset is recognised."""
    return Identity(held.source_id, held.remote_key)


def refuse_decided(held: Held) -> None:
    """Raises `Decided` unless it waits."""
    if held.state is not HeldState.WAITING:
        raise Decided(title=held.title, state=held.state.value)


def _undecided(session: Session, number: int) -> Held:
    held = session.scalar(select(Held).where(Held.id == number).options(undefer(Held.draft)).with_for_update())
    if held is None:
        raise NotFound(what=f"held {number}")
    refuse_decided(held)
    return held


def _decide(session: Session, held: Held, state: HeldState, actor: str, remark: str, at: datetime) -> None:
    held.state, held.decided_at, held.decided_by, held.remark = state, at, actor, remark.strip() or None
    held.draft = None  # the version has it now, or nobody wants it; its content key stays
    session.flush()


def _settle(
    session: Session,
    held: Held,
    outcome: ItemOutcome,
    messages: list[dict[str, Any]],
    at: datetime,
    dataset: Dataset | None = None,
    version: Version | None = None,
) -> None:
    """Tell the next harvest that this state is settled, so that it neither fetches nor holds it again."""
    if held.source_id is None or held.run_id is None:
        return
    session.add(
        Item(
            run_id=held.run_id,
            source_id=held.source_id,
            remote_key=held.remote_key,
            title=held.title,
            outcome=outcome,
            at=at,
            dataset_id=dataset.id if dataset else held.dataset_id,
            version_id=version.id if version else None,
            fingerprint=held.fingerprint,
            messages=messages,
        )
    )
    session.flush()


def _rejection(held: Held) -> Notice:
    return Notice(REJECTED, params={"actor": held.decided_by or "–", "remark": held.remark or "–"})


def _of(identity: Identity) -> Select[Held]:
    return select(Held).where(
        Held.source_id.is_not_distinct_from(identity.source_id), Held.remote_key == identity.remote_key
    )


def _dataset_of(identity: Identity) -> Select[int]:
    return select(Dataset.id).where(
        Dataset.source_id.is_not_distinct_from(identity.source_id), Dataset.remote_key == identity.remote_key
    )


@cache
def _adapter() -> TypeAdapter[Draft]:
    from pydantic import TypeAdapter  # late: only what is held goes this way

    return TypeAdapter(Draft)
