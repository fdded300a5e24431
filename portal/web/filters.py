"""The filter form of a table: a control fit to each column's type, all of it a plain GET form over the query's URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from datasets.query.question import PAGE_SIZE, Filter, Function, Operator, TableQuery
from datasets.query.shape import OPERATORS, ShapeColumn, TableShape
from datasets.query.url import arguments
from portal.web.cells import in_figures, writer
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

CONTROLS = 9
"""Columns that get a control of their own; any other is reached through the free condition."""
MANY = 100
"""Columns of which all are offered in lists; of a table with more, those that it shows and asks about."""
_FIRST = 12
MOST_CHOICES = 60
CHOICES_BYTES = 20_000
"""What all values to tick may weigh on a page of at most 100 kB; columns beyond it are looked through by text."""
CHOICE_BYTES = 110
"""What one value to tick weighs beside its two texts."""

Kind = Literal["choice", "range", "text"]
Values = Callable[[str], Sequence[tuple[str, int]]]
"""The distinct values of a column as canonical texts with their counts, the most frequent first."""

_ORDER = ("region_name", "year", "category", "period", "label", "value", "region_code", "identifier", "unit")
_SAMPLES = {"string": "x", "boolean": "true", "date": "2000-01-01", "datetime": "2000-01-01", "time": "10:00"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to tick."""

    value: str
    text: str
    count: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a control: its name in the URL, what it holds now, what it may hold."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    input: Literal["text", "date"] = "text"
    mode: str = "text"


@dataclass(frozen=True, slots=True)
class Control:
    """The control of one column: choices to tick, a range of two fields, or a text to look for."""

    kind: Kind
    title: str
    unit: str
    choices: tuple[Choice, ...] = ()
    name: str = ""
    chosen: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterForm:
    """`kept` are hidden inputs for what the form does not show; `columns` and `operators` make the free condition."""

    text: str
    controls: tuple[Control, ...]
    kept: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    operators: tuple[tuple[str, str], ...]
    active: int


def filter_form(
    query: TableQuery,
    shape: TableShape,
    *,
    offered: Sequence[ShapeColumn],
    stats: Mapping[str, Any],
    roles: Mapping[str, str],
    values: Values,
) -> FilterForm:
    """The form that shows `query`. `stats` are the table's figures per column, `roles` what each column is for.

    `offered` are the columns that may be asked about, as `offered_columns` chose them.
    """
    asked = {(condition.column, condition.operator): condition.values for condition in query.where}
    shown: set[tuple[str, Operator]] = set()
    controls = []
    chosen = _chosen(offered, roles, {condition.column for condition in query.where})
    ticked = _ticked(chosen, stats, {column for column, operator in asked if operator is Operator.EQ})
    for column in chosen:
        about = stats.get(column.name, {})
        if column.name in ticked:
            controls.append(_choices(column, shape, asked, values(column.name)))
            shown.add((column.name, Operator.EQ))
        elif column.type in ("string", "boolean"):
            controls.append(_text(column, shape, asked))
            shown.add((column.name, Operator.CONTAINS))
        else:
            controls.append(_range(column, shape, asked, about))
            shown |= {(column.name, Operator.GE), (column.name, Operator.LE)}
    rest = tuple(condition for condition in query.where if (condition.column, condition.operator) not in shown)
    unseen = replace(query, where=rest, text="", page=1, after=None, row=None, size=PAGE_SIZE)
    return FilterForm(
        text=query.text,
        controls=tuple(controls),
        kept=tuple(arguments(unseen, shape)),
        columns=tuple((column.name, _titled(column)) for column in offered),
        operators=tuple((operator.value, words) for operator, words in operators_in_words().items()),
        active=len(query.where) + bool(query.text),
    )


def offered_columns(query: TableQuery, shape: TableShape) -> tuple[ShapeColumn, ...]:
    """The columns that lists of a form offer for `query` as it is shown."""
    if len(shape.columns) <= MANY:
        return shape.columns
    first = query.columns or tuple(column.name for column in shape.columns[:_FIRST])
    wanted = {*first, *(each.column for each in query.where), *(each.column for each in query.group)}
    wanted |= {measure.column for measure in query.measures if measure.column}
    return tuple(column for column in shape.columns if column.name in wanted)


def field_name(column: ShapeColumn, operator: Operator, shape: TableShape) -> str:
    """What a condition on this column is called in the URL."""
    sample = () if operator in (Operator.MISSING, Operator.NOTMISSING) else (_SAMPLES.get(column.type, "1"),)
    return arguments(TableQuery(where=(Filter(column.name, operator, sample),)), shape)[0][0]


def operators_in_words() -> dict[Operator, str]:
    """Each comparison as it stands between a column and a value."""
    return {
        Operator.EQ: _("is"),
        Operator.NE: _("is not"),
        Operator.LT: _("less than"),
        Operator.LE: _("at most"),
        Operator.GT: _("more than"),
        Operator.GE: _("at least"),
        Operator.CONTAINS: _("contains"),
        Operator.STARTSWITH: _("begins with"),
        Operator.MISSING: _("is missing"),
        Operator.NOTMISSING: _("is not missing"),
    }


