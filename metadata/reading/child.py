"""Reading in a process of its own, held to little memory and time and no network: files come from strangers."""

from __future__ import annotations

from pathlib import Path

from metadata.confined import Bounds, Died, ask
from metadata.confined import warm as _warm
from metadata.notices import Place
from metadata.reading.errors import ReaderKilled
from metadata.reading.table import ReadHints, Reading
from metadata.reading.wire import error_from_json, hints_to_json, reading_from_json

LARGEST_OUTPUT = 4 * 1024
"""Megabytes of a single file that the reading process may write."""
_CELL = "metadata.reading.cell"


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
    order = {
        "path": str(path.resolve()),
        "filename": filename,
        "into": str(into.resolve()),
        "hints": hints_to_json(hints),
    }
    try:
        said = ask(_CELL, order, Bounds(seconds, megabytes, LARGEST_OUTPUT))
    except Died as death:
        reason = f"{death.words.id} / {death.words.en}" if death.words.id != death.words.en else death.words.id
        raise ReaderKilled(place=Place(file=filename), reason=reason) from None
    if "error" in said:
        raise error_from_json(said["error"])
    return reading_from_json(said["reading"])


def warm() -> None:
    """Have the readers loaded while this process does something else: soon a file will be read."""
    _warm(_CELL)
