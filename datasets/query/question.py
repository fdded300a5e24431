"""One question to a table, as a value: what the page, the API and the downloads share and what a URL says."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

PAGE_SIZE = 100
LARGEST_PAGE = 10_000


class Operator(enum.Enum):
    """How a column is compared; a missing cell matches `MISSING` and nothing else.

    Several values with `EQ` mean any of them, with `NE` none of them.
    """

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    CONTAINS = "contains"
    STARTSWITH = "startswith"
    MISSING = "missing"
    NOTMISSING = "notmissing"


class Function(enum.Enum):
    """What a group of rows is reduced to."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"


class Period(enum.Enum):
    """How dates and moments are put together in groups; a group is named by its first day."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on one column. `values` are canonical text; empty for `MISSING` and `NOTMISSING`."""

    column: str
    operator: Operator
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of the order; missing cells come last either way, equal rows in the order of the source.

    In a grouped query `column` is a group's or a measure's label.
    """

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A column to group by, dates and moments also by period."""

    column: str
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure per group; `COUNT` counts rows and has no column."""

    function: Function
    column: str | None = None

    @property
    def label(self) -> str:
        """The name of its column in the result: `count`, `sum_nilai`."""
        return self.function.value if self.column is None else f"{self.function.value}_{self.column}"


COUNT = Measure(Function.COUNT)


@dataclass(frozen=True, slots=True)
class TableQuery:
    """A question to one table. Names are column names of its schema; `parse` and `canonical` know its URL.

    `columns` empty means all. `text` are words that each must stand somewhere in the row, letter case aside; words in
    double quotes stay together. `group` or `measures` make it a grouped query, whose measures are `COUNT` when none is
    named. `after` goes on behind the row of that number, in the query's own order, instead of counting pages. `row`
    asks for the one row of that number. Rows are numbered from 1 in source order: the number is the row's address.
    """

    columns: tuple[str, ...] = ()
    where: tuple[Filter, ...] = ()
    text: str = ""
    sort: tuple[Sort, ...] = ()
    group: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ()
    page: int = 1
    size: int = PAGE_SIZE
    after: int | None = None
    row: int | None = None

    @property
    def grouped(self) -> bool:
        """Whether its rows are groups and not rows of the table."""
        return bool(self.group or self.measures)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of a grouped result's columns, each once: a measure named like a group gets `_` behind it."""
        found = list(dict.fromkeys(group.column for group in self.group))
        for measure in self.measures or (COUNT,):
            label = measure.label
            while label in found:
                label += "_"
            found.append(label)
        return tuple(found)

    @property
    def filtered(self) -> bool:
        """Whether it may leave out rows of the table."""
        return bool(self.where or self.text)

    @property
    def offset(self) -> int:
        """Rows before its page."""
        return (self.page - 1) * self.size

    def whole(self) -> TableQuery:
        """The same question without its page: what a download of it holds."""
        return replace(self, page=1, size=PAGE_SIZE, after=None)

    def without(self, condition: Filter) -> TableQuery:
        """The same question with one condition taken back, from its first page."""
        kept = tuple(other for other in self.where if other != condition)
        return replace(self, where=kept, page=1, after=None)
