"""A changed manuscript is saved: published, held for a person, or kept as a draft; all in one transaction, logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import held
from datasets.alone import alone
from datasets.clock import now
from datasets.db import add_missing
from datasets.draft import Draft, Identity, OrganizationDraft
from datasets.models import Dataset, Manuscript, Organization, Visibility, WrittenResource
from datasets.publish import Overtaken, keep_evidence, publish
from datasets.search import feed
from metadata.notices import Notice, declare
from portal.accounts import audit
from portal.api.faults import Forbidden, Invalid
from portal.api.written_words import uuid_of
from portal.context import installation, renew, session
from portal.policy import Actor, can, of_agency

if TYPE_CHECKING:
    from harvesters.manuscript import Ready, Written
    from harvesters.runs.judging import Verdict

REVIEW = declare(
    "gate.review",
    id="Ditulis lewat API oleh pihak yang tidak menerbitkan; menunggu pemeriksaan walidata.",
    en="Written through the API by somebody who does not publish; it waits for the custodian's review.",
)


@dataclass(frozen=True, slots=True)
class Target:
    """Which dataset is written: one that is there (`dataset_id`, at `revision`) or one that begins with this."""

    identity: Identity
    uuid: str
    slug: str
    revision: int = 0
    dataset_id: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """How it is to be saved. `force` publishes in spite of the gates; `call` is the action, for the audit log."""

    actor: Actor
    call: str
    force: bool = False
    fresh: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is to be done: with `draft` something is published or held, `reasons` say why held."""

    written: Written
    draft: Draft | None = None
    reasons: tuple[Notice, ...] = ()
    content_key: str | None = None


def save(target: Target, written: Written, work: Path, order: Order) -> int:
    """Save it; gives the dataset's number. The rest of the request sees what was written.

    Raises `Invalid`, `Forbidden`, what reading raises, and `Overtaken` when somebody else wrote it in between.
    """
    here, at = installation(), now()
    owner = session().scalars(select(Organization).where(Organization.slug == written.organization)).one()
    outcome = _built(target, written, owner, work, order, at)
    with here.database.write() as writing:
        alone(writing)
        dataset, kept = _row(writing, target, outcome, owner, at)
        before = None if kept is None else {"revision": kept.revision}
        said = _carried_out(writing, dataset, target, outcome, at)
        _keep(writing, dataset, kept, outcome, order, at, published=said == "published")
        after = {"call": order.call, "outcome": said, "title": dataset.title, "files": len(outcome.written.files)}
        audit.record(writing, order.actor, "dataset.write", f"dataset:{dataset.id}", at=at, before=before, after=after)
        number = dataset.id
    if said == "published":
        feed.drain(here.database, here.search)
    renew()
    return number


def _built(target: Target, written: Written, owner: Organization, work: Path, order: Order, at: datetime) -> _Outcome:
    """Outside of any transaction: everything that takes time."""
    if not written.has_data:
        if not written.files and target.dataset_id is not None and _is_public(target.dataset_id):
            raise Invalid({"resources": ["A published dataset keeps data; package_delete withdraws it"]})
        return _Outcome(written)
    from harvesters import intake  # late: the readers, which only writing needs
    from harvesters.manuscript import make_ready
    from harvesters.runs.judging import judge

    here = installation()
    shown = OrganizationDraft(owner.slug, owner.title, homepage=owner.homepage, email=owner.email)
    ready = make_ready(here, target.identity, shown, written, work, fresh=order.fresh)
    if written.private:
        with here.database.write() as writing:
            _keep_bytes(writing, ready, target, at)
        return _Outcome(ready.written)
    verdict = judge(here.database, ready.material)
    place = replace(verdict.place, slug=target.slug, uuid=target.uuid)
    if verdict.unchanged:
        return _Outcome(ready.written, content_key=ready.material.content_key)
    draft = intake.draft(here.blobs, ready.material, place, at=at)
    return _Outcome(ready.written, draft, _reasons(verdict, owner, order), ready.material.content_key)


