"""The confined process in which a resource that may run away is judged; `judge` asks it, nothing else imports it."""

from __future__ import annotations

from typing import Any

from frictionless import Checklist, Package, Resource, system

from metadata.validate.fast import validate_resource


def work(order: dict[str, Any]) -> dict[str, Any]:
    """The report, as a dict, on the one resource that is ordered; its package is there for its foreign keys."""
    with system.use_context(trusted=False):
        if order["name"] is None:
            resource = Resource.from_descriptor(order["descriptor"], basepath=order["basepath"])
        else:
            package = Package.from_descriptor(order["descriptor"], basepath=order["basepath"])
            resource = package.get_resource(order["name"])
        report = validate_resource(
            resource,
            checklist=Checklist.from_descriptor(order["checklist"]) if order["checklist"] else None,
            limit_rows=order["limit_rows"],
            limit_errors=order["limit_errors"],
        )
        return report.to_descriptor()
