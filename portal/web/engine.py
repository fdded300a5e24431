"""What answers, draws and keeps in this process: one of each for all wings, opened when first asked for."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flask import current_app

from datasets.exports.files import TableExports
from datasets.query.engine import TableEngine
from datasets.tables.disk_cache import DiskCache
from portal.context import installation
from portal.web.chart_process import ChartProcess

FACES = Path(__file__).with_name("fonts")
PICTURES_MEGABYTES = 100
ARCHIVES_MEGABYTES = 2_048
PACKED_MEGABYTES = 2_048
LISTS_MEGABYTES = 200

Made = TypeVar("Made")
_lock = threading.RLock()


class Closing(Protocol):
    """What must be closed."""

    def close(self) -> None:
        """Give back what is open."""
        ...


def tables() -> TableEngine:
    """The engine that answers questions to tables, within what the settings allow now."""
    engine, settings = _one("lumbung.tables", _tables), installation().settings
    engine.bound(seconds=settings.query_seconds, rows=settings.query_rows)
    return engine


def _tables() -> TableEngine:
    settings = installation().settings
    return TableEngine(
        settings.home / "cache" / "tables",
        megabytes=settings.query_megabytes,
        seconds=settings.query_seconds,
        rows=settings.query_rows,
        disk_megabytes=settings.tables_megabytes,
    )


def exports() -> TableExports:
    """The maker of files of tables and questions."""
    return _one("lumbung.exports", lambda: TableExports(tables()))


def charts() -> ChartProcess:
    """The child that draws."""
    return _one("lumbung.charts", lambda: ChartProcess(FACES))


def pictures() -> DiskCache:
    """Pictures drawn before, shared by all processes of the host."""
    return DiskCache(installation().settings.home / "cache" / "pictures", megabytes=PICTURES_MEGABYTES)


def archives() -> DiskCache:
    """Zipped packages made before."""
    return DiskCache(installation().settings.home / "cache" / "archives", megabytes=ARCHIVES_MEGABYTES)


def lists() -> DiskCache:
    """Public lists and reports of the information desk made before; nobody's name is in them."""
    return DiskCache(installation().settings.home / "cache" / "lists", megabytes=LISTS_MEGABYTES)


def packed() -> DiskCache:
    """Downloads packed before, for clients that unpack them."""
    return DiskCache(installation().settings.home / "cache" / "packed", megabytes=PACKED_MEGABYTES)


def close() -> None:
    """Give back what this app has opened: for tests, which make many apps in one process."""
    for name in [name for name in current_app.extensions if name.startswith("lumbung.")]:
        made = current_app.extensions.pop(name)
        if hasattr(made, "close"):
            atexit.unregister(made.close)
            made.close()


def _one(name: str, make: Callable[[], Made]) -> Made:
    with _lock:
        kept: dict[str, Any] = current_app.extensions
        if name not in kept:
            kept[name] = made = make()
            if hasattr(made, "close"):
                atexit.register(made.close)
        found: Made = kept[name]
        return found
