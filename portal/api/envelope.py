"""CKAN's envelope around every answer, with the headers that let other sites and caches use it."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Response, request

from portal.accounts.actor import HEADERS, token_of_request
from portal.api.faults import Fault
from portal.api.page_links import page_links
from portal.web.conditional import strong
from portal.web.links import canonical_url

CONTENT_TYPE = "application/json;charset=utf-8"
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*\Z")
_LONGEST_CALLBACK = 100


def success(name: str, result: Any) -> Response:
    """An answer; it carries a tag, so that who has it already is told so."""
    response = _json({"help": _help(name), "success": True, "result": result}, 200)
    if token_of_request() is not None:
        response.headers["Cache-Control"] = "private, no-store"
    elif request.method in ("GET", "HEAD"):
        page_links(response, name, result)
        response.headers["Cache-Control"] = "public, no-cache"
        strong(response)
    return response


def failure(name: str, fault: Fault) -> Response:
    """An error as CKAN's clients expect it."""
    response = _json({"help": _help(name), "success": False, "error": fault.as_error()}, fault.status)
    if fault.status == 503:
        response.headers["Retry-After"] = "30"
    return response


def bad_request(message: str) -> Response:
    """A bare JSON string, which is how CKAN answers what is not a call."""
    return _json(message, 400)


def varying(response: Response) -> Response:
    """For `Blueprint.after_request`: an answer depends on who asks, by whichever header names the token."""
    response.vary.update(HEADERS)
    return response


def _json(value: Any, status: int) -> Response:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    callback = request.args.get("callback", "")
    if request.method == "GET" and len(callback) <= _LONGEST_CALLBACK and _CALLBACK.match(callback):
        return Response(f"{callback}({text});", status, content_type="application/javascript;charset=utf-8")
    return Response(text, status, content_type=CONTENT_TYPE)


def _help(name: str) -> str:
    return canonical_url("api.call", version=3, name="help_show") + f"?name={name}"
