"""A table in the making: its rows sorted out and its columns surveyed, before any column's reading is decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from metadata.notices import Notice, Param, Place
from metadata.reading import repairs
from metadata.reading.body import Body
from metadata.reading.columnwise import Columnwise, survey_columns
from metadata.reading.delimited import DelimitedRows
from metadata.reading.errors import TooManyColumns
from metadata.reading.grid import Cell, Grid, Row, Rows, blocks, is_blank, tidy
from metadata.reading.header import Header
from metadata.reading.labels import Labels, label_columns
from metadata.reading.package_check import MOST_COLUMNS
from metadata.reading.regions import Region, find_regions, hold
from metadata.reading.rows import Look, filled, look
from metadata.reading.spans import Mended, indented, retitled
from metadata.reading.survey import ColumnSurvey, Shapes
from metadata.reading.window import WINDOW, figure_columns

MOST_STREWN_ROWS = 20
_UNFILLED = re.compile(r"[:.\s]*(?:…|\.{3}|_{3})[:.…_\s]*")
"""What stands beside a label in a form that nobody filled in: `: ……`."""


@dataclass(slots=True)
class Draft:
    """One table of a grid. `columns` are those to be kept, `titles` theirs; `title` and `remarks` stood above it.

    `plain` is there when the rows were surveyed by their columns.
    """

    grid: Grid
    header: Header
    body: Body
    surveys: list[ColumnSurvey]
    columns: list[int]
    titles: list[str]
    title: tuple[str, ...]
    remarks: tuple[str, ...]
    notices: list[Notice] = field(default_factory=list)
    plain: Columnwise | None = None

    @property
    def is_sparse(self) -> bool:
        """Whether it is words strewn over a sheet, as on a cover: no figures, one column or mostly gaps, few rows."""
        if self.header.figures or self.body.kept > MOST_STREWN_ROWS:
            return False
        filled_cells = sum(self.surveys[at].present for at in self.columns)
        return len(self.columns) == 1 or filled_cells <= 0.5 * self.body.kept * len(self.columns)


def draft_tables(grid: Grid, *, filename: str, header_row: int | None = None, by_cells: bool = False) -> list[Draft]:
    """The tables of a grid, surveyed. Raises `TooManyColumns`, and what reading the rows raises.

    With `by_cells` each cell is looked at even where the columns could be surveyed as such.
    """
    place = Place(file=filename, sheet=grid.name)
    if grid.header is not None:
        figures = figure_columns([row for _, block in blocks(grid.rows, 0, WINDOW) for row in block])
        header = Header((), (), (), 0, figures)
        labels = Labels(dict(enumerate(grid.header)), frozenset(range(len(grid.header))), {}, ())
        region = Region(header, 0, None)
        return [_survey(grid, grid.rows, region, labels=labels, width=len(grid.header), place=place)]
    held, whole = hold(grid)
    drafts = []
    regions = find_regions(held, grid, whole=whole, header_row=header_row)
    for region in regions:
        width = _width(held[region.top : region.stop], place)
        labels = label_columns(held, region.header.rows, grid.merges, width)
        if not whole:
            drafts.append(_survey(grid, grid.rows, region, labels=labels, width=width, place=place, by_cells=by_cells))
        else:
            drafts.append(_mended(grid, held, region, labels=labels, width=width, place=place))
        _tell_of_header(drafts[-1], held, place)
    if len(drafts) > 1:
        drafts[0].notices.insert(0, Notice(repairs.SEVERAL_TABLES, place, {"count": len(drafts)}))
    return drafts


def _mended(grid: Grid, held: list[Row], region: Region, *, labels: Labels, width: int, place: Place) -> Draft:
    """A table whose rows are all at hand: merged cells and indented columns are put right before it is surveyed."""
    labels = retitled(held, grid.merges, region, labels)
    texts = _merged_texts(held, grid, region)
    groups = indented(held, region, labels)
    rows: Rows = Mended(held, texts, groups) if texts or groups else held
    draft = _survey(grid, rows, region, labels=labels, width=width, place=place)
    if grid.text_only and (over := _beyond_titles(held, region, labels)):
        at = Place(file=place.file, row=over[0] + 1 + grid.before)
        draft.notices.append(Notice(repairs.ROWS_LONG, at, {"count": len(over)}))
    if texts:
        draft.notices.append(Notice(repairs.MERGED_FILLED, place, {"count": sum(map(len, texts.values()))}))
    for group in groups:
        here = Place(file=place.file, sheet=place.sheet, column=labels.titles.get(group[0]) or None)
        draft.notices.append(Notice(repairs.COLUMNS_COALESCED, here, {"count": len(group)}))
    return draft


def _beyond_titles(held: Sequence[Row], region: Region, labels: Labels) -> list[int]:
    """The rows with something beyond the last titled column."""
    last = max((column for column, title in labels.titles.items() if title), default=None)
    if last is None:
        return []
    stop = region.stop if region.stop is not None else len(held)
    return [at for at in range(region.header.body, stop) if not all(map(is_blank, held[at][last + 1 :]))]


def _width(rows: Sequence[Row], place: Place) -> int:
    width = max((columns[-1] + 1 for row in rows if (columns := filled(row))), default=0)
    if width > MOST_COLUMNS:
        raise TooManyColumns(place=place, count=width, limit=MOST_COLUMNS)
    return width


def _survey(
    grid: Grid, rows: Rows, region: Region, *, labels: Labels, width: int, place: Place, by_cells: bool = True
) -> Draft:
    header = region.header
    last = _texts_of(rows, header.rows[-1], width) if header.rows else [""] * width
    body = Body(rows, header.body, region.stop, width, header.figures, labels.titles, last)
    body.records, body.all_data = grid.header is not None, grid.all_data
    plain = None if by_cells else _plain(grid, region, body)
    if plain is not None:
        surveys, body.kept = plain.surveys, plain.rows
    else:
        surveys = _look_at_cells(grid, body)
    columns = [at for at, survey in enumerate(surveys) if _is_kept(at, survey, labels)]
    titles = [labels.titles.get(at, "") for at in columns]
    draft = Draft(grid, header, body, surveys, columns, titles, labels.lifted, (), plain=plain)
    dropped = [at for at in range(columns[0] if columns else 0, width) if at not in columns]
    inner = [at for at in dropped if columns and at < columns[-1] and not labels.titles.get(at)]
    if inner:
        params: dict[str, Param] = {"count": len(inner), "columns": tuple(at + 1 for at in inner)}
        draft.notices.append(Notice(repairs.BLANK_COLUMNS, place, params))
    return draft


def _plain(grid: Grid, region: Region, body: Body) -> Columnwise | None:
    """The survey by columns of a long file of UTF-8 with one header, in its first line; None for all others."""
    rows, header = grid.rows, region.header
    if not isinstance(rows, DelimitedRows) or region.stop is not None or grid.all_data or grid.header is not None:
        return None
    encoding, dialect = rows.encoding, rows.dialect
    if (encoding.name, encoding.errors, encoding.nuls) != ("utf-8", "strict", 0) or dialect.skip or dialect.wrapped:
        return None
    if header.rows != (0,) or header.body != 1 or header.numbering or rows.stray:
        return None
    titles = [body.titles.get(at, "") for at in range(body.width)]
    return survey_columns(rows.path, dialect.delimiter, header=body.header, titles=titles, figures=body.figures)


def _look_at_cells(grid: Grid, body: Body) -> list[ColumnSurvey]:
    shapes = Shapes()
    surveys = [ColumnSurvey(shapes) for _ in range(body.width)]
    for numbers, block in body.discover():
        for survey, cells in zip(surveys, zip(*block, strict=True), strict=True):
            survey.take(cells, numbers, text_only=grid.text_only)
    if body.extras:
        surveys += _survey_extras(body, shapes, text_only=grid.text_only)
    return surveys


def _is_kept(column: int, survey: ColumnSurvey, labels: Labels) -> bool:
    """A column with values, or one that the header names by itself."""
    if survey.present:
        return True
    return column in labels.own and column not in labels.spans


def _survey_extras(body: Body, shapes: Shapes, *, text_only: bool) -> list[ColumnSurvey]:
    """Surveys of the columns beyond the header; the body is widened to them."""
    over = max(len(cells) for _, cells in body.extras)
    surveys = [ColumnSurvey(shapes) for _ in range(over)]
    numbers = [number for number, _ in body.extras]
    for at, survey in enumerate(surveys):
        cells = [cells[at] if at < len(cells) else "" for _, cells in body.extras]
        survey.take(cells, numbers, text_only=text_only)
        survey.take([""] * (body.kept - len(cells)), (), text_only=text_only)
    body.width += over
    body.header += [""] * over
    return surveys


def _texts_of(rows: Rows, at: int, width: int) -> list[str]:
    for number, row in enumerate(rows):
        if number == at:
            texts = [tidy(cell) for cell in row[:width]]
            return texts + [""] * (width - len(texts))
    return [""] * width


def _merged_texts(held: Sequence[Row], grid: Grid, region: Region) -> dict[int, dict[int, Cell]]:
    """The texts of cells merged downwards in columns of labels, by row and column."""
    found: dict[int, dict[int, Cell]] = {}
    stop = region.stop if region.stop is not None else len(held)
    for merge in grid.merges:
        if merge.left != merge.right or merge.bottom == merge.top or not region.header.body <= merge.top < stop:
            continue
        cell = held[merge.top][merge.left] if merge.left < len(held[merge.top]) else ""
        if merge.left in region.header.figures or look(cell) is not Look.WORDS:
            continue
        for row in range(merge.top + 1, min(merge.bottom + 1, stop)):
            if any(not is_blank(other) for other in held[row]):
                found.setdefault(row, {})[merge.left] = cell
    return found


def _tell_of_header(draft: Draft, held: Sequence[Row], place: Place) -> None:
    header = draft.header
    titles: list[str] = []
    remarks: list[str] = []
    for row in header.titles:
        cells = list(dict.fromkeys(tidy(held[row][column]) for column in filled(held[row])))
        text = " ".join(cells)
        if _UNFILLED.fullmatch(" ".join(cells[1:])):
            continue
        (titles if len(cells) == 1 else remarks).append(text)
    draft.title, draft.remarks = (*titles, *draft.title), tuple(remarks)
    if header.titles:
        draft.notices.append(_at(repairs.TITLE_ROWS, draft, place, header.titles[0], count=len(header.titles)))
    if len(header.rows) > 1:
        draft.notices.append(_at(repairs.HEADER_JOINED, draft, place, header.rows[0], count=len(header.rows)))
    if not header.rows:
        draft.notices.append(Notice(repairs.HEADER_MISSING, place))
    for number in header.numbering:
        draft.notices.append(_at(repairs.NUMBERING_ROW, draft, place, number))


def _at(code: str, draft: Draft, place: Place, row: int, **params: Param) -> Notice:
    return Notice(code, Place(file=place.file, sheet=place.sheet, row=row + 1 + draft.grid.before), params)
