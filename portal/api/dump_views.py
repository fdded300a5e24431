"""`/datastore/dump/<id>`: a table, or the rows asked for, as one file written while it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from datasets.query.question import Filter, Operator
from datasets.query.shape import TableShape
from datasets.query.window import ID, AllOf, Window, read_window
from metadata.errors import LumbungError
from portal.api import envelope
from portal.api.datastore_question import question
from portal.api.datastore_records import Rows, dumped
from portal.api.datastore_tables import fields_of, file_of, shape_of_table, table_resource
from portal.api.faults import BadRequest, Fault, InvalidParameter, fault_of
from portal.api.parameters import parameters
from portal.downloads.serving import ASK_AGAIN, guarded, not_modified
from portal.web.engine import tables

bp = Blueprint("dump", __name__)
bp.after_request(envelope.varying)

LAYOUT = 1
PIECE = 5_000
_FORMS = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json",
    "xml": "text/xml; charset=utf-8",
}


@bp.get("/datastore/dump/<identifier>")
def dump(identifier: str) -> Response:
    """Parameters: format (csv, tsv, json, xml), bom, limit, offset, fields, filters, q, plain, distinct, sort."""
    try:
        return _dump(identifier)
    except BadRequest as error:
        return envelope.bad_request(str(error))
    except Fault as fault:
        return envelope.failure("datastore_search", fault)
    except LumbungError as error:
        return envelope.failure("datastore_search", fault_of(error))


def _dump(identifier: str) -> Response:
    asked = parameters(request)
    form = asked.text("format", "csv").lower() or "csv"
    if form not in _FORMS:
        raise InvalidParameter("format", f"Must be one of: {', '.join(_FORMS)}")
    bom = asked.flag("bom")
    resource = table_resource(identifier)
    shape = shape_of_table(resource)
    whole = resource.rows or 0
    window = question(asked, shape, limit=whole, most=max(whole, 1)).window
    depends = [LAYOUT, resource.parquet_sha256, resource.schema, form, bom, repr(window)]
    tag = hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()
    held = not_modified(tag, weak=True, cache=ASK_AGAIN)
    if held is not None:
        return held
    columns = _columns(window, shape)
    window = replace(window, columns=columns)
    pages = _pages(file_of(resource), resource.schema, window)
    first = next(pages, ())  # what cannot be asked is refused before the first byte
    fields = fields_of((shape.column(name) for name in columns), described=form == "json")
    body = dumped(form, fields, _chained(first, pages), bom=bom)
    response = Response(b"" if request.method == "HEAD" else body, content_type=_FORMS[form])
    response.headers.set("Content-Disposition", "attachment", filename=f"{resource.uuid}.{form}")
    response.set_etag(tag, weak=True)
    return guarded(response, cache=ASK_AGAIN)


def _columns(window: Window, shape: TableShape) -> tuple[str, ...]:
    return window.columns or (ID, *(column.name for column in shape.columns if column.name != ID))


def _chained(first: Rows, rest: Iterator[Rows]) -> Iterator[Rows]:
    yield first
    yield from rest


def _pages(parquet: Path, schema: dict[str, Any], window: Window) -> Iterator[Rows]:
    """The rows of the window, a piece at a time, each a question of its own: a slow reader holds nothing.

    In source order a piece begins behind the row where the last one ended, so that nothing is counted twice.
    """
    engine = tables()  # taken while there is a request; the pieces come after it
    numbered = not window.order and not window.distinct
    names = window.columns
    place = names.index(ID) if ID in names else len(names)
    if numbered and ID not in names:
        window = replace(window, columns=(*names, ID))

    def pieces(window: Window) -> Iterator[Rows]:
        left, offset = window.limit, window.offset
        where = window.where
        while left > 0:
            piece = replace(window, where=where, limit=min(PIECE, left), offset=offset)
            rows = read_window(engine, parquet, schema, piece, counted=False).rows
            yield rows if len(window.columns) == len(names) else [row[:-1] for row in rows]
            if len(rows) < piece.limit:
                return
            left -= piece.limit
            if numbered:
                where = AllOf((window.where, Filter(ID, Operator.GT, (str(rows[-1][place]),))))
                offset = 0
            else:
                offset += piece.limit

    return pieces(window)
