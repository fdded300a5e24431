"""Pictures of charts that somebody asked for, drawn by the child that draws all charts and kept by what they show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.catalog.addresses import Shown
from portal.context import installation
from portal.explore.chart_answer import Chart
from portal.web.chart_theme import WIDTHS, Width, config
from portal.web.charts import LIVE, LOOKS, Look, drawn_in
from portal.web.engine import pictures
from portal.web.figures import day
from portal.web.i18n import gettext as _

DRAWING = 1  # raise it when the same chart is to look otherwise
TITLE = 76
"""Pixels of a title with two lines beneath."""
_LEGEND_ROW = 20
_MAP_HEIGHTS: Mapping[Width, tuple[int, int]] = {"wide": (280, 560), "narrow": (160, 380)}
"""Least and most: a regency may lie along a river or along a coast."""

NAMES = tuple(name.removesuffix(".svg") for name in LOOKS)


def look_of(name: str, ending: str) -> Look | None:
    """The look that a name means: one of the page's (`wide-dark`), or to take away when there is no name."""
    if not name and ending != "vega":
        return Look("light", "wide", titled=True, ending="png" if ending == "png" else "svg")
    return (LIVE if ending == "vega" else LOOKS).get(f"{name}.{ending}")


def picture(chart: Chart, shown: Shown, look: Look) -> bytes:
    """The picture. Raises `ChartFailed` (503) when it cannot be drawn."""
    spec = dressed(chart, look, source=source_of(shown))
    colors = config(look.theme, look.width, solid=look.titled)
    depends = json.dumps([DRAWING, spec, colors, asdict(look)], sort_keys=True, default=str)
    name = f"{hashlib.sha256(depends.encode()).hexdigest()}.{look.ending}"

    return _kept(name, lambda: drawn_in(spec, look))


def size_of(chart: Chart, width: Width) -> tuple[int, int]:
    """Width and height of a picture of the page, known before it is drawn."""
    height = _height_of_map(chart, width) if chart.choice.mark == "map" else int(chart.spec["height"])
    colors = len({point.color for point in chart.drawn.points if point.color is not None})
    columns = 4 if width == "wide" else 2
    legend = _LEGEND_ROW * -(-colors // columns) + 28 if colors else 48 if chart.choice.mark == "map" else 0
    return WIDTHS[width], height + legend


def _height_of_map(chart: Chart, width: Width) -> int:
    """The height that the drawn regions have at this width."""
    xs, ys = zip(
        *(point for shape in chart.spec["data"]["values"] for point in _points(shape["geometry"])), strict=True
    )
    least, most = _MAP_HEIGHTS[width]
    shape = (max(ys) - min(ys)) / (max(xs) - min(xs) or 1)
    return min(max(int(WIDTHS[width] * shape), least), most)


def _points(geometry: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """The places of the outer rings."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return ((place[0], place[1]) for part in parts for place in part[0])


def dressed(chart: Chart, look: Look, *, source: str) -> dict[str, Any]:
    """The specification in the look's size; title and source are in the picture only when it leaves the page."""
    made: dict[str, Any] = dict(chart.spec)
    made.pop("title", None)
    made["width"], made["height"] = size_of(chart, look.width)
    if chart.choice.mark == "map":
        made["layer"] = _borders(made["layer"], look)
    if look.titled:
        areas = [_("Boundaries: %(source)s", source=chart.borders.words)] if chart.borders else []
        lines = [chart.subtitle, *chart.notes, *areas, source]
        made["title"] = {
            "text": _lines(chart.title, 74),
            "subtitle": [part for line in lines for part in _lines(line, 105)],
        }
        made["height"] += TITLE + 15 * (len(made["title"]["subtitle"]) - 2) + 22 * (len(made["title"]["text"]) - 1)
    return made


def source_of(shown: Shown) -> str:
    """Whose figures they are and of when: the last line of a picture that leaves the page."""
    settings = installation().settings
    agency, version = shown.dataset.organization.title, shown.version
    return f"{agency}, {settings.site_title} {settings.region_name}, {day(version.published_at)} (v{version.number})"


def _borders(layers: list[Mapping[str, Any]], look: Look) -> list[dict[str, Any]]:
    """Lines between regions in the colours of the look."""
    axis = config(look.theme, look.width, solid=False)["axis"]
    return [dict(layer) | {"mark": {**layer["mark"], "stroke": axis["domainColor"]}} for layer in layers]


def _lines(text: str, most: int) -> list[str]:
    """A long line broken between words: a picture has no lines of its own."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _kept(name: str, draw: Callable[[], bytes]) -> bytes:
    """The picture from the cache; a disk that is full or cannot be written costs the cache, not the picture."""
    drawn: list[bytes] = []

    def make(folder: Path) -> Path:
        drawn.append(draw())
        target = folder / name
        target.write_bytes(drawn[0])
        return target

    with suppress(OSError):
        return pictures().ready(name, make).read_bytes()
    return drawn[0] if drawn else draw()
