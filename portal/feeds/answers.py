"""How feeds answer: kept by anyone, asked again each time, told when nothing changed."""

from __future__ import annotations

from flask import Response, request

from portal.web.conditional import strong


def feed(text: str | bytes, media_type: str) -> Response:
    """A document with the tag of its bytes."""
    response = Response(text, content_type=f"{media_type}; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    return strong(response)


def open_to_all(response: Response) -> Response:
    """For data among pages: any site's scripts may read this answer (`portal.cors` opens whole wings)."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def page_asked() -> int:
    """The `page` of the address, counted from 1; anything odd is the first."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) > 0 else 1
