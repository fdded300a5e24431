"""Errors as designed pages: one place that maps an error to its status, words and next steps."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from metadata.errors import LumbungError
from portal.request_ids import request_id
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

log = logging.getLogger("lumbung.portal")

RETRY_AFTER = "30"

# Sent when even the error page cannot be rendered.
_LAST_RESORT = """<!doctype html><html lang="id"><meta charset="utf-8"><title>Gangguan</title>
<h1>Terjadi gangguan</h1><p>Silakan coba lagi sebentar lagi. / Something went wrong, please try soon.</p></html>"""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page shows. `reference` is the request's id, under which the log has what happened."""

    status: int
    title: str
    text: str
    reference: str


def init_app(app: Flask) -> None:
    """Register a handler for each family of errors."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(LumbungError, _known)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(Exception, _unknown)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.get_response())
    status = error.code or 500
    response = _render(_page(status))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _known(error: LumbungError) -> Response:
    if error.status >= 500:
        log_error(error)
        response = _render(_page(error.status, text=error.say(current_language())))
        if error.status == 503:
            response.headers["Retry-After"] = RETRY_AFTER
        return response
    # An unknown and a hidden thing get the same constant page.
    return _render(_page(error.status, text=None if error.status in (404, 403) else error.say(current_language())))


def _database(error: SQLAlchemyError) -> Response:
    status = 503 if isinstance(error, DBAPIError) else 500
    log_error(error)
    response = _render(_page(status))
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _unknown(error: Exception) -> Response:
    log_error(error)
    return _render(_page(500))


def log_error(error: Exception) -> None:
    """Write the whole story to the log under the request's id."""
    log.error("%s %s [%s]", request.method, request.path, request_id(), exc_info=error)


def _page(status: int, *, text: str | None = None) -> ErrorPage:
    title, words = _words(status)
    return ErrorPage(status=status, title=title, text=text or words, reference=request_id())


def _words(status: int) -> tuple[str, str]:
    known = {
        403: (_("This page is not open"), _("You may not see this page.")),
        404: (
            _("This page is not in the granary"),
            _("The address may be mistyped, or the data were never published under it."),
        ),
        405: (_("This address does not take that"), _("Go back and try again from the page you came from.")),
        410: (
            _("These data were withdrawn"),
            _("They were published here once and have been taken back; the record of that stays."),
        ),
        413: (_("Too large"), _("What was sent is larger than this page takes.")),
        429: (_("Too many requests"), _("Please wait a moment before you go on.")),
        503: (
            _("The granary is closed for a moment"),
            _("The catalogue cannot be read right now. Nothing is lost; please try again in half a minute."),
        ),
    }
    if status in known:
        return known[status]
    if status >= 500:
        return (_("Something broke on our side"), _("Your request did nothing wrong. Please try again later."))
    return (_("This request was not understood"), _("Check the address, or start again from the search."))


def _render(page: ErrorPage) -> Response:
    try:
        response = make_response(render_template("errors/error.html", page=page), page.status)
    except Exception:
        log.exception("the error page itself failed")
        response = make_response(_LAST_RESORT, page.status)
    response.headers["Cache-Control"] = "no-store"
    return response
