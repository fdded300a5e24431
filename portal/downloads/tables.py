"""Tables as files: the kept one where it is what was asked for, else one made for the question."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from flask import Response, request

from datasets.exports.about import ExportAbout
from datasets.exports.files import LAYOUT, Format
from datasets.models import Resource
from datasets.query.question import TableQuery
from datasets.query.url import canonical, parse
from metadata import licenses
from metadata.errors import NotFound
from portal.catalog.addresses import Shown
from portal.context import installation
from portal.downloads.names import MEDIATYPES, download_name
from portal.downloads.serving import announced, kept_file, not_modified
from portal.web.engine import exports, tables
from portal.web.links import canonical_url, question

WHILE = "public, max-age=3600"
"""A made file is the same for the same question until the maker itself is mended; its tag then changes."""


def whole_as_kept(resource: Resource, kind: str, *, asked: bool) -> str | None:
    """The blob that is the whole table in this form, None when the file has to be made. Raises `NotFound`.

    A table with cells that a spreadsheet would run as formulas is written anew for CSV: in the canonical file, which
    the package carries, they stand as they are.
    """
    if kind == "geojson":
        if resource.geo_sha256 is None:
            raise NotFound(what=f"{resource.name}.{kind}")
        return resource.geo_sha256
    if resource.parquet_sha256 is None:
        raise NotFound(what=f"{resource.name}.{kind}")
    if asked:
        return None
    if kind == "csv" and not has_formulas(resource):
        return resource.csv_sha256
    return resource.parquet_sha256 if kind == "parquet" else None


def has_formulas(resource: Resource) -> bool:
    """Whether some cell would be run as a formula by a spreadsheet."""
    return any(column.get("formulas") for column in resource.stats.get("columns", {}).values())


def exported(shown: Shown, resource: Resource, kind: str) -> Response:
    """The file of the question in the address; its page, if it names one, does not count.

    Raises what parsing and answering raise.
    """
    version = shown.version
    parquet = installation().blobs.path(str(resource.parquet_sha256))
    shape = tables().shape(parquet, resource.schema)
    query = parse(question(), shape).whole()
    asked = canonical(query, shape)
    about = _about(shown, resource, asked)
    depends = [LAYOUT, resource.parquet_sha256, asked, kind, asdict(about), resource.schema]
    tag = hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()
    answer = not_modified(tag, cache=WHILE)
    if answer is not None:
        return answer
    name = download_name(
        shown.dataset.slug,
        version.number,
        version.published_at,
        kind,
        part=resource.name if len(version.resources) > 1 else "",
        view=query != TableQuery(),
    )
    if request.method == "HEAD":
        return announced(tag=tag, name=name, mediatype=MEDIATYPES[kind], cache=WHILE)
    made = exports().export(parquet, resource.schema, query, Format(kind), about)
    return kept_file(
        made.path, tag=tag, name=name, mediatype=MEDIATYPES[kind], modified=version.published_at, cache=WHILE
    )


def _about(shown: Shown, resource: Resource, asked: str) -> ExportAbout:
    dataset, version = shown.dataset, shown.version
    licence = licenses.get(dataset.license_id)
    address = canonical_url("catalog.version", slug=dataset.slug, number=version.number)
    title = dataset.title if len(version.resources) == 1 else f"{dataset.title}: {resource.title}"
    year, settings = version.published_at.year, installation().settings
    return ExportAbout(
        title=title,
        organization=dataset.organization.title,
        version=str(version.number),
        published=version.published_at.date().isoformat(),
        licence=licence.title.id,
        licence_url=licence.url or "",
        source=address,
        query=asked,
        citation=f"{dataset.organization.title}. ({year}). {title} (Versi {version.number}) [Kumpulan data]. "
        f"{settings.site_title} {settings.region_name}. {address}",
        notes=tuple(resource.notes),
    )
