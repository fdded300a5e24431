"""Pictures of a version: charts in every look, outlines of maps, and the specification a chart was drawn from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal

from flask import Blueprint, Response

from datasets.models import Resource
from metadata.errors import NotFound
from portal.catalog.addresses import Shown
from portal.catalog.standing import stands
from portal.downloads.serving import FOREVER, guarded, not_modified
from portal.web import charts
from portal.web.charts import LIVE, LOOKS, Look

bp = Blueprint("pictures", __name__)

BASE = "/dataset/<slug>/v/<int:number>/<resource>"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"
"""An image in a page needs no rights; opened alone it may show its own typeface and nothing else."""
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "vega": "application/json"}


@bp.get(f"{BASE}/chart/<name>")
def chart(slug: str, number: int, resource: str, name: str) -> Response:
    """The chart in a look of the page, or for its script to draw: title and source stand in the page around it."""
    shown, found = _found(slug, number, resource)
    return _picture(shown, found, LIVE.get(name) or _look(name), charts.chart_picture)


@bp.get(f"{BASE}/chart.<any(svg,png):ending>")
def whole_chart(slug: str, number: int, resource: str, ending: Literal["svg", "png"]) -> Response:
    """The chart to take away: title, source and date are in the picture."""
    shown, found = _found(slug, number, resource)
    return _picture(shown, found, Look("light", "wide", titled=True, ending=ending), charts.chart_picture)


@bp.get(f"{BASE}/chart.json")
def specification(slug: str, number: int, resource: str) -> Response:
    """The chart's Vega-Lite specification with its figures, for any other tool."""
    _shown, found = _found(slug, number, resource)
    text = json.dumps(charts.specification(found), ensure_ascii=False)
    return guarded(Response(text, mimetype="application/json"), cache=FOREVER)


@bp.get(f"{BASE}/map/<name>")
def outline(slug: str, number: int, resource: str, name: str) -> Response:
    """The outline of a map."""
    shown, found = _found(slug, number, resource)
    return _picture(shown, found, _look(name), charts.map_picture)


def _look(name: str) -> Look:
    if name not in LOOKS:
        raise NotFound(what=name[:100])
    return LOOKS[name]


def _found(slug: str, number: int, name: str) -> tuple[Shown, Resource]:
    shown = stands(slug, number)
    for resource in shown.version.resources:
        if resource.name == name:
            return shown, resource
    raise NotFound(what=name[:100])


def _picture(shown: Shown, resource: Resource, look: Look, draw: Callable[[str, Resource, Look], bytes]) -> Response:
    source = charts.source_of(shown.dataset.organization.title, shown.version)
    tag = charts.tag_of(source, resource, look)
    answer = not_modified(tag, cache=FOREVER)
    if answer is not None:
        return answer
    response = Response(draw(source, resource, look), mimetype=_TYPES[look.ending])
    response.set_etag(tag)
    guarded(response, cache=FOREVER)
    response.headers["Content-Security-Policy"] = _POLICY
    return response
