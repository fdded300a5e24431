"""Chart plans as Vega-Lite specifications: words, units and figures; colours and sizes are the page's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from metadata import units
from metadata.regions import Regions
from metadata.terms import Bilingual
from metadata.views.plan import ChartPlan, view_spec
from metadata.views.rows import ChartData, Point, rows_for

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FIGURES = ",.2~f"
"""d3's form of a figure; its marks come from the locale of whoever draws, `1.234.567,8` in Indonesian."""
_LONGEST_LABEL = 60

_WORD = re.compile(r"[A-Z]{5}")
"""KABUPATEN is shouted, TPT is an abbreviation."""

_HIGHEST = Bilingual("{shown} tertinggi dari {all}", "the highest {shown} of {all}")
_SUMMED = Bilingual("dijumlahkan dari semua {titles}", "summed over all of {titles}")
_SINCE = Bilingual("sejak {time}", "since {time}")
_LINE = Bilingual("Grafik garis {value} menurut {by}", "Line chart of {value} by {by}")
_BAR = Bilingual("Grafik batang {value} menurut {by}", "Bar chart of {value} by {by}")
_SOURCE = Bilingual("Sumber: {source}", "Source: {source}")
_IN = Bilingual("Dalam {unit}", "In {unit}")
_VALUE = Bilingual("Nilai", "Value")
_YEAR = Bilingual("Tahun", "Year")


def default_view(
    table: Path,
    schema: Mapping[str, Any],
    stats: Mapping[str, Any],
    *,
    title: str,
    source: str | None = None,
    language: str = "id",
    regions: Regions | None = None,
) -> dict[str, Any] | None:
    """The Vega-Lite specification for the canonical CSV at `table`, data inside; None when a chart would mislead."""
    plan = view_spec(schema, stats)
    if plan is None:
        return None
    data = rows_for(plan, table, regions=regions)
    titles = {field["name"]: str(field.get("title") or field["name"]) for field in schema.get("fields", [])}
    if len({point.value for point in data.points if point.value is not None}) < 2:
        return None
    return vega_lite(plan, data, title=title, titles=titles, source=source, language=language)


def vega_lite(
    plan: ChartPlan,
    data: ChartData,
    *,
    title: str,
    titles: Mapping[str, str] | None = None,
    source: str | None = None,
    language: str = "id",
) -> dict[str, Any]:
    """The specification of `plan` with the points of `data`. `titles` are the printed headers of columns by name.

    `description` is a sentence for those who cannot see it; `title.subtitle` says unit, time and what is left out.
    """
    value = _value_words(plan, language)
    by = plan.series_title if plan.mark == "bar" else (plan.time_title or _YEAR.say(language))
    words = (_LINE if plan.mark == "line" else _BAR).say(language)
    made: dict[str, Any] = {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": _subtitle(plan, data, source, language)},
        "description": _sentence(words, plan, by, title, language),
        "data": {"values": [_point(point, plan, titles or {}) for point in data.points]},
        "width": 640,
        **(_line(plan, data, value, language) if plan.mark == "line" else _bar(plan, value)),
    }
    return made


def _line(plan: ChartPlan, data: ChartData, value: str, language: str) -> dict[str, Any]:
    shown = sum(1 for point in data.points if point.value is not None)
    encoding: dict[str, Any] = {
        "x": _time_axis(plan, language),
        "y": {
            "field": "value",
            "type": "quantitative",
            "title": value,
            # An index between 65 and 72 drawn from zero is a flat line; a line, unlike a bar, promises no zero.
            "scale": {"zero": False},
            "axis": {"format": FIGURES},
        },
    }
    if any(point.series is not None for point in data.points):
        encoding["color"] = {"field": "series", "type": "nominal", "title": plan.series_title or None, "sort": None}
    encoding["tooltip"] = _tooltip(plan, value, encoding)
    return {"height": 320, "mark": {"type": "line", "point": shown <= 120, "tooltip": True}, "encoding": encoding}


