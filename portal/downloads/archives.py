"""The zipped package of a version: made once, then a file like any other."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Response, request

from datasets.models import Version
from metadata.package import package_files, write_zip
from portal.context import installation
from portal.downloads.names import MEDIATYPES, download_name
from portal.downloads.serving import announced, kept_file, not_modified
from portal.web.engine import archives

LAYOUT = 1
WHILE = "public, max-age=86400"


def zipped(version: Version) -> Response:
    """`datapackage.json` and every file that it names, as one zip that is the same on every request."""
    tag = hashlib.sha256(f"zip {LAYOUT} {version.package_sha256}".encode()).hexdigest()
    answer = not_modified(tag, cache=WHILE)
    if answer is not None:
        return answer
    name = download_name(version.dataset.slug, version.number, version.published_at, "zip")
    if request.method == "HEAD":
        return announced(tag=tag, name=name, mediatype=MEDIATYPES["zip"], cache=WHILE)
    blobs = installation().blobs

    def make(folder: Path) -> Path:
        target = folder / "package.zip"
        files = {path: blobs.path(sha256) for path, sha256 in package_files(version.package).items()}
        write_zip(target, version.package, files)
        return target

    path = archives().ready(f"{tag}.zip", make)
    return kept_file(path, tag=tag, name=name, mediatype=MEDIATYPES["zip"], modified=version.published_at, cache=WHILE)
