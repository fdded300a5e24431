"""The same report as frictionless' own, with less work: clean rows are proven clean in blocks and never built.

Frictionless keeps the whole of its own procedure (metadata, header, limits, sizes and hashes, the report); only its
stream of rows is exchanged for one of the rows that may have an error. Whatever is out of the ordinary, and any
exception on the way, leads to plain frictionless on the untouched resource.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metadata.validate.reports import crashed

if TYPE_CHECKING:
    from frictionless import Checklist, Error, Report, Resource
    from frictionless.resources import TableResource
    from frictionless.table.row import Row


def validate_resource(
    resource: Resource,
    *,
    checklist: Checklist | None = None,
    limit_rows: int | None = None,
    limit_errors: int = 1_000,
) -> Report:
    """Frictionless' report on `resource`; what it would raise instead of reporting is an error of the report."""
    if limit_rows is None and _is_ordinary(resource, checklist):
        try:
            return _fast(resource, checklist, limit_errors)
        except Exception:  # noqa: S110 - the judge is asked below, and says what there is to say
            pass
    try:
        return resource.validate(checklist, limit_rows=limit_rows, limit_errors=limit_errors)
    except Exception as reason:  # TypeError, re.error, InvalidOperation …: whatever a schema provokes
        return crashed(reason)


def _is_ordinary(resource: Resource, checklist: Checklist | None) -> bool:
    """A CSV file on this disk, whole and not compressed, with no checks beyond the usual ones."""
    from frictionless import system
    from frictionless.resources import TableResource

    return (
        isinstance(resource, TableResource)
        and resource.scheme == "file"
        and resource.format in ("csv", "tsv")
        and not (resource.memory or resource.multipart or resource.remote or resource.compression)
        and resource.dialect.header_case
        and system.onerror == "ignore"
        and not (checklist and checklist.checks)
    )


def _fast(resource: Resource, checklist: Checklist | None, limit_errors: int) -> Report:
    copy: Any = resource.to_copy()
    with copy:
        # Where frictionless keeps what its property `row_stream` gives; a test notices when it moves.
        copy._TableResource__row_stream = _rows(copy)
        report: Report = copy.validate(_Checklist(checklist), limit_errors=limit_errors)
    return report


def _rows(resource: TableResource) -> Iterator[Row]:
    from metadata.validate.suspects import Suspects

    path = Path(str(resource.normpath))
    before = path.stat()
    digests = _Digests(path)
    suspects = Suspects(resource)
    yield from suspects
    digests.join()
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise OSError("the file has changed while it was read")
    resource.stats.md5, resource.stats.sha256 = digests.md5.hexdigest(), digests.sha256.hexdigest()
    resource.stats.bytes, resource.stats.rows = after.st_size, suspects.rows


class _Digests(threading.Thread):
    """The hashes of a file, made beside the reading of its rows."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.md5 = hashlib.md5(usedforsecurity=False)
        self.sha256 = hashlib.sha256()
        self._path = path
        self.start()

    def run(self) -> None:
        """Read the whole file once."""
        with self._path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                self.md5.update(chunk)
                self.sha256.update(chunk)


class _Checklist:
    """A checklist that works out once which errors it lets through; frictionless does so for each error."""

    def __init__(self, checklist: Checklist | None) -> None:
        from frictionless import Checklist as Frictionless

        self._checklist = checklist or Frictionless()
        self._scope = frozenset(self._checklist.scope)

    def connect(self, resource: Resource) -> Any:
        """The checks, made known with the resource."""
        return self._checklist.connect(resource)

    def match(self, error: Error) -> bool:
        """Whether the error is reported."""
        from frictionless.errors import DataError

        return not isinstance(error, DataError) or error.type in self._scope
