"""The view model of a table: headers that sort, cells in words, what is filtered, pages; all links are plain URLs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

from datasets.query.question import Sort, TableQuery
from datasets.query.shape import ShapeColumn, TableShape
from datasets.query.url import arguments
from portal.web.cells import MISSING, in_figures, writer
from portal.web.chips import ANCHOR, Chip, chips, link
from portal.web.filters import MANY
from portal.web.i18n import gettext as _
from portal.web.i18n import ngettext
from portal.web.paging import Paging, pages_of, paging

MOST_ROWS = 500
MOST_CELLS = 12_000
WIDE = 24
"""A table of more columns shows its first `FIRST` until others are chosen."""
FIRST = 12

_NAMING = 8
"""Of so many columns at the beginning one names the row."""

_FIGURES = ("integer", "number")


@dataclass(frozen=True, slots=True)
class Header:
    """One column's head. `sort` is the address that sorts by it, `sorted` how it is sorted now (for aria-sort)."""

    name: str
    title: str
    unit: str
    description: str
    figure: bool
    long: bool
    sort: str
    sorted: Literal["ascending", "descending", ""]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the source, its address, and its cells as (words, CSS class)."""

    number: str
    url: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column in the chooser."""

    name: str
    title: str
    shown: bool


@dataclass(frozen=True, slots=True)
class TableView:
    """What the table's template places. `label` is the place of the column that names the row (it stays in sight)."""

    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    label: int
    numbered: bool
    totals: str
    chips: tuple[Chip, ...]
    clear: str
    paging: Paging
    missing: bool
    columns: tuple[ColumnChoice, ...]
    columns_words: str
    all_columns: str
    kept: tuple[tuple[str, str], ...]
    last: str
    row: bool


