"""What the API is: `/api/openapi.json` for programs, `/api` for people, and its version for CKAN's clients."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request

from portal.api import envelope
from portal.api.openapi import document
from portal.api.openapi_examples import found_examples
from portal.api.openapi_parameters import PARAMETERS
from portal.api.present_api import api_examples, going
from portal.api.registry import explained, names
from portal.context import installation, session
from portal.feeds.answers import feed
from portal.headers import public_page
from portal.web import figures
from portal.web.links import site_root

bp = Blueprint("api_document", __name__)


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """An action on the page."""

    name: str
    words: str
    parameters: tuple[tuple[str, str], ...]


@bp.get("/api/openapi.json")
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    settings = installation().settings
    described = document(f"{settings.site_title} {settings.region_name}", site_root(), found_examples())
    return feed(json.dumps(described, ensure_ascii=False), "application/json")


@bp.get("/api")
def page() -> Response:
    """The page for people; who asks for anything but a page gets the version, as from CKAN."""
    best = request.accept_mimetypes.best_match(["application/json", "text/html"], default="application/json")
    if best != "text/html" or request.accept_mimetypes["text/html"] == request.accept_mimetypes["application/json"]:
        response = Response('{"version":3}', content_type=envelope.CONTENT_TYPE)
    else:
        entries = [
            ActionEntry(
                name,
                explained(name) or "",
                tuple((parameter, meaning) for parameter, (_, meaning) in PARAMETERS.get(name, {}).items()),
            )
            for name in names()
        ]
        shown = api_examples(session(), site_root())
        limit = figures.number(installation().settings.asked_per_minute)
        page = render_template(
            "api/api.html", actions=entries, root=site_root(), shown=shown, going=going(), limit=limit
        )
        response = make_response(page)
    response.vary.add("Accept")
    return public_page(response)
