"""Pictures of charts that somebody asked for, drawn by the child that draws all charts and kept by what they show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.catalog.addresses import Shown
from portal.context import installation
from portal.explore.chart_answer import Chart
from portal.web.chart_theme import WIDTHS, Width, config
from portal.web.charts import LOOKS, PNG_SCALE, Look, with_face
from portal.web.engine import charts, pictures
from portal.web.figures import day

DRAWING = 1  # raise it when the same chart is to look otherwise
TITLE = 76
"""Pixels of a title with two lines beneath."""
_LEGEND_ROW = 20
_NARROW_MAP = 340

NAMES = tuple(name.removesuffix(".svg") for name in LOOKS)


def look_of(name: str, ending: str) -> Look | None:
    """The look that a name means: one of the page's (`wide-dark`), or to take away when there is no name."""
    if not name:
        return Look("light", "wide", titled=True, ending="png" if ending == "png" else "svg")
    return LOOKS.get(f"{name}.svg") if ending == "svg" else None


def picture(chart: Chart, shown: Shown, look: Look) -> bytes:
    """The picture. Raises `ChartFailed` (503) when it cannot be drawn."""
    spec = dressed(chart, look, source=source_of(shown))
    colors = config(look.theme, look.width, solid=look.titled)
    depends = json.dumps([DRAWING, spec, colors, asdict(look)], sort_keys=True, default=str)
    name = f"{hashlib.sha256(depends.encode()).hexdigest()}.{look.ending}"

    def draw() -> bytes:
        made = charts().draw(spec, colors, look.ending, scale=PNG_SCALE if look.ending == "png" else 1.0)
        return made if look.ending == "png" else with_face(made)

    return _kept(name, draw)


def size_of(chart: Chart, width: Width) -> tuple[int, int]:
    """Width and height of a picture of the page, known before it is drawn."""
    height = int(chart.spec["height"])
    if width == "narrow" and chart.choice.mark == "map":
        height = _NARROW_MAP
    colors = len({point.color for point in chart.drawn.points if point.color is not None})
    columns = 4 if width == "wide" else 2
    legend = _LEGEND_ROW * -(-colors // columns) + 28 if colors else 48 if chart.choice.mark == "map" else 0
    return WIDTHS[width], height + legend


def dressed(chart: Chart, look: Look, *, source: str) -> dict[str, Any]:
    """The specification in the look's size; title and source are in the picture only when it leaves the page."""
    made: dict[str, Any] = dict(chart.spec)
    made.pop("title", None)
    made["width"], made["height"] = size_of(chart, look.width)
    if chart.choice.mark == "map":
        made["layer"] = _borders(made["layer"], look)
    if look.titled:
        lines = [chart.subtitle, *chart.notes, source]
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
