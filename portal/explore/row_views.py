"""A row's own page: every cell with its column's meaning, and what it was in each version."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from portal.catalog.addresses import Shown
from portal.catalog.tags import page_tag, tagged, unchanged
from portal.catalog.views import ASK_AGAIN, FIXED
from portal.explore.found import table, with_origin
from portal.explore.present_row import row_page

bp = Blueprint("rows", __name__)


@bp.get("/dataset/<slug>/<resource>/baris/<int:number>")
def row(slug: str, resource: str, number: int) -> Response:
    """A row of a table as it is now."""
    return _page(with_origin(slug), resource, number)


@bp.get("/dataset/<slug>/v/<int:version>/<resource>/baris/<int:number>")
def version_row(slug: str, version: int, resource: str, number: int) -> Response:
    """A row of one version, for ever."""
    return _page(with_origin(slug, version), resource, number)


def _page(found: Shown, name: str, number: int) -> Response:
    resource = table(found.version, name)
    dataset = found.dataset
    cache = FIXED if found.fixed else ASK_AGAIN
    source = resource.evidence.source.title if resource.evidence.source else ""
    owner = dataset.organization.title
    tag = page_tag(found.version.id, dataset.current_version_id, dataset.modified_at, owner, source)
    if unchanged(tag):
        return tagged(Response(status=304), tag, cache=cache)
    page = row_page(found, resource, number)
    return tagged(make_response(render_template("explore/row.html", page=page)), tag, cache=cache)
