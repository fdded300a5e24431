"""What a version gives out as CKAN's resources: each table, map or file once, and the package's descriptor.

A table is its canonical CSV, a map its GeoJSON, a file itself; the addresses are those of the fixed version, so that
size and hash in the same dictionary stay true. The descriptor comes last: frictionless loads that instead of guessing.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func, literal

from datasets.models import Dataset, Resource, ResourceKind, Version
from metadata.profiles.ckan_dicts import CkanResource
from portal.catalog.addresses import Shown
from portal.web.i18n import root_path
from portal.web.links import plain_url, site_root

DESCRIPTOR = "datapackage.json"
_SUFFIX = "-datapackage"
_FORMATS = {ResourceKind.TABLE: ("CSV", "text/csv"), ResourceKind.MAP: ("GeoJSON", "application/geo+json")}


def shown_format() -> ColumnElement[str]:
    """In the database: the format under which a resource is given out here."""
    return case(
        *((Resource.kind == kind, literal(name)) for kind, (name, _mediatype) in _FORMATS.items()),
        else_=func.upper(Resource.format),
    )


def resources_of(dataset: Dataset, version: Version) -> list[CkanResource]:
    """The resources of a version in their order."""
    shown = Shown(dataset=dataset, version=version, fixed=True)
    return [*(_resource(shown, resource) for resource in version.resources), _descriptor(shown)]


def owner_of_descriptor(identifier: str) -> str | None:
    """The uuid of the dataset whose descriptor has this id; None when it is no descriptor's."""
    return identifier.removesuffix(_SUFFIX) if identifier.endswith(_SUFFIX) else None


def _resource(shown: Shown, resource: Resource) -> CkanResource:
    form, mediatype = _FORMATS.get(resource.kind, (resource.format.upper(), resource.mediatype))
    address, size, sha256 = shown.original(resource), resource.raw_size, resource.raw_sha256
    if resource.kind is ResourceKind.TABLE and resource.csv_sha256 and resource.csv_size is not None:
        address, size, sha256 = _canonical(shown, resource), resource.csv_size, resource.csv_sha256
    measured: int | None = size
    if resource.kind is ResourceKind.MAP and resource.geo_sha256:
        address, measured, sha256 = shown.table(resource, "geojson"), None, resource.geo_sha256
    return CkanResource(
        id=resource.uuid,
        name=resource.title,
        url=_absolute(address),
        format=form,
        mimetype=mediatype,
        created=shown.version.published_at,
        modified=shown.version.published_at,
        size=measured,
        hash=f"sha256:{sha256}",
        datastore=resource.parquet_sha256 is not None,
        extra={
            "rows": resource.rows,
            "original_url": _absolute(shown.original(resource)),
            "original_format": resource.format.upper(),
        },
    )


def _canonical(shown: Shown, resource: Resource) -> str:
    """The table as it lies in the package: the download for people guards cells that a spreadsheet would run."""
    values = {"slug": shown.dataset.slug, "number": shown.version.number, "folder": "data"}
    return plain_url("packages.file", filename=f"{resource.name}.csv", **values)


def _descriptor(shown: Shown) -> CkanResource:
    return CkanResource(
        id=shown.dataset.uuid + _SUFFIX,
        name=DESCRIPTOR,
        description="Frictionless Data Package",
        url=_absolute(shown.descriptor()),
        format="JSON",
        mimetype="application/json",
        created=shown.version.published_at,
        modified=shown.version.published_at,
        hash=f"sha256:{shown.version.package_sha256}",
    )


def _absolute(path: str) -> str:
    return site_root() + path.removeprefix(root_path())
