"""A table answered by plain Python, slowly and obviously: what the engine's answers are held against."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from datasets.query.question import Filter, Function, Measure, Operator, Period, Sort, TableQuery

PARSERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "year": int,
    "number": float,
    "decimal": Decimal,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}


@dataclass(frozen=True)
class NaiveTable:
    """Rows of values by column; `types` as in a Table Schema, and "decimal" for a number kept exactly."""

    types: dict[str, str]
    rows: list[dict[str, Any]]

    @classmethod
    def of(cls, types: dict[str, str], rows: Sequence[Sequence[str | None]]) -> NaiveTable:
        """From the texts of a CSV."""
        parsed = [
            {name: PARSERS[types[name]](text) if text else None for name, text in zip(types, row, strict=True)}
            for row in rows
        ]
        return cls(types, parsed)

    def numbers(self, query: TableQuery) -> list[int]:
        """The numbers of all rows of the question, in its order."""
        return self._sorted(self._kept(query), query.sort)

    def page(self, query: TableQuery) -> list[int]:
        """The numbers of the rows on its page."""
        found = self.numbers(query)
        if query.after is not None:
            order = self._sorted(list(range(1, len(self.rows) + 1)), query.sort)
            behind = set(order[order.index(query.after) + 1 :])
            return [number for number in found if number in behind][: query.size]
        return found[query.offset : query.offset + query.size]

    def groups(self, query: TableQuery) -> dict[tuple[Any, ...], list[Any]]:
        """The figures of each group."""
        members: dict[tuple[Any, ...], list[int]] = {}
        for number in self._kept(query):
            key = tuple(_period(self.rows[number - 1][g.column], g.period) for g in query.group)
            members.setdefault(key, []).append(number)
        if not query.group:
            members = {(): self._kept(query)}
        return {
            key: [self._figure(m, numbers) for m in query.measures or (Measure(Function.COUNT),)]
            for key, numbers in members.items()
        }

    def _kept(self, query: TableQuery) -> list[int]:
        return [
            number
            for number, row in enumerate(self.rows, 1)
            if all(self._fulfils(row, filter_) for filter_ in query.where) and self._mentions(row, query.text)
        ]

    def _fulfils(self, row: dict[str, Any], filter_: Filter) -> bool:
        value, kind = row[filter_.column], self.types[filter_.column]
        if filter_.operator is Operator.MISSING:
            return value is None
        if value is None:
            return False
        if filter_.operator is Operator.NOTMISSING:
            return True
        tests = [self._compares(value, filter_.operator, text, kind) for text in filter_.values]
        return any(tests) if filter_.operator in {Operator.EQ, Operator.STARTSWITH} else all(tests)

    @staticmethod
    def _compares(value: Any, operator: Operator, text: str, kind: str) -> bool:
        if operator is Operator.CONTAINS:
            return text.lower() in value.lower()
        if operator is Operator.STARTSWITH:
            return value.lower().startswith(text.lower())
        if kind in {"integer", "year", "decimal"}:
            other: Any = Decimal(text)
        elif kind in {"date", "datetime"} and re.fullmatch(r"\d{4}(-\d\d)?|\d{4}-\d\d-\d\d", text):
            shown = value.isoformat()[: len(text)]  # ISO texts of one length are ordered as their times are
            value, other = shown, text
        else:
            other = PARSERS[kind](text)
        match operator:
            case Operator.EQ:
                return bool(value == other)
            case Operator.NE:
                return bool(value != other)
            case Operator.LT:
                return bool(value < other)
            case Operator.LE:
                return bool(value <= other)
            case Operator.GT:
                return bool(value > other)
            case _:
                return bool(value >= other)

    def _mentions(self, row: dict[str, Any], text: str) -> bool:
        for phrase, word in re.findall(r'"([^"]*)"|(\S+)', text):
            sought = (phrase or word.strip('"')).lower()
            if not sought.strip():
                continue
            texts = [row[name] or "" for name, kind in self.types.items() if kind == "string"]
            whole = [row[name] for name, kind in self.types.items() if kind in {"integer", "year"}]
            equal = bool(re.fullmatch(r"-?[0-9]{1,18}", sought)) and int(sought) in whole
            if not equal and not any(sought in found.lower() for found in texts):
                return False
        return True

    def _sorted(self, numbers: list[int], sorts: Sequence[Sort]) -> list[int]:
        def compare(one: int, other: int) -> int:
            for sort in sorts:
                left, right = self.rows[one - 1][sort.column], self.rows[other - 1][sort.column]
                if left == right:
                    continue
                if left is None or right is None:
                    return 1 if left is None else -1
                return -1 if (left < right) != sort.descending else 1
            return one - other

        return sorted(numbers, key=cmp_to_key(compare))

    def _figure(self, measure: Measure, numbers: list[int]) -> Any:
        if measure.column is None:
            return len(numbers)
        values = [v for number in numbers if (v := self.rows[number - 1][measure.column]) is not None]
        if not values:
            return None
        exact = not isinstance(values[0], float)
        match measure.function:
            case Function.SUM:
                return sum(values) if exact else math.fsum(values)
            case Function.MEAN:
                return math.fsum(values) / len(values)
            case Function.MEDIAN:
                return statistics.median(float(value) for value in values)
            case Function.MIN:
                return min(values)
            case _:
                return max(values)


def _period(value: Any, period: Period | None) -> Any:
    if period is None or value is None:
        return value
    day = value.date() if isinstance(value, datetime) else value
    match period:
        case Period.DAY:
            return day
        case Period.MONTH:
            return day.replace(day=1)
        case Period.QUARTER:
            return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
        case _:
            return day.replace(day=1, month=1)
