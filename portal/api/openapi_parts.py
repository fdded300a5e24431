"""The parts that the OpenAPI document is put together from: JSON Schemas (2020-12) and references, as short words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Schema = dict[str, Any]

JSON: Final = "application/json"
HTML: Final = "text/html"
TEXT: Final[Schema] = {"type": "string"}
WHOLE: Final[Schema] = {"type": "integer"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
FLAG: Final[Schema] = {"type": "boolean"}
NOTHING: Final[Schema] = {"type": "null"}
ANYTHING: Final[Schema] = {}
ADDRESS: Final[Schema] = {"type": "string", "format": "uri"}
MOMENT: Final[Schema] = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}$",
    "description": "UTC without a zone, with microseconds, as CKAN writes it",
}


def ref(name: str) -> Schema:
    """One of the document's schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    """That, or null."""
    return {"anyOf": [schema, NOTHING]}


def listed(schema: Schema) -> Schema:
    """A list of that."""
    return {"type": "array", "items": schema}


def record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with these members; others may come."""
    return {"type": "object", "required": sorted(required), "properties": {**required, **(optional or {})}}


def mapped(schema: Schema) -> Schema:
    """An object of that by any name."""
    return {"type": "object", "additionalProperties": schema}


def given(kind: str) -> Schema:
    """What may be given where a parameter is of that kind: lists, objects, numbers and flags also as their text."""
    match kind:
        case "list":
            return {"type": ["array", "string"], "items": {"type": "string"}}
        case "objects":
            return {"type": ["array", "string"], "items": {"type": ["object", "string"]}}
        case "file":
            return {"type": "string", "contentMediaType": "application/octet-stream"}
        case "object":
            return {"type": ["object", "string"]}
        case "integer" | "boolean":
            return {"type": [kind, "string"]}
    return {"type": "string"}
