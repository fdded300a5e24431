"""The dataset that a call is about, with its manuscript: found by who may see it, for who may write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from datasets.draft import Identity
from datasets.models import Dataset, Manuscript, Resource, Version, Visibility, WrittenResource
from portal.api.caller import caller
from portal.api.faults import Forbidden, Invalid, NotFoundFault
from portal.context import session
from portal.policy import Action, Actor, can, of_agency

if TYPE_CHECKING:
    from harvesters.manuscript import Written

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Working:
    """A dataset in hand. `revision` is 0 while nothing was written of it through the API."""

    dataset: Dataset
    written: Written
    revision: int

    @property
    def identity(self) -> Identity:
        """Who it is, for ever."""
        return Identity(self.dataset.source_id, str(self.dataset.remote_key))


def seen(name: str, actor: Actor) -> Dataset | None:
    """The dataset of that name or uuid if `actor` may see it as it is; drafts and tombstones are not for everybody."""
    if not name or len(name) > LONGEST:
        return None
    found = session().scalar(_loaded().where(or_(Dataset.slug == name, Dataset.uuid == name)).limit(1))
    if found is None or found.visibility is Visibility.PUBLISHED:
        return found
    return found if can(actor, "draft.see", of_agency(found.organization_id)) else None


def dataset_of_resource(uuid: str, actor: Actor) -> Dataset | None:
    """The dataset to which the resource of that uuid belongs or is about to."""
    if not uuid or len(uuid) > LONGEST:
        return None
    owner = session().scalar(select(WrittenResource.dataset_id).where(WrittenResource.uuid == uuid))
    if owner is None:
        versions = select(Resource.version_id).where(Resource.uuid == uuid)
        owner = session().scalar(select(Dataset.id).where(Dataset.current_version_id.in_(versions)).limit(1))
    found = session().scalar(_loaded().where(Dataset.id == owner)) if owner is not None else None
    return None if found is None else seen(found.uuid, actor)


def manuscript(dataset: Dataset) -> Manuscript | None:
    """What was written of it through the API."""
    return session().get(Manuscript, dataset.id)


def to_write(dataset: Dataset | None, action: Action = "draft.write") -> Working:
    """The dataset in hand of somebody who may write it.

    Raises `NotFoundFault`, `Forbidden`, and `Invalid` for what cannot be written here: a source keeps it, or its
    tables are counted from rows that were never kept.
    """
    if dataset is None:
        raise NotFoundFault("Not found")
    actor = caller()
    if not can(actor, action, of_agency(dataset.organization_id)):
        raise Forbidden(f"Access denied: not authorized to edit package {dataset.uuid}")
    if dataset.source_id is not None or dataset.remote_key is None:
        said = "This dataset comes from a source; change it there, or the next harvest would undo what is written here"
        raise Invalid({"id": [said]})
    kept = manuscript(dataset)
    if kept is not None:
        from harvesters.manuscript import Written  # late: only who writes needs the readers

        return Working(dataset, Written.model_validate(kept.said), kept.revision)
    return Working(dataset, _first_manuscript(dataset), 0)


def _first_manuscript(dataset: Dataset) -> Written:
    """Of a dataset that was published otherwise: its current version, by its package and its evidence."""
    from harvesters.manuscript import Written, WrittenFile  # late: as above
    from harvesters.protocols.descriptors import about_of

    wanted = select(Version).where(Version.id == dataset.current_version_id)
    wanted = wanted.options(selectinload(Version.resources).joinedload(Resource.evidence))
    version = session().scalar(wanted)
    if version is None:
        raise NotFoundFault("Not found")
    if version.package.get("lumbung:disclosure"):
        raise Invalid({"id": ["The tables of this dataset are counted from microdata; hand these in again instead"]})
    files: dict[int, list[Resource]] = {}
    for one in version.resources:
        files.setdefault(one.evidence_id, []).append(one)
    about = about_of(version.package).model_copy(update={"title": dataset.title, "version": None})
    return Written(
        about=about,
        organization=dataset.organization.slug,
        files=tuple(
            WrittenFile(
                name=tables[0].name,
                title=tables[0].title,
                filename=tables[0].raw_filename,
                sha256=tables[0].raw_sha256,
                size=tables[0].raw_size,
                url=tables[0].evidence.url,
                fetched_at=tables[0].evidence.fetched_at.astimezone(UTC),
                made=tuple(table.name for table in tables),
            )
            for tables in files.values()
        ),
    )


def _loaded() -> Select[Dataset]:
    return select(Dataset).options(joinedload(Dataset.organization))
