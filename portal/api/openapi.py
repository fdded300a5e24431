"""The API as an OpenAPI 3.1 document, made from the actions' own docstrings and the list of their parameters."""

from __future__ import annotations

from typing import Any

from portal.api.openapi_parameters import PARAMETERS
from portal.api.registry import explained, names, writes

VERSION = "3"
_JSON = "application/json"
_MULTIPART = "multipart/form-data"
_STATUSES = ("304", "400", "403", "404", "409", "429", "503")


def document(title: str, root: str) -> dict[str, Any]:
    """The whole document for the portal at `root`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}: API",
            "version": VERSION,
            "summary": "CKAN's Action API, version 3; DCAT, Atom, OAI-PMH and data packages beside it.",
            "license": {"name": "The licence of each dataset stands in its `license_id`", "url": f"{root}/tentang"},
        },
        "servers": [{"url": root}],
        "paths": {**{f"/api/3/action/{name}": _action(name) for name in names()}, **_others()},
        "components": {"schemas": _SCHEMAS, "responses": _RESPONSES, "securitySchemes": _TOKEN},
    }


def _action(name: str) -> dict[str, Any]:
    words = explained(name) or ""
    parameters = PARAMETERS.get(name, {})
    shared = {
        "summary": words.split("\n")[0].rstrip("."),
        "description": words,
        "tags": [name.split("_", maxsplit=1)[0]],
        "responses": {
            "200": {"description": "The answer", "content": {_JSON: {"schema": _ref("Success")}}},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _STATUSES},
        },
    }
    if writes(name):
        media = _MULTIPART if any(kind == "file" for kind, _ in parameters.values()) else _JSON
        schemas = {each: _schema(kind) | {"description": meaning} for each, (kind, meaning) in parameters.items()}
        content = {media: {"schema": {"type": "object", "properties": schemas}}}
        return {
            "post": {**shared, "operationId": name, "security": [{"token": []}], "requestBody": {"content": content}}
        }
    listed = [
        {"name": parameter, "in": "query", "schema": _schema(kind), "description": meaning}
        for parameter, (kind, meaning) in parameters.items()
    ]
    properties = {parameter: _schema(kind) for parameter, (kind, _) in parameters.items()}
    body = {"content": {_JSON: {"schema": {"type": "object", "properties": properties}}}}
    return {
        "get": {**shared, "operationId": name, "parameters": listed},
        "post": {**shared, "operationId": f"{name}_post", "requestBody": body},
    }


def _schema(kind: str) -> dict[str, Any]:
    if kind == "list":
        return {"type": ["array", "string"], "items": {"type": "string"}}
    if kind == "objects":
        return {"type": ["array", "string"], "items": {"type": ["object", "string"]}}
    if kind == "file":
        return {"type": "string", "contentMediaType": "application/octet-stream"}
    if kind == "object":
        return {"type": ["object", "string"]}
    return {"type": [kind, "string"]} if kind in ("integer", "boolean") else {"type": "string"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _others() -> dict[str, Any]:
    return {
        path: {
            "get": {
                "summary": words,
                "parameters": [
                    {"name": part, "in": "path", "required": True, "schema": {"type": "string"}}
                    for part in ("slug", "id")
                    if f"{{{part}}}" in path
                ],
                "responses": {
                    "200": {"description": words, "content": {media: {}}},
                    "404": {"description": "There is no such thing, or it is not public"},
                },
            }
        }
        for path, media, words in _OTHERS
    }


_OTHERS = (
    ("/datastore/dump/{id}", "text/csv", "A table as CSV, TSV, JSON or XML"),
    ("/catalog.ttl", "text/turtle", "The catalogue in DCAT, a page of it; also .jsonld and .rdf"),
    ("/dataset/{slug}.ttl", "text/turtle", "A dataset in DCAT; also .jsonld and .rdf"),
    ("/dataset/{slug}/datapackage.json", _JSON, "Where the Data Package of the current version is"),
    ("/dataset/{slug}.zip", "application/zip", "Where the zipped Data Package of the current version is"),
    ("/catalog.datapackages.json", _JSON, "Where the Data Packages of all datasets are"),
    ("/feeds/dataset.atom", "application/atom+xml", "What changed last"),
    ("/oai", "text/xml", "OAI-PMH 2.0"),
    ("/sitemap.xml", "application/xml", "The sitemaps"),
)
_ERROR = {
    "type": "object",
    "properties": {
        "help": {"type": "string"},
        "success": {"const": False},
        "error": {"type": "object", "properties": {"__type": {"type": "string"}, "message": {"type": "string"}}},
    },
}
_SCHEMAS: dict[str, Any] = {
    "Success": {
        "type": "object",
        "required": ["help", "success", "result"],
        "properties": {"help": {"type": "string"}, "success": {"const": True}, "result": {}},
    },
    "Error": _ERROR,
}
_TOKEN = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A token from /akun; also in X-CKAN-API-Key, or after Bearer. No cookie is looked at.",
    }
}
_RESPONSES: dict[str, Any] = {
    "304": {"description": "Nothing changed since the answer with this tag"},
    **{
        status: {"description": words, "content": {_JSON: {"schema": {"anyOf": [_ref("Error"), {"type": "string"}]}}}}
        for status, words in (
            ("400", "Not a call, or a search that cannot be read"),
            ("403", "The caller may not do this"),
            ("404", "There is no such thing, or it is not public"),
            ("429", "Too many requests from this address; Retry-After says when to come back"),
            ("409", "A parameter is missing or has an impossible value"),
            ("503", "The catalogue cannot be read right now"),
        )
    },
}
