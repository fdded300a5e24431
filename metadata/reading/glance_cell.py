"""The confined process in which a file's rows are looked at as they are; `metadata.reading.child` asks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from metadata.reading.errors import Unreadable
from metadata.reading.glance import glance, sheets_to_json
from metadata.reading.wire import error_to_json, hints_from_json

ALSO = ("python_calamine", "charset_normalizer")
"""What only some files need."""


def work(order: dict[str, Any]) -> dict[str, Any]:
    """The rows of the file that is ordered, or the error that says why there are none."""
    try:
        hints = hints_from_json(order["hints"])
        found = glance(Path(order["path"]), filename=order["filename"], hints=hints, wanted=order["wanted"])
    except Unreadable as error:
        return {"error": error_to_json(error)}
    return {"sheets": sheets_to_json(found)}
