"""The points of a chart: one question to the table engine, few enough marks to be read, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from datasets.charts.choice import COUNTED, FIGURES, MOST_COLORS, TIMES, ChartChoice, free_times, function_for
from datasets.query.cells import Cell, text_cell
from datasets.query.engine import TableEngine
from datasets.query.page import PageColumn
from datasets.query.question import COUNT, Function, Group, Measure, Sort, TableQuery
from metadata.views.asked import Point

MOST_GROUPS = 5_000
MOST_DOTS = 2_000
MOST_BARS = 30
MOST_POINTS = 1_500
"""Of lines, all colours together."""

Roles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Points in drawing order. `function` made each figure of up to `rows` rows (None: figures are as in the table).

    `query` asks the table for these very figures. `left_out` counts what is not drawn: bars, colors or points.
    """

    points: tuple[Point, ...]
    function: Function | None
    rows: int
    query: TableQuery
    left_out: int = 0
    left_what: str = ""


def drawn(
    engine: TableEngine,
    parquet: Path,
    schema: Mapping[str, Any],
    query: TableQuery,
    choice: ChartChoice,
    *,
    columns: Mapping[str, PageColumn],
    roles: Roles,
    stats: Mapping[str, Any],
) -> Drawn:
    """The points that a completed `choice` shows of `query`. Raises what `TableEngine.page` raises."""
    x, kind = columns[choice.x], choice.mark
    if query.grouped:
        answer = engine.page(parquet, schema, replace(query, page=1, after=None, size=MOST_GROUPS))
        place = {column.name: number for number, column in enumerate(answer.columns)}
        found = [
            (row[place[choice.x]], row[place[choice.color]] if choice.color else None, _of(row, place, choice.y), 1)
            for row in answer.rows
        ]
        made = columns[choice.y].function if choice.y in columns else None
        found = _sensible(found, made)
        return _told(found, choice, x, None, query.whole(), left=answer.total - len(found), sort=not query.sort)
    if kind == "scatter":
        return _dots(engine, parquet, schema, query, choice)
    free = free_times(query, choice, roles, stats)
    figure = columns.get(choice.y)
    function = function_for(choice, figure, free)
    measure = COUNT if choice.y == COUNTED or function is Function.COUNT else Measure(function, choice.y)
    groups = tuple(Group(name) for name in (choice.x, choice.color) if name)
    asked = TableQuery(
        where=query.where,
        text=query.text,
        group=groups,
        measures=(COUNT,) if measure == COUNT else (COUNT, measure),
        size=MOST_GROUPS,
    )
    # of too many groups the latest times are drawn, else the highest
    last = asked.labels[-1]
    asked = replace(asked, sort=(Sort(choice.x, descending=True) if x.type in TIMES else Sort(last, descending=True),))
    answer = engine.page(parquet, schema, asked)
    counted = len(groups)
    found = [(row[0], row[1] if choice.color else None, row[-1], int(str(row[counted]))) for row in answer.rows]
    most = max((rows for *_rest, rows in found), default=1)
    plain = most == 1 and measure != COUNT
    made = None if plain else measure.function
    found = _sensible(found, made)
    return _told(found, choice, x, made, asked.whole(), left=answer.total - len(found))


Found = tuple[Cell, Cell, Cell, int]


def _of(row: Sequence[Cell], place: Mapping[str, int], name: str) -> Cell:
    """A figure of a grouped answer; `COUNTED` is the group's own count, when it has one."""
    return row[place[name]] if name in place else 1


def _told(
    found: Sequence[Found],
    choice: ChartChoice,
    x: PageColumn,
    function: Function | None,
    query: TableQuery,
    *,
    left: int,
    sort: bool = True,
) -> Drawn:
    most = max((rows for *_rest, rows in found), default=1)
    kept = [entry for entry in found if entry[0] is not None and entry[2] is not None]
    what = "points" if left else ""
    kept, colors = _few_colors(kept, choice)
    if colors:
        left, what = colors, "colors"
    in_order = x.type in TIMES or x.type in FIGURES
    if choice.mark in ("bar", "stacked") and not in_order:
        totals: dict[Cell, float] = {}
        for entry in kept:
            totals[entry[0]] = totals.get(entry[0], 0.0) + _number(entry[2])
        names = sorted(totals, key=lambda name: -totals[name]) if sort else list(totals)
        if len(names) > MOST_BARS:
            left, what = left + len(names) - MOST_BARS, "bars"
        rank = {name: place for place, name in enumerate(names[:MOST_BARS])}
        kept = sorted((entry for entry in kept if entry[0] in rank), key=lambda entry: rank[entry[0]])
    elif in_order:
        kept = sorted(kept, key=lambda entry: (_sortable(entry[0]), str(entry[1])))
        if choice.mark != "map" and len(kept) > MOST_POINTS:
            left, what = left + len(kept) - MOST_POINTS, "points"
            kept = kept[-MOST_POINTS:]
    points = tuple(Point(_drawable(a), None if not choice.color else _word(b), _number(c)) for a, b, c, _rows in kept)
    return Drawn(points, function, most, query, left, what)


def _sensible(found: list[Found], function: Function | None) -> list[Found]:
    """Means to a sensible number of digits: more would claim a precision that no mean has."""
    if function not in (Function.MEAN, Function.MEDIAN):
        return found
    return [
        (x, color, round(_number(y), 2 if abs(_number(y)) >= 1 else 4), rows)
        for x, color, y, rows in found
        if y is not None
    ]


def _few_colors(found: list[Found], choice: ChartChoice) -> tuple[list[Found], int]:
    """No more colours than can be told apart: those with the largest figures."""
    if not choice.color:
        return found, 0
    totals: dict[Cell, float] = {}
    for entry in found:
        totals[entry[1]] = totals.get(entry[1], 0.0) + abs(_number(entry[2]))
    if len(totals) <= MOST_COLORS:
        return found, 0
    kept = set(sorted(totals, key=lambda name: (-totals[name], str(name)))[:MOST_COLORS])
    return [entry for entry in found if entry[1] in kept], len(totals) - MOST_COLORS


def _dots(
    engine: TableEngine, parquet: Path, schema: Mapping[str, Any], query: TableQuery, choice: ChartChoice
) -> Drawn:
    names = tuple(dict.fromkeys(name for name in (choice.x, choice.y, choice.color) if name))
    asked = replace(query, columns=names, page=1, after=None, row=None, size=MOST_DOTS)
    answer = engine.page(parquet, schema, asked)
    place = {column.name: number for number, column in enumerate(answer.columns)}
    found: list[Found] = [
        (row[place[choice.x]], row[place[choice.color]] if choice.color else None, row[place[choice.y]], 1)
        for row in answer.rows
        if row[place[choice.x]] is not None and row[place[choice.y]] is not None
    ]
    kept, colors = _few_colors(found, choice)
    left, what = (colors, "colors") if colors else (answer.total - len(answer.rows), "points")
    points = tuple(Point(_drawable(a), None if not choice.color else _word(b), _number(c)) for a, b, c, _one in kept)
    return Drawn(points, None, 1, asked.whole(), left, what if left else "")


def _number(value: Cell) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0.0
    return number if abs(number) < 1e300 else 0.0


def _drawable(value: Cell) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime | time | bool):
        return text_cell(value)
    return value


def _word(value: Cell) -> str:
    return text_cell(value) or "–"


def _sortable(value: Cell) -> Any:
    return float(value) if isinstance(value, int | float | Decimal) else text_cell(value)
