"""What the public may read: every page and API answer asks here, each with a number of queries that never grows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, defer, joinedload, selectinload

from datasets.models import (
    Dataset,
    DatasetTheme,
    Evidence,
    Item,
    Organization,
    Region,
    Resource,
    Run,
    Theme,
    Version,
    Visibility,
    published,
)
from datasets.withdraw import refuse_withdrawn
from metadata.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm.strategy_options import _AbstractLoad as Loading

_PUBLIC = Dataset.visibility == Visibility.PUBLISHED
_LONGEST = 100
_HEAVY_VERSION = (Version.package, Version.report, Version.notices)
_HEAVY_RESOURCE = (Resource.schema, Resource.stats, Resource.notes, Resource.chart)


@dataclass(frozen=True, slots=True)
class Counts:
    """The catalogue in figures: what is public now, of the current versions only."""

    datasets: int
    organizations: int
    resources: int
    rows: int


def get_published(session: Session, slug: str, *, or_uuid: bool = False) -> Dataset:
    """The dataset of this address (or, for the API, uuid) with all that its page shows loaded.

    That is: organisation, source, themes, tags, regions, the current version with its run, its resources and their
    evidence. Raises `NotFound` for the unknown and the unpublished alike, `Withdrawn` for the withdrawn.
    """
    return _one(session, slug, or_uuid, _of_dataset())


def version(session: Session, slug: str, number: int) -> Version:
    """Version `number` of that dataset, old or current, loaded like a page of its own; `version.dataset` is too.

    Raises like `get_published`.
    """
    dataset = _one(session, slug, False, _of_dataset(with_version=False))
    wanted = select(Version).where(Version.dataset_id == dataset.id, Version.number == min(number, 2**31 - 1))
    found = session.scalar(wanted.options(*_of_version(), joinedload(Version.dataset)))
    if found is None:
        raise NotFound(what=f"{slug} v{number}")
    return found


def versions_of(session: Session, dataset: Dataset) -> Sequence[Version]:
    """All versions, the newest first, for a list: with their resources, without packages, reports and statistics."""
    wanted = select(Version).where(Version.dataset_id == dataset.id).order_by(Version.number.desc())
    return session.scalars(wanted.options(*_light_version())).all()


def by_ids(session: Session, ids: Collection[int]) -> list[Dataset]:
    """The published ones among these datasets in the order given, as cards of a list.

    What the search index still finds but is withdrawn is left out here: the database has the last word.
    """
    found = session.scalars(published().where(Dataset.id.in_(ids)).options(*_as_card()))
    known = {dataset.id: dataset for dataset in found}
    return [known[number] for number in ids if number in known]


def latest(session: Session, limit: int = 10) -> Sequence[Dataset]:
    """The published datasets that changed last, as cards."""
    wanted = published().order_by(Dataset.modified_at.desc(), Dataset.id.desc()).limit(limit)
    return session.scalars(wanted.options(*_as_card())).all()


def slugs(session: Session, *, limit: int | None = None, offset: int = 0) -> Sequence[str]:
    """The addresses of all published datasets in alphabetical order, or a page of them."""
    wanted = select(Dataset.slug).where(_PUBLIC).order_by(Dataset.slug)
    return session.scalars(wanted.limit(limit).offset(offset)).all()


def resource(session: Session, uuid: str) -> Resource:
    """The resource with this uuid as the current version of its published dataset has it, `resource.version` loaded.

    Raises `NotFound`.
    """
    wanted = select(Resource).join(Dataset, Dataset.current_version_id == Resource.version_id)
    wanted = wanted.where(Resource.uuid == uuid, _PUBLIC)
    whole_version = joinedload(Resource.version).options(
        *_without(_HEAVY_VERSION), joinedload(Version.dataset).joinedload(Dataset.organization)
    )
    found = session.scalar(wanted.options(whole_version, joinedload(Resource.evidence)))
    if found is None:
        raise NotFound(what=uuid[:_LONGEST])
    return found


def organizations_with_counts(session: Session) -> list[tuple[Organization, int]]:
    """Every organisation by title, with the number of its published datasets."""
    numbers = select(Dataset.organization_id, func.count().label("number")).where(_PUBLIC)
    counted = numbers.group_by(Dataset.organization_id).subquery()
    wanted = select(Organization, func.coalesce(counted.c.number, 0)).join(
        counted, counted.c.organization_id == Organization.id, isouter=True
    )
    return [(found, count) for found, count in session.execute(wanted.order_by(Organization.title, Organization.id))]


def organization(session: Session, slug: str) -> Organization:
    """The organisation of this address. Raises `NotFound`."""
    found = session.scalar(select(Organization).where(Organization.slug == slug))
    if found is None:
        raise NotFound(what=slug[:_LONGEST])
    return found


def themes_with_counts(session: Session) -> list[tuple[Theme, int]]:
    """Every theme in the order of the code list, with the number of its published datasets."""
    numbers = select(DatasetTheme.theme_id, func.count().label("number")).join(Dataset).where(_PUBLIC)
    counted = numbers.group_by(DatasetTheme.theme_id).subquery()
    wanted = select(Theme, func.coalesce(counted.c.number, 0)).join(
        counted, counted.c.theme_id == Theme.id, isouter=True
    )
    return [(found, count) for found, count in session.execute(wanted.order_by(Theme.position, Theme.id))]


def theme(session: Session, slug: str) -> Theme:
    """The theme of this address. Raises `NotFound`."""
    found = session.scalar(select(Theme).where(Theme.slug == slug))
    if found is None:
        raise NotFound(what=slug[:_LONGEST])
    return found


def regions(session: Session, codes: Collection[str]) -> dict[str, Region]:
    """The known ones of these regions by code."""
    return {region.code: region for region in session.scalars(select(Region).where(Region.code.in_(codes)))}


def counts(session: Session) -> Counts:
    """The catalogue in figures, in one query each for datasets and for resources."""
    datasets, organizations = session.execute(
        select(func.count(), func.count(Dataset.organization_id.distinct())).where(_PUBLIC)
    ).one()
    resources, rows = session.execute(
        select(func.count(), func.coalesce(func.sum(Resource.rows), 0))
        .join(Dataset, Dataset.current_version_id == Resource.version_id)
        .where(_PUBLIC)
    ).one()
    return Counts(datasets=datasets, organizations=organizations, resources=resources, rows=int(rows or 0))


def history(session: Session, dataset: Dataset, *, limit: int = 20) -> Sequence[Item]:
    """What the last runs did with the dataset, the newest first, each with its run and the run's source."""
    wanted = select(Item).where(Item.dataset_id == dataset.id).order_by(Item.id.desc()).limit(limit)
    return session.scalars(wanted.options(joinedload(Item.run).joinedload(Run.source))).all()


