"""Each request has an id, in its answer, in the log and on error pages, so that a report finds what happened."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, has_app_context, has_request_context, request

HEADER = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")


def init_app(app: Flask) -> None:
    """Tell the id in every answer."""
    app.after_request(_tell)


def request_id() -> str:
    """The id of this request: that which the front server or the client gave, if it is sane, else a new one.

    Empty outside of a request.
    """
    if not has_request_context() or not has_app_context():
        return ""
    if "request_id" not in g:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _SANE.fullmatch(given) else secrets.token_hex(8)
    known: str = g.request_id
    return known


def _tell(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    return response