def shown_query(query: TableQuery, shape: TableShape, roles: Mapping[str, str]) -> TableQuery:
    """The question as the page asks it: of a wide table the first columns, never more cells than a page can hold."""
    columns = query.columns
    if not columns and not query.grouped and query.row is None and len(shape.columns) > WIDE:
        columns = _first(shape, roles)
    width = len(columns) or len(shape.columns)
    size = min(query.size, MOST_ROWS, max(MOST_CELLS // width, 10))
    return replace(query, columns=columns, size=size)


def table_view(
    query: TableQuery,
    shape: TableShape,
    *,
    columns: Sequence[ShapeColumn],
    rows: Sequence[Sequence[Any]],
    numbers: Sequence[int],
    total: int,
    of: int,
    roles: Mapping[str, str],
    row_base: str = "",
) -> TableView:
    """The page of `rows` that answers `query` (as `shown_query` gave it); `total` rows fulfil it, of `of` in all."""
    whole = query if query.columns != _first(shape, roles) else replace(query, columns=())
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    writers = [writer(column.type, cells) for column, cells in zip(columns, values, strict=True)]
    looks = [_look(column, cells) for column, cells in zip(columns, values, strict=True)]
    made = tuple(
        Row(
            number=in_figures(place),
            url="" if query.grouped else _row_url(row_base, place),
            cells=tuple(
                (text, "missing" if text is MISSING else look)
                for text, look in zip(
                    (each.write(cell) for each, cell in zip(writers, row, strict=True)), looks, strict=True
                )
            ),
        )
        for row, place in zip(rows, numbers, strict=True)
    )
    pages = pages_of(total, query.size)
    unpaged = replace(whole, page=1, after=None, row=None)
    return TableView(
        headers=tuple(_header(column, whole, shape, look) for column, look in zip(columns, looks, strict=True)),
        rows=made,
        label=_label(columns, values, roles),
        numbered=not query.grouped,
        totals=_totals(query, total, of, len(rows)),
        chips=chips(unpaged, shape),
        clear=link(replace(unpaged, where=(), text="", sort=()), shape),
        paging=paging(query.page, pages, lambda page: link(replace(whole, page=page, after=None), shape)),
        missing=any(text is MISSING for row in made for text, _look in row.cells),
        columns=() if query.grouped else _choice(shape, query),
        columns_words=_columns_words(query, shape),
        all_columns=""
        if query.grouped or len(shape.columns) > MANY
        else link(replace(unpaged, columns=tuple(c.name for c in shape.columns)), shape),
        kept=tuple(pair for pair in arguments(replace(unpaged, columns=()), shape) if pair[0] != "_columns"),
        last=link(replace(whole, page=pages, after=None), shape),
        row=query.row is not None,
    )


def _row_url(base: str, place: int) -> str:
    """A row's own page where there is one, else the table with this row alone."""
    return f"{base}{place}" if base else f"?{urlencode([('_row', place)])}{ANCHOR}"


def _first(shape: TableShape, roles: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that say what a row is about, then the first of the others, in the table's order."""
    if len(shape.columns) <= WIDE:
        return ()
    naming = [c for c in shape.columns if roles.get(c.name) in ("region_name", "year", "period", "category", "label")]
    chosen = {column.position for column in naming[: FIRST // 2]}
    for column in shape.columns:
        if len(chosen) < FIRST:
            chosen.add(column.position)
    return tuple(column.name for column in shape.columns if column.position in chosen)


def _look(column: ShapeColumn, cells: Sequence[Any]) -> str:
    if column.type in _FIGURES:
        return "figure"
    if column.type in ("year", "date", "datetime", "time"):
        return "moment"
    return "long" if any(isinstance(cell, str) and len(cell) > 40 for cell in cells) else ""


def _header(column: ShapeColumn, query: TableQuery, shape: TableShape, look: str) -> Header:
    now = next((sort for sort in query.sort if sort.column == column.name), None)
    # Who sorts by a figure wants the largest first, who sorts by a name the beginning of the alphabet.
    descending = not now.descending if now else column.type in _FIGURES
    turned = replace(query, sort=(Sort(column.name, descending=descending),), page=1, after=None, row=None)
    return Header(
        name=column.name,
        title=column.title,
        unit=column.unit if column.unit and column.unit.lower() not in column.title.lower() else "",
        description=column.description or "",
        figure=look == "figure",
        long=look == "long" or len(column.title) > 24,
        sort=link(turned, shape),
        sorted="" if now is None else "descending" if now.descending else "ascending",
    )


def _label(columns: Sequence[ShapeColumn], values: Sequence[Sequence[Any]], roles: Mapping[str, str]) -> int:
    """The place of the column that names a row: one that is another in each row here, else one that is not the same in
    all, else the first."""
    several = [place for place, cells in enumerate(values[:_NAMING]) if len(cells) < 2 or len(set(cells)) > 1]
    alone = [place for place in several if len(set(values[place])) == len(values[place])]
    for places in (alone, several):
        for wanted in (("region_name", "label"), ("category",), ("year", "period")):
            for place in places:
                if roles.get(columns[place].name) in wanted:
                    return place
    return 0


def _totals(query: TableQuery, total: int, of: int, here: int) -> str:
    if query.grouped:
        return ngettext("%(count)s group", "%(count)s groups", total)
    if query.row is not None:
        return _("Row %(row)s of %(of)s", row=in_figures(query.row), of=in_figures(of))
    if not here:
        return _("No row of %(of)s", of=in_figures(of)) if query.filtered else _("No rows")
    first = query.offset + 1 if query.after is None else None
    span = f"{in_figures(first)}–{in_figures(first + here - 1)}" if first else in_figures(here)
    if query.filtered:
        return _("Rows %(span)s of %(total)s found among %(of)s", span=span, total=in_figures(total), of=in_figures(of))
    return _("Rows %(span)s of %(of)s", span=span, of=in_figures(of))


def _choice(shape: TableShape, query: TableQuery) -> tuple[ColumnChoice, ...]:
    if len(shape.columns) > MANY:
        return ()
    shown = set(query.columns) or {column.name for column in shape.columns}
    return tuple(
        ColumnChoice(name=column.name, title=column.title, shown=column.name in shown) for column in shape.columns
    )


def _columns_words(query: TableQuery, shape: TableShape) -> str:
    if query.grouped or not query.columns or len(query.columns) == len(shape.columns):
        return ""
    return _("%(shown)s of %(all)s columns", shown=in_figures(len(query.columns)), all=in_figures(len(shape.columns)))