def _one(session: Session, slug: str, or_uuid: bool, options: list[Loading]) -> Dataset:
    dataset = None
    if len(slug) <= _LONGEST:
        wanted = select(Dataset).where(Dataset.visibility != Visibility.DRAFT).options(*options)
        dataset = session.scalar(wanted.where(Dataset.slug == slug))
        if dataset is None and or_uuid:
            dataset = session.scalar(wanted.where(Dataset.uuid == slug))
    if dataset is None:
        raise NotFound(what=slug[:_LONGEST])
    refuse_withdrawn(dataset)
    return dataset


def _of_dataset(*, with_version: bool = True) -> list[Loading]:
    options: list[Loading] = [
        joinedload(Dataset.organization),
        joinedload(Dataset.source),
        selectinload(Dataset.themes),
        selectinload(Dataset.tags),
        selectinload(Dataset.regions),
    ]
    current = joinedload(Dataset.current_version)
    options.append(current.options(*(_of_version() if with_version else _without(_HEAVY_VERSION))))
    return options


def _of_version() -> list[Loading]:
    evidence = joinedload(Resource.evidence).joinedload(Evidence.source)
    return [selectinload(Version.resources).options(evidence), joinedload(Version.run).joinedload(Run.source)]


def _light_version() -> list[Loading]:
    return [*_without(_HEAVY_VERSION), selectinload(Version.resources).options(*_without(_HEAVY_RESOURCE))]


def _as_card() -> list[Loading]:
    return [
        joinedload(Dataset.organization),
        selectinload(Dataset.themes),
        selectinload(Dataset.tags),
        joinedload(Dataset.current_version).options(*_light_version()),
    ]


def _without(heavy: tuple[InstrumentedAttribute[Any], ...]) -> list[Loading]:
    """Documents that can be megabytes are not read for lists; whoever touches them all the same gets an error."""
    return [defer(attribute, raiseload=True) for attribute in heavy]
