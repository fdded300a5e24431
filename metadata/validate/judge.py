"""One resource before frictionless: at once when it is harmless, in a confined process when it may run away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from metadata.confined import Bounds, Died, ask
from metadata.validate.fast import validate_resource
from metadata.validate.refusals import Refusal, patterns
from metadata.validate.reports import refused

if TYPE_CHECKING:
    from frictionless import Checklist, Report, Resource

LONGEST_LINE = 1 << 20
"""Bytes without a line break from which a CSV file may be one endless cell."""
_CHUNK = 1 << 20
_PROBE = 1 << 12
_UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\})")
_REPEATED_GROUP = re.compile(r"(?<!\\)\)(?:[*+]|\{)")


def judge(
    resource: Resource,
    *,
    checklist: Checklist | None = None,
    limit_rows: int | None = None,
    limit_errors: int = 1_000,
    bounds: Bounds = Bounds(),  # noqa: B008 - frozen
) -> Report:
    """Frictionless' report on `resource`. One that needs more than `bounds` allow is an error of the report."""
    if not may_run_away(resource):
        return validate_resource(resource, checklist=checklist, limit_rows=limit_rows, limit_errors=limit_errors)
    from frictionless import Report  # late: 0.4 s

    package = resource.package
    order = {
        "descriptor": package.to_descriptor() if package else resource.to_descriptor(),
        "name": resource.name if package else None,
        "basepath": str(Path(resource.basepath or ".").resolve()),
        "checklist": checklist.to_descriptor() if checklist else None,
        "limit_rows": limit_rows,
        "limit_errors": limit_errors,
    }
    try:
        report: Report = Report.from_descriptor(ask("metadata.validate.cell", order, bounds))
    except Died as reason:
        return refused(Refusal("source-error", f'"{resource.name}" cannot be checked: {reason}'))
    return report


def may_run_away(resource: Resource) -> bool:
    """Whether reading the resource may take memory or time out of proportion to its size.

    So may workbooks and JSON (which are read whole, or unpacked), packed files, endless lines, and patterns that can
    match one text in many ways.
    """
    if resource.data is not None or resource.remote:
        return False
    if resource.compression or resource.format not in ("csv", "tsv"):
        return resource.tabular or bool(resource.compression) or resource.datatype in ("json", "map", "chart", "view")
    schema = resource.schema.to_descriptor() if resource.schema else {}
    if any(may_backtrack(pattern) for pattern in patterns(schema)):
        return True
    paths = [resource.normpath] if isinstance(resource.normpath, str) else resource.normpaths
    return any(_has_an_endless_line(Path(path)) for path in paths if path)


def may_backtrack(pattern: str) -> bool:
    """Whether a regular expression may try a text in more ways than it has letters: a guess on the safe side."""
    return len(_UNBOUNDED.findall(pattern)) > 1 or bool(_REPEATED_GROUP.search(pattern))


def _has_an_endless_line(path: Path) -> bool:
    try:
        if _is_dense(path):
            return False
        with path.open("rb") as stream:
            since = 0
            while chunk := stream.read(_CHUNK):
                first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
                if first < 0:
                    since += len(chunk)
                elif since + first > LONGEST_LINE:
                    return True
                else:
                    since = len(chunk) - last
                if since > LONGEST_LINE:
                    return True
    except OSError:
        return False
    return False


def _is_dense(path: Path) -> bool:
    """Whether lines end all over the file: then none is endless, and that costs no look at each byte."""
    size = path.stat().st_size
    with path.open("rb", buffering=0) as stream:
        for start in range(0, size, LONGEST_LINE // 2):
            stream.seek(start)
            if b"\n" not in stream.read(_PROBE) and start + _PROBE < size:
                return False
    return True
