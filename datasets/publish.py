"""Publication: a draft becomes the current version, in one transaction, or nothing happens.

The order that no kill can break: blobs are durable before this is called, the rows that name them are committed
together with the pointer to the new version and the outbox row, the index follows from the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from datasets import leases, rulings, scores
from datasets.alone import alone
from datasets.blobs import BlobRef
from datasets.db import add_missing
from datasets.describing import describe_dataset, ensure_organization
from datasets.draft import Draft, EvidenceDraft, Identity, Place
from datasets.journal.record import publication
from datasets.models import Blob, Dataset, Evidence, Resource, SearchOutbox, Version, Visibility
from datasets.webhooks import events
from datasets.withdraw import refuse_withdrawn
from metadata.errors import LumbungError
from metadata.names import slug
from metadata.terms import Bilingual

SLUG_LENGTH = 100
RESERVED = frozenset({"saran", "suggest", "new", "feed"})
"""Words that stand where a dataset's address would: `/dataset/saran` completes what is being typed."""


class Overtaken(LumbungError):
    """Someone else published this dataset, or took its address, after the draft was planned; plan and build it anew."""

    code = "publish.overtaken"
    status = 409
    text = Bilingual(
        id="Dataset “{title}” sudah diterbitkan proses lain pada saat yang sama; ulangi penerbitannya.",
        en="Dataset “{title}” was published by another process at the same moment; publish it again.",
    )


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing led to: the dataset, its current version, and whether that was `created` now."""

    dataset: Dataset
    version: Version
    created: bool


def plan(session: Session, identity: Identity, *, title: str) -> Place:
    """The place of the dataset with this identity: its own, or for a new one a free address made of its title."""
    dataset = _find(session, identity)
    if dataset is None:
        return Place(identity=identity, slug=_free_slug(session, title), uuid=str(uuid4()), number=1)
    number, key = _current(session, dataset)
    return Place(
        identity=identity,
        slug=dataset.slug,
        uuid=dataset.uuid,
        number=number + 1,
        dataset_id=dataset.id,
        content_key=key,
        withdrawn=dataset.visibility is Visibility.WITHDRAWN,
        ruling=None if dataset.source_id is None else rulings.of_dataset(session, dataset.id),
    )


def publish(session: Session, draft: Draft, *, at: datetime, fence: leases.Holding | None = None) -> Published:
    """Make `draft` the current version; one that says the same as the current version gives that one back.

    Every blob of the draft must be durable, and `fence` the lease under which it was made, if any. The caller owns the
    transaction and acknowledges nothing before it is committed. Raises `Overtaken`, `Withdrawn`, `LeaseLost`.
    """
    alone(session)
    if fence is not None:
        leases.check(session, fence)
    dataset = _find(session, draft.place.identity)
    if dataset is not None:
        refuse_withdrawn(dataset)
        number, key = _current(session, dataset)
        if key == draft.content_key:
            return Published(dataset=dataset, version=_version(session, dataset), created=False)
    else:
        number = 0
    _refuse_overtaken(session, draft, dataset, number)
    organization = ensure_organization(session, draft.organization)
    if dataset is None:
        dataset = Dataset(
            slug=draft.place.slug,
            uuid=draft.place.uuid,
            title=draft.title,
            organization_id=organization.id,
            created_at=at,
            modified_at=at,
            source_id=draft.place.identity.source_id,
            remote_key=draft.place.identity.remote_key,
        )
        session.add(dataset)
        session.flush()
    version = _add_version(session, draft, dataset, at)
    dataset.organization_id = organization.id
    dataset.current_version_id = version.id
    dataset.visibility = Visibility.PUBLISHED
    dataset.modified_at = at
    describe_dataset(session, dataset, draft)
    scores.keep(session, version.id)
    session.add(SearchOutbox(dataset_id=dataset.id, at=at))
    session.flush()
    publication(session, dataset, version.id, at=at)
    events.published(session, dataset, version, at=at)
    return Published(dataset=dataset, version=version, created=True)


def keep_evidence(session: Session, identity: Identity, fetched: Sequence[EvidenceDraft], *, at: datetime) -> list[int]:
    """Record what was fetched, also of a dataset that is then held or fails; the ids in the order given.

    The same bytes from the same address, under the same tag as last time, are the same evidence: nothing is added.
    """
    alone(session)
    _add_blobs(session, [evidence.blob for evidence in fetched], at)
    ids = []
    for evidence in fetched:
        last = session.scalar(
            select(Evidence)
            .where(
                Evidence.source_id.is_not_distinct_from(identity.source_id),
                Evidence.remote_key == identity.remote_key,
                Evidence.url == evidence.url,
            )
            .order_by(Evidence.id.desc())
            .limit(1)
        )
        if last is None or last.sha256 != evidence.blob.sha256 or _tags(last.headers) != _tags(evidence.headers):
            last = Evidence(
                source_id=identity.source_id,
                remote_key=identity.remote_key,
                url=evidence.url,
                filename=evidence.filename,
                sha256=evidence.blob.sha256,
                size=evidence.blob.size,
                fetched_at=evidence.fetched_at,
                status=evidence.status,
                headers=dict(evidence.headers),
            )
            session.add(last)
            session.flush()
        ids.append(last.id)
    return ids


def keep_blobs(session: Session, draft: Draft, *, at: datetime) -> None:
    """Name every blob of a draft that is not published yet, so that no sweep takes it."""
    alone(session)
    blobs = [draft.package_blob, *(resource.evidence.blob for resource in draft.resources)]
    for resource in draft.resources:
        blobs += [blob for blob in (resource.csv, resource.parquet, resource.geo) if blob is not None]
    _add_blobs(session, blobs, at)


def _tags(headers: Mapping[str, str]) -> list[str | None]:
    """What the next fetch asks with whether anything has changed."""
    lowered = {name.lower(): value for name, value in headers.items()}
    return [lowered.get("etag"), lowered.get("last-modified")]


def _add_version(session: Session, draft: Draft, dataset: Dataset, at: datetime) -> Version:
    evidence = list(dict.fromkeys(resource.evidence for resource in draft.resources))
    evidence_ids = dict(
        zip(evidence, keep_evidence(session, draft.place.identity, evidence, at=at), strict=True),
    )
    blobs = [draft.package_blob]
    for resource in draft.resources:
        blobs += [blob for blob in (resource.csv, resource.parquet, resource.geo) if blob is not None]
    _add_blobs(session, blobs, at)
    version = Version(
        dataset_id=dataset.id,
        number=draft.place.number,
        published_at=at,
        content_key=draft.content_key,
        package=dict(draft.package),
        report=dict(draft.report),
        package_sha256=draft.package_blob.sha256,
        notices=[dict(notice) for notice in draft.notices],
        lacking=list(draft.lacking),
        run_id=draft.run_id,
        change=draft.change,
    )
    session.add(version)
    session.flush()
    for position, resource in enumerate(draft.resources):
        session.add(
            Resource(
                version_id=version.id,
                uuid=draft.place.resource_uuid(resource.name),
                position=position,
                kind=resource.kind,
                name=resource.name,
                title=resource.title,
                format=resource.format,
                mediatype=resource.mediatype,
                raw_filename=resource.evidence.filename,
                raw_sha256=resource.evidence.blob.sha256,
                raw_size=resource.evidence.blob.size,
                evidence_id=evidence_ids[resource.evidence],
                csv_sha256=resource.csv.sha256 if resource.csv else None,
                csv_size=resource.csv.size if resource.csv else None,
                parquet_sha256=resource.parquet.sha256 if resource.parquet else None,
                geo_sha256=resource.geo.sha256 if resource.geo else None,
                rows=resource.rows,
                sheet=resource.sheet,
                header_row=resource.header_row,
                schema=dict(resource.schema),
                stats=dict(resource.stats),
                notes=list(resource.notes),
                chart=None if resource.chart is None else dict(resource.chart),
            )
        )
    session.flush()
    return version


def _add_blobs(session: Session, blobs: Sequence[BlobRef], at: datetime) -> None:
    sizes = {blob.sha256: blob.size for blob in blobs}
    rows = [{"sha256": sha256, "size": size, "created_at": at} for sha256, size in sorted(sizes.items())]
    add_missing(session, Blob, rows)


def _refuse_overtaken(session: Session, draft: Draft, dataset: Dataset | None, number: int) -> None:
    place = draft.place
    same = place.dataset_id == (None if dataset is None else dataset.id) and place.number == number + 1
    if same and dataset is None:
        same = session.scalar(select(Dataset.id).where(Dataset.slug == place.slug)) is None
    if not same:
        raise Overtaken(title=draft.title)


def _find(session: Session, identity: Identity) -> Dataset | None:
    return session.scalar(
        select(Dataset).where(
            Dataset.source_id.is_not_distinct_from(identity.source_id), Dataset.remote_key == identity.remote_key
        )
    )


def _current(session: Session, dataset: Dataset) -> tuple[int, str | None]:
    """The highest number that the dataset has (0 for none) and the content key of its current version."""
    number = session.scalar(select(func.max(Version.number)).where(Version.dataset_id == dataset.id))
    key = session.scalar(select(Version.content_key).where(Version.id == dataset.current_version_id))
    return number or 0, key


def _version(session: Session, dataset: Dataset) -> Version:
    return session.scalars(select(Version).where(Version.id == dataset.current_version_id)).one()


def _free_slug(session: Session, title: str) -> str:
    """Of the title, with a number behind it when another dataset has it; addresses, once given, stay for ever."""
    base = slug(title, SLUG_LENGTH)
    candidate, counter = base, 1
    while candidate in RESERVED or session.scalar(select(Dataset.id).where(Dataset.slug == candidate)) is not None:
        counter += 1
        suffix = f"-{counter}"
        candidate = base[: SLUG_LENGTH - len(suffix)].rstrip("-") + suffix
    return candidate
