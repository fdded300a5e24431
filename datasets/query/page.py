"""The answer to a question: a page of a table."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.query.cells import Cell
from datasets.query.question import Function, Period, TableQuery

_HEADINGS: dict[str, dict[Function | Period, str]] = {
    "id": {
        Function.COUNT: "Banyak baris",
        Function.SUM: "jumlah",
        Function.MEAN: "rata-rata",
        Function.MIN: "terkecil",
        Function.MAX: "terbesar",
        Function.MEDIAN: "nilai tengah",
        Period.DAY: "per hari",
        Period.MONTH: "per bulan",
        Period.QUARTER: "per triwulan",
        Period.YEAR: "per tahun",
    },
    "en": {
        Function.COUNT: "Number of rows",
        Function.SUM: "sum",
        Function.MEAN: "mean",
        Function.MIN: "least",
        Function.MAX: "greatest",
        Function.MEDIAN: "median",
        Period.DAY: "by day",
        Period.MONTH: "by month",
        Period.QUARTER: "by quarter",
        Period.YEAR: "by year",
    },
}


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A column of an answer. In a grouped one `function` says how it was computed from `source`, `period` by what."""

    name: str
    title: str
    type: str
    unit: str | None = None
    source: str | None = None
    function: Function | None = None
    period: Period | None = None

    def heading(self, language: str) -> str:
        """The header for people: the column's title, with what was computed or put together."""
        words = _HEADINGS["en" if language == "en" else "id"]
        if self.function is Function.COUNT:
            return words[Function.COUNT]
        extra = self.function or self.period
        return f"{self.title} ({words[extra]})" if extra else self.title


@dataclass(frozen=True, slots=True)
class TablePage:
    """The rows of one page, in order. `numbers` are their addresses (source order, from 1); none when grouped.

    `total` counts the rows, or groups, of the whole question; `table_rows` those of the table. `more` tells whether
    rows follow this page.
    """

    query: TableQuery
    columns: tuple[PageColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    total: int
    table_rows: int
    more: bool

    @property
    def pages(self) -> int:
        """How many pages of this size there are; at least one."""
        return max(1, -(-self.total // self.query.size))

    @property
    def after(self) -> int | None:
        """The row behind which the next page begins, for `_after`; None on the last page and in grouped answers."""
        return self.numbers[-1] if self.more and self.numbers else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a column, how often it occurs, and the filter value that picks it; missing has the text `""`."""

    value: Cell
    text: str
    count: int
