"""What can be done with the table as it is asked: groups and figures, a chart, SQL, the API, a citation of the view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from datasets.models import Resource
from datasets.query.question import COUNT, Function, Group, Measure, Period, TableQuery
from datasets.query.shape import FUNCTIONS, ShapeColumn, TableShape
from datasets.query.url import arguments
from portal.catalog.addresses import Pairs, Shown
from portal.catalog.present_cite import Citation
from portal.context import installation
from portal.explore.api_answers import api_url
from portal.explore.chart_address import chart_url
from portal.explore.citing import absolute, view_citation
from portal.web.filters import function_in_words
from portal.web.i18n import gettext as _

MOST_MEASURED = 20
"""Columns of figures that the form offers; any other can be named in the address."""
MOST_GROUPS = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of the form: its value in the address, its words, whether it is chosen."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Summarise:
    """The form that groups: choices for up to two groups and up to two figures, and what it keeps of the question."""

    groups: tuple[tuple[Choice, ...], tuple[Choice, ...]]
    measures: tuple[tuple[tuple[str, tuple[Choice, ...]], ...], ...]
    kept: Pairs
    active: bool
    ungrouped: str


@dataclass(frozen=True, slots=True)
class TableTools:
    """The addresses; `sql` is empty where SQL is off, `citation` None for the whole table, which the page cites."""

    summarise: Summarise
    chart: str
    sql: str
    api: str
    citation: Citation | None
    view: str


def table_tools(
    shown: Shown,
    resource: Resource,
    query: TableQuery,
    shape: TableShape,
    roles: Mapping[str, str],
    offered: Sequence[ShapeColumn],
) -> TableTools:
    """The tools for `query` as the page asks it; `offered` are the columns that forms list."""
    asked = arguments(query.whole(), shape)
    fixed = Shown(shown.dataset, shown.version, fixed=True)
    plain = arguments(replace(query.whole(), columns=(), row=None), shape)
    sql = ""
    if installation().settings.sql_enabled:
        endpoint: Any = "sql.version_page" if shown.fixed else "sql.page"
        values: dict[str, Any] = {"number": shown.version.number} if shown.fixed else {}
        sql = url_for(endpoint, slug=shown.dataset.slug, **values)
    address = fixed.page(resource, asked)
    return TableTools(
        summarise=_summarise(query, shape, roles, offered),
        chart=chart_url(shown, resource, plain),
        sql=sql,
        api=api_url(shown, resource, asked),
        citation=view_citation(fixed, address, _named(shown, resource)) if asked else None,
        view=absolute(address),
    )


def row_base(shown: Shown, resource: Resource) -> str:
    """The address of a row without its number."""
    values: dict[str, Any] = {"slug": shown.dataset.slug, "resource": resource.name, "number": 0}
    if shown.fixed:
        return url_for("rows.version_row", version=shown.version.number, **values)[:-1]
    return url_for("rows.row", **values)[:-1]


def columns_url(shown: Shown, resource: Resource, pairs: Pairs = ()) -> str:
    """The page of all columns of a table, where those to be shown are chosen."""
    values: dict[str, Any] = {"slug": shown.dataset.slug, "resource": resource.name}
    endpoint: Any = "columns.page"
    if shown.fixed:
        endpoint, values["number"] = "columns.version_page", shown.version.number
    return url_for(endpoint, **values) + (f"?{urlencode(list(pairs), safe=',:')}" if pairs else "")


def _named(shown: Shown, resource: Resource) -> str:
    return _("part of the table") if len(shown.version.resources) == 1 else resource.title


def _summarise(
    query: TableQuery, shape: TableShape, roles: Mapping[str, str], offered: Sequence[ShapeColumn]
) -> Summarise:
    unpaged = replace(query, page=1, after=None, row=None, columns=(), sort=(), group=(), measures=())
    group = (*query.group, None, None)
    measure = (*query.measures, None, None)
    groups = tuple(_groups(shape, offered, group[place], roles) for place in (0, 1))
    measures = tuple(_measures(shape, offered, measure[place], roles) for place in (0, 1))
    kept = arguments(unpaged, shape)
    return Summarise(
        groups=(groups[0], groups[1]),
        measures=measures,
        kept=kept,
        active=query.grouped,
        ungrouped=f"?{urlencode(kept)}#tabel",
    )


def _groups(
    shape: TableShape, offered: Sequence[ShapeColumn], chosen: Group | None, roles: Mapping[str, str]
) -> tuple[Choice, ...]:
    """Columns that name things first; dates by the month, the quarter and the year too."""
    listed = sorted(offered, key=lambda c: (roles.get(c.name) in ("value", "coordinate", "number"), c.position))
    found: list[Choice] = []
    for column in listed[:MOST_GROUPS]:
        periods = (None, Period.MONTH, Period.QUARTER, Period.YEAR) if column.type in ("date", "datetime") else (None,)
        for period in periods:
            group = Group(column.name, period)
            text = f"{column.title} ({_period(period)})" if period else column.title
            found.append(Choice(_value(TableQuery(group=(group,)), shape, "_group"), text, group == chosen))
    return tuple(found)


def _measures(
    shape: TableShape, offered: Sequence[ShapeColumn], chosen: Measure | None, roles: Mapping[str, str]
) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """By column: the functions that its type has."""
    listed = [c for c in offered if c.type in ("integer", "number")]
    listed.sort(key=lambda column: (roles.get(column.name) != "value", column.position))
    count = Choice("count", function_in_words(Function.COUNT, ""), chosen == COUNT)
    return (("", (count,)), *((_titled(c), _functions(c, shape, chosen)) for c in listed[:MOST_MEASURED]))


def _functions(column: ShapeColumn, shape: TableShape, chosen: Measure | None) -> tuple[Choice, ...]:
    found = []
    for function in FUNCTIONS[column.type]:
        measure = Measure(function, column.name)
        value = _value(TableQuery(measures=(measure,)), shape, "_measure")
        found.append(Choice(value, function_in_words(function, column.title), measure == chosen))
    return tuple(found)


def _titled(column: ShapeColumn) -> str:
    unit = column.unit if column.unit and column.unit.lower() not in column.title.lower() else ""
    return f"{column.title} ({unit})" if unit else column.title


def _value(query: TableQuery, shape: TableShape, argument: str) -> str:
    return dict(arguments(query, shape))[argument]


def _period(period: Period) -> str:
    return {
        Period.DAY: _("by day"),
        Period.MONTH: _("by month"),
        Period.QUARTER: _("by quarter"),
        Period.YEAR: _("by year"),
    }[period]
