"""Downloads: tables in every form, originals, packages; of a version for ever, of a dataset as it is now."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request

from datasets import catalog
from datasets.models import Resource, Version
from metadata.errors import NotFound
from portal.catalog.standing import stands
from portal.context import installation, session
from portal.downloads import pictures
from portal.downloads.archives import zipped
from portal.downloads.names import MEDIATYPES, download_name, original_name, safe_mediatype
from portal.downloads.serving import ASK_AGAIN, FOREVER, guarded, kept_file
from portal.downloads.tables import exported, whole_as_kept
from portal.web.links import plain_url, question

bp = Blueprint("downloads", __name__)
bp.register_blueprint(pictures.bp)

KINDS = "any(csv,xlsx,json,parquet,geojson)"


@bp.get(f"/dataset/<slug>/v/<int:number>/<resource>.<{KINDS}:kind>")
def table(slug: str, number: int, resource: str, kind: str) -> Response:
    """A table, or with a query the rows it picks, as a file; `geojson` is the map's shapes.

    `csv?exact=1` is the canonical file with the hash that the package names, also where a cell looks like a formula.
    """
    shown = stands(slug, number)
    version, found = shown.version, _resource(shown.version, resource)
    exact = kind == "csv" and found.csv_sha256 and question() == [("exact", "1")]
    sha256 = found.csv_sha256 if exact else whole_as_kept(found, kind, asked=bool(question()))
    if sha256 is None:
        return exported(shown, found, kind)
    name = download_name(slug, number, version.published_at, kind, part=_part(version, found))
    return kept_file(
        installation().blobs.path(sha256),
        tag=sha256,
        name=name,
        mediatype=MEDIATYPES[kind],
        modified=version.published_at,
        cache=FOREVER,
    )


@bp.get("/dataset/<slug>/v/<int:number>/<resource>/original/<path:filename>")
def original(slug: str, number: int, resource: str, filename: str) -> Response:
    """The bytes as the office gave them, under their own name."""
    version = stands(slug, number).version
    found = _resource(version, resource)
    if filename not in (original_name(found.raw_filename), found.raw_filename):
        raise NotFound(what=filename[:100])
    return kept_file(
        installation().blobs.path(found.raw_sha256),
        tag=found.raw_sha256,
        name=original_name(found.raw_filename),
        mediatype=safe_mediatype(found.mediatype),
        modified=version.published_at,
        cache=FOREVER,
    )


@bp.get("/dataset/<slug>/v/<int:number>.zip")
def archive(slug: str, number: int) -> Response:
    """The version as a zipped data package."""
    return zipped(catalog.version(session(), slug, number))


@bp.get("/dataset/<slug>/v/<int:number>/datapackage.json")
def descriptor(slug: str, number: int) -> Response:
    """The description of a version, byte for byte as it was published; shown by browsers, for it is our own text."""
    version = stands(slug, number).version
    response = kept_file(
        installation().blobs.path(version.package_sha256),
        tag=version.package_sha256,
        name="datapackage.json",
        mediatype="application/json",
        modified=version.published_at,
        cache=FOREVER,
    )
    response.headers.pop("Content-Disposition", None)
    return response


@bp.get(f"/dataset/<slug>/<resource>.<{KINDS}:kind>")
def current_table(slug: str, resource: str, kind: str) -> Response:
    """Where the table is now: the file of the present version, with the same query."""
    version = stands(slug).version
    _resource(version, resource)
    query = request.query_string.decode("latin-1")
    address = plain_url("downloads.table", slug=slug, number=version.number, resource=resource, kind=kind)
    return _now(address + (f"?{query}" if query else ""))


@bp.get("/dataset/<slug>.zip")
def current_archive(slug: str) -> Response:
    """Where the zipped package is now."""
    return _now(plain_url("downloads.archive", slug=slug, number=stands(slug).version.number))


@bp.get("/dataset/<slug>/datapackage.json")
def current_descriptor(slug: str) -> Response:
    """Where the description is now."""
    return _now(plain_url("downloads.descriptor", slug=slug, number=stands(slug).version.number))


@bp.get("/dataset/<slug>/resource/<uuid>/download")
@bp.get("/dataset/<slug>/resource/<uuid>/download/<path:filename>")
def ckan_download(slug: str, uuid: str, filename: str = "") -> Response:
    """Where CKAN has the file of a resource: the canonical table under its name, else the original."""
    found = catalog.resource(session(), uuid)
    owner = found.version.dataset
    if slug not in (owner.slug, owner.uuid):
        raise NotFound(what=uuid[:100])
    ending = filename.rpartition(".")[2].lower()
    values = {"slug": owner.slug, "number": found.version.number, "resource": found.name}
    if filename and filename != original_name(found.raw_filename) and _has(found, ending):
        return _now(plain_url("downloads.table", kind=ending, **values))
    return _now(plain_url("downloads.original", filename=original_name(found.raw_filename), **values))


def _resource(version: Version, name: str) -> Resource:
    for resource in version.resources:
        if resource.name == name:
            return resource
    raise NotFound(what=name[:100])


def _part(version: Version, resource: Resource) -> str:
    """A version's only table needs no name beside the dataset's."""
    return resource.name if len(version.resources) > 1 else ""


def _has(resource: Resource, kind: str) -> bool:
    if kind == "geojson":
        return resource.geo_sha256 is not None
    return kind in MEDIATYPES and kind != "zip" and resource.parquet_sha256 is not None


def _now(address: str) -> Response:
    """What is current moves on: the redirection is asked for again each time, the file behind it never changes."""
    return guarded(make_response(redirect(address, 302)), cache=ASK_AGAIN)
