"""JSON from strangers made harmless: no text in it can break a database, a file or a hash."""

from __future__ import annotations

from typing import Any

from datasets.columns import clean

DEEPEST = 32


def tidy(value: Any, depth: int = DEEPEST) -> Any:
    """`value` with every text (keys too) free of NUL and halves of characters; None for what lies too deep."""
    if isinstance(value, str):
        return clean(value)
    if depth == 0:
        return None
    if isinstance(value, dict):
        return {clean(str(key)): tidy(one, depth - 1) for key, one in value.items()}
    if isinstance(value, list):
        return [tidy(one, depth - 1) for one in value]
    return value


def at_pointer(value: Any, pointer: str) -> Any:
    """What stands at a JSON pointer (RFC 6901) such as `/data/0/rows`, the whole for an empty one; None for nothing."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and len(name) < 10:
            value = value[int(name)] if int(name) < len(value) else None
        else:
            return None
    return value
