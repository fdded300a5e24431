"""SQL over a version's tables: what it may name, run in its sandbox, the last answers kept."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from datasets.models import Version
from datasets.query.cache import Answers
from datasets.sql.examples import SqlTable, sql_names
from datasets.sql.sandbox import SqlAnswer, SqlSandbox
from metadata.errors import NotFound
from portal.context import installation
from portal.explore.found import parquet, tables_of

ROWS = 1_000
KEPT = 16 * 2**20
_CELL = 64
_MOVING = ("now", "today", "current_", "reservoir")
"""Words whose answers are another each time."""

_answers: Answers[SqlAnswer] = Answers(KEPT)


def open_or_missing() -> None:
    """Raises `NotFound` where this installation has SQL switched off."""
    if not installation().settings.sql_enabled:
        raise NotFound(what="SQL")


def sandbox() -> SqlSandbox:
    """The sandbox of this host."""
    settings = installation().settings
    return SqlSandbox(settings.home / "cache" / "sql", seconds=float(settings.sql_seconds), rows=ROWS)


def sql_tables(version: Version) -> list[SqlTable]:
    """The tables of a version by the names they have in SQL."""
    found = tables_of(version)
    names = sql_names([resource.name for resource in found])
    return [
        SqlTable(name, resource.title, resource.schema.get("fields", []))
        for name, resource in zip(names, found, strict=True)
    ]


def tag_of(version: Version, sql: str, *more: object) -> str:
    """The hash of all that an answer depends on."""
    depends = [version.content_key, [r.parquet_sha256 for r in tables_of(version)], sql, ROWS, *map(str, more)]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()


def lasting(sql: str) -> bool:
    """Whether the same SQL has the same answer tomorrow."""
    return not any(word in sql.lower() for word in _MOVING)


def run(version: Version, sql: str, *, ticket: str | None = None) -> SqlAnswer:
    """The answer. Raises `SqlRefused` (400), `SqlStopped` (422), `SqlBusy` (503), `NotFound` where SQL is off."""
    open_or_missing()
    key = tag_of(version, sql)
    known = _answers.get(key) if lasting(sql) else None
    if known is not None:
        return known
    files: dict[str, Path] = {
        table.name: parquet(resource) for table, resource in zip(sql_tables(version), tables_of(version), strict=True)
    }
    answer = sandbox().ask(files, sql, ticket=ticket)
    weight = sum(_CELL + (len(cell) if isinstance(cell, str) else 0) for row in answer.rows for cell in row)
    return _answers.put(key, answer, weight + 500) if lasting(sql) else answer
