"""What a table is filtered and sorted by, in words, each with the address without it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from datasets.query.question import Filter, Operator, TableQuery
from datasets.query.shape import ShapeColumn, TableShape
from datasets.query.url import arguments
from portal.web.cells import writer
from portal.web.filters import function_in_words, operators_in_words
from portal.web.i18n import gettext as _

ANCHOR = "#tabel"
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Chip:
    """An active condition in words and the address without it."""

    text: str
    url: str


def link(query: TableQuery, shape: TableShape) -> str:
    """The address of a question on the page at hand: only the query, the path stays."""
    return f"?{urlencode(arguments(query, shape))}{ANCHOR}"


def chips(query: TableQuery, shape: TableShape) -> tuple[Chip, ...]:
    """One chip for each word searched, value asked for and column sorted by."""
    made = []
    if query.text:
        made.append(Chip(text=f"“{query.text}”", url=link(replace(query, text=""), shape)))
    for condition in query.where:
        column = shape.column(condition.column)
        for value in condition.values or ("",):
            made.append(
                Chip(
                    text=_condition(column, condition.operator, value), url=link(_less(query, condition, value), shape)
                )
            )
    for group in query.group:
        title = shape.column(group.column).title
        ungrouped = replace(query, group=tuple(other for other in query.group if other != group), sort=())
        if not ungrouped.group:
            ungrouped = replace(ungrouped, measures=())
        made.append(Chip(text=_("Grouped: %(column)s", column=title), url=link(ungrouped, shape)))
    for sort in query.sort:
        title = _sorted_by(sort.column, query, shape)
        direction = "↓" if sort.descending else "↑"
        kept = tuple(other for other in query.sort if other != sort)
        made.append(
            Chip(
                text=_("Sorted: %(column)s", column=f"{title} {direction}"), url=link(replace(query, sort=kept), shape)
            )
        )
    return tuple(made)


def _sorted_by(label: str, query: TableQuery, shape: TableShape) -> str:
    """What the order follows: a column, or a figure computed for each group."""
    for measure in query.measures:
        if measure.label == label:
            return function_in_words(measure.function, shape.column(measure.column).title if measure.column else "")
    return shape.column(label).title if label in shape else label


def _less(query: TableQuery, condition: Filter, value: str) -> TableQuery:
    """The question without one value of a condition."""
    values = tuple(other for other in condition.values if other != value)
    without = query.without(condition)
    return replace(without, where=(*without.where, replace(condition, values=values))) if values else without


def _condition(column: ShapeColumn, operator: Operator, value: str) -> str:
    words = operators_in_words()[operator]
    shown = (writer("boolean", ()).write(value == "true") if column.type == "boolean" else value)[:LONGEST]
    if operator is Operator.EQ:
        return f"{column.title}: {shown}"
    if operator in (Operator.MISSING, Operator.NOTMISSING):
        return f"{column.title} {words}"
    return f"{column.title} {words} {shown}"
