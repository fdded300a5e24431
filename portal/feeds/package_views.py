"""Data packages over HTTP: the list of all of them, and the files that their descriptions name by relative paths."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, make_response, redirect
from sqlalchemy import func, select

from datasets import catalog
from datasets.db import Database
from datasets.models import Dataset, Version, published
from metadata.errors import NotFound
from metadata.package import package_files
from metadata.profiles.ckan_dicts import moment
from portal.context import installation, session
from portal.downloads.names import MEDIATYPES, original_name
from portal.downloads.serving import FOREVER, guarded, kept_file, not_modified
from portal.web.links import plain_url, site_root

bp = Blueprint("packages", __name__)

PIECE = 1_000
_ASK_AGAIN = "public, no-cache"
_FOLDERS = "any(data,geo,source)"


@bp.get("/catalog.datapackages.json")
def packages() -> Response:
    """A catalogue of the packages of all current versions, as frictionless reads one, written while it is sent."""
    total, modified, newest = (
        session()
        .execute(
            published().with_only_columns(
                func.count(Dataset.id), func.max(Dataset.modified_at), func.max(Dataset.current_version_id)
            )
        )
        .one()
    )
    root = site_root()
    tag = hashlib.sha256(f"{root} {total} {modified} {newest}".encode()).hexdigest()[:32]
    held = not_modified(tag, weak=True, cache=_ASK_AGAIN)
    if held is not None:
        return held
    settings = installation().settings
    head = {"name": "lumbung", "title": f"{settings.site_title} {settings.region_name}", "homepage": f"{root}/"}
    response = Response(_written(head, root, installation().database), content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = _ASK_AGAIN
    response.set_etag(tag, weak=True)
    return response


@bp.get(f"/dataset/<slug>/v/<int:number>/<{_FOLDERS}:folder>/<filename>")
def file(slug: str, number: int, folder: str, filename: str) -> Response:
    """A file of a version where its `datapackage.json` says that it is. Raises `NotFound`."""
    version = catalog.version(session(), slug, number)
    sha256 = package_files(version.package).get(f"{folder}/{filename}")
    if sha256 is None:
        raise NotFound(what=filename[:100])
    ending = filename.rpartition(".")[2].lower()
    known = MEDIATYPES.get(ending, "") if folder != "source" else ""
    return kept_file(
        installation().blobs.path(sha256),
        tag=sha256,
        name=original_name(filename),
        mediatype=known or "application/octet-stream",
        modified=version.published_at,
        cache=FOREVER,
    )


@bp.get(f"/dataset/<slug>/<{_FOLDERS}:folder>/<filename>")
def current_file(slug: str, folder: str, filename: str) -> Response:
    """Where that file of the current version is: readers resolve paths against the address that they were given."""
    found = catalog.get_published(session(), slug).current_version
    if found is None:
        raise NotFound(what=slug[:100])
    values = {"slug": slug, "number": found.number, "folder": folder, "filename": filename}
    return guarded(make_response(redirect(plain_url("packages.file", **values), 302)), cache=_ASK_AGAIN)


def _written(head: dict[str, Any], root: str, database: Database) -> Iterator[str]:
    """In pieces, each read in a session of its own, so that nothing is held while a slow client reads."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "datasets": ['
    after, between = 0, "\n"
    while True:
        wanted = (
            select(
                *(Dataset.id, Dataset.slug, Dataset.uuid, Dataset.title),
                *(Version.number, Version.published_at, Version.package_sha256),
            )
            .join(Version, Version.id == Dataset.current_version_id)
            .where(Dataset.id.in_(published().with_only_columns(Dataset.id)), Dataset.id > after)
        )
        with database.read() as reading:
            rows = reading.execute(wanted.order_by(Dataset.id).limit(PIECE)).all()
        for number, slug, uuid, title, version, published_at, sha256 in rows:
            package = {
                "name": slug,
                "id": uuid,
                "title": title,
                "version": str(version),
                "created": moment(published_at) + "Z",
                "package": f"{root}/dataset/{slug}/v/{version}/datapackage.json",
                "archive": f"{root}/dataset/{slug}/v/{version}.zip",
                "homepage": f"{root}/dataset/{slug}",
                "hash": f"sha256:{sha256}",
            }
            yield between + json.dumps(package, ensure_ascii=False)
            after, between = number, ",\n"
        if len(rows) < PIECE:
            break
    yield "\n]}\n"
