"""The addresses for programs beside the actions, as values; and an operation of the OpenAPI document made of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from portal.api.openapi_parts import COUNT, JSON, TEXT, Schema, given


@dataclass(frozen=True, slots=True)
class Door:
    """One address. `media` are the media types of what is sent, with their schemas.

    `at` is the status of the answer: 200, or 302 and 303 of one that leads on. `errors` are statuses that are told as a
    page for people, or in JSON where `fault` names its schema. `query` are the arguments; `free` tells of those that
    bear the names of columns. `limited` doors are counted (429), `conditional` ones know tags (304). `posted` are the
    bodies that are taken by POST; then the arguments may come there too.
    """

    path: str
    words: str
    media: Mapping[str, Schema] = field(default_factory=dict)
    query: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    free: str = ""
    at: str = "200"
    errors: tuple[str, ...] = ("404", "503")
    fault: str = "Page"
    limited: bool = False
    conditional: bool = True
    posted: Mapping[str, Schema] = field(default_factory=dict)
    methods: tuple[str, ...] = ("get",)


PLACES: Final[Mapping[str, tuple[Schema, str]]] = {
    "slug": (TEXT, "The name of a dataset"),
    "number": ({"type": "integer", "minimum": 1}, "A version by its number, or a part by its place"),
    "index": (COUNT, "An entry of the journal by its number, from 0"),
    "sha256": ({"type": "string", "pattern": "^[0-9a-f]{64}$"}, "The SHA-256 of a file"),
    "before": ({"type": "integer", "minimum": 1}, "The earlier version"),
    "after": ({"type": "integer", "minimum": 1}, "The later version"),
    "table": (TEXT, "The name of a table"),
    "column": (TEXT, "The name of a column"),
    "row": ({"type": "integer", "minimum": 1}, "A row by its number"),
    "resource": (TEXT, "The uuid of a resource"),
    "organization": (TEXT, "The name of an agency"),
    "theme": (TEXT, "The name of a theme"),
    "tag": (TEXT, "A tag"),
    "filename": (TEXT, "The name of a file"),
    "form": ({"enum": ["ttl", "jsonld", "rdf"]}, "The serialisation"),
    "kind": ({"enum": ["csv", "xlsx", "json", "parquet", "geojson"]}, "The form of the file"),
    "picture": ({"enum": ["svg", "png", "json", "vega"]}, "A picture, its Vega-Lite, or what a page draws it from"),
    "drawn": ({"enum": ["svg", "png"]}, "The form of the picture"),
    "folder": ({"enum": ["data", "geo", "source"]}, "The folder within the package"),
    "action": (TEXT, "The name of an action"),
}
"""What may stand in an address."""

_SHOWN: Final = ("url", "verb", "sql")
"""Arguments without which an address has little to say."""


def operations(door: Door, examples: Mapping[str, Any]) -> dict[str, Any]:
    """The operations at a door, by method. `examples` are values that lead somewhere in this portal."""
    return {method: _operation(door, method, examples) for method in door.methods}


def _operation(door: Door, method: str, examples: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": door.words,
        "operationId": "_".join((method, *_words(door.path))),
        "tags": [_words(door.path)[0]],
    }
    places = _places(door.path, examples) + (_arguments(door, examples) if method == "get" else [])
    if places:
        found["parameters"] = places
    if method == "post":
        found["requestBody"] = {"content": {media: {"schema": schema} for media, schema in door.posted.items()}}
    return found | {"responses": _responses(door, method)}


def _words(path: str) -> list[str]:
    return [word for word in path.translate(str.maketrans("{}.-/", "     ")).split() if word]


def _places(path: str, examples: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schema, "description": words}
        | ({"example": examples[name]} if name in examples else {})
        for name, (schema, words) in PLACES.items()
        if f"{{{name}}}" in path
    ]


def _arguments(door: Door, examples: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "query", "schema": given(kind), "description": meaning}
        | ({"example": examples[name]} if name in _SHOWN and name in examples else {})
        for name, (kind, meaning) in door.query.items()
    ]
    if door.free:
        several: Schema = {"type": "object", "additionalProperties": TEXT}
        asked = {"name": "conditions", "in": "query", "style": "form", "explode": True, "schema": several}
        found.append({**asked, "description": door.free})
    return found


def _responses(door: Door, method: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": door.words}
    if door.media:
        answer["content"] = {media: {"schema": schema} if schema else {} for media, schema in door.media.items()}
    if door.at != "200":
        answer["headers"] = {"Location": {"schema": TEXT, "required": True, "description": "Where it is"}}
    found = {door.at: answer}
    if door.conditional and method == "get":
        found["304"] = {"$ref": "#/components/responses/304"}
    for status in door.errors:
        found[status] = {"$ref": f"#/components/responses/{door.fault}{status}"}
    if door.limited:
        found["429"] = {"$ref": "#/components/responses/429"}
    return found


def of_media(*media: str) -> dict[str, Schema]:
    """Media types of which no schema is told: they have standards of their own."""
    return {one: {} for one in media}


def of_json(schema: Schema) -> dict[str, Schema]:
    """JSON of that schema."""
    return {JSON: schema}