def _bar(plan: ChartPlan, value: str) -> dict[str, Any]:
    encoding: dict[str, Any] = {
        "y": {"field": "series", "type": "nominal", "sort": None, "title": None},
        "x": {
            "field": "value",
            "type": "quantitative",
            "title": value,
            "scale": {"zero": True},
            "axis": {"format": FIGURES, "grid": True},
        },
    }
    encoding["tooltip"] = _tooltip(plan, value, encoding)
    return {"height": {"step": 20}, "mark": {"type": "bar", "tooltip": True}, "encoding": encoding}


def _time_axis(plan: ChartPlan, language: str) -> dict[str, Any]:
    if plan.time_type == "year":
        # A quantity, not a name: a year without figures stays a gap of its length.
        axis = {"format": "d", "tickMinStep": 1}
        scale = {"zero": False, "nice": False, "padding": 12}
        return {"field": "time", "type": "quantitative", "title": _YEAR.say(language), "axis": axis, "scale": scale}
    if plan.time_type in ("date", "datetime"):
        return {"field": "time", "type": "temporal", "title": plan.time_title, "scale": {"type": "utc"}}
    return {"field": "time", "type": "ordinal", "sort": None, "title": plan.time_title}


def _tooltip(plan: ChartPlan, value: str, encoding: Mapping[str, Any]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    if "color" in encoding or plan.mark == "bar":
        told.append({"field": "series", "type": "nominal", "title": plan.series_title or " "})
    if plan.mark == "line":
        told.append({"field": "time", "type": "nominal", "title": plan.time_title or "Tahun"})
    return [*told, {"field": "value", "type": "quantitative", "title": value, "format": FIGURES}]


def _point(point: Point, plan: ChartPlan, titles: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {"value": int(point.value) if point.value and point.value.is_integer() else point.value}
    if point.series is not None:
        name = titles.get(point.series, point.series) if plan.series is None else point.series
        calm = name.title() if name.isupper() and _WORD.search(name) else name
        made["series"] = calm if len(calm) <= _LONGEST_LABEL else f"{calm[: _LONGEST_LABEL - 1]}…"
    if point.time is not None and plan.mark == "line":
        made["time"] = int(point.time) if plan.time_type == "year" else point.time
    return made


def _subtitle(plan: ChartPlan, data: ChartData, source: str | None, language: str) -> list[str]:
    unit = _IN.say(language).format(unit=units.say(plan.unit, language)) if plan.unit else None
    parts = [unit, data.time, *(f"{title}: {value}" for title, value in data.fixed)]
    if data.summed:
        parts.append(_SUMMED.say(language).format(titles=", ".join(data.summed)))
    if data.left_out and plan.mark == "bar":
        shown = len(data.points)
        parts.append(_HIGHEST.say(language).format(shown=shown, all=shown + data.left_out))
    elif data.left_out and data.points:
        parts.append(_SINCE.say(language).format(time=data.points[0].time))
    lines = [", ".join(part for part in parts if part)]
    if source:
        lines.append(_SOURCE.say(language).format(source=source))
    return [line for line in lines if line]


def _sentence(words: str, plan: ChartPlan, by: str, title: str, language: str) -> str:
    """What can be seen, e.g. "Grafik batang PDRB menurut Kecamatan, dalam juta rupiah: PDRB 2024"."""
    said = words.format(value=plan.value_title or title, by=by)
    if plan.unit:
        unit = _IN.say(language).format(unit=units.say(plan.unit, language))
        said += f", {unit[0].lower()}{unit[1:]}"
    return f"{said}: {title}" if plan.value_title else said


def _value_words(plan: ChartPlan, language: str) -> str:
    """What the axis of figures is called: the measure with its unit, or what there is of the two."""
    unit = units.say(plan.unit, language) if plan.unit else ""
    title = plan.value_title
    if not title or title.casefold() == unit.casefold():
        return _IN.say(language).format(unit=unit) if unit else _VALUE.say(language)
    return f"{title} ({unit})" if unit else title
