"""A chart that answers the reader: the picture's own specification with what can be pointed at, picked and zoomed.

It goes to the browser compiled to Vega by the very process that draws the pictures, so that both show the same, and
so that a reader fetches one library and not three. The library reads its expressions without evaluating text as code
(`vega-interpreter`): the policy of the pages allows no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from portal.web.chart_child import LOCALE, TIME_LOCALE

FADED = 0.18
"""Opacity of what is not picked."""
_ZOOM = "wheel![event.ctrlKey || event.metaKey]"
"""A wheel alone scrolls the page."""
_OF_THE_CELL = re.compile(r"(?<!datum\.)\bdatum\[")


def live(spec: Mapping[str, Any]) -> dict[str, Any]:
    """`spec` of a chart of ours with its gestures: the nearest point of a line, the legend, a bar, an area of dots."""
    made = dict(spec)
    if "layer" in made:
        return made  # a map: each region has its words already
    mark, encoding = made.pop("mark"), dict(made.pop("encoding"))
    kind = mark["type"] if isinstance(mark, Mapping) else mark
    params = []
    if "color" in encoding:
        legend = {"type": "point", "fields": [encoding["color"]["field"]]}
        params.append({"name": "picked", "select": legend, "bind": "legend"})
        encoding["opacity"] = {"condition": {"param": "picked", "value": 1}, "value": FADED}
    if kind == "line":
        return made | {"layer": [_line(mark, encoding, params), _nearest(encoding)]}
    if kind == "bar" and not params:
        over = {"type": "point", "on": "pointerover", "clear": "pointerout"}
        params.append({"name": "under", "select": over})
        encoding["opacity"] = {"condition": {"param": "under", "value": 1}, "value": 0.55}
    if kind == "point":
        params.append({"name": "zoomed", "select": {"type": "interval", "zoom": _ZOOM}, "bind": "scales"})
    return made | {"mark": mark, "encoding": encoding} | ({"params": params} if params else {})


def answer(vega: bytes) -> bytes:
    """What the page's script reads: the compiled chart, and how figures and dates are written in it."""
    told = {"vega": _told_by_cells(json.loads(vega)), "number": LOCALE, "time": TIME_LOCALE}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _told_by_cells(vega: dict[str, Any]) -> dict[str, Any]:
    """Each cell around a point tells of its point: the compiler reads names and times from the cell, which has none."""
    for mark in vega.get("marks", []):
        if str(mark.get("name", "")).endswith("_voronoi"):
            told = mark["encode"]["update"]["tooltip"]
            told["signal"] = _OF_THE_CELL.sub("datum.datum[", told["signal"])
    return vega


def _line(mark: Any, encoding: Mapping[str, Any], params: list[dict[str, Any]]) -> dict[str, Any]:
    told = {name: channel for name, channel in encoding.items() if name != "tooltip"}
    drawn = dict(mark) if isinstance(mark, Mapping) else {"type": mark}
    return {"mark": drawn | {"tooltip": None}, "encoding": told} | ({"params": params} if params else {})


def _nearest(encoding: Mapping[str, Any]) -> dict[str, Any]:
    """Points that show themselves when the pointer, or a finger, comes near: a line is thin."""
    near = {"type": "point", "on": "pointerover", "nearest": True, "clear": "pointerout"}
    shown = {"condition": {"param": "near", "empty": False, "value": 1}, "value": 0}
    return {
        "params": [{"name": "near", "select": near}],
        "mark": {"type": "point", "filled": True, "size": 110, "tooltip": True},
        "encoding": dict(encoding) | {"opacity": shown},
    }
