"""How feeds answer: open to every site, kept by anyone, asked again each time, told when nothing changed."""

from __future__ import annotations

from flask import Response, request

from portal.web.conditional import strong


def feed(text: str | bytes, media_type: str) -> Response:
    """A document with the tag of its bytes."""
    response = Response(text, content_type=f"{media_type}; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    return strong(response)


def open_to_all(response: Response) -> Response:
    """For `Blueprint.after_request`: any site's scripts may read feeds."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Link, ETag"
    return response


def page_asked() -> int:
    """The `page` of the address, counted from 1; anything odd is the first."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) > 0 else 1
