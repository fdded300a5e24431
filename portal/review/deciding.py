"""What the custodian decides, each verb with its row in the audit log and its letters; they flush, never commit.

`root` is the portal's own address, for links in letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from datasets import drafts, held, jobs
from datasets.draft import Identity
from datasets.drafts import Comment
from datasets.models import Dataset, DeskDraft, DeskState, Held, Organization, Source, Vanished, Visibility
from datasets.publish import Published
from datasets.withdraw import restore as take_back
from datasets.withdraw import withdraw as take_out
from metadata.errors import LumbungError, NotFound
from metadata.terms import Bilingual
from portal.accounts import audit
from portal.policy import Actor
from portal.review import letters

RELEASE = "release"
"""The kind of the job that publishes an approved draft at its hour; its subject is the draft's number."""


class NotPublic(LumbungError):
    """What is to be withdrawn is not public, or what is to be given back was not withdrawn."""

    code = "review.not_public"
    status = 409
    text = Bilingual(
        id="“{title}” tidak dapat diproses begitu: keadaannya sekarang sudah lain.",
        en="This cannot be done to “{title}”: it stands differently by now.",
    )


def approve(
    session: Session,
    number: int,
    *,
    actor: Actor,
    root: str,
    at: datetime,
    due: datetime | None = None,
    revision: int | None = None,
) -> Published | None:
    """Publish what was submitted, or at a later `due` (then None). Takes and raises what `drafts.approve` does."""
    draft = drafts.get_draft(session, number)
    to, before = _stewards(draft, actor), draft.state.value
    published = drafts.approve(session, number, actor=actor.label, at=at, due=due, revision=revision)
    if published is None and due is not None:
        after = {"title": draft.title, "state": draft.state.value, "publish_at": due.isoformat()}
        audit.record(session, actor, "draft.schedule", _of(number), at=at, before={"state": before}, after=after)
        jobs.ask(session, RELEASE, str(number), due=due, priority=50)
        for address in to:
            letters.scheduled(session, draft, to=address, due=due, link=_link(root, draft), at=at)
    elif published is not None:
        _tell_published(session, draft, published, actor=actor, to=to, root=root, before=before, at=at)
    return published


def return_(
    session: Session, number: int, *, comments: Sequence[Comment], actor: Actor, root: str, at: datetime
) -> DeskDraft:
    """Give it back with comments, of which there must be one. Raises as `drafts.return_`."""
    before = drafts.get_draft(session, number)
    to, state = _stewards(before, actor), before.state.value
    draft = drafts.return_(session, number, comments=comments, actor=actor.label, at=at)
    jobs.forget(session, RELEASE, str(number))
    said = {one.field or "*": one.text.strip()[:500] for one in comments if one.text.strip()}
    audit.record(session, actor, "draft.return", _of(number), at=at, before={"state": state}, after=said)
    for address in to:
        letters.returned(session, draft, comments, to=address, link=_link(root, draft), at=at)
    return draft


def unschedule(session: Session, number: int, *, actor: Actor, root: str, at: datetime) -> DeskDraft:
    """Take the hour of publication back; the draft is with the reviewer again. Raises as `drafts.unschedule`."""
    before = drafts.get_draft(session, number).publish_at
    draft = drafts.unschedule(session, number, actor=actor.label, at=at)
    jobs.forget(session, RELEASE, str(number))
    told = {"publish_at": before.isoformat()} if before else None
    audit.record(session, actor, "draft.unschedule", _of(number), at=at, before=told, after={"title": draft.title})
    for address in _stewards(draft, actor):
        letters.unscheduled(session, draft, to=address, link=_link(root, draft), at=at)
    return draft


def release(session: Session, number: int, *, root: str, at: datetime) -> Published | None:
    """Publish an approved draft whose hour has come at `at`; None when it waits for another, or for none any more.

    Raises `Overtaken`, `Withdrawn`.
    """
    draft = drafts.get_draft(session, number)
    if draft.state is not DeskState.APPROVED or draft.publish_at is None or draft.publish_at > at:
        return None
    actor = Actor(email=draft.decided_by or draft.author)
    published = drafts.approve(session, number, actor=actor.label, at=at)
    if published is not None:
        to = _stewards(draft, Actor())
        _tell_published(session, draft, published, actor=actor, to=to, root=root, before="approved", at=at)
    return published


