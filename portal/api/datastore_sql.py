"""`datastore_search_sql`: SQL over tables named by their resource's id, run in the sandbox of the SQL page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from datasets.query.window import MOST_ROWS
from portal.api.datastore_tables import file_of, table_resource
from portal.api.faults import BadRequest, InvalidParameter
from portal.context import installation
from portal.explore.sql_run import sandbox

MOST_TABLES = 5
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_PREFIX = "lumbung_"
_TYPES = {
    "BIGINT": "int8",
    "INTEGER": "int4",
    "SMALLINT": "int2",
    "TINYINT": "int2",
    "HUGEINT": "numeric",
    "DOUBLE": "float8",
    "FLOAT": "float4",
    "BOOLEAN": "bool",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}


def sql_answer(sql: str) -> dict[str, Any]:
    """Records and fields. Raises a `Fault`, or the sandbox's errors at its limits."""
    if not installation().settings.sql_enabled:
        raise BadRequest("Bad request: Action name not known: datastore_search_sql")
    names = list(dict.fromkeys(found.lower() for found in _UUID.findall(sql)))
    if not names:
        raise InvalidParameter("query", 'Name a table by its resource id: SELECT * FROM "…id…"')
    if len(names) > MOST_TABLES:
        raise InvalidParameter("query", f"At most {MOST_TABLES} tables")
    files: dict[str, Path] = {f"{_PREFIX}{place}": file_of(table_resource(name)) for place, name in enumerate(names)}
    answer = replace(sandbox(), rows=MOST_ROWS).ask(files, _numbered(sql, names))
    fields = [{"id": column.name, "type": _type(column.type)} for column in answer.columns]
    columns = [column.name for column in answer.columns]
    result: dict[str, Any] = {
        "sql": sql,
        "records": [dict(zip(columns, row, strict=True)) for row in answer.rows],
        "fields": fields,
    }
    return result | ({"records_truncated": True} if answer.cut else {})


def _numbered(sql: str, names: list[str]) -> str:
    """The SQL over tables that have `_id`, as CKAN's have; what it may do is judged by the sandbox on the whole."""
    numbered = "AS (SELECT row_number() OVER () AS _id, * FROM"
    tables = ", ".join(f'"{name}" {numbered} {_PREFIX}{place})' for place, name in enumerate(names))
    own = sql.strip().rstrip(";").rstrip()
    return f"WITH {tables} SELECT * FROM (\n{own}\n)"  # noqa: S608 - nothing else than this may run there


def _type(stored: str) -> str:
    return _TYPES.get(stored, "numeric" if stored.startswith("DECIMAL") else "text")
