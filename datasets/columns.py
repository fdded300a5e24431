"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
import json
import math
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Json = JSON(none_as_null=True)
"""A JSON document, kept as text on both databases: PostgreSQL's JSONB would forget the order of keys and refuse NUL in
texts. Replace it as a whole: changes inside are not noticed."""


def dump_json(value: Any) -> str:
    """The one way JSON is written to the database: figures that JSON does not know (NaN, infinity) become null,
    values of other kinds (dates, decimals) their text."""
    try:
        return json.dumps(value, allow_nan=False, default=str)
    except ValueError:
        return json.dumps(_finite(value), allow_nan=False, default=str)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


class Words(TypeDecorator[str]):
    """Text of at most `length` characters that both databases take, whatever strangers write.

    NUL, which PostgreSQL refuses, and halves of characters, which nothing can encode, become U+FFFD. What is longer is
    cut, with an ellipsis, where SQLite would keep it and PostgreSQL fail. The same holds for what is compared with.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Cleaned and cut."""
        length = getattr(self.impl_instance, "length", None)
        text = clean(value)
        return text if text is None or length is None or len(text) <= length else self.shortened(text, length)

    def shortened(self, text: str, length: int) -> str:
        """How this kind of text is made to fit."""
        return text[: length - 1] + "…"


class Key(Words):
    """Text by which something is recognised: what is too long ends in its hash, so that two never become one."""

    cache_ok = True

    def shortened(self, text: str, length: int) -> str:
        """The beginning and 128 bits of the SHA-256."""
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        return f"{text[: length - 33]}#{digest}"


class Prose(Words):
    """Text of any length."""

    impl = Text
    cache_ok = True


def clean(text: str | None) -> str | None:
    """The text without NUL and lone surrogates."""
    if text is None:
        return None
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def text_hash(text: str | None) -> str:
    """The SHA-256 (hex) of a text as the database gives it back."""
    return hashlib.sha256((clean(text) or "").encode()).hexdigest()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite, which returns naive values, gets its zone back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuses naive values: they would mean another moment on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
