"""JSON and JSON lines loaded as plain values: exact decimals, no NaN, not too large, not too deep."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from metadata.notices import Notice, Place
from metadata.reading.encoding import find_encoding
from metadata.reading.errors import BrokenFile, TooDeep, TooLarge

LARGEST = 128 * 1024 * 1024
"""Bytes; parsed JSON takes about ten times as much memory."""


def load_json(path: Path, *, filename: str, declared: str | None, lines: bool) -> tuple[Any, tuple[Notice, ...]]:
    """The value in the file (`lines`: a list of the values of its lines), and what there is to say of its encoding.

    Raises `BrokenFile` with the place of the fault, `TooLarge`, `TooDeep`.
    """
    place = Place(file=filename)
    size = path.stat().st_size
    if size > LARGEST:
        raise TooLarge(place=place, what="JSON", size=f"{size >> 20} MB", limit=f"{LARGEST >> 20} MB")
    encoding = find_encoding(path, filename=filename, declared=declared)
    text = path.read_text(encoding=encoding.name, errors=encoding.errors).lstrip("\ufeff")
    try:
        if lines:
            return [_parsed(line) for line in text.splitlines() if line.strip()], encoding.notices
        return _parsed(text), encoding.notices
    except json.JSONDecodeError as error:
        reason = f"{error.msg}, kolom/column {error.colno}"
        raise BrokenFile(place=Place(file=filename, row=error.lineno), format="JSON", reason=reason) from None
    except RecursionError:
        raise TooDeep(place=place, format="JSON") from None
    except ValueError as error:  # an integer of thousands of digits
        raise BrokenFile(place=place, format="JSON", reason=str(error)[:120]) from None


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=_exact, parse_constant=lambda _: None)


def _exact(digits: str) -> Decimal | None:
    number = Decimal(digits)
    return number if number.is_finite() and -400 < number.adjusted() < 400 else None
