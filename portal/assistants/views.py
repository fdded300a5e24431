"""`/mcp`: the Model Context Protocol over streamable HTTP, read only; each POST is answered with one JSON message."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from portal.assistants import protocol, tools
from portal.context import installation
from portal.web.i18n import current_language

LONGEST_MESSAGE = 100_000

bp = Blueprint("assistants", __name__)


@bp.route("/mcp", methods=["POST"])
def message() -> Response:
    """One message in, its answer out: 200 with JSON, 202 for a notification, 400 for what is no message."""
    try:
        asked = protocol.parse(request.stream.read(LONGEST_MESSAGE + 1)[: LONGEST_MESSAGE + 1])
    except protocol.ProtocolError as error:
        return _json(protocol.failure(error), status=400)
    settings = installation().settings
    answered = protocol.answer(
        asked,
        name=f"{settings.site_title} {settings.region_name}",
        tools=tools.described(),
        call=tools.call,
        language=current_language(),
    )
    return Response(status=202) if answered is None else _json(answered)


@bp.route("/mcp", methods=["GET", "DELETE"])
def no_stream() -> Response:
    """There is no stream and no session to end: the server never speaks first."""
    response = Response(status=405)
    response.headers["Allow"] = "POST, OPTIONS"
    return response


def _json(message: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(message, ensure_ascii=False), mimetype="application/json", status=status)
