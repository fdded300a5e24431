"""The dataset as schema.org describes one, for search engines: https://schema.org/Dataset."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from datasets.models import Organization, Resource, ResourceKind
from metadata import licenses
from portal.catalog.addresses import Shown, dataset_url, lasting_url
from portal.downloads.names import MEDIATYPES
from portal.downloads.tables import has_formulas
from portal.web.links import site_root
from portal.web.markdown import as_text

_MOST_COLUMNS = 40
_LEAST, _MOST = 50, 5_000  # https://developers.google.com/search/docs/appearance/structured-data/dataset


def as_json_ld(
    shown: Shown,
    *,
    organization: Organization,
    portal: str,
    summary: str,
    keywords: tuple[str, ...],
    regions: tuple[str, ...],
    resources: list[Resource],
) -> dict[str, Any]:
    """The members that Google's dataset search reads, and those that say where the figures come from."""
    dataset, version = shown.dataset, shown.version
    license_url = licenses.get(dataset.license_id).url
    catalog = {"@type": "DataCatalog", "name": portal, "url": f"{site_root()}/"}
    agency = {"@type": "GovernmentOrganization", "name": organization.title}
    if organization.homepage:
        agency["url"] = organization.homepage
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": dataset_url(dataset),
        "name": dataset.title,
        "description": _description(as_text(dataset.description), summary, dataset.title, organization.title),
        "url": lasting_url(dataset, version.number) if shown.fixed else dataset_url(dataset),
        "identifier": dataset.uuid,
        "version": str(version.number),
        "dateCreated": dataset.created_at.date().isoformat(),
        "dateModified": version.published_at.isoformat(timespec="seconds"),
        "license": license_url,
        "creator": agency,
        "publisher": {"@type": "Organization", "name": portal, "url": f"{site_root()}/"},
        "includedInDataCatalog": catalog,
        "isAccessibleForFree": True,
        "inLanguage": "id",
        "keywords": list(keywords),
        "spatialCoverage": [{"@type": "Place", "name": name} for name in regions],
        "temporalCoverage": _period(dataset.year_from, dataset.year_to),
        "variableMeasured": _columns(resources),
        "distribution": [entry for resource in resources for entry in _files(shown, resource)],
    }
    return {name: value for name, value in described.items() if value not in (None, [], "")}


def _description(told: str, *others: str) -> str:
    """What is told, with the other words until it is as long as search engines want it: 50 to 5000 characters."""
    text = told
    for more in others:
        if len(text) < _LEAST:
            text = f"{text} {more}".strip()
    return text[:_MOST]


def _period(first: int | None, last: int | None) -> str | None:
    """Years as an ISO 8601 interval."""
    years = [year for year in (first, last) if year is not None]
    return "/".join(str(year) for year in dict.fromkeys(years)) or None


def _columns(resources: list[Resource]) -> list[dict[str, str]]:
    fields = [field for resource in resources for field in resource.schema.get("fields", [])][:_MOST_COLUMNS]
    described = []
    for field in fields:
        entry = {"@type": "PropertyValue", "name": field.get("title") or field["name"]}
        if field.get("unit"):
            entry["unitText"] = field["unit"]
        if field.get("description"):
            entry["description"] = field["description"]
        described.append(entry)
    return described


def _files(shown: Shown, resource: Resource) -> list[dict[str, str]]:
    parts = urlsplit(site_root())
    host = f"{parts.scheme}://{parts.netloc}"
    if resource.kind is ResourceKind.FILE:
        return [
            {
                "@type": "DataDownload",
                "name": resource.title,
                "contentUrl": host + shown.original(resource),
                "encodingFormat": resource.mediatype,
                "contentSize": f"{resource.raw_size} B",
                "sha256": resource.raw_sha256,
            }
        ]
    files = [
        {
            "@type": "DataDownload",
            "name": resource.title,
            "contentUrl": host + shown.table(resource, kind),
            "encodingFormat": MEDIATYPES[kind],
        }
        for kind in ("csv", "parquet", "geojson")
        if kind != "geojson" or resource.geo_sha256
    ]
    # A table with cells that a spreadsheet would run is written anew for people: those bytes are other ones.
    if resource.csv_sha256 and resource.csv_size is not None and not has_formulas(resource):
        files[0] |= {"contentSize": f"{resource.csv_size} B", "sha256": resource.csv_sha256}
    return files
