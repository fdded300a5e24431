"""All columns of a table on a page of their own, to be searched and chosen from: for tables of hundreds."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from datasets.query.errors import BadQuery
from portal.catalog.addresses import Shown
from portal.catalog.tags import page_tag, tagged, unchanged
from portal.catalog.views import ASK_AGAIN, FIXED
from portal.explore.chart_views import refused
from portal.explore.found import shown, table
from portal.explore.present_choice import choice_page
from portal.web.links import question

bp = Blueprint("columns", __name__)


@bp.get("/dataset/<slug>/<resource>/kolom")
def page(slug: str, resource: str) -> Response:
    """The columns of a table as it is now."""
    return _page(shown(slug), resource)


@bp.get("/dataset/<slug>/v/<int:number>/<resource>/kolom")
def version_page(slug: str, number: int, resource: str) -> Response:
    """The columns of one version's table."""
    return _page(shown(slug, number), resource)


def _page(found: Shown, name: str) -> Response:
    resource, dataset = table(found.version, name), found.dataset
    tag = page_tag(found.version.id, dataset.current_version_id, dataset.modified_at, dataset.organization.title)
    cache = FIXED if found.fixed else ASK_AGAIN
    if unchanged(tag):
        return tagged(Response(status=304), tag, cache=cache)
    try:
        made = choice_page(found, resource, question())
    except BadQuery as error:
        return refused(found, name, error)
    return tagged(make_response(render_template("explore/columns.html", page=made)), tag, cache=cache)
