"""What programs look for under `/.well-known/`: the catalogue of APIs (RFC 9727), and the data described (VoID)."""

from __future__ import annotations

import json

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.feeds.answers import feed, open_to_all
from portal.web.links import canonical_url, plain_url, site_root

bp = Blueprint("known", __name__, url_prefix="/.well-known")
bp.after_request(open_to_all)

PROFILE = "https://www.rfc-editor.org/info/rfc9727"


@bp.get("/api-catalog")
def api_catalog() -> Response:
    """Every interface for programs with its description, as a linkset (RFC 9264)."""
    document = [{"href": canonical_url("api_document.openapi"), "type": "application/json"}]
    page = [{"href": canonical_url("api_document.page"), "type": "text/html"}]
    items = [
        {"href": f"{site_root()}/api/3/action", "title": "CKAN Action API"},
        {"href": canonical_url("dcat.catalog_page", form="jsonld"), "title": "DCAT"},
        {"href": canonical_url("oai.oai"), "title": "OAI-PMH"},
        {"href": canonical_url("assistants.message"), "title": "Model Context Protocol"},
        {"href": canonical_url("atom.changed"), "title": "Atom"},
    ]
    linkset = [
        {"anchor": f"{site_root()}/.well-known/api-catalog", "item": items},
        {"anchor": f"{site_root()}/api/3/action", "service-desc": document, "service-doc": page},
        {"anchor": f"{site_root()}/api/1/dataset", "service-desc": document, "service-doc": page},
    ]
    answer = feed(json.dumps({"linkset": linkset}, ensure_ascii=False), "application/linkset+json")
    answer.headers["Content-Type"] = f'application/linkset+json; profile="{PROFILE}"'
    answer.headers["Link"] = f'<{site_root()}/.well-known/api-catalog>; rel="api-catalog"'
    return answer


@bp.get("/void")
def void() -> AnyResponse:
    """The catalogue as linked data (https://www.w3.org/TR/void/, section 7)."""
    return redirect(plain_url("dcat.whole"), 303)
