"""The limit itself: what an interface costs, the headers that tell what is left, and the answer when nothing is."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from flask import Flask, Response, current_app, g, request

from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.context import installation
from portal.quota.counters import WINDOW, Counters, LocalCounters
from portal.quota.visitors import key_of, visitor
from portal.web.i18n import current_language

EXTENSION = "lumbung.quota"

COSTS: Mapping[str, int] = {
    "api": 1,
    "questions": 1,
    "assistants": 1,
    "oai": 2,
    "dcat": 2,
    "packages": 1,
    "atom": 1,
    "journal_api": 1,
    "oembed": 1,
    "dump": 10,
    "sql.as_json": 10,
    "sql.as_csv": 10,
    "diff.as_json": 5,
    "diff.as_csv": 5,
    "kip_lists.list_file": 20,
    "kip_lists.report_file": 20,
}
"""What a request counts, by its endpoint or its wing; pages and files that lie ready count nothing."""


class TooManyRequests(LumbungError):
    """A visitor has asked for more than its share of this minute."""

    code = "quota.spent"
    status = 429
    text = Bilingual(
        id="Terlalu banyak permintaan dari alamat ini. Coba lagi dalam {seconds} detik.",
        en="Too many requests from this address. Try again in {seconds} seconds.",
    )


def init_app(app: Flask, counters: Counters | None = None) -> None:
    """Count before each request to an interface; nothing is opened before the first."""
    app.extensions[EXTENSION] = (counters, app.config["LUMBUNG_QUOTA_SECRET"])
    app.before_request(_count)
    app.after_request(_tell)


def _count() -> Response | None:
    cost = COSTS.get(request.endpoint or "") or COSTS.get(request.blueprint or "", 0)
    if request.method == "OPTIONS" or not cost:
        return None
    who = visitor(request)
    if who is None:
        return None
    counters, secret = current_app.extensions[EXTENSION]
    if counters is None:
        counters = LocalCounters(installation().settings.home / "work" / "asked.sqlite")
        current_app.extensions[EXTENSION] = (counters, secret)
    now = time.time()
    most = installation().settings.asked_per_minute
    spent = counters.add(key_of(who, secret), cost, now=now)
    g.quota = (most, max(0, most - spent), WINDOW - int(now) % WINDOW)
    return _refused(g.quota[2]) if spent > most else None


def _refused(seconds: int) -> Response:
    error = TooManyRequests(seconds=seconds)
    said = {"__type": "Too Many Requests", "code": error.code, "message": error.say(current_language())}
    response = Response(json.dumps({"success": False, "error": said}, ensure_ascii=False), 429)
    response.mimetype = "application/json"
    response.headers["Retry-After"] = str(seconds)
    return response


def _tell(response: Response) -> Response:
    """`RateLimit` and `RateLimit-Policy` as the IETF's draft on rate limit headers has them."""
    if "quota" in g:
        most, left, seconds = g.quota
        response.headers["RateLimit-Policy"] = f'"asked";q={most};w={WINDOW}'
        response.headers["RateLimit"] = f'"asked";r={left};t={seconds}'
    return response
