"""`/oembed`: what to put into a page for the address of a chart (https://oembed.com): a pasted link shows it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from metadata.errors import LumbungError, NotFound
from metadata.terms import LANGUAGES
from portal.context import installation
from portal.explore.citing import absolute
from portal.explore.found import shown, table
from portal.explore.present_graph import FRAME, ChartPage, chart_page
from portal.web.links import FOREIGN, site_root

bp = Blueprint("oembed", __name__)

WIDTH = 800
"""Pixels of a frame where the asking page names no limit; the chart within fits itself to any width."""
LONGEST_URL = 4_000
NO_LIMIT = 1_000_000
CACHE_SECONDS = 3_600
_CHARTS = {"charts.page", "charts.version_page", "charts.embed", "charts.version_embed"}


@bp.get("/oembed")
def oembed() -> Response:
    """The frame of the chart at `url`, within `maxwidth` and `maxheight`, as JSON or (`format=xml`) XML.

    404 for an address that is no chart of this portal, 501 for another format.
    """
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        return Response("json, xml", status=501, mimetype="text/plain")
    told = _told(_page(request.args.get("url", "")))
    if form == "json":
        body, media_type = json.dumps(told, ensure_ascii=False), "application/json"
    else:
        members = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in told.items())
        body = f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{members}</oembed>\n'
        media_type = "text/xml"
    response = Response(body, mimetype=media_type)
    response.headers["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    return response


def _page(url: str) -> ChartPage:
    """The chart at an address. Raises `NotFound` for whatever is none."""
    root = site_root()
    if len(url) > LONGEST_URL or not url.startswith(f"{root}/"):
        raise NotFound(what=url[:200])
    asked, _, query = url.removeprefix(root).partition("#")[0].partition("?")
    first, _, rest = asked.lstrip("/").partition("/")
    path = unquote(f"/{rest}" if first in LANGUAGES else asked)
    try:
        endpoint, values = current_app.url_map.bind("").match(path, "GET")
        if endpoint not in _CHARTS:
            raise NotFound(what=url[:200])
        found = shown(values["slug"], values.get("number"))
        pairs = [(name, value) for name, value in parse_qsl(query) if name not in FOREIGN]
        return chart_page(found, table(found.version, values["resource"]), pairs)
    except (HTTPException, LumbungError, ValueError) as error:
        raise NotFound(what=url[:200]) from error


def _told(page: ChartPage) -> dict[str, Any]:
    settings = installation().settings
    width, height = _within("maxwidth", WIDTH), _within("maxheight", FRAME)
    frame = (
        f'<iframe src={quoteattr(page.address)} title={quoteattr(page.title)} width="{width}" height="{height}"'
        ' style="border:0;max-width:100%" loading="lazy"></iframe>'
    )
    told = {
        "version": "1.0",
        "type": "rich",
        "title": page.title,
        "provider_name": f"{settings.site_title} {settings.region_name}",
        "provider_url": absolute(url_for("home.home")),
        "cache_age": CACHE_SECONDS,
        "html": frame,
        "width": width,
        "height": height,
    }
    if page.pictures.width > _limit("maxwidth") or page.pictures.height > _limit("maxheight"):
        return told  # a thumbnail has to keep within the limits too
    return told | {
        "thumbnail_url": page.picture,
        "thumbnail_width": page.pictures.width,
        "thumbnail_height": page.pictures.height,
    }


def _within(name: str, usual: int) -> int:
    return min(usual, _limit(name))


def _limit(name: str) -> int:
    """What the asking page allows; whatever is no number of pixels is no limit."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0 else NO_LIMIT
