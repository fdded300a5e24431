"""How charts look: the design tokens of both themes as Vega-Lite configurations, for wide and narrow screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Theme = Literal["light", "dark"]
Width = Literal["wide", "narrow"]

FONT = "Plus Jakarta Sans, system-ui, -apple-system, Segoe UI, Roboto, sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """The tokens of `static/css/tokens.css` that a chart needs; a test compares the two."""

    surface: str
    ink: str
    ink_soft: str
    line: str
    line_strong: str
    series: tuple[str, ...]


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        surface="#fffdfa",
        ink="#2a1e16",
        ink_soft="#65554a",
        line="#e3d7c7",
        line_strong="#94806b",
        series=("#0e6275", "#bf3a10", "#8a5a2f", "#4d7c3f", "#a8792a", "#6a5a8c"),
    ),
    "dark": Palette(
        surface="#1f1813",
        ink="#f3eadf",
        ink_soft="#c3b3a2",
        line="#3a2e25",
        line_strong="#8f7b69",
        series=("#6cc0cf", "#ff8a5c", "#dcae80", "#97c585", "#e3bd6b", "#b9a8dc"),
    ),
}

WIDTHS: dict[Width, int] = {"wide": 720, "narrow": 340}
"""Of the whole picture, in CSS pixels."""

_LINE_HEIGHTS: dict[Width, int] = {"wide": 340, "narrow": 280}
_BAR, _BAR_REST = 24, 56
_LEGEND: dict[Width, int] = {"wide": 4, "narrow": 2}
"""Names beside each other in a legend."""


def size_of(spec: Mapping[str, Any], width: Width) -> tuple[int, int]:
    """Width and height of the whole picture: known before it is drawn, so that the page leaves its place free."""
    values = spec.get("data", {}).get("values", [])
    if isinstance(spec.get("height"), Mapping):  # a step for each bar
        return WIDTHS[width], _BAR * max(len(values), 1) + _BAR_REST
    series = len({value.get("series") for value in values if isinstance(value, Mapping)})
    legend = 0 if series < 2 else 20 * -(-series // _LEGEND[width]) + 24
    return WIDTHS[width], _LINE_HEIGHTS[width] + legend


def config(theme: Theme, width: Width, *, solid: bool) -> dict[str, Any]:
    """The Vega-Lite configuration of one look. `solid` paints the ground, for a picture that leaves the page."""
    colors, narrow = PALETTES[theme], width == "narrow"
    small = 12
    return {
        "font": FONT,
        "aria": False,  # words for the picture stand in the page; on each mark they would only make it heavy
        "background": colors.surface if solid else "transparent",
        "padding": 18 if solid else 4,
        "autosize": {"type": "fit", "contains": "padding"},
        "view": {"stroke": None},
        "axis": {
            "labelColor": colors.ink_soft,
            "labelFontSize": small,
            "labelLimit": 130 if narrow else 260,
            "labelOverlap": "greedy",
            "labelPadding": 6,
            "titleColor": colors.ink,
            "titleFontSize": small,
            "titleFontWeight": "normal",
            "titleLimit": 300 if narrow else 620,
            "titlePadding": 8,
            "gridColor": colors.line,
            "domainColor": colors.line_strong,
            "tickColor": colors.line_strong,
            "tickSize": 4,
        },
        "axisX": {"labelAngle": 0, "grid": False},
        "axisY": {"domain": False, "ticks": False},
        # A value axis says its unit once, above the axis, where it can be read without turning the head.
        "axisQuantitative": {"tickCount": 4 if narrow else 6},
        # Days as they are said here, few enough to be read, the last one inside the picture.
        "axisTemporal": {
            "format": "%-d %b %Y",
            "tickCount": 3 if narrow else 5,
            "labelFlush": True,
            "labelSeparation": 12,
        },
        "legend": {
            "orient": "bottom",
            "columns": _LEGEND[width],
            "labelColor": colors.ink,
            "labelFontSize": small,
            "labelLimit": 130 if narrow else 150,
            "titleColor": colors.ink,
            "titleFontSize": small,
            "titleFontWeight": "normal",
            "symbolStrokeWidth": 3,
        },
        "title": {
            "anchor": "start",
            "color": colors.ink,
            "fontSize": 14 if narrow else 18,
            "fontWeight": "bold",
            "subtitleColor": colors.ink_soft,
            "subtitleFontSize": small,
            "subtitlePadding": 6,
            "offset": 16,
        },
        "range": {"category": list(colors.series), "ramp": [colors.line, colors.series[0]]},
        "scale": {"bandPaddingInner": 0.28},
        "line": {"color": colors.series[0], "strokeWidth": 2.5, "strokeCap": "round"},
        "point": {"color": colors.series[0], "filled": True, "size": 45},
        "bar": {"color": colors.series[0], "cornerRadiusEnd": 3},
        "area": {"color": colors.series[0], "opacity": 0.25, "line": True},
        "rule": {"color": colors.line_strong},
        "text": {"color": colors.ink, "fontSize": small},
    }
