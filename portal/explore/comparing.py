"""Comparisons of two versions' tables: made once in a process of their own, then kept by what they depend on."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasets.diff.compare import Side
from datasets.diff.job import changes_written, compared
from datasets.models import Resource
from datasets.query.errors import TooLarge, TooSlow
from datasets.tables.disk_cache import DiskCache
from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.context import installation
from portal.explore.found import parquet

LAYOUT = 1  # raise it when the same two tables compare otherwise
MEGABYTES = 512
AT_ONCE = 1
WAIT_SECONDS = 20.0
SECONDS = 30.0
"""That one comparison may take."""

_turns = threading.BoundedSemaphore(AT_ONCE)


class Busy(LumbungError):
    """Too many comparisons at once."""

    code = "explore.busy"
    status = 503
    text = Bilingual(
        id="Terlalu banyak perbandingan sedang dihitung. Coba lagi setengah menit lagi.",
        en="Too many comparisons are being computed. Please try again in half a minute.",
    )


class TooMuchToCompare(LumbungError):
    """A comparison met its limit of time or memory."""

    code = "explore.too_much_to_compare"
    status = 422
    text = Bilingual(
        id="Kedua versi tidak selesai dibandingkan: batasnya {limit}. Tidak ada yang salah dengan datanya; "
        "unduh kedua tabel untuk membandingkannya sendiri.",
        en="The two versions could not be compared within {limit}. Nothing is wrong with the data; "
        "download both tables to compare them yourself.",
    )


def tag_of(before: Resource, after: Resource) -> str:
    """The hash of all that a comparison depends on."""
    depends = [LAYOUT, before.parquet_sha256, before.schema, after.parquet_sha256, after.schema]
    return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()


def same(before: Resource, after: Resource) -> bool:
    """Whether two versions of a table are one file with one description: nothing has to be compared."""
    return before.parquet_sha256 == after.parquet_sha256 and before.schema == after.schema


def comparison(before: Resource, after: Resource) -> dict[str, Any]:
    """What changed, as `TableDiff.as_dict()` says it.

    Raises `TooMuchToCompare` (422), `Busy` and `TableBroken` (503).
    """

    def make(folder: Path) -> Path:
        told = compared(_side(before), _side(after), seconds=SECONDS)
        target = folder / "diff.json"
        target.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return target

    made: dict[str, Any] = json.loads(_kept(f"{tag_of(before, after)}.json", make).read_bytes())
    return made


def changes(before: Resource, after: Resource) -> Path:
    """A CSV of every changed cell. Raises as `comparison`."""

    def make(folder: Path) -> Path:
        target = folder / "diff.csv"
        changes_written(_side(before), _side(after), target, seconds=SECONDS)
        return target

    return _kept(f"{tag_of(before, after)}.csv", make)


def _side(resource: Resource) -> Side:
    return Side(parquet(resource), resource.schema)


def _kept(name: str, make: Callable[[Path], Path]) -> Path:
    files = DiskCache(installation().settings.home / "cache" / "comparisons", megabytes=MEGABYTES)

    def in_turn(folder: Path) -> Path:
        if not _turns.acquire(timeout=WAIT_SECONDS):
            raise Busy
        try:
            return make(folder)
        except TooSlow as error:
            raise TooMuchToCompare(limit=_limit(error, "seconds", "s")) from error
        except TooLarge as error:
            raise TooMuchToCompare(limit=_limit(error, "megabytes", "MB")) from error
        finally:
            _turns.release()

    return files.ready(name, in_turn)


def _limit(error: LumbungError, name: str, unit: str) -> str:
    return f"{float(str(error.notice.params[name])):g} {unit}"
