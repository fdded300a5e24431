"""The doctor: examines an installation from disk to index, and mends what can be mended without losing anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from sqlalchemy.exc import SQLAlchemyError

from datasets.doctor import database, journal, machine, runs, search, store
from datasets.doctor.finding import CHECK_FAILED, Finding, finding
from datasets.installation import Installation
from metadata.errors import LumbungError

__all__ = ["Finding", "examine"]


def examine(installation: Installation, *, repair: bool = False, at: float | None = None) -> list[Finding]:
    """All that is wrong, mended where `repair` asks for it and nothing can be lost by it.

    It hashes every blob (about 1 s a gigabyte) and may run while the portal serves and harvests: what is younger than a
    day is taken for work in progress. `at` is the present as seconds since 1970. Never raises for what it examines.
    """
    at = time.time() if at is None else at
    found = list(_run("machine", lambda: machine.check(installation, repair)))
    damage = list(_run("database", lambda: database.check(installation)))
    found += damage
    if any(fault.severity == "error" for fault in damage):
        return found  # what follows asks the database
    found += _run("store", lambda: store.check(installation, repair, at))
    found += _run("journal", lambda: journal.check(installation, repair))
    found += _run("runs", lambda: runs.check(installation, repair, at))
    found += _run("search", lambda: search.check(installation, repair))
    return found


def _run(name: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except (OSError, SQLAlchemyError, LumbungError) as error:
        yield finding(CHECK_FAILED, check=name, reason=f"{type(error).__name__}: {error}")
