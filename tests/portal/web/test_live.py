"""What makes a chart answer: no gesture may cost its figures, and the words beside the pointer are the point's."""

from __future__ import annotations

import json
from typing import Any

from portal.web.chart_process import ChartProcess
from portal.web.chart_theme import config
from portal.web.live import answer, live

TOLD = [
    {"field": "series", "type": "nominal", "title": "Kecamatan"},
    {"field": "x", "type": "nominal", "title": "Tahun"},
    {"field": "y", "type": "quantitative", "title": "Padi", "format": ",.2~f"},
]
LINE: dict[str, Any] = {
    "data": {"values": [{"x": 2020 + n, "y": n * n, "series": s} for n in range(4) for s in ("Balen", "Baureno")]},
    "width": 640,
    "height": 300,
    "mark": {"type": "line", "point": True, "tooltip": True},
    "encoding": {
        "x": {"field": "x", "type": "quantitative"},
        "y": {"field": "y", "type": "quantitative"},
        "color": {"field": "series", "type": "nominal"},
        "tooltip": TOLD,
    },
}


def _signals(marks: list[dict[str, Any]]) -> dict[str, str]:
    return {
        mark["name"]: mark.get("encode", {}).get("update", {}).get("tooltip", {}).get("signal", "") for mark in marks
    }


def test_a_line_tells_the_point_that_is_nearest_in_words_and_figures() -> None:
    drawing = ChartProcess()
    try:
        made = json.loads(answer(drawing.draw(live(LINE), config("light", "wide", solid=False), "vega")))
    finally:
        drawing.close()
    told = _signals(made["vega"]["marks"])["layer_1_voronoi"]
    assert told.count('datum.datum["x"]') == told.count('["x"]') > 0
    assert told.count('datum.datum["series"]') == told.count('["series"]') > 0
    assert "datum.datum.datum" not in told
    assert made["number"]["decimal"] == ","


def test_the_legend_of_a_chart_picks_and_dots_can_be_zoomed_into_only_with_a_key_held() -> None:
    made = live(LINE)
    assert made["layer"][0]["params"][0]["bind"] == "legend"
    dots = live(LINE | {"mark": {"type": "point"}})
    assert [each["bind"] for each in dots["params"]] == ["legend", "scales"]
    assert "ctrlKey" in dots["params"][1]["select"]["zoom"]
    assert dots["data"] == LINE["data"]
    assert LINE["mark"]["tooltip"] is True, "what is kept with the version is not touched"
