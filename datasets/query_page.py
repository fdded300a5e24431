"""The answer to a question: a page of a table."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.query import Function, Period, TableQuery
from datasets.query_cells import Cell


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
