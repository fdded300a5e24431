"""The outline of a map: points, lines and areas of a GeoJSON file as one small SVG, without tiles from anywhere."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from portal.web.chart_theme import PALETTES, Theme

WIDTH, HEIGHT, MARGIN = 720, 420, 12
UNITS = 4  # a pixel, in the drawing's own units
LARGEST = 24 * 2**20
"""Bytes of a GeoJSON file that is drawn; a larger one is only given out."""
POINTS = 60_000
"""Corners drawn at most; with more, the picture gets coarser, never larger."""

Position = tuple[float, float]


def outline(geojson: Path, theme: Theme, *, label: str) -> bytes | None:
    """The picture in the colours of `theme`; None when the file is too large or holds nothing that can be drawn."""
    if geojson.stat().st_size > LARGEST:
        return None
    shapes = list(_shapes(json.loads(geojson.read_bytes())))
    box = _box(position for _, line in shapes for position in line)
    if box is None:
        return None
    paths = _paths(shapes, box)
    colors = PALETTES[theme]
    looks = {
        "area": f'fill="{colors.series[0]}" fill-opacity=".16" fill-rule="evenodd" stroke="{colors.series[0]}" '
        f'stroke-width="{UNITS}"',
        "line": f'fill="none" stroke="{colors.series[0]}" stroke-width="{UNITS * 1.5}"',
        "point": f'fill="none" stroke="{colors.series[1]}" stroke-width="{UNITS * 5}" stroke-opacity=".75"',
    }
    drawn = (f'<path {look} d="{paths[kind]}"/>' for kind, look in looks.items() if paths[kind])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * UNITS} {HEIGHT * UNITS}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label={quoteattr(label)} '
        f'stroke-linejoin="round" stroke-linecap="round">{"".join(drawn)}</svg>'
    ).encode()


def _shapes(node: Any) -> Iterator[tuple[str, list[Position]]]:
    """Every ring, line and point below a GeoJSON object, flat; what is malformed is passed over."""
    if not isinstance(node, dict):
        return
    for child in (*(node.get("features") or ()), *(node.get("geometries") or ()), node.get("geometry")):
        yield from _shapes(child)
    places, kind = node.get("coordinates"), node.get("type")
    depth = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
    if kind not in depth or not isinstance(places, list):
        return
    if kind in ("Point", "MultiPoint"):
        for position in _positions(places if depth[kind] else [places]):
            yield "point", [position]
        return
    shape = "area" if "Polygon" in kind else "line"
    for line in _lines(places, depth[kind] - 1):
        positions = _positions(line)
        if len(positions) > 1:
            yield shape, positions


def _lines(places: list[Any], depth: int) -> Iterator[list[Any]]:
    if depth == 0:
        yield places
        return
    for part in places:
        if isinstance(part, list):
            yield from _lines(part, depth - 1)


def _positions(places: list[Any]) -> list[Position]:
    found = []
    for place in places:
        match place:
            case [int() | float() as x, int() | float() as y, *_] if -400 < x < 400 and -90 <= y <= 90:
                found.append((float(x), float(y)))
    return found


def _box(positions: Iterator[Position]) -> tuple[float, float, float, float] | None:
    west, south, east, north = math.inf, math.inf, -math.inf, -math.inf
    for x, y in positions:
        west, east = min(west, x), max(east, x)
        south, north = min(south, y), max(north, y)
    return (west, south, east, north) if west <= east else None


def _paths(shapes: list[tuple[str, list[Position]]], box: tuple[float, float, float, float]) -> dict[str, str]:
    west, south, east, north = box
    squeeze = max(math.cos(math.radians((south + north) / 2)), 0.05)  # a degree east is shorter than a degree north
    wide, high = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2
    if wide == high == 1e-9:
        left, top = WIDTH / 2, HEIGHT / 2
    corners = sum(len(line) for _, line in shapes)
    step = 1.25 * max(1.0, corners / POINTS)
    paths: dict[str, list[str]] = {"area": [], "line": [], "point": []}
    seen: set[tuple[int, int]] = set()
    for kind, line in shapes:
        places = [(left + (x - west) * squeeze * scale, top + (north - y) * scale) for x, y in line]
        if kind == "point":
            spot = (round(places[0][0]), round(places[0][1]))
            if spot not in seen:  # dots over dots say nothing more
                seen.add(spot)
                paths[kind].append(f"M{spot[0] * UNITS} {spot[1] * UNITS}h0")
            continue
        thin = _thinned(places, step)
        if len(thin) > 1:
            paths[kind].append(_path(thin) + ("z" if kind == "area" else ""))
    return {kind: "".join(parts) for kind, parts in paths.items()}


def _path(places: list[Position]) -> str:
    """Whole quarters of a pixel, each corner as its distance from the last: half the length of decimals."""
    whole = [(round(x * UNITS), round(y * UNITS)) for x, y in places]
    steps = (f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(whole) if a != b)
    return f"M{whole[0][0]} {whole[0][1]}l" + " ".join(steps).replace(" -", "-")


def _thinned(places: list[Position], step: float) -> list[Position]:
    """The line without corners nearer than `step` pixels to the last one kept; its end stays."""
    kept = [places[0]]
    for place in places[1:-1]:
        if abs(place[0] - kept[-1][0]) + abs(place[1] - kept[-1][1]) >= step:
            kept.append(place)
    if math.dist(places[-1], kept[-1]) > 0.05:
        kept.append(places[-1])
    return kept
