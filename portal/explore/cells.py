"""Cells that came out of JSON, written as the pages write cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from metadata.regions import load
from portal.web.cells import writer

Field = Mapping[str, Any]
_FIGURES = ("integer", "number")


def said(field: Field, value: Any) -> str:
    """A cell of the column that `field` describes, in words."""
    kind = str(field.get("type", "string"))
    return writer(kind, ()).write(typed(kind, value))


def titled(field: Field) -> str:
    """A column's header with its unit."""
    title = str(field.get("title") or field["name"])
    unit = field.get("unit")
    return f"{title} ({unit})" if unit and str(unit).lower() not in title.lower() else title


def key_words(key: Sequence[str], values: Sequence[Any], fields: Mapping[str, Field]) -> str:
    """The row that a key names: "Balen, 2023"; a region's code is told with its name."""
    return ", ".join(_key_part(fields.get(name, {}), value) for name, value in zip(key, values, strict=False))


def _key_part(field: Field, value: Any) -> str:
    text = said(field, value)
    if field.get("lumbung:role") != "region_code" or not isinstance(value, str):
        return text
    region = load().by_code(value, field.get("lumbung:codeSystem"))
    return f"{region.name} ({text})" if region else text


def look(field: Field) -> str:
    """The CSS class of a column's cells."""
    kind = field.get("type")
    if kind in _FIGURES:
        return "figure"
    return "moment" if kind in ("year", "date", "datetime", "time") else ""


def typed(kind: str, value: Any) -> Any:
    """The value behind its JSON form: dates are texts there, exact decimals too."""
    if not isinstance(value, str):
        return value
    with suppress(ValueError):
        if kind == "date":
            return date.fromisoformat(value)
        if kind == "datetime":
            return datetime.fromisoformat(value)
        if kind in _FIGURES:
            return float(value)
    return value
