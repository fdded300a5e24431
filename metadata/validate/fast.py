"""The same report as frictionless' own, with less work for tables that are in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata.validate.reports import crashed

if TYPE_CHECKING:
    from frictionless import Checklist, Report, Resource


def validate_resource(
    resource: Resource,
    *,
    checklist: Checklist | None = None,
    limit_rows: int | None = None,
    limit_errors: int = 1_000,
) -> Report:
    """Frictionless' report on `resource`; what it would raise instead of reporting is an error of the report."""
    try:
        return resource.validate(checklist, limit_rows=limit_rows, limit_errors=limit_errors)
    except Exception as reason:
        return crashed(reason)
