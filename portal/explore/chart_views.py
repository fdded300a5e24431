"""Charts of any question: their page, their pictures and specification, and a page to be put into others' pages."""

from __future__ import annotations

import hashlib
import json

from flask import Blueprint, Response, make_response, redirect, render_template, request

from datasets.charts.boundaries import maps
from datasets.query.errors import BadQuery, NoSuchRow, TooLarge, TooSlow
from metadata.errors import LumbungError, NotFound
from portal.catalog.addresses import Shown
from portal.catalog.present_refusal import refusal_page
from portal.catalog.tags import build, page_tag, tagged, unchanged
from portal.catalog.views import ASK_AGAIN, FIXED
from portal.context import session
from portal.downloads.serving import guarded, not_modified
from portal.explore.chart_address import CHART, LOOK, chart_url
from portal.explore.chart_answer import chart
from portal.explore.chart_drawing import look_of, picture
from portal.explore.found import shown, table
from portal.explore.present_graph import chart_page
from portal.web.i18n import current_language
from portal.web.links import question

bp = Blueprint("charts", __name__)

ENDINGS = "any(svg,png,json,vega)"
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"
"""An image in a page needs no rights; opened alone it may show its own typeface and nothing else."""
EMBED_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""Any site may show it in a frame; it has no form, and its script only makes the chart answer the reader."""
WHILE = "public, max-age=3600"
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "json": "application/json", "vega": "application/json"}
_REFUSED = (BadQuery, NoSuchRow, TooSlow, TooLarge)


@bp.get("/dataset/<slug>/<resource>/grafik")
def page(slug: str, resource: str) -> Response:
    """A chart of a table as it is now."""
    return _page(shown(slug), resource)


@bp.get("/dataset/<slug>/v/<int:number>/<resource>/grafik")
def version_page(slug: str, number: int, resource: str) -> Response:
    """A chart of one version's table."""
    return _page(shown(slug, number), resource)


@bp.get(f"/dataset/<slug>/<resource>/grafik.<{ENDINGS}:ending>")
def current_picture(slug: str, resource: str, ending: str) -> Response:
    """Where the picture of the present version is."""
    found = shown(slug)
    address = chart_url(found, table(found.version, resource), question(), kind=ending)
    return guarded(make_response(redirect(address, 302)), cache=ASK_AGAIN)


@bp.get(f"/dataset/<slug>/v/<int:number>/<resource>/grafik.<{ENDINGS}:ending>")
def version_picture(slug: str, number: int, resource: str, ending: str) -> Response:
    """The picture, its Vega-Lite specification with the figures inside, or what the page's script draws it from."""
    found = shown(slug, number)
    each = table(found.version, resource)
    look = look_of(request.args.get(LOOK, ""), ending)
    if look is None:
        raise NotFound(what=request.args.get(LOOK, "")[:100])
    depends = [build(), current_language(), each.parquet_sha256, each.schema, request.full_path, *_boundaries()]
    tag = hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()
    answer = not_modified(tag, cache=WHILE)
    if answer is not None:
        return answer
    made = chart(found, each, question())
    body = json.dumps(made.spec, ensure_ascii=False) if ending == "json" else picture(made, found, look)
    response = Response(body, mimetype=_TYPES[ending])
    response.set_etag(tag)
    guarded(response, cache=WHILE)
    if ending in ("svg", "png"):
        response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


@bp.get("/embed/dataset/<slug>/<resource>")
def embed(slug: str, resource: str) -> Response:
    """The chart of the present version alone, to be shown in a frame of any site."""
    return _embed(shown(slug), resource)


@bp.get("/embed/dataset/<slug>/v/<int:number>/<resource>")
def version_embed(slug: str, number: int, resource: str) -> Response:
    """The chart of one version alone, to be shown in a frame of any site."""
    return _embed(shown(slug, number), resource)


def _page(found: Shown, name: str) -> Response:
    each = table(found.version, name)
    tag, cache = _tag(found), FIXED if found.fixed else ASK_AGAIN
    if unchanged(tag):
        return tagged(Response(status=304), tag, cache=cache)
    try:
        made = chart_page(found, each, question())
    except _REFUSED as error:
        return refused(found, name, error)
    return tagged(make_response(render_template("explore/chart.html", page=made)), tag, cache=cache)


def _embed(found: Shown, name: str) -> Response:
    each = table(found.version, name)
    made = chart_page(found, each, question())
    response = make_response(render_template("explore/embed.html", page=made))
    response.headers["Content-Security-Policy"] = EMBED_POLICY
    response.headers["Cache-Control"] = ASK_AGAIN
    return tagged(response, _tag(found), cache=ASK_AGAIN)


def _tag(found: Shown) -> str:
    dataset = found.dataset
    depends = (found.version.id, dataset.current_version_id, dataset.modified_at, dataset.organization.title)
    return page_tag(*depends, *_boundaries())


def _boundaries() -> list[str]:
    """What a map depends on beside its table: the maps of the catalogue."""
    if request.args.get(CHART) != "map":
        return []
    known = [(each, each.version, each.version.dataset) for each in maps(session())]
    return sorted(f"{e.geo_sha256} {v.number} {d.title} {d.organization.title}" for e, v, d in known)


def refused(found: Shown, name: str, error: LumbungError) -> Response:
    """A question that cannot be answered or drawn: what is wrong, what would do, the way back to the table."""
    body = render_template("catalog/refused.html", page=refusal_page(found, table(found.version, name), error))
    response = make_response(body, error.status)
    response.headers["Cache-Control"] = "no-store"
    return response
