"""Which answers count as a view or a download of a dataset."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, request

from datasets import usage
from datasets.installation import Installation
from portal import context
from portal.config import TIMEZONE
from portal.usage.bots import is_machine
from portal.usage.tally import Counts, Tally

EXTENSION = "lumbung.usage"

VIEWS = frozenset({"catalog.dataset", "catalog.version", "catalog.dataset_resource", "catalog.version_resource"})
DOWNLOADS = frozenset({"downloads.table", "downloads.original", "downloads.archive", "packages.file"})


def init_app(app: Flask) -> None:
    """Count what was answered, after it was."""

    def write(counts: Counts) -> None:
        installation: Installation = app.extensions[context.EXTENSION]
        with installation.database.write() as session:
            usage.add(session, counts)

    app.extensions[EXTENSION] = Tally(write)
    app.after_request(_count)


def tally() -> Tally:
    """The counts of this process that are not written yet."""
    here: Tally = current_app.extensions[EXTENSION]
    return here


def _count(response: Response) -> Response:
    slug = (request.view_args or {}).get("slug")
    download = request.endpoint in DOWNLOADS
    if request.method != "GET" or slug is None or not (download or request.endpoint in VIEWS):
        return response
    answered = response.status_code == 200 or (response.status_code == 304 and not download)
    begun = response.status_code == 206 and request.range is not None and request.range.ranges[0][0] == 0
    if (answered or begun) and not is_machine(request, of_a_download=download):
        reader = f"{request.remote_addr} {request.headers.get('X-Forwarded-For', '')} {request.headers['User-Agent']}"
        today = datetime.now(ZoneInfo(TIMEZONE)).date()
        tally().count(slug, reader, download=download, day=today)
    return response
