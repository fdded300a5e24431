"""What is looked for under `/.well-known/`: the catalogue of APIs (RFC 9727), the data described (VoID), security."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from datasets.clock import now
from metadata.errors import NotFound
from portal.context import installation
from portal.feeds.answers import feed
from portal.web.links import canonical_url, plain_url, site_root

bp = Blueprint("known", __name__, url_prefix="/.well-known")

_VALID = timedelta(days=180)
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


@bp.get("/security.txt")
def security() -> Response:
    """Where holes in security are reported (RFC 9116); `NotFound` where nobody has said so. It is renewed each day."""
    contact = installation().settings.security_contact
    if not contact:
        raise NotFound(what="security.txt")
    until = (now() + _VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {until.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: id, en",
        f"Canonical: {site_root()}/.well-known/security.txt",
        "",
    ]
    return feed("\n".join(lines), "text/plain")


@bp.get("/change-password")
def change_password() -> AnyResponse:
    """Where keepers of passwords lead their people (https://w3c.github.io/webappsec-change-password-url/)."""
    return redirect(plain_url("account.profile", _anchor="sandi"), 303)
