"""The headers of the portal's manners (docs/api-policy.md), told once; every answer of the document refers to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from portal.api.openapi_parts import TEXT

HEADERS: Final[Mapping[str, Any]] = {
    "X-Request-Id": {"schema": TEXT, "description": "The id of the request, the client's own where it sent a sane one"},
    "ETag": {"schema": TEXT, "description": "The tag of these bytes, to be sent again in If-None-Match"},
    "Link": {
        "schema": TEXT,
        "description": "first, prev, next, last of pages; descriptions, licence, citation (RFC 8288)",
    },
    "RateLimit": {"schema": TEXT, "description": "What is left of the minute's share"},
    "Deprecation": {"schema": TEXT, "description": "Since when it is known that this goes (RFC 9745)"},
    "Sunset": {"schema": TEXT, "description": "When it goes (RFC 8594)"},
}
_ALWAYS: Final = ("X-Request-Id",)
_ASKED: Final = ("ETag", "Link", "RateLimit", "Deprecation", "Sunset")


def with_headers(paths: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The same paths, their answers with these headers beside their own; answers that are references stay."""
    return {
        path: {
            method: operation if "responses" not in operation else {
                **operation,
                "responses": {status: _with(answer, status) for status, answer in operation["responses"].items()},
            }
            for method, operation in item.items()
        }
        for path, item in paths.items()
    }  # fmt: skip


def _with(answer: Mapping[str, Any], status: str) -> Mapping[str, Any]:
    if "$ref" in answer:
        return answer
    names = (*_ALWAYS, *(_ASKED if status == "200" else ()))
    told = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return {**answer, "headers": {**told, **answer.get("headers", {})}}
