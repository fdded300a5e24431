"""The Model Context Protocol (JSON-RPC 2.0) without a session: each message is answered from itself alone.

Both ways of the protocol are spoken: the handshake of the versions up to 2025-11-25 (`initialize`), and the messages of
2026-07-28, which carry all they need (`server/discover`). Nothing is ever sent but the answer to a request.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, Final

from metadata.errors import LumbungError

HANDSHAKE_VERSIONS: Final = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
STATELESS_VERSIONS: Final = ("2026-07-28",)
PARSE_ERROR, INVALID_REQUEST, NO_SUCH_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602

INSTRUCTIONS: Final = (
    "Open data of an Indonesian regency. Search datasets first, look at a dataset's tables and columns, then query "
    "a table. Always cite: each answer has `citation` and the permanent address of the very version and rows it was "
    "taken from. Figures are in the units that the columns name; null is a missing value, never zero."
)


class ProtocolError(Exception):
    """A message that the protocol does not know, with its JSON-RPC code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


Call = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""Calls a tool by name with its arguments; raises ProtocolError for a tool or arguments that do not exist."""


def parse(body: bytes) -> Mapping[str, Any]:
    """The one message of a body. Raises ProtocolError."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise ProtocolError(PARSE_ERROR, "The body is not JSON.") from None
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0" or not isinstance(message.get("method"), str):
        raise ProtocolError(INVALID_REQUEST, "One JSON-RPC 2.0 message is expected.")
    if not isinstance(message.get("params") or {}, dict):
        raise ProtocolError(INVALID_PARAMS, "params is an object.")
    return message


def answer(
    message: Mapping[str, Any], *, name: str, tools: list[dict[str, Any]], call: Call, language: str
) -> dict[str, Any] | None:
    """The answer to a message; None for a notification, which has none. `name` is the portal's own."""
    if "id" not in message:
        return None
    try:
        result = _result(message["method"], message.get("params") or {}, name, tools, call, language)
    except ProtocolError as error:
        return failure(error, message["id"])
    return {"jsonrpc": "2.0", "id": message["id"], "result": result}


def failure(error: ProtocolError, id_: object = None) -> dict[str, Any]:
    """An error as a message."""
    return {"jsonrpc": "2.0", "id": id_, "error": {"code": error.code, "message": str(error)}}


def _result(
    method: str, params: Mapping[str, Any], name: str, tools: list[dict[str, Any]], call: Call, language: str
) -> dict[str, Any]:
    about = {
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "lumbung", "title": name, "version": version("lumbung")},
        "instructions": INSTRUCTIONS,
    }
    match method:
        case "initialize":
            wanted = params.get("protocolVersion")
            return {"protocolVersion": wanted if wanted in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1], **about}
        case "server/discover":
            versions = [*HANDSHAKE_VERSIONS, *STATELESS_VERSIONS]
            return {"supportedVersions": versions, "resultType": "complete", **_keep(60), **about}
        case "ping":
            return {}
        case "tools/list":
            return {"tools": tools, "resultType": "complete", **_keep(3600)}
        case "tools/call":
            return _called(params, call, language)
    raise ProtocolError(NO_SUCH_METHOD, f"There is no method {method[:100]!r}.")


def _called(params: Mapping[str, Any], call: Call, language: str) -> dict[str, Any]:
    arguments = params.get("arguments") or {}
    if not isinstance(params.get("name"), str) or not isinstance(arguments, dict):
        raise ProtocolError(INVALID_PARAMS, "tools/call needs a name, and arguments as an object.")
    try:
        told = call(params["name"], arguments)
    except LumbungError as error:
        # What a reader can mend is told to the reader, not to the protocol.
        text = [{"type": "text", "text": error.say(language)}]
        return {"content": text, "isError": True, "resultType": "complete"}
    text = [{"type": "text", "text": json.dumps(told, ensure_ascii=False)}]
    return {"content": text, "structuredContent": told, "isError": False, "resultType": "complete"}


def _keep(seconds: int) -> dict[str, Any]:
    return {"ttlMs": seconds * 1000, "cacheScope": "public"}
