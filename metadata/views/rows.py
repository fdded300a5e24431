"""The figures of a chart, taken from the canonical CSV in one pass and bounded memory."""

from __future__ import annotations

import csv
import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from metadata.regions import LEVELS, Regions, load
from metadata.views.plan import ChartPlan

MOST_POINTS = 500
MOST_BARS = 20
MOST_VALUES = 5_000
MOST_STEPS = 30
"""Classes that begin with a figure (age groups, sizes) have an order of their own, which is kept."""

_WHOLE = re.compile(
    r"\s*(?:(?:jumlah|total|semua|seluruh|keseluruhan|gabungan)\b.*|l(?:aki-laki)?\s*(?:\+|dan|/|&)\s*p(?:erempuan)?)\s*",
    re.I,
)
"""What a class is called that all others are parts of."""


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: `time` as in the table (None in a ranking without one), `series` its line or bar."""

    time: str | None
    series: str | None
    value: float | None


@dataclass(frozen=True, slots=True)
class ChartData:
    """The points in drawing order. `left_out` counts bars (or early times) beyond what is drawn, `time` is the one
    that a ranking shows. `fixed` are (title, value) of further dimensions, `summed` the titles of those added up."""

    points: tuple[Point, ...]
    left_out: int = 0
    time: str | None = None
    fixed: tuple[tuple[str, str], ...] = ()
    summed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reduced:
    """What becomes of the dimensions that are not drawn: one value of each by field, and the titles of the summed."""

    values: dict[str, str]
    fixed: tuple[tuple[str, str], ...]
    summed: tuple[str, ...]


def rows_for(plan: ChartPlan, path: Path, *, regions: Regions | None = None) -> ChartData:
    """The points of `plan` from the canonical CSV at `path`; a region of a higher level than the others is left out."""
    known = regions or load()
    beside = _reduced(plan, path)
    made = _over_time(plan, path, beside) if plan.mark == "line" else _ranking(plan, path, known, beside)
    return replace(made, fixed=beside.fixed, summed=beside.summed)


def _reduced(plan: ChartPlan, path: Path) -> _Reduced:
    """Of each dimension beside the chart: its total where the table has one, the sum where that means something, else
    the first value of the table."""
    seen: dict[str, dict[str, None]] = {name: {} for name, _title in plan.beside}
    if seen:
        for row in _records(path):
            for name, met in seen.items():
                if row[name] and len(met) < MOST_VALUES:
                    met[row[name]] = None
    values: dict[str, str] = {}
    fixed: list[tuple[str, str]] = []
    summed: list[str] = []
    for name, title in plan.beside:
        whole = [value for value in seen[name] if _WHOLE.fullmatch(value)]
        if not whole and plan.adds_up:
            summed.append(title)
        elif seen[name]:
            values[name] = (whole or list(seen[name]))[0]
            fixed.append((title, values[name]))
    return _Reduced(values, tuple(fixed), tuple(summed))


def _over_time(plan: ChartPlan, path: Path, beside: _Reduced) -> ChartData:
    points = list(_headers(plan, path) if plan.years else _cells(plan, path, beside))
    if plan.time_type != "string":
        points.sort(key=lambda point: point.time or "")
    times = list(dict.fromkeys(point.time for point in points))
    lines = max(1, len({point.series for point in points}))
    kept = set(times[-(MOST_POINTS // lines) :])
    shown = tuple(point for point in points if point.time in kept)
    return ChartData(shown, left_out=len(times) - len(kept))


def _cells(plan: ChartPlan, path: Path, beside: _Reduced) -> Iterator[Point]:
    added: dict[tuple[str, str | None], float | None] = {}
    for row in _rows(path, beside):
        time = row[plan.time or ""]
        for name in plan.values:
            series = row[plan.series] if plan.series else (name if len(plan.values) > 1 else None)
            if not time or (beside.summed and series and _WHOLE.fullmatch(series)):
                continue
            if not beside.summed:
                yield Point(time, series, _number(row[name]))
                continue
            value, before = _number(row[name]), added.get((time, series))
            added[time, series] = value if before is None else before if value is None else before + value
    yield from (Point(time, series, value) for (time, series), value in added.items())


def _headers(plan: ChartPlan, path: Path) -> Iterator[Point]:
    for row in _records(path):
        for year, name in zip(plan.years, plan.values, strict=True):
            yield Point(str(year), row[plan.series or ""], _number(row[name]))


def _ranking(plan: ChartPlan, path: Path, regions: Regions, beside: _Reduced) -> ChartData:
    latest = _latest(plan, path)
    added: dict[str, float] = {}
    bars: list[tuple[float, str]] = []
    for row in _rows(path, beside):
        name, value = row[plan.series or ""], _number(row[plan.values[0]])
        now = latest is None or row[plan.time or ""] == latest
        if not name or value is None or not now or _is_whole(name, plan, regions):
            continue
        if plan.within and row[plan.within]:
            name = f"{name} ({row[plan.within]})"
        if beside.summed:
            added[name] = added.get(name, 0.0) + value
        else:
            bars.append((value, name))
    bars += [(value, name) for name, value in added.items()]
    in_steps = len(bars) <= MOST_STEPS and all(re.match(r"\s*[<>≥≤]?\s*\d", name) for _, name in bars)
    highest = bars if in_steps else heapq.nlargest(MOST_BARS, bars, key=lambda bar: bar[0])
    points = tuple(Point(latest, name, value) for value, name in highest)
    year = latest or (str(plan.years[0]) if plan.years else None)
    return ChartData(points, left_out=len(bars) - len(highest), time=year)


def _latest(plan: ChartPlan, path: Path) -> str | None:
    """The latest time with figures for at least half as many as any other: a year just begun ranks nobody."""
    if not plan.time:
        return None
    counts: dict[str, int] = {}
    for row in _records(path):
        if row[plan.time] and _number(row[plan.values[0]]) is not None:
            counts[row[plan.time]] = counts.get(row[plan.time], 0) + 1
    most = max(counts.values(), default=0)
    return max((time for time, count in counts.items() if 2 * count >= most), default=None)


def _rows(path: Path, beside: _Reduced) -> Iterator[dict[str, str]]:
    return (row for row in _records(path) if all(row[name] == value for name, value in beside.values.items()))


def _is_whole(name: str, plan: ChartPlan, regions: Regions) -> bool:
    """Whether a bar would be the sum of the others: a total, or the province among its regencies."""
    if re.match(r"\s*(?:jumlah|total|rata-rata)\b", name, re.IGNORECASE):
        return True
    if plan.within:
        return False  # told by its code: a village may bear the name of its kecamatan
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
