"""Questions to tables as JSON, a page at a time: the very arguments of the table's page, its downloads and charts.

    GET /api/1/dataset/<slug>                                the tables, their columns and addresses
    GET /api/1/dataset/<slug>/<table>?tahun=2023&_sort=-nilai  rows, or groups
    GET /api/1/dataset/<slug>/<table>/distinct/<column>       the values of a column with their counts
Each also under `/api/1/dataset/<slug>/v/<number>/…`, which never changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from datasets.models import Resource
from datasets.query.errors import BadQuery, NoSuchRow, TableBroken, TooLarge, TooSlow
from datasets.withdraw import Withdrawn
from metadata.errors import LumbungError, NotFound
from portal.catalog.addresses import Shown
from portal.downloads.serving import ASK_AGAIN, FOREVER, guarded, not_modified
from portal.explore.api_answers import distinct_answer, rows_answer, tables_answer
from portal.explore.found import shown, table
from portal.web.i18n import current_language
from portal.web.link_headers import asked_with, link
from portal.web.links import question

bp = Blueprint("questions", __name__, url_prefix="/api/1/dataset")

LAYOUT = 1  # raise it when the same question is answered in another form


@bp.get("/<slug>")
@bp.get("/<slug>/v/<int:number>")
def tables(slug: str, number: int | None = None) -> Response:
    """The tables of a dataset with their Table Schemas."""
    found = shown(slug, number)
    return _json(found, None, lambda: tables_answer(found))


@bp.get("/<slug>/<name>")
@bp.get("/<slug>/v/<int:number>/<name>")
def rows(slug: str, name: str, number: int | None = None) -> Response:
    """A page of rows or groups, and the address of the next one."""
    found = shown(slug, number)
    each = table(found.version, name)
    return _json(found, each, lambda: rows_answer(found, each, question()))


@bp.get("/<slug>/<name>/distinct/<column>")
@bp.get("/<slug>/v/<int:number>/<name>/distinct/<column>")
def distinct(slug: str, name: str, column: str, number: int | None = None) -> Response:
    """The most frequent values of a column among the rows that the conditions leave."""
    found = shown(slug, number)
    each = table(found.version, name)
    return _json(found, each, lambda: distinct_answer(found, each, column, question()))


@bp.errorhandler(LumbungError)
def _fault(error: LumbungError) -> Response:
    """What is wrong, as JSON; the unknown and the hidden are told in the same words."""
    known = (BadQuery, NoSuchRow, TooSlow, TooLarge, TableBroken, Withdrawn)
    said = error if isinstance(error, known) else NotFound(what=request.path[:200]) if error.status == 404 else error
    told = {"error": {"code": said.code, "message": said.say(current_language())}}
    response = Response(json.dumps(told, ensure_ascii=False), mimetype="application/json", status=said.status)
    if said.status == 503:
        response.headers["Retry-After"] = "30"
    return guarded(response, cache="no-store")


def _page_links(response: Response, made: Mapping[str, Any]) -> None:
    """The pages around a page of rows, also as headers; behind a row (`_after`) only the next one has an address."""
    if "rows" not in made:
        return
    link(response, asked_with(_page=None, _after=None), "first")
    number, total = made["page"], made["total"]
    if number is not None and number > 1:
        link(response, asked_with(_page=number - 1 if number > 2 else None), "prev")
    if made["next"]:
        link(response, made["next"], "next")
    if number is not None and total:
        last = -(-total // made["size"])
        link(response, asked_with(_page=last if last > 1 else None), "last")


def _json(found: Shown, resource: Resource | None, answer: Any) -> Response:
    dataset = found.dataset
    depends: Mapping[str, Any] = {
        "layout": LAYOUT,
        "address": request.full_path,
        "root": request.host_url,
        "language": current_language(),
        "version": [found.version.id, found.version.content_key],
        "schema": resource.schema if resource else None,
        "dataset": [dataset.title, dataset.organization.title],
    }
    tag = hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()
    cache = FOREVER if found.fixed else ASK_AGAIN
    unchanged = not_modified(tag, cache=cache)
    if unchanged is not None:
        return unchanged
    made = answer()
    response = Response(json.dumps(made, ensure_ascii=False, allow_nan=False), mimetype="application/json")
    response.set_etag(tag)
    _page_links(response, made)
    return guarded(response, cache=cache)
