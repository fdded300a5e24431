"""What of the interfaces will go, since when that is known and until when it stays (docs/api-policy.md).

Nothing changes its meaning and nothing goes without having stood here for a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, Response, current_app, request
from werkzeug.http import http_date

from metadata.terms import Bilingual
from portal.web.link_headers import link
from portal.web.links import canonical_url, site_root

EXTENSION = "lumbung.deprecations"


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Addresses that begin with `path` are deprecated `since` a moment, go at `sunset`, and have a `successor`."""

    path: str
    since: datetime
    sunset: datetime
    successor: str
    words: Bilingual


DEPRECATED: tuple[Deprecation, ...] = ()
"""At present nothing is. `/api/action/` beside `/api/3/action/` is no remnant: CKAN's clients ask it."""


def init_app(app: Flask, deprecated: Sequence[Deprecation] = DEPRECATED) -> None:
    """Tell it in the answers themselves: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and where to go instead."""
    app.extensions[EXTENSION] = tuple(deprecated)
    app.after_request(_tell)


def deprecations() -> tuple[Deprecation, ...]:
    """What is deprecated in this portal, for the page that tells it."""
    found: tuple[Deprecation, ...] = current_app.extensions[EXTENSION]
    return found


def _tell(response: Response) -> Response:
    for each in deprecations():
        if request.path.startswith(each.path):
            response.headers["Deprecation"] = f"@{int(each.since.timestamp())}"
            response.headers["Sunset"] = http_date(each.sunset.astimezone(UTC))
            link(response, f"{canonical_url('api_document.page')}#kebijakan", "deprecation", type="text/html")
            link(response, site_root() + each.successor, "successor-version")
            break
    return response
