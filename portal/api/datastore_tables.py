"""The tables that the datastore actions know: the current versions' tables by their resource's id, and their fields."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from datasets import catalog
from datasets.models import Resource
from datasets.query.shape import ShapeColumn, TableShape
from datasets.query.window import ID, columns_of
from metadata.errors import NotFound
from portal.api.faults import NotFoundFault
from portal.context import installation, session
from portal.web.engine import tables

_TYPES = {
    "string": "text",
    "boolean": "bool",
    "date": "date",
    "datetime": "timestamp",
    "time": "time",
    "year": "int4",
    "integer": "int8",
}
_LONGEST = 100


def table_resource(identifier: str) -> Resource:
    """The resource of that id when it is a table. Raises `NotFoundFault` as CKAN does."""
    try:
        if len(identifier) > _LONGEST:
            raise NotFound(what=identifier[:_LONGEST])
        found = catalog.resource(session(), identifier)
    except NotFound as error:
        raise NotFoundFault(f'Resource "{identifier[:_LONGEST]}" was not found.') from error
    if not found.parquet_sha256:
        raise NotFoundFault(f'Resource "{identifier}" was not found.')
    return found


def file_of(resource: Resource) -> Path:
    """The file in which the table is asked."""
    return installation().blobs.path(str(resource.parquet_sha256))


def shape_of_table(resource: Resource) -> TableShape:
    """Its columns, with `_id`."""
    return columns_of(tables(), file_of(resource), resource.schema)


def type_of(column: ShapeColumn) -> str:
    """The name of the column's type in CKAN, which is PostgreSQL's."""
    if column.name == ID:
        return "int"
    if column.type == "number":
        return "float8" if column.stored == "DOUBLE" else "numeric"
    if column.type == "integer" and column.stored.startswith(("DECIMAL", "HUGEINT")):
        return "numeric"
    return _TYPES[column.type]


def fields_of(columns: Iterable[ShapeColumn], *, described: bool = True) -> list[dict[str, Any]]:
    """The fields as CKAN lists them: id and type, and under `info` what our schema says of them."""
    fields = []
    for column in columns:
        field: dict[str, Any] = {"id": column.name, "type": type_of(column)}
        if described and column.name != ID:
            info = {"label": column.title, "notes": column.description or "", "unit": column.unit or ""}
            field["info"] = {name: value for name, value in info.items() if value}
        fields.append(field)
    return fields
