"""Published datasets as CKAN's dictionaries, loaded for a page of results with a number of queries that never grows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import defer, joinedload, selectinload

from datasets import clock
from datasets.models import Dataset, Manuscript, Resource, Version, published
from metadata.profiles.ckan_dicts import CkanPackage, to_package_dict
from portal.api.dictionaries import group_values, organization_values
from portal.api.package_query import PackageQuery, sortings
from portal.api.query_syntax import Node
from portal.api.resource_dicts import resources_of
from portal.api.written_words import with_written
from portal.context import installation, session
from portal.web.links import canonical_url

NEWEST = 10
_HEAVY_VERSION = (Version.package, Version.report, Version.notices, Version.lacking)
_HEAVY_RESOURCE = (Resource.schema, Resource.stats, Resource.notes, Resource.chart)


def package_dicts(ids: Collection[int]) -> list[dict[str, Any]]:
    """The dictionaries of the published ones among these datasets, in the order given."""
    found = {dataset.id: dataset for dataset in session().scalars(_loaded().where(Dataset.id.in_(ids)))}
    written = _written(list(found.values()))
    return [with_written(to_package_dict(as_package(found[one])), written.get(one)) for one in ids if one in found]


def newest_of(node: Node, limit: int = NEWEST) -> list[dict[str, Any]]:
    """The newest datasets for which `node` holds."""
    asked = PackageQuery(session(), installation().search, "", node, at=clock.now())
    return package_dicts(asked.page(sortings("metadata_modified desc"), 0, limit))


def as_package(dataset: Dataset) -> CkanPackage:
    """One dataset as values; its organisation, themes, tags, regions, current version and resources must be loaded."""
    owner, version = dataset.organization, dataset.current_version
    return CkanPackage(
        id=dataset.uuid,
        name=dataset.slug,
        title=dataset.title,
        notes=dataset.description,
        organization=organization_values(owner),
        created=dataset.created_at,
        modified=dataset.modified_at,
        license=dataset.license_id,
        version=str(version.number) if version else "",
        url=canonical_url("catalog.dataset", slug=dataset.slug),
        author=owner.title,
        author_email=owner.email or "",
        maintainer=owner.title,
        maintainer_email=owner.email or "",
        groups=[group_values(theme) for theme in sorted(dataset.themes, key=lambda theme: theme.position)],
        tags=[tag.tag for tag in dataset.tags],
        resources=resources_of(dataset, version) if version else (),
        # Under the names that Indonesian portals use, so that one of our own kind understands them again.
        extras={
            "frekuensi": dataset.frequency,
            "tahun awal": dataset.year_from,
            "tahun akhir": dataset.year_to,
            "wilayah": ", ".join(sorted(region.code for region in dataset.regions)),
        },
    )


def _written(datasets: Sequence[Dataset]) -> dict[int, dict[str, Any]]:
    """What was written through the API of the versions that are published, by dataset."""
    keys = {dataset.id: dataset.current_version.content_key for dataset in datasets if dataset.current_version}
    rows = session().scalars(select(Manuscript).where(Manuscript.dataset_id.in_(keys)))
    states = (
        (row.dataset_id, row.said if row.content_key == keys[row.dataset_id] else row.public, row) for row in rows
    )
    return {
        number: said
        for number, said, row in states
        if said is not None and keys[number] in (row.content_key, row.public_key)
    }


def _loaded() -> Select[Dataset]:
    version = joinedload(Dataset.current_version).options(*(defer(column, raiseload=True) for column in _HEAVY_VERSION))
    resources = selectinload(Version.resources).options(*(defer(column, raiseload=True) for column in _HEAVY_RESOURCE))
    return published().options(
        joinedload(Dataset.organization),
        selectinload(Dataset.themes),
        selectinload(Dataset.tags),
        selectinload(Dataset.regions),
        version.options(resources),
    )
