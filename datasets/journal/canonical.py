"""The one way in which an entry is written down: RFC 8785 (JCS), for texts, whole numbers, lists and objects."""

from __future__ import annotations

import json
from typing import Any

from datasets.columns import clean

_LARGEST = 2**53 - 1  # what every reader of JSON takes exactly


def canonical(value: Any) -> str:
    """The text whose UTF-8 bytes are hashed. ValueError for fractions, dates and keys that are not ASCII."""
    return json.dumps(_checked(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _checked(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return value
    if isinstance(value, list | tuple):
        return [_checked(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) and key.isascii() for key in value):
        return {key: _checked(item) for key, item in value.items()}
    raise ValueError(f"{type(value).__name__} has no place in the journal")
