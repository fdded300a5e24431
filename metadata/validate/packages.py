"""A whole package: its descriptor made safe, then frictionless' report on it and on every resource."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from metadata.confined import Bounds
from metadata.validate.closed import closed
from metadata.validate.judge import judge
from metadata.validate.refusals import Refused, read_descriptor, safe_package
from metadata.validate.reports import crashed, invalid, refused

if TYPE_CHECKING:
    from frictionless import Checklist, Package, Report

FOLLOWED_NOWHERE = ("package", "resource", "catalog", "inquiry", "pipeline", "checklist", "report")
"""Resources that are descriptions themselves: following them would walk around the checks of this one."""


def validate_package(
    path_of_datapackage_json: str | Path,
    *,
    checklist: Checklist | None = None,
    name: str | None = None,
    parallel: bool = False,  # noqa: ARG001 - frictionless' option; the fast path makes it needless
    limit_rows: int | None = None,
    limit_errors: int = 1_000,
    bounds: Bounds = Bounds(),  # noqa: B008 - frozen
) -> Report:
    """The report that frictionless gives on the package, its options as in `Package.validate`; nothing outside is read.

    Refused, as an error of the report: addresses, absolute paths, `..`, symbolic links that leave the folder, schemes
    and formats that reach a database or a service, profiles to be fetched, descriptors inside descriptors. What may run
    away (see `judge`) is held to `bounds`.
    """
    from frictionless import Package  # late: 0.4 s
    from frictionless.errors import PackageError

    path = Path(path_of_datapackage_json)
    try:
        descriptor = safe_package(read_descriptor(path), path.parent)
        with closed():
            package = Package.from_descriptor(descriptor, basepath=str(path.parent))
            for resource in package.resources:
                if resource.datatype in FOLLOWED_NOWHERE:
                    raise Refused("resource-error", f'resource "{resource.name}" is a description and is not followed')
            if name is not None and not package.has_resource(name):
                return invalid([PackageError(note=f'resource "{name}" does not exist')])
            return _validate(
                package,
                name,
                checklist=checklist,
                limit_rows=limit_rows,
                limit_errors=limit_errors,
                bounds=bounds,
            )
    except Refused as reason:
        return refused(reason.refusal)
    except Exception as reason:
        return crashed(reason)


def _validate(package: Package, name: str | None, **options: Any) -> Report:
    from frictionless import FrictionlessException, Report

    try:
        package.to_descriptor(validate=True)
    except FrictionlessException as reason:
        return invalid(reason.to_errors())
    started = perf_counter()
    wanted = package.resources if name is None else [package.get_resource(name)]
    reports = [judge(resource, **options) for resource in wanted]
    report: Report = Report.from_validation_reports(time=round(perf_counter() - started, 3), reports=reports)
    return report
