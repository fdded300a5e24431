"""Serving a kept file over HTTP: strong tag, 304, ranges, HEAD, a right name, and nothing that a browser could run."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, make_response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.utils import send_file

from portal.context import installation
from portal.downloads.encodings import chosen, is_text
from portal.web.conditional import held

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
SANDBOX = "default-src 'none'; sandbox"
"""What strangers uploaded is taken, never shown: even opened in a browser it has no origin, no script, no style."""

_RANGE = re.compile(r"bytes=\s*(\d*)\s*-\s*(\d*)\s*")


def kept_file(path: Path, *, tag: str, name: str, mediatype: str, modified: datetime, cache: str) -> Response:
    """The file at `path` as an attachment called `name`, packed where the client accepts it.

    `tag` is the strong entity tag (the hash of the bytes); packed bytes have another one. Answers 304, 206 and 416 as
    RFC 9110 says; a range in a form that it may ignore (several ranges, another unit, a HEAD request) is ignored and
    the whole file sent. Where the setting `accel_prefix` names an internal location of nginx over the home, nginx is
    told to send the bytes itself.
    """
    known = not_modified(tag, cache=cache)
    if known is not None:
        return _varying(known, mediatype)
    sent = chosen(path, tag, mediatype)
    size = sent.path.stat().st_size
    prefix = installation().settings.accel_prefix
    if prefix:
        response = _by_the_front_server(sent.path, prefix, tag=sent.tag, name=name, mediatype=mediatype, time=modified)
    else:
        try:
            response = make_response(
                send_file(
                    sent.path,
                    _environ(size, sent.tag),
                    mimetype=mediatype,
                    as_attachment=True,
                    download_name=name,
                    etag=sent.tag,
                    last_modified=modified,
                )
            )
        except RequestedRangeNotSatisfiable:
            response = Response(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
            response.set_etag(sent.tag)
    if sent.encoding:
        response.headers["Content-Encoding"] = sent.encoding
    return guarded(_varying(response, mediatype), cache=cache)


def _varying(response: Response, mediatype: str) -> Response:
    if is_text(mediatype):
        response.vary.add("Accept-Encoding")
    return response


def announced(*, tag: str, name: str, mediatype: str, cache: str) -> Response:
    """What HEAD is told of a file that would have to be made first: all but its length, which nobody knows yet."""
    response = Response(mimetype=mediatype)
    response.automatically_set_content_length = False
    response.headers["Accept-Ranges"] = "bytes"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.set_etag(tag)
    return guarded(response, cache=cache)


def guarded(response: Response, *, cache: str) -> Response:
    """The headers that every download carries. Other sites may read them: they are open data."""
    response.headers["Cache-Control"] = cache if response.status_code < 400 else ASK_AGAIN
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def not_modified(tag: str, *, weak: bool = False, cache: str) -> Response | None:
    """304 when the client already holds `tag`, before any work is done for it; None when it does not."""
    known = held(tag)
    if known is None:
        return None
    response = Response(status=304)
    response.set_etag(known, weak=weak)
    return guarded(response, cache=cache)


def _environ(size: int, tag: str) -> dict[str, Any]:
    """The request's environment with a range only where it is one that must be honoured."""
    environ = {key: value for key, value in request.environ.items() if key != "HTTP_RANGE"}
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or found is None or size == 0:
        return environ
    if not _still_the_same(request.headers.get("If-Range"), tag):
        return environ
    first, last = found.groups()
    if not first and not last:
        return environ
    if not first:
        # The last n octets; more than there are means all of them, none of them cannot be satisfied.
        start = max(size - int(last), 0)
        environ["HTTP_RANGE"] = f"bytes={start}-"
    elif not last or int(first) <= int(last):
        environ["HTTP_RANGE"] = f"bytes={first}-{last}"
    environ.pop("HTTP_IF_RANGE", None)
    return environ


def _still_the_same(if_range: str | None, tag: str) -> bool:
    """A range is only of use to who holds the beginning of these very bytes; dates are too coarse to prove that."""
    return if_range is None or if_range.strip() == f'"{tag}"'


def _by_the_front_server(path: Path, prefix: str, *, tag: str, name: str, mediatype: str, time: datetime) -> Response:
    home = installation().settings.home
    response = Response(mimetype=mediatype)
    response.headers["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{path.relative_to(home).as_posix()}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.set_etag(tag)
    response.last_modified = time
    return response
