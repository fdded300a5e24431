"""`_table_metadata`: the list of all tables that can be asked, which clients read through `datastore_search`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from datasets.models import Dataset, Resource, published
from datasets.query.window import MOST_ROWS
from portal.api.parameters import Parameters
from portal.context import session

_FIELDS = [
    {"id": "_id", "type": "int"},
    {"id": "name", "type": "name"},
    {"id": "oid", "type": "oid"},
    {"id": "alias_of", "type": "name"},
]


def listed_tables(parameters: Parameters, *, counted: bool) -> dict[str, Any]:
    """The ids of the tables of all current versions; there are no aliases."""
    limit = min(parameters.integer("limit", 100), MOST_ROWS)
    offset = parameters.integer("offset", 0)
    current = published().with_only_columns(Dataset.current_version_id)
    wanted = select(Resource.id, Resource.uuid).where(
        Resource.version_id.in_(current), Resource.parquet_sha256.is_not(None)
    )
    rows = session().execute(wanted.order_by(Resource.id).limit(limit).offset(offset)).all() if limit else []
    result: dict[str, Any] = {
        "include_total": counted,
        "limit": limit,
        "records_format": "objects",
        "resource_id": "_table_metadata",
        "records": [
            {"_id": offset + place, "name": uuid, "oid": number, "alias_of": None}
            for place, (number, uuid) in enumerate(rows, start=1)
        ],
        "fields": _FIELDS,
    }
    if counted:
        result["total"] = session().scalar(select(func.count()).select_from(wanted.subquery())) or 0
    return result
