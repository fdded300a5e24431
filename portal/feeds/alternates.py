"""The same dataset in other forms: told by its page in `Link` headers, sent to who accepts those more than a page."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request

from metadata.profiles.dcat import FORMS
from portal.feeds.atom import MEDIA_TYPE
from portal.feeds.dcat_views import accepted_form
from portal.web.link_headers import link
from portal.web.links import canonical_url, plain_url

bp = Blueprint("alternates", __name__)

_PAGE = "catalog.dataset"
_DESCRIBED = frozenset(["api", "api_document", "questions", "dump", "journal_api", "home"])
"""Wings whose answers name the description of the interfaces."""
_FEEDS = {"browse.organization": "atom.organization", "browse.group": "atom.group"}


@bp.before_app_request
def negotiated() -> Response | None:
    """See other, for a client that prefers data about the dataset over its page; everybody else gets the page."""
    if request.endpoint != _PAGE or request.method not in ("GET", "HEAD") or not request.view_args:
        return None
    form = accepted_form()
    if form is None:
        return None
    response = make_response(redirect(plain_url("dcat.dataset", slug=request.view_args["slug"], form=form), 303))
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@bp.after_app_request
def linked(response: Response) -> Response:
    """The `Link` headers of the interfaces and of the pages of datasets, agencies and themes."""
    if request.blueprint in _DESCRIBED and request.endpoint != "home.healthz":
        link(response, canonical_url("api_document.openapi"), "service-desc", type="application/json")
        link(response, canonical_url("api_document.page"), "service-doc", type="text/html")
        link(response, canonical_url("known.api_catalog"), "api-catalog", type="application/linkset+json")
    feed = _FEEDS.get(str(request.endpoint))
    if feed and request.view_args and response.status_code in (200, 304):
        address = plain_url(feed, slug=request.view_args["slug"])
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{MEDIA_TYPE}"')
    if request.endpoint != _PAGE or not request.view_args or response.status_code not in (200, 304):
        return response
    response.vary.add("Accept")
    slug = request.view_args["slug"]
    described = plain_url("downloads.current_descriptor", slug=slug)
    response.headers.add("Link", f'<{described}>; rel="describedby"; type="application/json"')
    for form, (media_type, _) in FORMS.items():
        address = plain_url("dcat.dataset", slug=slug, form=form)
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{media_type}"')
    return response
