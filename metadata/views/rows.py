"""The figures of a chart, taken from the canonical CSV in one pass and bounded memory."""

from __future__ import annotations

import csv
import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from metadata.regions import LEVELS, Regions, load
from metadata.views.plan import ChartPlan

MOST_POINTS = 500
MOST_BARS = 20
MOST_STEPS = 30
"""Classes that begin with a figure (age groups, sizes) have an order of their own, which is kept."""


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: `time` as in the table (None in a ranking without one), `series` its line or bar."""

    time: str | None
    series: str | None
    value: float | None


@dataclass(frozen=True, slots=True)
class ChartData:
    """The points in drawing order. `left_out` counts bars (or early times) beyond what is drawn, `time` is the one
    that a ranking shows."""

    points: tuple[Point, ...]
    left_out: int = 0
    time: str | None = None


def rows_for(plan: ChartPlan, path: Path, *, regions: Regions | None = None) -> ChartData:
    """The points of `plan` from the canonical CSV at `path`; a region of a higher level than the others is left out."""
    known = regions or load()
    if plan.mark == "line":
        return _over_time(plan, path)
    return _ranking(plan, path, known)


def _over_time(plan: ChartPlan, path: Path) -> ChartData:
    points = list(_headers(plan, path) if plan.years else _cells(plan, path))
    if plan.time_type != "string":
        points.sort(key=lambda point: point.time or "")
    times = list(dict.fromkeys(point.time for point in points))
    lines = max(1, len({point.series for point in points}))
    kept = set(times[-(MOST_POINTS // lines) :])
    shown = tuple(point for point in points if point.time in kept)
    return ChartData(shown, left_out=len(times) - len(kept))


def _cells(plan: ChartPlan, path: Path) -> Iterator[Point]:
    for row in _records(path):
        time = row[plan.time or ""]
        for name in plan.values:
            series = row[plan.series] if plan.series else (name if len(plan.values) > 1 else None)
            if time:
                yield Point(time, series, _number(row[name]))


def _headers(plan: ChartPlan, path: Path) -> Iterator[Point]:
    for row in _records(path):
        for year, name in zip(plan.years, plan.values, strict=True):
            yield Point(str(year), row[plan.series or ""], _number(row[name]))


def _ranking(plan: ChartPlan, path: Path, regions: Regions) -> ChartData:
    latest = max((row[plan.time] for row in _records(path) if row[plan.time]), default=None) if plan.time else None
    bars: list[tuple[float, str]] = []
    for row in _records(path):
        name, value = row[plan.series or ""], _number(row[plan.values[0]])
        now = latest is None or row[plan.time or ""] == latest
        if name and value is not None and now and not _is_whole(name, plan, regions):
            bars.append((value, name))
    in_steps = len(bars) <= MOST_STEPS and all(re.match(r"\s*[<>≥≤]?\s*\d", name) for _, name in bars)
    highest = bars if in_steps else heapq.nlargest(MOST_BARS, bars, key=lambda bar: bar[0])
    points = tuple(Point(latest, name, value) for value, name in highest)
    year = latest or (str(plan.years[0]) if plan.years else None)
    return ChartData(points, left_out=len(bars) - len(highest), time=year)


def _is_whole(name: str, plan: ChartPlan, regions: Regions) -> bool:
    """Whether a bar would be the sum of the others: a total, or the province among its regencies."""
    if re.match(r"\s*(?:jumlah|total|rata-rata)\b", name, re.IGNORECASE):
        return True
    level = max((LEVELS[kind] for kind in plan.kinds), default=0)
    if not level or regions.match(name, [kind for kind in LEVELS if LEVELS[kind] == level]):
        return False
    return regions.match(name, [kind for kind in LEVELS if LEVELS[kind] < level]) is not None


def _records(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
