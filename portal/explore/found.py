"""What an address of this wing names: a dataset as it is now or one version of it, and one of its tables."""

from __future__ import annotations

from pathlib import Path

from datasets import catalog
from datasets.models import Resource, Version
from datasets.query.shape import TableShape
from metadata.errors import NotFound
from portal.catalog.addresses import Shown
from portal.catalog.standing import stands
from portal.context import installation, session
from portal.web.engine import tables


def shown(slug: str, number: int | None = None) -> Shown:
    """The present version of a dataset, or version `number`, as `portal.catalog.standing` finds it.

    Raises `NotFound`, `Withdrawn`.
    """
    return stands(slug, number)


def with_origin(slug: str, number: int | None = None) -> Shown:
    """The same with all that `datasets.catalog` loads: packages, and where each table came from."""
    if number is not None:
        version = catalog.version(session(), slug, number)
        return Shown(version.dataset, version, fixed=True)
    found = catalog.get_published(session(), slug)
    if found.current_version is None:
        raise NotFound(what=slug[:100])
    return Shown(found, found.current_version, fixed=False)


def table(version: Version, name: str) -> Resource:
    """The table of that name. Raises `NotFound`, also for a file that is none."""
    for resource in version.resources:
        if resource.name == name and resource.parquet_sha256:
            return resource
    raise NotFound(what=name[:100])


def tables_of(version: Version) -> list[Resource]:
    """All tables of a version, in order."""
    return [resource for resource in version.resources if resource.parquet_sha256]


def parquet(resource: Resource) -> Path:
    """The file in which a table is asked."""
    return installation().blobs.path(str(resource.parquet_sha256))


def shape(resource: Resource) -> TableShape:
    """The columns of a table as they can be asked about."""
    return tables().shape(parquet(resource), resource.schema)
