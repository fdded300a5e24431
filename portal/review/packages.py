"""What would be published, for who decides: its descriptor and its tables, which nobody else can fetch."""

from __future__ import annotations

import json

from flask import Response, send_file

from datasets.draft import Draft
from metadata.errors import NotFound
from portal import context


def descriptor(prepared: Draft | None) -> Response:
    """The `datapackage.json`. Raises `NotFound` when nothing is prepared."""
    if prepared is None:
        raise NotFound(what="datapackage.json")
    text = json.dumps(prepared.package, ensure_ascii=False, indent=2, default=str)
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="datapackage.json"'
    return response


def table(prepared: Draft | None, name: str) -> Response:
    """A table as CSV; what is no table as it was handed in. Raises `NotFound`."""
    found = next((one for one in (prepared.resources if prepared else ()) if one.name == name), None)
    blobs = context.installation().blobs
    blob = None if found is None else found.csv or found.evidence.blob
    if found is None or blob is None or not blobs.exists(blob.sha256):
        raise NotFound(what=name[:100])
    filename = f"{found.name}.csv" if found.csv else found.evidence.filename
    response = send_file(blobs.path(blob.sha256), as_attachment=True, download_name=filename, max_age=None)
    response.headers["Content-Type"] = "text/csv; charset=utf-8" if found.csv else "application/octet-stream"
    response.headers["Content-Security-Policy"] = "sandbox"
    return response
