"""Histograms with edges that people read: steps of 1, 2 or 5 times a power of ten, and calendar periods."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

BINS = 20
PERIODS = ("day", "month", "quarter", "year", "decade", "century", "millennium")

Ask = Callable[[str], list[tuple[Any, ...]]]
Bin = tuple[Any, Any, int]


def number_bins(ask: Ask, column: str, table: str, *, whole: bool) -> list[list[Any]]:
    """`[from, to, count]` over the finite values, at most 20, in order; empty bins between are kept."""
    value = f"CAST({column} AS DOUBLE)"
    finite = f"FROM {table} WHERE isfinite({value})"
    low, high = ask(f"SELECT min({value}), max({value}) {finite}")[0]
    if low is None:
        return []
    edges = nice_edges(low, high, whole=whole)
    last = len(edges) - 2
    listed = ", ".join(repr(edge) for edge in edges)
    guess = f"greatest(0, least({last}, CAST(floor(({value} - {edges[0]!r}) / {edges[1] - edges[0]!r}) AS BIGINT)))"
    exact = (  # the division may be off by one at an edge
        f"CASE WHEN v < e[b + 1] AND b > 0 THEN b - 1 WHEN b < {last} AND v >= e[b + 2] THEN b + 1 ELSE b END"
    )
    counts: dict[int, int] = dict(
        ask(
            f"SELECT {exact} AS bin, count(*) FROM "  # noqa: S608
            f"(SELECT {value} AS v, {guess} AS b, [{listed}] AS e {finite}) GROUP BY bin"
        )
    )
    return [[_tidy(edges[n]), _tidy(edges[n + 1]), counts.get(n, 0)] for n in range(last + 1)]


def nice_edges(low: float, high: float, *, whole: bool) -> list[float]:
    """Ascending edges around `low` and `high`, at most 21, one step apart."""
    span = (high - low) / BINS or abs(low) / 100 or 1.0
    if not math.isfinite(span):
        return [low, high]
    step = 10.0 ** math.floor(math.log10(span))
    if whole:
        step = max(step, 1.0)
    for factor in (1, 2, 5, 10, 20, 50):
        width = step * factor
        first, last = math.floor(low / width), math.floor(high / width)
        if last - first < BINS:
            edges = [float(f"{n * width:.15g}") for n in range(first, last + 2)]
            if edges[0] <= low and high <= edges[-1] and all(left < right for left, right in pairwise(edges)):
                return edges
    return [low, high if high > low else math.nextafter(low, math.inf)]  # closer together than digits can tell


def period_bins(ask: Ask, column: str, table: str) -> list[list[Any]]:
    """`[from, to, count]` by the finest calendar period of which there are at most 20; `to` begins the next."""
    for period in PERIODS:
        start = f"date_trunc('{period}', {column})"
        begins = f"FROM {table} WHERE {column} IS NOT NULL"
        spread = ask(f"SELECT date_diff('{period}', min({column}), max({column})) {begins}")[0][0]
        if spread is None:
            return []
        if spread >= BINS:
            continue
        step = f"INTERVAL 1 {period}"
        found = ask(
            f"WITH counted AS (SELECT CAST({start} AS DATE) AS d, count(*) AS n {begins} GROUP BY 1) "  # noqa: S608
            f"SELECT CAST(d AS VARCHAR), CAST(CAST(CAST(d AS TIMESTAMP) + {step} AS DATE) AS VARCHAR), "
            f"coalesce(n, 0) FROM "
            f"(SELECT CAST(unnest(generate_series((SELECT CAST(min(d) AS TIMESTAMP) FROM counted), "
            f"(SELECT CAST(max(d) AS TIMESTAMP) FROM counted), {step})) AS DATE) AS d) "
            f"LEFT JOIN counted USING (d) ORDER BY d"
        )
        return [[_clipped(begin), _clipped(end), count] for begin, end, count in found]
    return []


def _clipped(day: str) -> str:
    """Within the years that ISO dates of four digits have: a millennium begins before and ends behind them."""
    if "BC" in day:
        return "0001-01-01"
    return day if len(day) == 10 else "9999-12-31"


def _tidy(edge: float) -> int | float:
    return int(edge) if edge == int(edge) and abs(edge) < 2**53 else edge