def _reasons(verdict: Verdict, owner: Organization, order: Order) -> tuple[Notice, ...]:
    agency = of_agency(owner.id)
    if order.force and not can(order.actor, "held.decide", agency):
        raise Forbidden("Access denied: force is for those who decide what is held")
    gates = () if order.force else verdict.reasons
    return gates if can(order.actor, "dataset.publish", agency) else (Notice(REVIEW), *gates)


def _row(
    writing: Session, target: Target, outcome: _Outcome, owner: Organization, at: datetime
) -> tuple[Dataset, Manuscript | None]:
    """The dataset's row, made when it begins, and its manuscript. Raises `Overtaken`, `Invalid`."""
    title = outcome.written.about.title or target.slug
    if target.dataset_id is None:
        taken = select(Dataset.slug).where((Dataset.slug == target.slug) | (Dataset.uuid == target.uuid))
        if writing.scalar(taken) is not None:
            raise Invalid({"name": ["That URL is already in use."]})
        dataset = Dataset(
            slug=target.slug,
            uuid=target.uuid,
            title=title,
            organization_id=owner.id,
            created_at=at,
            modified_at=at,
            source_id=None,
            remote_key=target.identity.remote_key,
            description=outcome.written.about.description or "",
        )
        writing.add(dataset)
        writing.flush()
        return dataset, None
    dataset = writing.get_one(Dataset, target.dataset_id)
    kept = writing.get(Manuscript, dataset.id)
    if (kept.revision if kept else 0) != target.revision:
        raise Overtaken(title=title)
    if dataset.current_version_id is None:
        dataset.title, dataset.description = title, outcome.written.about.description or ""
        dataset.organization_id, dataset.modified_at, dataset.slug = owner.id, at, target.slug
    return dataset, kept


def _carried_out(writing: Session, dataset: Dataset, target: Target, outcome: _Outcome, at: datetime) -> str:
    """Publish or hold; what was done, in a word."""
    if outcome.draft is None:
        if outcome.content_key is not None:
            held.overtake(writing, target.identity, at=at)
        return "draft" if outcome.content_key is None else "unchanged"
    draft = replace(outcome.draft, place=replace(outcome.draft.place, dataset_id=dataset.id))
    if outcome.reasons:
        evidence = list(dict.fromkeys(one.evidence for one in draft.resources))
        keep_evidence(writing, target.identity, evidence, at=at)
        held.hold(writing, target.identity, outcome.reasons, title=draft.title, at=at, draft=draft)
        return "held"
    publish(writing, draft, at=at)
    held.overtake(writing, target.identity, at=at)
    return "published"


def _keep(
    writing: Session,
    dataset: Dataset,
    kept: Manuscript | None,
    outcome: _Outcome,
    order: Order,
    at: datetime,
    *,
    published: bool,
) -> None:
    said: dict[str, Any] = outcome.written.model_dump(mode="json")
    if kept is None:
        kept = Manuscript(dataset_id=dataset.id, said=said, updated_at=at, updated_by=order.actor.label)
        writing.add(kept)
    else:
        kept.revision += 1
    kept.said, kept.updated_at, kept.updated_by = said, at, order.actor.label
    kept.content_key = outcome.content_key
    if published:
        kept.public, kept.public_key = said, outcome.content_key
    names = [name for file in outcome.written.files for name in file.names]
    rows = [{"uuid": uuid_of(dataset.uuid, name), "dataset_id": dataset.id} for name in dict.fromkeys(names)]
    writing.flush()
    add_missing(writing, WrittenResource, rows)


def _keep_bytes(writing: Session, ready: Ready, target: Target, at: datetime) -> None:
    """Name the bytes of what is private, so that no sweep takes them."""
    evidence = dict.fromkeys(one.drafted.evidence for one in ready.material.resources)
    keep_evidence(writing, target.identity, list(evidence), at=at)


def _is_public(dataset_id: int) -> bool:
    found = session().get(Dataset, dataset_id)
    return found is not None and found.visibility is Visibility.PUBLISHED
