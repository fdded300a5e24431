"""The columns of a table as a list: what each means, its type and unit, and how its values are spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from datasets.models import Resource
from portal.catalog.present_provenance import rows_in_words
from portal.web import figures
from portal.web.cells import writer
from portal.web.i18n import gettext as _
from portal.web.sparkline import Sparkline, sparkline

_TOP = 3


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """One column. `facts` are (term, words) pairs; `shape` draws its distribution, `shape_words` says it."""

    name: str
    title: str
    type: str
    unit: str
    description: str
    role: str
    key: bool
    missing: str
    distinct: str
    facts: tuple[tuple[str, str], ...]
    shape: Sparkline | None
    shape_words: str


def columns(resource: Resource) -> tuple[ColumnEntry, ...]:
    """Every column of a table with its figures, as far as they were computed."""
    stats: Mapping[str, Any] = resource.stats.get("columns", {})
    rows = int(resource.stats.get("rows") or resource.rows or 0)
    key = resource.schema.get("primaryKey") or []
    keys = {key} if isinstance(key, str) else set(key)
    return tuple(
        _entry(field, stats.get(field["name"], {}), rows, keyed=field["name"] in keys)
        for field in resource.schema.get("fields", [])
    )


def type_in_words(kind: str) -> str:
    """What a type of Table Schema means to who reads a table."""
    words = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "date": _("date"),
        "datetime": _("date and time"),
        "time": _("time of day"),
        "year": _("year"),
    }
    return words.get(kind, kind)


def role_in_words(role: str) -> str:
    """What a column is for, empty where its type says enough."""
    words = {
        "region_code": _("region code"),
        "region_name": _("region"),
        "period": _("period"),
        "value": _("measure"),
        "category": _("category"),
        "identifier": _("code"),
        "unit": _("unit of the row"),
        "coordinate": _("coordinate"),
    }
    return words.get(role, "")


def _entry(field: Mapping[str, Any], stats: Mapping[str, Any], rows: int, *, keyed: bool) -> ColumnEntry:
    kind = field.get("type", "string")
    bins = stats.get("histogram") or []
    return ColumnEntry(
        name=field["name"],
        title=field.get("title") or field["name"],
        type=type_in_words(kind),
        unit=field.get("unit") or "",
        description=field.get("description") or "",
        role=role_in_words(field.get("lumbung:role", "")),
        key=keyed,
        missing=_share(stats.get("missing"), rows),
        distinct=figures.number(stats["distinct"]) if stats.get("distinct") is not None else "",
        facts=tuple(_facts(kind, stats)),
        shape=sparkline([count for _from, _to, count in bins]),
        shape_words=_shape(kind, bins),
    )


def _share(missing: int | None, rows: int) -> str:
    if missing is None:
        return ""
    if missing == 0:
        return _("none")
    if not rows:
        return figures.number(missing)
    percent = 100 * missing / rows
    shown = figures.number(round(percent, 1)) if percent >= 0.1 else f"< {figures.number(0.1)}"
    return f"{figures.number(missing)} ({shown} %)"


def _facts(kind: str, stats: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = []
    low, high = stats.get("min"), stats.get("max")
    if kind == "string":
        top = [entry for entry in stats.get("top") or [] if entry[1] > 1][:_TOP]
        if top:
            said = ", ".join(f"{writer('string', ()).write(value)} ({figures.number(count)})" for value, count in top)
            facts.append((_("Most frequent"), said))
        if stats.get("longest") and not top:
            facts.append((_("Longest"), _("%(count)s characters", count=figures.number(stats["longest"]))))
        return facts
    if low is not None and high is not None:
        facts.append((_("Range"), _range(kind, low, high)))
    for name, term in (("mean", _("Mean")), ("median", _("Median"))):
        if kind in ("integer", "number") and stats.get(name) is not None and low != high:
            facts.append((term, _rounded(stats[name])))
    if kind == "boolean" and stats.get("top"):
        said = ", ".join(f"{writer('boolean', ()).write(v)}: {figures.number(count)}" for v, count in stats["top"])
        facts.append((_("Values"), said))
    return facts


def _range(kind: str, low: Any, high: Any) -> str:
    low, high = _value(kind, low), _value(kind, high)
    write = writer(kind, (low, high)).write
    return write(low) if low == high else f"{write(low)} … {write(high)}"


def _shape(kind: str, bins: list[list[Any]]) -> str:
    """The fullest bin, for who cannot see the drawing."""
    if len(bins) < 2:
        return ""
    low, high, count = max(bins, key=lambda each: each[2])
    return _("Most values lie in %(range)s: %(rows)s", range=_range(kind, low, high), rows=rows_in_words(count))


def _value(kind: str, value: Any) -> Any:
    """Dates in statistics are ISO texts."""
    try:
        if kind == "date":
            return date.fromisoformat(str(value)[:10])
        if kind == "datetime":
            return datetime.fromisoformat(str(value))
    except ValueError:
        return value
    return value


def _rounded(value: Any) -> str:
    """A computed figure to four or so digits: more would claim a precision that no mean has."""
    if not isinstance(value, int | float):
        return str(value)
    size = abs(value)
    decimals = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 4
    return figures.number(round(value, decimals))
