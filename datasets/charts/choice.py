"""What somebody wants to see of a table: the kind of chart, what stands along it, which figure, which colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasets.query.errors import BadQuery, UnknownColumn, shown
from datasets.query.page import PageColumn
from datasets.query.question import Function, Operator, TableQuery
from metadata.terms import Bilingual
from metadata.views.asked import MARKS, Mark
from metadata.views.plan import RATES

ROLE = "lumbung:role"
FIGURES = ("integer", "number")
TIMES = ("year", "date", "datetime", "time")
MOST_COLORS = 6
HOWS = tuple(function.value for function in Function)
COUNTED = "count"
"""As `y`: the number of rows."""
NO_COLOR = "-"
"""As `color`: one colour for all, where another would be chosen."""


class NotDrawable(BadQuery):
    """A chart that cannot be drawn as asked."""

    code = "chart.not_drawable"
    text = Bilingual(
        id="{what} “{value}” tidak dapat dipakai untuk grafik ini. Yang dapat: {valid}.",
        en="{what} “{value}” cannot be used for this chart. Possible are {valid}.",
    )


@dataclass(frozen=True, slots=True)
class ChartChoice:
    """`x`, `y` and `color` are columns of the question's answer (`y` may be `COUNTED`, `color` `NO_COLOR`).

    "" leaves it to `completed`, after which a `color` of "" is none.

    `how` is the function that makes one figure of several rows; "" chooses.
    """

    mark: str = ""
    x: str = ""
    y: str = ""
    color: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What could be chosen: each column of the answer that fits, in order."""

    x: tuple[PageColumn, ...]
    y: tuple[PageColumn, ...]
    color: tuple[PageColumn, ...]
    regions: tuple[str, ...]


def candidates(columns: Sequence[PageColumn], roles: Mapping[str, str]) -> Candidates:
    """The columns of an answer by what they can be; those with regions in them can be a map's."""
    named = {column.name: roles.get(column.source or column.name, "") for column in columns}
    regions = [c.name for kind in ("region_name", "region_code") for c in columns if named[c.name] == kind]
    return Candidates(
        x=tuple(columns),
        y=tuple(c for c in columns if c.type in FIGURES and named[c.name] not in ("number", "region_code")),
        color=tuple(c for c in columns if c.function is None and c.type in ("string", "boolean", "year", "date")),
        regions=tuple(regions),
    )


def completed(
    choice: ChartChoice,
    found: Candidates,
    query: TableQuery,
    *,
    roles: Mapping[str, str],
    stats: Mapping[str, Any],
) -> ChartChoice:
    """The choice with everything left open filled in sensibly. Raises `UnknownColumn` and `NotDrawable`."""
    _check(choice, found)
    y = choice.y or _best_y(found, roles, query)
    x = choice.x or _best_x(found, query, roles, stats, y, choice.mark)
    axis = next(column for column in found.x if column.name == x)
    mark = choice.mark or ("line" if axis.type in TIMES else "scatter" if axis.type in FIGURES else "bar")
    if mark == "scatter" and y == COUNTED:
        raise NotDrawable(what="_y", value=COUNTED, valid=tuple(column.name for column in found.y))
    if mark == "map" and x not in found.regions:
        raise NotDrawable(what="_x", value=shown(x), valid=found.regions)
    color = "" if mark == "map" or choice.color in (x, NO_COLOR) else choice.color
    if not color and mark in ("line", "stacked") and not choice.color:
        color = _best_color(found, query, stats, x, roles)
    if mark == "stacked" and not color:
        mark = "bar"
    how = "" if query.grouped or mark == "scatter" or y == COUNTED else choice.how
    return ChartChoice(mark=mark, x=x, y=y, color=color, how=how)


def additive(column: PageColumn, free_time: bool) -> bool:
    """Whether figures of several rows may be added up: counted things, at one time."""
    if free_time or (column.unit or "").lower() in RATES or " per " in f" {column.title.lower()} {column.unit or ''} ":
        return False
    return column.type == "integer" or bool(column.unit)


def function_for(choice: ChartChoice, column: PageColumn | None, free_time: bool) -> Function:
    """The function that makes one figure of several rows: the one asked for, else the sum where it means something."""
    if choice.how:
        return Function(choice.how)
    if column is None:
        return Function.COUNT
    return Function.SUM if additive(column, free_time) else Function.MEAN


