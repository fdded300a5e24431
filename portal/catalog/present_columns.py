"""The columns of a table as a list: what each means, its type and unit, and how its values are spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from datasets.models import Resource
from datasets.query.question import Filter, Operator, TableQuery
from datasets.query.shape import TableShape, shape_of
from datasets.query.url import arguments
from portal.catalog.addresses import Shown
from portal.catalog.present_provenance import rows_in_words
from portal.web.cells import in_figures, writer
from portal.web.i18n import gettext as _
from portal.web.sparkline import Sparkline, sparkline

_TOP = 3
MOST = 24
"""Columns told of on the page; all of them are on the page of columns."""


@dataclass(frozen=True, slots=True)
class Frequent:
    """A value that many rows share, and the table with these rows alone."""

    text: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """One column. `facts` are (term, words) pairs, `top` its most frequent values.

    `shape` draws its distribution, `shape_words` says it.
    """

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
    top: tuple[Frequent, ...]
    shape: Sparkline | None
    shape_words: str


def columns(
    shown: Shown, resource: Resource, fields: Sequence[Mapping[str, Any]] | None = None
) -> tuple[ColumnEntry, ...]:
    """Columns of a table with their figures, as far as they were computed: `fields`, else the first `MOST`."""
    form = shape_of(resource.schema) if resource.schema.get("fields") else TableShape(())
    stats: Mapping[str, Any] = resource.stats.get("columns", {})
    rows = int(resource.stats.get("rows") or resource.rows or 0)
    key = resource.schema.get("primaryKey") or []
    keys = {key} if isinstance(key, str) else set(key)
    words = Words(types=types_in_words(), roles=roles_in_words())
    return tuple(
        replace(
            _entry(field, stats.get(field["name"], {}), rows, words, keyed=field["name"] in keys),
            top=_top(shown, resource, form, field, stats.get(field["name"], {})),
        )
        for field in (resource.schema.get("fields", [])[:MOST] if fields is None else fields)
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a page's language, looked up once for all columns."""

    types: Mapping[str, str]
    roles: Mapping[str, str]


def types_in_words() -> dict[str, str]:
    """What a type of Table Schema means to who reads a table."""
    return {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "date": _("date"),
        "datetime": _("date and time"),
        "time": _("time of day"),
        "year": _("year"),
    }


def roles_in_words() -> dict[str, str]:
    """What a column is for, where its type does not say enough."""
    return {
        "region_code": _("region code"),
        "region_name": _("region"),
        "period": _("period"),
        "value": _("measure"),
        "category": _("category"),
        "identifier": _("code"),
        "unit": _("unit of the row"),
        "coordinate": _("coordinate"),
    }


def _entry(field: Mapping[str, Any], stats: Mapping[str, Any], rows: int, words: Words, *, keyed: bool) -> ColumnEntry:
    kind = field.get("type", "string")
    bins = stats.get("histogram") or []
    return ColumnEntry(
        name=field["name"],
        title=field.get("title") or field["name"],
        type=words.types.get(kind, kind),
        unit=field.get("unit") or "",
        description=field.get("description") or "",
        role=words.roles.get(field.get("lumbung:role", ""), ""),
        key=keyed,
        missing=_share(stats.get("missing"), rows),
        distinct=in_figures(stats["distinct"]) if stats.get("distinct") is not None else "",
        facts=tuple(_facts(kind, stats)),
        top=(),
        shape=sparkline([count for _from, _to, count in bins]),
        shape_words=_shape(kind, bins),
    )


def _share(missing: int | None, rows: int) -> str:
    if missing is None:
        return ""
    if missing == 0:
        return _("none")
    if not rows:
        return in_figures(missing)
    percent = 100 * missing / rows
    shown = in_figures(round(percent, 1)) if percent >= 0.1 else f"< {in_figures(0.1)}"
    return f"{in_figures(missing)} ({shown} %)"


def _facts(kind: str, stats: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = []
    low, high = stats.get("min"), stats.get("max")
    if kind == "string":
        if stats.get("longest") and not _frequent(stats):
            facts.append((_("Longest"), _("%(count)s characters", count=in_figures(stats["longest"]))))
        return facts
    if low is not None and high is not None:
        facts.append((_("Range"), _range(kind, low, high)))
    for name, term in (("mean", _("Mean")), ("median", _("Median"))):
        if kind in ("integer", "number") and stats.get(name) is not None and low != high:
            facts.append((term, _rounded(stats[name])))
    if kind == "boolean" and stats.get("top"):
        said = ", ".join(f"{writer('boolean', ()).write(v)}: {in_figures(count)}" for v, count in stats["top"])
        facts.append((_("Values"), said))
    return facts


def _frequent(stats: Mapping[str, Any]) -> list[list[Any]]:
    return [entry for entry in stats.get("top") or [] if entry[1] > 1][:_TOP]


def _top(
    shown: Shown, resource: Resource, form: TableShape, field: Mapping[str, Any], stats: Mapping[str, Any]
) -> tuple[Frequent, ...]:
    """The values of a text column that rows share, each leading to the table with these rows alone."""
    if field.get("type", "string") != "string" or field["name"] not in form:
        return ()
    found = []
    for value, count in _frequent(stats):
        pairs = arguments(TableQuery(where=(Filter(field["name"], Operator.EQ, (str(value),)),)), form)
        url = shown.page(resource, pairs, anchor="tabel")
        found.append(Frequent(writer("string", ()).write(value), in_figures(count), url))
    return tuple(found)


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
    return in_figures(round(value, decimals))
