"""What an answer gives: addresses of this portal made permanent, with their citation and checksum, and other links."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from datasets.exports.about import ExportAbout
from datasets.exports.files import Format
from datasets.models import Resource
from datasets.query.question import TableQuery
from datasets.query.url import arguments, parse
from metadata.errors import BadInput
from metadata.terms import LANGUAGES
from portal.catalog.addresses import Shown
from portal.explore.citing import absolute, view_citation
from portal.explore.found import parquet, shape, shown, table, tables_of
from portal.web.engine import exports
from portal.web.links import FOREIGN, site_root

PAGES = {"catalog.dataset", "catalog.version", "catalog.dataset_resource", "catalog.version_resource"}
MOST = 20
LONGEST = 4_000


def of_lines(text: str) -> list[dict[str, Any]]:
    """One address a line. Raises `BadInput` for what is no address, `NotFound` for what is not here (any more)."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [of_address(line[:LONGEST]) for line in lines[:MOST]]


def of_address(url: str) -> dict[str, Any]:
    """What an address gives: of this portal's data the very version and rows, with checksum; else the link as it is.

    The checksum is of the CSV file that the view's own download gives (of the canonical file for a whole table).
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadInput(reason=url[:100]) from None
    local = _local_path(url)
    if local is None:
        if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable():
            raise BadInput(reason=url[:100])
        return {"title": url, "url": url}
    found = _matched(local)
    if found is None:
        return {"title": url, "url": absolute(url) if url.startswith("/") else url}
    values = found
    seen = shown(values["slug"], values.get("number"))
    fixed = Shown(seen.dataset, seen.version, fixed=True)
    tables = tables_of(seen.version)
    resource = table(seen.version, values["resource"]) if "resource" in values else (tables[0] if tables else None)
    pairs = [pair for pair in parse_qsl(parts.query) if pair[0] not in FOREIGN]
    if resource is None:
        return _told(fixed, fixed.page(), seen.dataset.title, seen.version.package_sha256 or "")
    title = resource.title if len(tables) > 1 else seen.dataset.title
    if not pairs:
        return _told(fixed, fixed.page(resource), title, str(resource.csv_sha256 or resource.raw_sha256))
    form = shape(resource)
    query = parse(pairs, form).whole()
    return _told(fixed, fixed.page(resource, arguments(query, form)), title, _checksum(resource, query))


def _told(fixed: Shown, path: str, title: str, checksum: str) -> dict[str, Any]:
    cited = view_citation(fixed, path)
    return {
        "title": title,
        "url": absolute(path),
        "citation": cited.before + cited.title + cited.after,
        "sha256": checksum,
    }


def _checksum(resource: Resource, query: TableQuery) -> str:
    made = exports().export(parquet(resource), resource.schema, query, Format.CSV, _NO_ABOUT)
    digest = hashlib.sha256()
    for chunk in made.chunks():
        digest.update(chunk)
    return digest.hexdigest()


_NO_ABOUT = ExportAbout(
    title="", organization="", version="", published="", licence="", licence_url="", source="", query="", citation=""
)


def _local_path(url: str) -> str | None:
    """The path of an address of this portal without its language; None for another's."""
    for root in {site_root(), request.host_url.rstrip("/")}:
        if url.startswith(f"{root}/"):
            url = url.removeprefix(root)
            break
    if not url.startswith("/") or url.startswith("//"):
        return None
    path = unquote(url.partition("#")[0].partition("?")[0])
    first, _, rest = path.lstrip("/").partition("/")
    return f"/{rest}" if first in LANGUAGES else path


def _matched(path: str) -> dict[str, Any] | None:
    adapter = current_app.url_map.bind("localhost")
    try:
        endpoint, values = adapter.match(path, method="GET")
    except HTTPException:
        return None
    return dict(values) if endpoint in PAGES else None