def free_times(query: TableQuery, choice: ChartChoice, roles: Mapping[str, str], stats: Mapping[str, Any]) -> bool:
    """Whether rows of several times would come together in one mark."""
    for name, role in roles.items():
        if role not in ("year", "period") or name in (choice.x, choice.color):
            continue
        fixed = any(f.column == name and f.operator is Operator.EQ and len(f.values) == 1 for f in query.where)
        if not fixed and (stats.get(name, {}).get("distinct") or 0) > 1:
            return True
    return False


def _check(choice: ChartChoice, found: Candidates) -> None:
    if choice.mark and choice.mark not in MARKS:
        raise NotDrawable(what="_chart", value=shown(choice.mark), valid=MARKS)
    if choice.how and choice.how not in HOWS:
        raise NotDrawable(what="_how", value=shown(choice.how), valid=HOWS)
    color = "" if choice.color == NO_COLOR else choice.color
    for argument, name, columns in (("_x", choice.x, found.x), ("_color", color, found.color)):
        valid = tuple(column.name for column in columns)
        if name and name not in {column.name for column in found.x}:
            raise UnknownColumn(column=shown(name), valid=valid)
        if name and name not in valid:
            raise NotDrawable(what=argument, value=shown(name), valid=valid)
    figures = (*(column.name for column in found.y), COUNTED)
    if choice.y and choice.y not in figures:
        raise NotDrawable(what="_y", value=shown(choice.y), valid=figures)


def _best_y(found: Candidates, roles: Mapping[str, str], query: TableQuery) -> str:
    """The first measure, else the number of rows."""
    if query.grouped:
        computed = [column for column in found.y if column.function]
        return (computed or list(found.y))[-1].name if found.y else COUNTED
    measures = [column for column in found.y if roles.get(column.name) in ("value", "")]
    return measures[0].name if measures else COUNTED


def _best_x(
    found: Candidates, query: TableQuery, roles: Mapping[str, str], stats: Mapping[str, Any], y: str, mark: Mark | str
) -> str:
    """Time where there are at least three of it that no filter fixes, else what names a row."""
    free = [column for column in found.x if column.name != y and not _fixed(query, column.name)]
    if mark == "map":
        return next(iter(found.regions), free[0].name if free else y)
    if mark == "scatter":
        return next((c.name for c in found.y if c.name != y), y)
    for wanted in (("year", "period"), ("region_name",), ("category", "label"), ("region_code", "identifier")):
        for column in free:
            few = wanted[0] == "year" and (stats.get(column.name, {}).get("distinct") or 3) < 3
            if column.function is None and roles.get(column.source or column.name) in wanted and not few:
                return column.name
    return (free or list(found.x))[0].name


def _best_color(
    found: Candidates, query: TableQuery, stats: Mapping[str, Any], x: str, roles: Mapping[str, str]
) -> str:
    """A column of few values that is not drawn along the axis; in a grouped question its other group.

    Who asks for two or more of something compares them.
    """
    compared = _compared(found, query, x, roles)
    if compared:
        return compared
    for column in found.color:
        if column.name == x or _fixed(query, column.name) or column.type not in ("string", "boolean"):
            continue
        distinct = stats.get(column.source or column.name, {}).get("distinct") or 0
        naming = roles.get(column.source or column.name) in ("category", "label", "region_name", "period")
        if query.grouped or (naming and 1 < distinct <= MOST_COLORS):
            return column.name
    return ""


def _compared(found: Candidates, query: TableQuery, x: str, roles: Mapping[str, str]) -> str:
    """The column of which the question names a few values; of regions asked for by code, their names."""
    for asked in query.where:
        if asked.operator is not Operator.EQ or not 1 < len(asked.values) <= MOST_COLORS or asked.column == x:
            continue
        by_role = [c.name for c in found.color if roles.get(c.source or c.name) == "region_name" and c.name != x]
        if roles.get(asked.column) == "region_code" and len(by_role) == 1:
            return by_role[0]
        if any(column.name == asked.column for column in found.color):
            return asked.column
    return ""


def _fixed(query: TableQuery, name: str) -> bool:
    return any(f.column == name and f.operator is Operator.EQ and len(f.values) == 1 for f in query.where)
