"""The chart somebody asked for, as a Vega-Lite specification: points in, words on the axes, no colours of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from metadata.terms import Bilingual
from metadata.views.vega import FIGURES, SCHEMA

Mark = Literal["line", "bar", "stacked", "scatter", "map"]
MARKS: tuple[Mark, ...] = ("line", "bar", "stacked", "scatter", "map")

BAR, BAR_REST = 24, 64
"""Pixels of a lying bar and of what stands around them all."""
_LONGEST = 60

_NAMES: Mapping[str, Bilingual] = {
    "line": Bilingual("Grafik garis {y} menurut {x}", "Line chart of {y} by {x}"),
    "bar": Bilingual("Grafik batang {y} menurut {x}", "Bar chart of {y} by {x}"),
    "stacked": Bilingual("Grafik batang bertumpuk {y} menurut {x}", "Stacked bar chart of {y} by {x}"),
    "scatter": Bilingual("Diagram sebar {y} terhadap {x}", "Scatter plot of {y} against {x}"),
    "map": Bilingual("Peta {y} menurut {x}", "Map of {y} by {x}"),
}


@dataclass(frozen=True, slots=True)
class Axis:
    """What is drawn along one side: its words (with the unit) and the Table Schema type of its values."""

    title: str
    type: str

    @property
    def figures(self) -> bool:
        """Whether its values are quantities."""
        return self.type in ("integer", "number")


@dataclass(frozen=True, slots=True)
class Point:
    """One mark: where along `x`, which colour (None for the only one), which figure."""

    x: Any
    color: str | None
    y: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A chart: its mark, what stands along its axes, what its colours mean (None: nothing)."""

    mark: Mark
    x: Axis
    y: Axis
    color: Axis | None = None

    @property
    def lying(self) -> bool:
        """Whether bars lie, so that their names can be read; over time they stand."""
        return self.mark in ("bar", "stacked") and self.x.type not in ("year", "date", "datetime", "time")


def asked_view(
    asked: Asked,
    points: Sequence[Point],
    *,
    title: str,
    subtitle: str,
    language: str,
    shapes: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The specification with its figures inside. `shapes` are the regions of a map: GeoJSON geometries with a `name`.

    Points of a map are joined to shapes by that name.
    """
    name = _NAMES[asked.mark].say(language).format(x=asked.x.title, y=asked.y.title)
    made: dict[str, Any] = {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": [subtitle] if subtitle else []},
        "description": f"{name}: {title}",
        "width": 640,
        "height": height_of(asked, points),
    }
    if asked.mark == "map":
        return made | _map(asked, points, shapes)
    made["data"] = {"values": [_datum(point) for point in points]}
    return made | {"line": _line, "bar": _bars, "stacked": _bars, "scatter": _scatter}[asked.mark](asked)


def height_of(asked: Asked, points: Sequence[Point]) -> int:
    """The height of the plot: as many lying bars as there are, else a calm rectangle."""
    if asked.lying:
        return BAR * max(len({point.x for point in points}), 1) + BAR_REST
    return 440 if asked.mark == "map" else 360


def _datum(point: Point) -> dict[str, Any]:
    made: dict[str, Any] = {"x": _short(point.x), "y": point.y}
    if point.color is not None:
        made["series"] = _short(point.color)
    return made


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[: _LONGEST - 1]}…"
    return value


def _line(asked: Asked) -> dict[str, Any]:
    y = _figures("y", asked.y, zero=False)
    return {
        "mark": {"type": "line", "point": {"size": 40}, "tooltip": True},
        "encoding": {"x": _along("x", asked.x), "y": y, **_color(asked), **_tooltip(asked)},
    }


def _bars(asked: Asked) -> dict[str, Any]:
    stack: Any = "zero" if asked.mark == "stacked" else None
    value = _figures("y", asked.y, zero=True) | {"stack": stack}
    name = {"field": "x", "type": "nominal", "sort": None, "title": None if asked.lying else asked.x.title}
    places = {"y": name, "x": value | {"axis": {"format": FIGURES, "grid": True}}}
    if not asked.lying:
        places = {"x": name, "y": value}
    return {
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {**places, **_color(asked), **_tooltip(asked)},
    }


def _scatter(asked: Asked) -> dict[str, Any]:
    x = _figures("x", asked.x, zero=False) if asked.x.figures else _along("x", asked.x)
    return {
        "mark": {"type": "point", "tooltip": True, "opacity": 0.75},
        "encoding": {"x": x, "y": _figures("y", asked.y, zero=False), **_color(asked), **_tooltip(asked)},
    }


def _map(asked: Asked, points: Sequence[Point], shapes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Regions without a figure are drawn empty: a hole in the data is no hole in the ground."""
    figures = {point.x: point.y for point in points}
    features = [
        {
            "type": "Feature",
            "geometry": shape["geometry"],
            "properties": {"name": shape["name"], "value": figures.get(shape["name"])},
        }
        for shape in shapes
    ]
    color = {
        "field": "properties.value",
        "type": "quantitative",
        "title": asked.y.title,
        "scale": {"range": "ramp", "zero": False},
        "legend": {"format": FIGURES, "gradientLength": 240},
    }
    tooltip = [
        {"field": "properties.name", "type": "nominal", "title": asked.x.title},
        {"field": "properties.value", "type": "quantitative", "title": asked.y.title, "format": FIGURES},
    ]
    return {
        "data": {"values": features},
        # Degrees as they are: a regency lies near enough to the equator, and rings may turn either way.
        "projection": {"type": "identity", "reflectY": True},
        "layer": [
            {"mark": {"type": "geoshape", "fillOpacity": 0, "strokeWidth": 1}},
            {
                "transform": [{"filter": "isValid(datum.properties.value)"}],
                "mark": {"type": "geoshape", "strokeWidth": 1, "tooltip": True},
                "encoding": {"color": color, "tooltip": tooltip},
            },
        ],
    }


def _along(field: str, axis: Axis) -> dict[str, Any]:
    if axis.type == "year":
        # A quantity, not a name: a year without figures stays a gap of its length.
        return {
            "field": field,
            "type": "quantitative",
            "title": axis.title,
            "axis": {"format": "d", "tickMinStep": 1},
            "scale": {"zero": False, "nice": False, "padding": 12},
        }
    if axis.type in ("date", "datetime"):
        return {"field": field, "type": "temporal", "title": axis.title, "scale": {"type": "utc"}}
    if axis.figures:
        return _figures(field, axis, zero=False)
    return {"field": field, "type": "ordinal", "sort": None, "title": axis.title}


def _figures(field: str, axis: Axis, *, zero: bool) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "title": axis.title,
        # An index between 65 and 72 drawn from zero is a flat line; a line, unlike a bar, promises no zero.
        "scale": {"zero": zero},
        "axis": {"format": FIGURES},
    }


def _color(asked: Asked) -> dict[str, Any]:
    if asked.color is None:
        return {}
    return {"color": {"field": "series", "type": "nominal", "sort": None, "title": asked.color.title}}


def _tooltip(asked: Asked) -> dict[str, Any]:
    x: dict[str, Any] = {"field": "x", "type": "nominal", "title": asked.x.title}
    if asked.mark == "scatter" and asked.x.figures:
        x = {"field": "x", "type": "quantitative", "title": asked.x.title, "format": FIGURES}
    told = [x, {"field": "y", "type": "quantitative", "title": asked.y.title, "format": FIGURES}]
    if asked.color is not None:
        told.insert(0, {"field": "series", "type": "nominal", "title": asked.color.title})
    return {"tooltip": told}
