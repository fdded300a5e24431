"""Published datasets as values for catalogue standards, loaded for a page of them in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select
from sqlalchemy.orm import defer, joinedload, selectinload

from datasets.models import Dataset, Organization, Region, Resource, ResourceKind, Theme, Version, published
from datasets.series import Series
from metadata.profiles.dcat_values import (
    DcatAgent,
    DcatConcept,
    DcatDataset,
    DcatFile,
    DcatPlace,
    DcatSeries,
    DcatVersion,
)
from portal.catalog.addresses import Shown
from portal.context import session
from portal.downloads.names import MEDIATYPES
from portal.web.i18n import root_path
from portal.web.links import canonical_url, site_root

_HEAVY_VERSION = (Version.package, Version.report, Version.notices, Version.lacking)
_HEAVY_RESOURCE = (Resource.schema, Resource.stats, Resource.notes, Resource.chart)
_EU_THEMES = {
    "kependudukan": "SOCI",
    "pendidikan": "EDUC",
    "kesehatan": "HEAL",
    "ekonomi": "ECON",
    "pertanian": "AGRI",
    "infrastruktur": "TRAN",
    "keuangan-daerah": "GOVE",
    "pemerintahan": "GOVE",
    "sosial": "SOCI",
    "lingkungan": "ENVI",
    "pariwisata-budaya": "EDUC",
    "ketenagakerjaan": "SOCI",
    "wilayah": "REGI",
    "pembangunan-manusia": "SOCI",
    "keamanan-kebencanaan": "JUST",
}
"""Our themes in the EU's table, which DCAT-AP recommends beside one's own."""


def loaded() -> Select[Dataset]:
    """Published datasets with all that a description needs, without the heavy documents."""
    version = joinedload(Dataset.current_version).options(*(defer(column, raiseload=True) for column in _HEAVY_VERSION))
    resources = selectinload(Version.resources).options(*(defer(column, raiseload=True) for column in _HEAVY_RESOURCE))
    return published().options(
        joinedload(Dataset.organization),
        selectinload(Dataset.themes),
        selectinload(Dataset.tags),
        selectinload(Dataset.regions),
        version.options(resources),
    )


def page_of(offset: int, limit: int) -> Sequence[Dataset]:
    """A page of the catalogue in the order in which datasets came.

    Which they are is asked first, of the index alone: to pass over a hundred thousand whole rows would take seconds.
    """
    wanted = published().with_only_columns(Dataset.id).order_by(Dataset.id).limit(limit).offset(offset)
    return by_ids(session().scalars(wanted).all())


def by_ids(ids: Collection[int]) -> list[Dataset]:
    """The published ones among these, in the order given."""
    found = {dataset.id: dataset for dataset in session().scalars(loaded().where(Dataset.id.in_(ids)))}
    return [found[number] for number in ids if number in found]


def described(
    dataset: Dataset, version: Version, versions: Sequence[Version] = (), series: Series | None = None
) -> DcatDataset:
    """A dataset as DCAT's values; `versions` are its versions, the newest first, to be told of too."""
    owner = dataset.organization
    return DcatDataset(
        uri=canonical_url("catalog.dataset", slug=dataset.slug),
        identifier=dataset.uuid,
        title=dataset.title,
        description=dataset.description,
        publisher=agent(owner),
        issued=dataset.created_at,
        modified=dataset.modified_at,
        license=dataset.license_id,
        current=_version(dataset, version),
        versions=tuple(_version(dataset, older) for older in versions),
        keywords=tuple(tag.tag for tag in dataset.tags),
        themes=tuple(concept(theme) for theme in dataset.themes),
        places=tuple(place(region) for region in dataset.regions),
        frequency=dataset.frequency,
        years=(dataset.year_from, dataset.year_to),
        provenance=f"Versi {version.number}, diterbitkan {version.published_at.date().isoformat()} dari data "
        f"{owner.title}; berkas asal disimpan tanpa perubahan.",
        files=tuple(file for resource in version.resources for file in files(Shown(dataset, version, True), resource)),
        service=service_address(),
        series=_series(dataset, series) if series else None,
    )


def _series(dataset: Dataset, series: Series) -> DcatSeries:
    first, last = series.members[0], series.members[-1]
    previous = series.before(dataset.slug)
    return DcatSeries(
        uri=f"{site_root()}/catalog#seri-{series.name}",
        title=series.title,
        description=f"{series.title}: seri data {dataset.organization.title}, {first.year} sampai {last.year}.",
        publisher=agent(dataset.organization),
        years=(first.year, last.year),
        first=canonical_url("catalog.dataset", slug=first.slug),
        last=canonical_url("catalog.dataset", slug=last.slug),
        frequency=dataset.frequency,
        previous=canonical_url("catalog.dataset", slug=previous.slug) if previous else None,
    )


def agent(owner: Organization) -> DcatAgent:
    """An agency under the address of its page."""
    return DcatAgent(
        uri=canonical_url("browse.organization", slug=owner.slug),
        name=owner.title,
        homepage=owner.homepage,
        email=owner.email,
    )


def concept(theme: Theme) -> DcatConcept:
    """A theme under the address of its page."""
    return DcatConcept(
        uri=canonical_url("browse.group", slug=theme.slug),
        scheme=theme_scheme(),
        title=theme.title,
        title_en=theme.title_en,
        eu_theme=_EU_THEMES.get(theme.slug),
    )


def theme_scheme() -> str:
    """The list of themes."""
    return canonical_url("browse.groups")


def place(region: Region) -> DcatPlace:
    """A region; its address is a place in the catalogue's own document."""
    name = f"{region.kind.capitalize()} {region.name}"
    return DcatPlace(f"{site_root()}/catalog#wilayah-{region.code}", region.code, name, region.bps_code)


def service_address() -> str:
    """The API as a thing of the catalogue."""
    return f"{site_root()}/catalog#api"


def files(shown: Shown, resource: Resource) -> list[DcatFile]:
    """The forms in which a resource can be had, of the fixed version, so that sizes and hashes stay true."""
    issued, title = shown.version.published_at, resource.title
    found = []
    if resource.csv_sha256:
        address = absolute(shown.table(resource, "csv", [("exact", "1")]))
        schema = absolute(shown.descriptor())
        kept = (resource.csv_size, resource.csv_sha256)
        found.append(DcatFile(address, f"{title} (CSV)", "csv", MEDIATYPES["csv"], issued, *kept, schema))
    if resource.parquet_sha256:
        address = absolute(shown.table(resource, "parquet"))
        made = (None, resource.parquet_sha256)
        found.append(DcatFile(address, f"{title} (Parquet)", "parquet", MEDIATYPES["parquet"], issued, *made))
    if resource.geo_sha256:
        address = absolute(shown.table(resource, "geojson"))
        found.append(
            DcatFile(address, f"{title} (GeoJSON)", "geojson", MEDIATYPES["geojson"], issued, None, resource.geo_sha256)
        )
    original = absolute(shown.original(resource))
    name = f"{title} ({resource.format.upper()}, berkas asal)" if resource.kind is not ResourceKind.FILE else title
    kept = (resource.raw_size, resource.raw_sha256)
    found.append(DcatFile(original, name, resource.format, resource.mediatype, issued, *kept))
    return found


def absolute(path: str) -> str:
    """The full address of a path of this portal."""
    return site_root() + path.removeprefix(root_path())


def _version(dataset: Dataset, version: Version) -> DcatVersion:
    return DcatVersion(
        uri=canonical_url("catalog.version", slug=dataset.slug, number=version.number),
        number=version.number,
        issued=version.published_at,
        change=version.change,
    )
