"""One table against its schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metadata.package.descriptor import DIALECT
from metadata.validate.refusals import Refused, safe_schema
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
) -> Report:
    """Frictionless' report on the file at `csv`, which is a canonical table unless `dialect` and `encoding` differ.

    Everything is declared, so that nothing is sniffed. A schema that frictionless cannot work with (a pattern that
    does not compile, a bound of the wrong type) is an error in the report. A report cut at `limit_errors` says so in
    its task's warnings.
    """
    from frictionless import Dialect, FrictionlessException, Schema  # late: 0.4 s
    from frictionless.resources import TableResource

    from metadata.validate.fast import validate_resource

    try:
        declared = Schema.from_descriptor(safe_schema(schema))
        resource = TableResource(
            path=csv.name,
            basepath=str(csv.parent),
            format="tsv" if csv.suffix.lower() == ".tsv" else "csv",
            encoding=encoding,
            dialect=Dialect.from_descriptor(dict(dialect if dialect is not None else DIALECT)),
            schema=declared,
        )
        return validate_resource(resource, limit_rows=limit_rows, limit_errors=limit_errors)
    except Refused as reason:
        return refused(reason.refusal)
    except FrictionlessException as reason:
        return crashed(reason)
