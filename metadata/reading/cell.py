"""The confined process in which a file is read; `child` asks it, nothing else imports it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from metadata.reading.errors import Unreadable
from metadata.reading.reader import read
from metadata.reading.wire import error_to_json, hints_from_json, reading_to_json

ALSO = ("python_calamine", "charset_normalizer", "duckdb")
"""What only some files need."""


def work(order: dict[str, Any]) -> dict[str, Any]:
    """The reading of the file that is ordered, or the error that says why it cannot be read."""
    try:
        reading = read(
            Path(order["path"]),
            filename=order["filename"],
            into=Path(order["into"]),
            hints=hints_from_json(order["hints"]),
        )
    except Unreadable as error:
        return {"error": error_to_json(error)}
    return {"reading": reading_to_json(reading)}
