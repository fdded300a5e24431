"""The table on a dataset's page: the question in the URL, answered and made into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from datasets.models import Resource
from datasets.query.errors import UnknownOperator
from datasets.query.page import PageColumn, TablePage
from datasets.query.question import Filter, Function, Operator, TableQuery
from datasets.query.shape import OPERATORS, ShapeColumn, TableShape
from datasets.query.url import arguments, parse
from portal.catalog.addresses import Pairs, Shown
from portal.catalog.present_downloads import Download, view_downloads
from portal.catalog.present_tools import TableTools, columns_url, row_base, table_tools
from portal.context import installation
from portal.web.engine import tables
from portal.web.filters import MANY, FilterForm, filter_form, function_in_words, offered_columns
from portal.web.tables import TableView, shown_query, table_view

ADD_COLUMN, ADD_OPERATOR, ADD_VALUE = "_add_column", "_add_operator", "_add_value"
FIND, PART = "_find", "_part"
ADDING = (ADD_COLUMN, ADD_OPERATOR, ADD_VALUE, FIND, PART)
"""Inputs of forms that are no part of a question: the free condition (any column, any comparison) is turned into the
query's own arguments, where one stood on the page of columns is forgotten."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """The table, its filter form, its tools, and the downloads of exactly this view (empty for the whole table).

    `columns_url` is where the columns of a table are chosen that has too many for its own page.
    """

    view: TableView
    form: FilterForm
    tools: TableTools
    downloads: tuple[Download, ...]
    filtered: bool
    columns_url: str = ""


def shape_of(resource: Resource) -> TableShape:
    """The columns of a table as they can be asked about."""
    return tables().shape(installation().blobs.path(str(resource.parquet_sha256)), resource.schema)


def asked(resource: Resource, pairs: Pairs) -> TableQuery:
    """The question in the URL. Raises a `BadQuery` that lists what would be understood."""
    return parse(pairs, shape_of(resource), ignored=ADDING)


def with_added(resource: Resource, pairs: Pairs) -> Pairs | None:
    """The canonical arguments with the free condition taken in; None when the URL holds none."""
    given = {name: value for name, value in pairs if name in ADDING and value.strip()}
    if not given:
        return None
    shape = shape_of(resource)
    query = parse(pairs, shape, ignored=ADDING)
    if ADD_COLUMN in given:
        query = replace(query, where=(*query.where, *_condition(shape, given)), page=1, after=None, row=None)
    return arguments(query, shape)


def table_part(shown: Shown, resource: Resource, query: TableQuery) -> TablePart:
    """Ask the engine for the page's rows and say them."""
    parquet = installation().blobs.path(str(resource.parquet_sha256))
    engine = tables()
    shape = engine.shape(parquet, resource.schema)
    roles = {field["name"]: field.get("lumbung:role", "") for field in resource.schema.get("fields", [])}
    stats: Mapping[str, Any] = resource.stats.get("columns", {})
    asked, query = query, shown_query(query, shape, roles)
    page = engine.page(parquet, resource.schema, query)

    def values(column: str) -> list[tuple[str, int]]:
        known = stats.get(column, {})
        top = known.get("top") or []
        if top and len(top) == known.get("distinct"):
            return [(_text(value), count) for value, count in top]
        choices, _distinct = engine.choices(parquet, resource.schema, column, limit=100)
        return [(choice.text, choice.count) for choice in choices if choice.text]

    offered = offered_columns(query, shape)
    narrowed = query.filtered or bool(query.sort) or query.grouped
    return TablePart(
        view=table_view(
            query,
            shape,
            columns=[_column(column, shape) for column in page.columns],
            rows=_rounded(page),
            numbers=page.numbers or range(query.offset + 1, query.offset + 1 + len(page.rows)),
            total=page.total,
            of=page.table_rows,
            roles=roles,
            row_base=row_base(shown, resource),
        ),
        tools=table_tools(shown, resource, asked, shape, roles, offered),
        form=filter_form(query, shape, offered=offered, stats=stats, roles=roles, values=values),
        columns_url=columns_url(shown, resource, arguments(asked.whole(), shape)) if len(shape.columns) > MANY else "",
        downloads=view_downloads(shown, resource, arguments(query.whole(), shape), rows=page.total) if narrowed else (),
        filtered=query.filtered,
    )


def _condition(shape: TableShape, given: Mapping[str, str]) -> tuple[Filter, ...]:
    column = shape.column(given[ADD_COLUMN])
    wanted, value = given.get(ADD_OPERATOR, "eq"), given.get(ADD_VALUE, "")
    operator = next((known for known in OPERATORS[column.type] if known.value == wanted), None)
    if operator is None:
        valid = tuple(known.value for known in OPERATORS[column.type])
        raise UnknownOperator(column=column.name, type=column.type, operator=wanted[:60], valid=valid)
    if operator in (Operator.MISSING, Operator.NOTMISSING):
        return (Filter(column.name, operator),)
    return (Filter(column.name, operator, (value,)),) if value.strip() else ()


def _rounded(page: TablePage) -> Sequence[Sequence[Any]]:
    """The rows with their means to a sensible number of digits: more would claim a precision that no mean has."""
    computed = [column.function in (Function.MEAN, Function.MEDIAN) for column in page.columns]
    if not any(computed):
        return page.rows
    return [[_sensible(cell) if mean else cell for cell, mean in zip(row, computed, strict=True)] for row in page.rows]


def _sensible(cell: Any) -> Any:
    if not isinstance(cell, float):
        return cell
    return round(cell, 2 if abs(cell) >= 1 else 4)


def _column(column: PageColumn, shape: TableShape) -> ShapeColumn:
    """A column of an answer as the view shows one; a computed one says how it was computed."""
    if column.function is None and column.name in shape:
        return shape.column(column.name)
    title = column.title if column.function is None else function_in_words(column.function, column.title)
    return ShapeColumn(
        name=column.name, title=title, type=column.type, stored="", position=0, unit=column.unit, description=None
    )


def _text(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
