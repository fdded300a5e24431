"""A question held against the table's shape: what is impossible is refused, what means the same becomes the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from datasets.query.conditions import words
from datasets.query.errors import (
    BadValue,
    Conflict,
    TooMuchAsked,
    UnknownColumn,
    UnknownFunction,
    UnknownOperator,
    shown,
)
from datasets.query.question import (
    COUNT,
    LARGEST_PAGE,
    PAGE_SIZE,
    Filter,
    Function,
    Group,
    Measure,
    Operator,
    Sort,
    TableQuery,
)
from datasets.query.shape import FUNCTIONS, OPERATORS, ShapeColumn, TableShape
from datasets.query.values import LONGEST, canonical_text

MOST_VALUES = 500
MOST_WORDS = 8
MOST_KEYS = 8
MOST_NUMBER = 10**12
MOST_CELLS = 250_000  # of a page larger than the usual
_UNVALUED = (Operator.MISSING, Operator.NOTMISSING)


def checked(query: TableQuery, shape: TableShape, *, most_rows: int = LARGEST_PAGE) -> TableQuery:
    """The question in its one normal form. Raises a `BadQuery` for what cannot be asked of this table.

    A page has at most `most_rows` rows, and fewer of a table with many columns.

    Filters of one column and operator become one, values get their canonical text, filters stand in the order of the
    columns; a list of all columns, a second sort by the same column and a lone count are left out.
    """
    _together(query)
    _many("_sort", query.sort, MOST_KEYS)
    _many("_group", query.group, MOST_KEYS)
    _many("_measure", query.measures, 4 * MOST_KEYS)
    _many("_q", words(query.text), MOST_WORDS)
    if query.text.encode("utf-8", "replace").decode() != query.text:
        raise BadValue(value=shown(query.text), argument="_q", expected="UTF-8")
    if len(query.text) > LONGEST:
        raise TooMuchAsked(argument="_q", count=len(query.text), most=LONGEST)
    for name, number, most in (
        ("_page", query.page, MOST_NUMBER),
        ("_size", query.size, max(most_rows, PAGE_SIZE)),
        ("_after", query.after, MOST_NUMBER),
        ("_row", query.row, MOST_NUMBER),
    ):
        if number is not None and not 1 <= number <= most:
            raise BadValue(value=number, argument=name, expected=f"1 … {most}")
    width = len(query.columns) or len(shape.columns)
    if not query.grouped and query.size > PAGE_SIZE and query.size * width > MOST_CELLS:
        raise TooMuchAsked(argument="_size", count=query.size, most=max(PAGE_SIZE, MOST_CELLS // width))
    measures = tuple(dict.fromkeys(_measured(measure, shape) for measure in query.measures))
    group = tuple(dict.fromkeys(_grouped(group, shape) for group in query.group))
    columns = tuple(dict.fromkeys(shape.column(name).name for name in query.columns))
    return replace(
        query,
        columns=() if columns == tuple(column.name for column in shape.columns) else columns,
        where=_gathered(query.where, shape),
        text=" ".join(query.text.split()),
        sort=_sorted(query, shape),
        group=group,
        measures=() if measures == (COUNT,) and group else measures,
    )


def _together(query: TableQuery) -> None:
    """What contradicts: groups have no rows to address, one row has no page."""
    if query.grouped and (query.columns or query.after is not None or query.row is not None):
        raise Conflict(arguments=("_group/_measure", "_columns/_after/_row"))
    if query.after is not None and query.page != 1:
        raise Conflict(arguments=("_after", "_page"))
    if query.row is not None and (
        query.where or query.text or query.sort or query.page != 1 or query.after is not None
    ):
        raise Conflict(arguments=("_row", "_q/_sort/_page/_after"))


def _many(argument: str, given: Iterable[object], most: int) -> None:
    count = len(list(given))
    if count > most:
        raise TooMuchAsked(argument=argument, count=count, most=most)


def _gathered(filters: Iterable[Filter], shape: TableShape) -> tuple[Filter, ...]:
    values: dict[tuple[int, Operator], set[str]] = {}
    for filter_ in filters:
        column = shape.column(filter_.column)
        _allowed(column, filter_.operator)
        if bool(filter_.values) == (filter_.operator in _UNVALUED):
            raise BadValue(value="", argument=column.name, expected=filter_.operator.value)
        kept = values.setdefault((column.position, filter_.operator), set())
        kept |= {canonical_text(column, text) for text in filter_.values}
        _many(column.name, kept, MOST_VALUES)
    order = list(Operator)
    places = sorted(values, key=lambda place: (place[0], order.index(place[1])))
    return tuple(
        Filter(shape.columns[position].name, operator, tuple(sorted(values[position, operator])))
        for position, operator in places
    )


def _allowed(column: ShapeColumn, operator: Operator) -> None:
    valid = OPERATORS[column.type]
    if operator not in valid:
        names = tuple(other.value for other in valid)
        raise UnknownOperator(column=column.name, type=column.type, operator=operator.value, valid=names)


def _sorted(query: TableQuery, shape: TableShape) -> tuple[Sort, ...]:
    labels = query.labels
    kept: dict[str, Sort] = {}
    for sort in query.sort:
        if not query.grouped:
            shape.column(sort.column)
        elif sort.column not in labels:
            raise UnknownColumn(column=shown(sort.column), valid=labels)
        kept.setdefault(sort.column, sort)
    return tuple(kept.values())


def _measured(measure: Measure, shape: TableShape) -> Measure:
    if measure.column is None:
        if measure.function is not Function.COUNT:
            raise UnknownFunction(function=measure.function.value, column="…", valid=("count",))
        return measure
    column = shape.column(measure.column)
    if measure.function not in FUNCTIONS[column.type]:
        valid = tuple(function.value for function in FUNCTIONS[column.type])
        raise UnknownFunction(function=measure.function.value, column=column.name, valid=valid)
    return measure


def _grouped(group: Group, shape: TableShape) -> Group:
    column = shape.column(group.column)
    if group.period is not None and column.type not in {"date", "datetime"}:
        raise UnknownFunction(function=group.period.value, column=column.name, valid=(column.name,))
    return group
