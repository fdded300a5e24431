"""One table against its schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metadata.confined import Bounds
from metadata.package.descriptor import DIALECT
from metadata.validate.judge import judge
from metadata.validate.refusals import Refused, safe_dialect, safe_schema
from metadata.validate.reports import crashed, refused

if TYPE_CHECKING:
    from frictionless import Report

MOST_ERRORS = 1_000


def validate_table(
    csv: Path,
    schema: Mapping[str, Any],
    *,
    dialect: Mapping[str, Any] | None = None,
    encoding: str = "utf-8",
    limit_rows: int | None = None,
    limit_errors: int = MOST_ERRORS,
    bounds: Bounds = Bounds(),  # noqa: B008 - frozen
) -> Report:
    """Frictionless' report on the file at `csv`, which is a canonical table unless `dialect` and `encoding` differ.

    Everything is declared, so that nothing is sniffed. A schema that frictionless cannot work with (a pattern that
    does not compile, a bound of the wrong type) is an error in the report. A report cut at `limit_errors` says so in
    its task's warnings. `bounds` hold what may run away (see `judge`).
    """
    return validate_file(
        csv,
        schema=schema,
        dialect=dialect if dialect is not None else DIALECT,
        encoding=encoding,
        format="tsv" if csv.suffix.lower() == ".tsv" else "csv",
        limit_rows=limit_rows,
        limit_errors=limit_errors,
        bounds=bounds,
    )


def validate_file(
    path: Path,
    *,
    schema: Mapping[str, Any] | None = None,
    dialect: Mapping[str, Any] | None = None,
    limit_rows: int | None = None,
    limit_errors: int = MOST_ERRORS,
    bounds: Bounds = Bounds(),  # noqa: B008 - frozen
    **declared: Any,
) -> Report:
    """Frictionless' report on any file, with what is `declared` of it (encoding, format, hash, bytes).

    What is not declared is found out as frictionless does; without a schema only the form of the table is judged.
    `bounds` hold what may run away (see `judge`).
    """
    from frictionless import Dialect, Resource, Schema  # late: 0.4 s

    try:
        if schema is not None:
            declared["schema"] = Schema.from_descriptor(safe_schema(schema))
        if dialect is not None:
            declared["dialect"] = Dialect.from_descriptor(safe_dialect(dialect))
        resource = Resource(path=path.name, basepath=str(path.parent), **declared)
        return judge(resource, limit_rows=limit_rows, limit_errors=limit_errors, bounds=bounds)
    except Refused as reason:
        return refused(reason.refusal)
    except Exception as reason:  # frictionless trips over some descriptors instead of judging them
        return crashed(reason)
