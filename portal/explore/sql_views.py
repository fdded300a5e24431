"""Read-only SQL over a dataset's tables: a page to write it in, and the same answers as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import re

from flask import Blueprint, Response, make_response, render_template, request

from datasets.sql.errors import SqlBusy, SqlRefused, SqlStopped
from datasets.sql.sandbox import SqlAnswer
from metadata.errors import LumbungError, NotFound
from portal.catalog.addresses import Shown
from portal.downloads.names import download_name
from portal.downloads.serving import ASK_AGAIN, guarded, not_modified
from portal.explore.found import shown, tables_of
from portal.explore.present_sql import sql_page
from portal.explore.sql_run import lasting, open_or_missing, run, sandbox, tag_of
from portal.web.i18n import current_language

bp = Blueprint("sql", __name__)

SQL, TICKET = "sql", "_ticket"
WHILE = "public, max-age=300"
CUT = "X-Lumbung-Cut"
"""`true` on a CSV that does not hold all rows: a CSV has no place to say it in."""
RETRY_AFTER = "5"
_REFUSED = (SqlRefused, SqlStopped, SqlBusy)
_TICKET = re.compile(r"[0-9A-Za-z]{16,64}")
_FORMULA = re.compile(r"[=+\-@\t\r]")


@bp.get("/dataset/<slug>/sql")
def page(slug: str) -> Response:
    """Where SQL over the present version is written."""
    return _page(shown(slug))


@bp.get("/dataset/<slug>/v/<int:number>/sql")
def version_page(slug: str, number: int) -> Response:
    """Where SQL over one version is written."""
    return _page(shown(slug, number))


@bp.route("/dataset/<slug>/sql.json", methods=["GET", "POST"])
@bp.route("/dataset/<slug>/v/<int:number>/sql.json", methods=["GET", "POST"])
def as_json(slug: str, number: int | None = None) -> Response:
    """The answer for programs: columns with their types, rows as lists, whether there were more."""
    found = shown(slug, number)
    sql = _sql()
    try:
        answer = _answered(found, sql)
    except _REFUSED as error:
        return _said(error)
    if isinstance(answer, Response):
        return answer
    told = {
        "dataset": slug,
        "version": found.version.number,
        "sql": sql,
        "columns": [{"name": column.name, "type": column.type} for column in answer.columns],
        "rows": answer.rows,
        "row_count": len(answer.rows),
        "cut": answer.cut,
        "seconds": answer.seconds,
    }
    response = Response(json.dumps(told, ensure_ascii=False), mimetype="application/json")
    return _dressed(response, found, sql)


@bp.route("/dataset/<slug>/sql.csv", methods=["GET", "POST"])
@bp.route("/dataset/<slug>/v/<int:number>/sql.csv", methods=["GET", "POST"])
def as_csv(slug: str, number: int | None = None) -> Response:
    """The answer as a file; texts that a spreadsheet would run as formulas get an apostrophe."""
    found = shown(slug, number)
    sql = _sql()
    try:
        answer = _answered(found, sql)
    except _REFUSED as error:
        return _said(error)
    if isinstance(answer, Response):
        return answer
    response = Response(_csv(answer), mimetype="text/csv")
    version = found.version
    name = download_name(f"{slug}_sql", version.number, version.published_at, "csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers[CUT] = "true" if answer.cut else "false"
    return _dressed(response, found, sql)


@bp.post("/dataset/<slug>/sql/batal")
def cancel(slug: str) -> Response:
    """End the question that runs under a ticket; only who made the ticket knows it."""
    open_or_missing()
    shown(slug)
    ticket = request.values.get(TICKET, "")
    ended = bool(_TICKET.fullmatch(ticket)) and sandbox().cancel(ticket)
    response = Response(json.dumps({"cancelled": ended}), mimetype="application/json", status=200 if ended else 404)
    return guarded(response, cache="no-store")


def _page(found: Shown) -> Response:
    open_or_missing()
    if not tables_of(found.version):
        raise NotFound(what="SQL")
    sql = request.args.get(SQL, "")
    answer, fault = None, None
    if sql.strip():
        try:
            answer = run(found.version, sql, ticket=_ticket())
        except _REFUSED as error:
            fault = error
    made = sql_page(found, sql, answer, fault)
    response = make_response(render_template("explore/sql.html", page=made), fault.status if fault else 200)
    response.headers["Cache-Control"] = "no-store" if fault else ASK_AGAIN
    if isinstance(fault, SqlBusy):
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _sql() -> str:
    """The SQL asked for: an argument, a form's field, or the member of a JSON body."""
    open_or_missing()
    if request.is_json:
        body = request.get_json(silent=True)
        return str(body.get(SQL, "")) if isinstance(body, dict) else ""
    return request.values.get(SQL, "")


def _answered(found: Shown, sql: str) -> SqlAnswer | Response:
    """The answer, or 304 for who holds it already."""
    if lasting(sql):
        unchanged = not_modified(tag_of(found.version, sql, request.path), cache=WHILE)
        if unchanged is not None and request.method == "GET":
            return unchanged
    return run(found.version, sql, ticket=_ticket())


def _ticket() -> str | None:
    ticket = request.values.get(TICKET, "")
    return ticket if _TICKET.fullmatch(ticket) else None


def _dressed(response: Response, found: Shown, sql: str) -> Response:
    if not lasting(sql):
        return guarded(response, cache="no-store")
    response.set_etag(tag_of(found.version, sql, request.path))
    return guarded(response, cache=WHILE if found.fixed else ASK_AGAIN)


def _said(error: LumbungError) -> Response:
    told = {"error": {"code": error.code, "message": error.say(current_language())}}
    response = Response(json.dumps(told, ensure_ascii=False), mimetype="application/json", status=error.status)
    if isinstance(error, SqlBusy):
        response.headers["Retry-After"] = RETRY_AFTER
    return guarded(response, cache="no-store")


def _csv(answer: SqlAnswer) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_guarded(column.name, text=True) for column in answer.columns])
    texts = [column.type == "VARCHAR" for column in answer.columns]
    for row in answer.rows:
        writer.writerow([_guarded(cell, text=is_text) for cell, is_text in zip(row, texts, strict=True)])
    return text.getvalue()


def _guarded(cell: object, *, text: bool) -> object:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if text and isinstance(cell, str) and _FORMULA.match(cell) and not re.fullmatch(r"[+-]?\d[\d.,]*", cell):
        return f"'{cell}"
    return "" if cell is None else cell
