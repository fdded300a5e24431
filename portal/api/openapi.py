"""The API as an OpenAPI 3.1 document: the actions out of their docstrings, and every other address for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from portal.api.openapi_datasets import DATASETS
from portal.api.openapi_doors import operations
from portal.api.openapi_examples import of_action
from portal.api.openapi_headers import HEADERS, with_headers
from portal.api.openapi_journal import JOURNAL
from portal.api.openapi_parameters import PARAMETERS
from portal.api.openapi_parts import ANYTHING, HTML, JSON, TEXT, Schema, given, record, ref
from portal.api.openapi_results import result_of
from portal.api.openapi_schemas import SCHEMAS, success
from portal.api.openapi_site import SITE
from portal.api.registry import explained, names, writes

VERSION = "3"
_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_SCRIPT: Final = "application/javascript"
_OF_ACTIONS: Final = ("400", "403", "404", "409", "413", "503")
_CALLBACK: Final = {"$ref": "#/components/parameters/callback"}


def document(title: str, root: str, examples: Mapping[str, Any]) -> dict[str, Any]:
    """The whole document for the portal at `root`; `examples` are values that lead somewhere in it."""
    paths = {f"/api/3/action/{name}": _action(name, of_action(name, examples)) for name in names()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}: API",
            "version": VERSION,
            "summary": "CKAN's Action API, version 3; tables by question, DCAT, Atom, OAI-PMH, MCP and data packages.",
            "description": "Actions are also at /api/action/NAME. A token from /akun is sent in Authorization.",
            "license": {"name": "The licence of each dataset stands in its `license_id`", "url": f"{root}/tentang"},
        },
        "servers": [{"url": root}],
        "paths": with_headers(paths | {door.path: operations(door, examples) for door in (*SITE, *DATASETS, *JOURNAL)}),
        "components": {
            "schemas": {**SCHEMAS, "RpcAnswer": _RPC},
            "headers": dict(HEADERS),
            "responses": _RESPONSES,
            "parameters": {"callback": _CALLED_BACK},
            "securitySchemes": _TOKEN,
        },
    }


def _action(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    words = explained(name) or ""
    parameters = PARAMETERS.get(name, {})
    shared = {
        "summary": words.split("\n")[0].rstrip("."),
        "description": words,
        "tags": [name.split("_", maxsplit=1)[0]],
    }
    schemas = {each: given(kind) | {"description": meaning} for each, (kind, meaning) in parameters.items()}
    asked: Schema = {"schema": {"type": "object", "properties": schemas}}
    if writes(name):
        media = [JSON, *([_MULTIPART] if any(kind == "file" for kind, _ in parameters.values()) else [])]
        sent = {"requestBody": {"content": dict.fromkeys(media, asked)}, "security": [{"token": []}]}
        return {"post": {**shared, **sent, "operationId": name, "responses": _answers(name, "post")}}
    if values:
        asked["example"] = dict(values)
    listed = [
        {"name": each, "in": "query", "schema": given(kind), "description": meaning}
        | ({"example": values[each]} if each in values else {})
        for each, (kind, meaning) in parameters.items()
    ]
    posted = {
        "operationId": f"{name}_post",
        "requestBody": {"content": {JSON: asked, _FORM: asked}},
        "security": [{}, {"token": []}],
        "responses": _answers(name, "post"),
    }
    asking = {
        "operationId": name,
        "parameters": [*listed, _CALLBACK],
        "security": [{}, {"token": []}],
        "responses": _answers(name, "get"),
    }
    return {"get": {**shared, **asking}, "post": {**shared, **posted}}


def _answers(name: str, method: str) -> dict[str, Any]:
    content: dict[str, Any] = {JSON: {"schema": success(result_of(name))}}
    if method == "get":
        content[_SCRIPT] = {}
    found = {"200": {"description": "The answer", "content": content}}
    if method == "get":
        found["304"] = {"$ref": "#/components/responses/304"}
    statuses = [status for status in _OF_ACTIONS if status != "413" or method == "post"]
    return found | {status: {"$ref": f"#/components/responses/{status}"} for status in (*statuses, "429")}


_CALLED_BACK: Final = {
    "name": "callback",
    "in": "query",
    "description": "The answer as a script that calls this function (JSONP), as everybody may see it",
    "schema": {"type": "string"},
}
_TOKEN: Final = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A token from /akun; also in X-CKAN-API-Key, or after Bearer. No cookie is looked at.",
    }
}
_WORDS: Final = {
    "400": "Not a call, or a search or question that cannot be read",
    "403": "The caller may not do this",
    "404": "There is no such thing, or it is not public",
    "409": "A parameter is missing or has an impossible value",
    "410": "It was withdrawn",
    "413": "The body is larger than is taken",
    "422": "The question takes too long, or its answer is too large",
    "501": "There is no such format",
    "503": "It cannot be read right now; Retry-After says when to come back",
}
_AFTER: Final = {"Retry-After": {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "description": "Seconds"}}


def _errors(prefix: str, statuses: tuple[str, ...], content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{prefix}{status}": {"description": _WORDS[status], "content": dict(content)}
        | ({"headers": _AFTER} if status == "503" else {})
        for status in statuses
    }


_RPC: Final = record({"jsonrpc": {"const": "2.0"}, "id": ANYTHING}, {"result": {"type": "object"}, "error": ANYTHING})
_CALL: Final = {"anyOf": [ref("Error"), {**TEXT, "description": "A bare text, as CKAN answers what is no call"}]}
_RESPONSES: Final[Mapping[str, Any]] = {
    "304": {"description": "Nothing changed since the answer with this tag"},
    "429": {
        "description": "Too many requests from this address",
        "headers": _AFTER,
        "content": {JSON: {"schema": ref("TooMany")}},
    },
    **_errors("", _OF_ACTIONS, {JSON: {"schema": _CALL}, _SCRIPT: {}}),
    **_errors("Page", ("400", "404", "410", "413", "422", "501", "503"), {HTML: {}, "text/plain": {}}),
    **_errors("Fault", ("400", "404", "410", "422", "503"), {JSON: {"schema": ref("Fault")}, HTML: {}}),
    **_errors("Rpc", ("400", "503"), {JSON: {"schema": ref("RpcAnswer")}, HTML: {}}),
    "Rpc202": {"description": "A notification was taken note of"},
}