def _chosen(offered: Sequence[ShapeColumn], roles: Mapping[str, str], active: set[str]) -> list[ShapeColumn]:
    """The columns with a control, in the table's order: those filtered now and the most useful others."""

    def worth(column: ShapeColumn) -> tuple[bool, int, int]:
        role = roles.get(column.name, "label")
        return column.name not in active, _ORDER.index(role) if role in _ORDER else len(_ORDER), column.position

    kept = sorted(offered, key=worth)[: max(CONTROLS, len(active))]
    return sorted(kept, key=lambda column: column.position)


def _few(column: ShapeColumn, about: Mapping[str, Any]) -> bool:
    """Whether its values can be ticked; one that all rows share divides nothing."""
    if column.type not in ("string", "boolean"):
        return False
    distinct = about.get("distinct")
    return distinct is not None and 0 < distinct <= MOST_CHOICES and (about.get("longest") or 0) <= 120


def _ticked(columns: Sequence[ShapeColumn], stats: Mapping[str, Any], active: set[str]) -> set[str]:
    """The columns with values to tick: those ticked now, then those with the fewest, while there is room."""
    few = [column.name for column in columns if _few(column, stats.get(column.name, {}))]
    taken, room = set(), CHOICES_BYTES
    for name in sorted(few, key=lambda name: (name not in active, stats[name]["distinct"])):
        weight = stats[name]["distinct"] * (CHOICE_BYTES + 2 * (stats[name].get("longest") or 0))
        if name in active or weight <= room:
            taken.add(name)
            room -= weight
    return taken


def _choices(
    column: ShapeColumn,
    shape: TableShape,
    asked: Mapping[tuple[str, Operator], tuple[str, ...]],
    values: Sequence[tuple[str, int]],
) -> Control:
    chosen = asked.get((column.name, Operator.EQ), ())
    write = writer(column.type, ()).write
    known = {value for value, _count in values}
    listed = [*values, *((value, 0) for value in chosen if value not in known)]
    return Control(
        kind="choice",
        title=column.title,
        unit="",
        name=field_name(column, Operator.EQ, shape),
        chosen=in_figures(len(chosen)) if chosen else "",
        choices=tuple(
            Choice(value=value, text=_word(column, value, write), count=in_figures(count), chosen=value in chosen)
            for value, count in listed
        ),
    )


def _word(column: ShapeColumn, value: str, write: Callable[[Any], str]) -> str:
    return write(value == "true") if column.type == "boolean" else write(value)


def _text(column: ShapeColumn, shape: TableShape, asked: Mapping[tuple[str, Operator], tuple[str, ...]]) -> Control:
    said = " ".join(asked.get((column.name, Operator.CONTAINS), ()))
    field = Field(name=field_name(column, Operator.CONTAINS, shape), label=_("contains"), value=said)
    return Control(kind="text", title=column.title, unit="", fields=(field,))


def _range(
    column: ShapeColumn,
    shape: TableShape,
    asked: Mapping[tuple[str, Operator], tuple[str, ...]],
    about: Mapping[str, Any],
) -> Control:
    fields = []
    for operator, label, bound in ((Operator.GE, _("from"), "min"), (Operator.LE, _("to"), "max")):
        said = asked.get((column.name, operator), ())
        fields.append(
            Field(
                name=field_name(column, operator, shape),
                label=label,
                value=said[0] if said else "",
                hint=_hint(about.get(bound)),
                input="date" if column.type == "date" and _is_day(said) else "text",
                mode={"integer": "numeric", "year": "numeric", "number": "decimal"}.get(column.type, "text"),
            )
        )
    return Control(kind="range", title=column.title, unit=_unit(column), fields=tuple(fields))


def _is_day(said: Sequence[str]) -> bool:
    """A date input shows whole days only; `2024-08` needs a plain one."""
    return not said or len(said[0]) == len("2024-08-17")


def _hint(bound: Any) -> str:
    """The least or greatest value as one would type it: without points between thousands."""
    if not isinstance(bound, float):
        return "" if bound is None else str(bound)[:20]
    text = f"{bound:.6g}" if abs(bound) < 1e6 else f"{bound:.0f}"
    return text if current_language() == "en" else text.replace(".", ",")


def _titled(column: ShapeColumn) -> str:
    unit = _unit(column)
    return f"{column.title} ({unit})" if unit else column.title


def _unit(column: ShapeColumn) -> str:
    """The unit, where the title does not say it."""
    return column.unit if column.unit and column.unit.lower() not in column.title.lower() else ""


def allowed_operators(column: ShapeColumn) -> tuple[Operator, ...]:
    """The comparisons that the column's type has."""
    return OPERATORS[column.type]


def function_in_words(function: Function, column: str) -> str:
    """A computed figure as a column head: "rata-rata nilai"."""
    return {
        Function.COUNT: _("number of rows"),
        Function.SUM: _("sum of %(column)s", column=column),
        Function.MEAN: _("mean of %(column)s", column=column),
        Function.MIN: _("least %(column)s", column=column),
        Function.MAX: _("greatest %(column)s", column=column),
        Function.MEDIAN: _("median of %(column)s", column=column),
    }[function]
