"""Reading in a process of its own, held to little memory and time and no network: files come from strangers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from metadata.confined import Bounds, Died, ask
from metadata.confined import warm as _warm
from metadata.notices import Place
from metadata.reading.errors import ReaderKilled
from metadata.reading.table import ReadHints, Reading
from metadata.reading.wire import error_from_json, hints_to_json, reading_from_json

LARGEST_OUTPUT = 4 * 1024
"""Megabytes of a single file that the reading process may write."""
_CELL = "metadata.reading.cell"
_GLANCE = "metadata.reading.glance_cell"


def read_safely(
    path: Path,
    *,
    filename: str,
    into: Path,
    hints: ReadHints = ReadHints(),  # noqa: B008 - frozen
    seconds: int = 300,
    megabytes: int = 2000,
) -> Reading:
    """As `reader.read`, in a child process held to `seconds` of processor and clock and to `megabytes` of memory.

    Raises what `read` raises, and `ReaderKilled` when the process ends in any other way.
    """
    into.mkdir(parents=True, exist_ok=True)
    order = _order(path, filename, hints) | {"into": str(into.resolve())}
    return reading_from_json(_ask(_CELL, order, filename, Bounds(seconds, megabytes, LARGEST_OUTPUT))["reading"])


def glance_safely(
    path: Path,
    *,
    filename: str,
    hints: ReadHints = ReadHints(),  # noqa: B008 - frozen
    wanted: Iterable[int] = (),
    seconds: int = 300,
    megabytes: int = 2000,
) -> list[dict[str, Any]]:
    """The rows of each sheet as they are, in the form of `glance.sheets_to_json`: the first ones and those `wanted`.

    Confined as `read_safely`. Raises what it raises.
    """
    order = _order(path, filename, hints) | {"wanted": sorted(wanted)}
    found: list[dict[str, Any]] = _ask(_GLANCE, order, filename, Bounds(seconds, megabytes))["sheets"]
    return found


def _order(path: Path, filename: str, hints: ReadHints) -> dict[str, Any]:
    return {"path": str(path.resolve()), "filename": filename, "hints": hints_to_json(hints)}


def _ask(cell: str, order: dict[str, Any], filename: str, bounds: Bounds) -> dict[str, Any]:
    try:
        said = ask(cell, order, bounds)
    except Died as death:
        reason = f"{death.words.id} / {death.words.en}" if death.words.id != death.words.en else death.words.id
        raise ReaderKilled(place=Place(file=filename), reason=reason) from None
    if "error" in said:
        raise error_from_json(said["error"])
    return said


def warm() -> None:
    """Have the readers loaded while this process does something else: soon a file will be read."""
    _warm(_CELL)
