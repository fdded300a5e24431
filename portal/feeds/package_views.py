"""`/catalog.datapackages.json`: where the data package of every dataset is, with the hash of its description."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import func, select

from datasets.db import Database
from datasets.models import Dataset, Version, published
from metadata.profiles.ckan_dicts import moment
from portal.context import installation, session
from portal.downloads.serving import not_modified
from portal.feeds.answers import open_to_all
from portal.web.links import site_root

bp = Blueprint("packages", __name__)
bp.after_request(open_to_all)

PIECE = 1_000
_ASK_AGAIN = "public, no-cache"


@bp.get("/catalog.datapackages.json")
def packages() -> Response:
    """A catalogue of the packages of all current versions, written while it is sent."""
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


def _written(head: dict[str, Any], root: str, database: Database) -> Iterator[str]:
    """In pieces, each read in a session of its own, so that nothing is held while a slow client reads."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "packages": ['
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
                "path": f"{root}/dataset/{slug}/v/{version}/datapackage.json",
                "archive": f"{root}/dataset/{slug}/v/{version}.zip",
                "homepage": f"{root}/dataset/{slug}",
                "hash": f"sha256:{sha256}",
            }
            yield between + json.dumps(package, ensure_ascii=False)
            after, between = number, ",\n"
        if len(rows) < PIECE:
            break
    yield "\n]}\n"
