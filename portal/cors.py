"""What other sites' scripts may read: all open data and every interface, never a page behind a session."""

from __future__ import annotations

from flask import Flask, Response, request

OPEN = frozenset(
    [
        *("api", "api_document", "dump", "questions", "assistants", "journal_api"),
        *(
            "downloads",
            "downloads.pictures",
            "packages",
            "pictures",
            "dcat",
            "atom",
            "sitemap",
            "known",
            "oai",
            "oembed",
        ),
    ]
)
"""Wings whose every answer is data."""
OPEN_ENDPOINTS = frozenset(
    [
        *("sql.as_json", "sql.as_csv", "diff.as_json", "diff.as_csv"),
        *("charts.current_picture", "charts.version_picture", "catalog.dataset", "alternates"),
    ]
)
"""Data among pages; a dataset's own address, too, since it answers with data to who prefers them."""

ALLOWED = (
    "Accept, Accept-Language, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, "
    "MCP-Protocol-Version, Mcp-Session-Id, Range, X-CKAN-API-Key, X-Request-Id"
)
EXPOSED = (
    "Accept-Ranges, Content-Disposition, Content-Range, Deprecation, ETag, Link, Location, RateLimit, "
    "RateLimit-Policy, Retry-After, Sunset, X-Request-Id"
)
DAY = "86400"


def init_app(app: Flask) -> None:
    """Open the answers."""
    app.after_request(_open)


def is_open() -> bool:
    """Whether this address is read by other sites' scripts."""
    return request.blueprint in OPEN or request.endpoint in OPEN_ENDPOINTS


def _open(response: Response) -> Response:
    if not is_open() and response.headers.get("Access-Control-Allow-Origin") != "*":
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = ALLOWED
        response.headers["Access-Control-Max-Age"] = DAY
    return response
