"""Conditions in SQL: every value bound, every column named by its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from datasets.query.question import Filter, Operator, TableQuery
from datasets.query.shape import ShapeColumn, TableShape
from datasets.query.values import EXACT, Span, Value, value_of

NEVER = "false"
_SIGNS = {
    Operator.EQ: "=",
    Operator.NE: "<>",
    Operator.LT: "<",
    Operator.LE: "<=",
    Operator.GT: ">",
    Operator.GE: ">=",
}
_WORDS = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and the values for its question marks."""

    text: str
    values: tuple[Any, ...] = ()


def joined(pieces: Iterable[Sql], word: str, *, otherwise: str) -> Sql:
    """The pieces in brackets with `word` between; `otherwise` when there is none."""
    listed = list(pieces)
    if not listed:
        return Sql(otherwise)
    text = f" {word} ".join(f"({piece.text})" for piece in listed)
    return Sql(text, tuple(value for piece in listed for value in piece.values))


def conditions(query: TableQuery, shape: TableShape) -> Sql:
    """All that a row must fulfil."""
    pieces = [condition(filter_, shape.column(filter_.column)) for filter_ in query.where]
    pieces += [_anywhere(word, shape) for word in words(query.text)]
    return joined(pieces, "AND", otherwise="true")


def condition(filter_: Filter, column: ShapeColumn) -> Sql:
    """One filter. A missing cell fulfils `MISSING` only."""
    place, operator = column.place, filter_.operator
    if operator is Operator.MISSING:
        return Sql(f"{place} IS NULL")
    if operator is Operator.NOTMISSING:
        return Sql(f"{place} IS NOT NULL")
    if operator is Operator.CONTAINS:
        return joined(
            (Sql(f"contains(lower({place}), lower(?))", (v,)) for v in filter_.values), "AND", otherwise="true"
        )
    if operator is Operator.STARTSWITH:
        return joined(
            (Sql(f"starts_with(lower({place}), lower(?))", (v,)) for v in filter_.values), "OR", otherwise="true"
        )
    values = [value_of(column, text) for text in filter_.values]
    if len(values) > 1 and column.type == "string" and operator in {Operator.EQ, Operator.NE}:
        marks = ", ".join("?" * len(values))
        return Sql(f"{place} {'NOT IN' if operator is Operator.NE else 'IN'} ({marks})", tuple(values))
    word = "OR" if operator is Operator.EQ else "AND"
    return joined((_compared(column, operator, value) for value in values), word, otherwise="true")


def words(text: str) -> list[str]:
    """What stands between spaces; in double quotes what stands between the quotes."""
    found = [quoted or bare.strip('"') for quoted, bare in _WORDS.findall(text)]
    return [word for word in found if word.strip()]


def _anywhere(word: str, shape: TableShape) -> Sql:
    """A word within any text, or equal to any whole number or year."""
    pieces = []
    for column in shape.columns:
        if column.type == "string":
            pieces.append(Sql(f"contains(lower({column.place}), lower(?))", (word,)))
        elif column.type in {"integer", "year"} and re.fullmatch(r"-?[0-9]{1,18}", word):
            pieces.append(_compared(column, Operator.EQ, Decimal(word)))
    return joined(pieces, "OR", otherwise=NEVER)


def _compared(column: ShapeColumn, operator: Operator, value: Value) -> Sql:
    if isinstance(value, Span):
        return _within(column, operator, value)
    if isinstance(value, Decimal) and column.stored != "DOUBLE":
        return _exactly(column, operator, value)
    bound = float(value) if isinstance(value, Decimal) else value
    return _plain(column, operator, bound)


def _plain(column: ShapeColumn, operator: Operator, value: float | str | bool | int | date | datetime | time) -> Sql:
    return Sql(f"{column.place} {_SIGNS[operator]} CAST(? AS {column.stored})", (value,))


def _within(column: ShapeColumn, operator: Operator, span: Span) -> Sql:
    if span.end is None:
        return _plain(column, operator, span.start)
    start, end = span.start, span.end
    match operator:
        case Operator.EQ:
            pieces = [_plain(column, Operator.GE, start), _plain(column, Operator.LT, end)]
            return joined(pieces, "AND", otherwise=NEVER)
        case Operator.NE:
            pieces = [_plain(column, Operator.LT, start), _plain(column, Operator.GE, end)]
            return joined(pieces, "OR", otherwise=NEVER)
        case Operator.LE:
            return _plain(column, Operator.LT, end)
        case Operator.GT:
            return _plain(column, Operator.GE, end)
        case _:
            return _plain(column, operator, start)


def _exactly(column: ShapeColumn, operator: Operator, value: Decimal) -> Sql:
    """Against an exact number the value is first moved to what the type can hold, so that the column is never cast."""
    low, high, step = _range(column.stored)
    value = max(
        min(value, EXACT.add(high, 1)), EXACT.subtract(low, 1)
    )  # what is out of reach stays so, in digits that can be counted
    below, above = (value.quantize(step, rounding, EXACT) for rounding in (ROUND_FLOOR, ROUND_CEILING))
    always, never = Sql(f"{column.place} IS NOT NULL"), Sql(NEVER)
    if operator in {Operator.EQ, Operator.NE}:
        if below != above or not low <= value <= high:
            return never if operator is Operator.EQ else always
        bound = below
    elif operator in {Operator.LT, Operator.GE}:  # x < 2.5 is x < 3
        if above > high or above < low:
            return always if (operator is Operator.LT) == (above > high) else never
        bound = above
    else:  # x <= 2.5 is x <= 2
        if below > high or below < low:
            return always if (operator is Operator.LE) == (below > high) else never
        bound = below
    return _plain(column, operator, f"{bound:f}")


def _range(stored: str) -> tuple[Decimal, Decimal, Decimal]:
    """The least and greatest value of an exact type, and its step."""
    found = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", stored)
    if found:
        digits, scale = int(found.group(1)), int(found.group(2))
        most = Decimal(10**digits - 1).scaleb(-scale, EXACT)
        return EXACT.minus(most), most, Decimal(1).scaleb(-scale, EXACT)
    bits = {"BIGINT": 63, "INTEGER": 31, "SMALLINT": 15, "TINYINT": 7}.get(stored, 63)
    return Decimal(-(2**bits)), Decimal(2**bits - 1), Decimal(1)