def accept(session: Session, number: int, *, remark: str, actor: Actor, at: datetime) -> Published:
    """Publish what a gate held. Raises as `held.accept`."""
    published = held.accept(session, number, actor=actor.label, remark=remark, at=at)
    after = {"title": published.dataset.title, "version": published.version.number, "remark": remark[:500]}
    audit.record(session, actor, "held.accept", f"held:{number}", at=at, after=after)
    _of_dataset(session, actor, "dataset.publish", published, at)
    return published


def turn_down(session: Session, number: int, *, remark: str, actor: Actor, at: datetime) -> Held:
    """Turn down what a gate held, with a reason for its office. Raises as `held.reject`."""
    one = held.reject(session, number, actor=actor.label, remark=remark, at=at)
    audit.record(session, actor, "held.reject", f"held:{number}", at=at, after={"title": one.title, "remark": remark})
    source = session.get(Source, one.source_id) if one.source_id else None
    if source is not None:
        steward = source.options.get("steward") or session.get_one(Organization, source.organization_id).email
        letters.turned_down(session, one.title, remark, to=str(steward or ""), at=at)
    return one


def withdraw(session: Session, dataset_id: int, reason: str, *, actor: Actor, root: str, at: datetime) -> Dataset:
    """Leave a tombstone with the reason. Raises `NotFound`, `NotPublic`, `ReasonMissing`."""
    dataset = _dataset(session, dataset_id, Visibility.PUBLISHED)
    take_out(session, dataset, reason, at=at)
    held.overtake(session, Identity(dataset.source_id, str(dataset.remote_key)), at=at)
    before = {"slug": dataset.slug, "title": dataset.title}
    subject = f"dataset:{dataset.id}"
    audit.record(session, actor, "dataset.withdraw", subject, at=at, before=before, after={"reason": reason.strip()})
    office = session.get_one(Organization, dataset.organization_id).email
    link = f"{root}/dataset/{dataset.slug}"
    letters.withdrawn(session, dataset.title, reason.strip(), to=office or "", link=link, at=at)
    return dataset


def restore(session: Session, dataset_id: int, *, actor: Actor, at: datetime) -> Dataset:
    """Make a withdrawn dataset public again as it was. Raises `NotFound`, `NotPublic`."""
    dataset = _dataset(session, dataset_id, Visibility.WITHDRAWN)
    before = {"slug": dataset.slug, "reason": dataset.withdrawn_reason}
    session.execute(delete(Vanished).where(Vanished.dataset_id == dataset.id))
    take_back(session, dataset, at=at)
    audit.record(session, actor, "dataset.restore", f"dataset:{dataset.id}", at=at, before=before)
    return dataset


def _tell_published(
    session: Session,
    draft: DeskDraft,
    published: Published,
    *,
    actor: Actor,
    to: Sequence[str],
    root: str,
    before: str,
    at: datetime,
) -> None:
    after = {"title": published.dataset.title, "version": published.version.number}
    audit.record(session, actor, "draft.publish", _of(draft.id), at=at, before={"state": before}, after=after)
    _of_dataset(session, actor, "dataset.publish", published, at)
    link = f"{root}/dataset/{published.dataset.slug}"
    for address in to:
        letters.published(session, published.dataset.title, to=address, link=link, at=at)


def _of_dataset(session: Session, actor: Actor, action: str, published: Published, at: datetime) -> None:
    after = {"title": published.dataset.title, "version": published.version.number}
    audit.record(session, actor, action, f"dataset:{published.dataset.id}", at=at, after=after)


def _dataset(session: Session, number: int, visibility: Visibility) -> Dataset:
    found = session.get(Dataset, number, with_for_update=True)
    if found is None:
        raise NotFound(what=f"dataset {number}")
    if found.visibility is not visibility:
        raise NotPublic(title=found.title)
    return found


def _stewards(draft: DeskDraft, actor: Actor) -> list[str]:
    """Who wrote the draft and who saved it last, apart from who decides."""
    return [name for name in dict.fromkeys((draft.author, draft.updated_by)) if name != actor.label]


def _of(number: int) -> str:
    return f"draft:{number}"


def _link(root: str, draft: DeskDraft) -> str:
    return f"{root}/kerja/draf/{draft.id}"
