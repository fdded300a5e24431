"""Where a table begins: its title rows, its header rows of one or several levels, its first row of data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from metadata.reading.grid import Merge, Row, tidy
from metadata.reading.rows import Look, is_coding, is_note
from metadata.reading.window import ENOUGH, WINDOW, Window, look_at

KEY_VALUE_ROWS = 40
CODING_ROWS = 12


@dataclass(frozen=True, slots=True)
class Header:
    """Rows counted from 0 over the sheet: of titles, of the header, of column numbers; `body` is the first of data.

    `figures` are the columns that mostly hold figures.
    """

    titles: tuple[int, ...]
    rows: tuple[int, ...]
    numbering: tuple[int, ...]
    body: int
    figures: frozenset[int] = frozenset()


def find_header(rows: Sequence[Row], merges: Sequence[Merge], start: int, stop: int) -> Header | None:
    """The header of the table that begins in `rows[start:stop]`; None when nothing there is a table.

    A header without rows (`Header.rows` empty) means that data begin at once.
    """
    window = look_at(rows, merges, start, min(stop, start + WINDOW))
    if not window.order:
        return None
    if _is_key_value(window, window.order):
        return Header((), (), (), window.order[0])
    early = (at for at in window.order[:CODING_ROWS] if at not in window.counting)
    coding = next((at for at in early if is_coding(rows[at])), None)
    first = _first_data_row(window) if coding is None else None
    if first is None:
        return _header_of_words(window, coding)
    return _header_above(window, first)


def _first_data_row(window: Window) -> int | None:
    if not window.figures:
        return None
    for position, at in enumerate(window.order):
        if at in window.counting:
            continue
        fits, misfits = _fit(window, at)
        named = any(_names_figures(window, above) for above in window.order[:position])
        if fits and (fits > misfits or named) and not _is_header_of_years(window, position):
            return at
        if named and not misfits and _only_marks(window, at):
            return at
    return None


def _only_marks(window: Window, at: int) -> bool:
    """Whether the row says "nothing here" in columns of figures."""
    return any(window.looks[at][column : column + 1] == [Look.MARK] for column in window.figures)


def _names_figures(window: Window, at: int) -> bool:
    """Whether the row has words over every column of figures."""
    return all(window.looks[at][column : column + 1] == [Look.WORDS] for column in window.figures)


def _fit(window: Window, at: int) -> tuple[float, float]:
    """How many figures stand where the column has figures, and how many words and years are out of place there."""
    fits = misfits = 0.0
    for column in window.figures:
        cell = window.looks[at][column] if column < len(window.looks[at]) else Look.EMPTY
        if cell is Look.DATE:
            fits, misfits = (fits + 1, misfits) if column in window.dated else (fits, misfits + 1)
        elif cell is Look.FIGURE or (cell is Look.YEAR and column in window.yearly):
            fits += 1
        elif cell is Look.WORDS:
            misfits += 1
        elif cell is Look.YEAR:
            misfits += 0.5 if _has_company(window, at) else 1
    return fits, misfits


def _has_company(window: Window, at: int) -> bool:
    return any(cell is Look.FIGURE for cell in window.looks[at])


def _is_header_of_years(window: Window, position: int) -> bool:
    """Years side by side that count up, above rows that do not: a header over figures that look like years."""
    return _counts_years(window, window.order[position]) and not (
        position + 1 < len(window.order) and _counts_years(window, window.order[position + 1])
    )


def _counts_years(window: Window, at: int) -> bool:
    years = [
        int(float(tidy(window.rows[at][column])))
        for column in window.filled[at]
        if window.looks[at][column] is Look.YEAR
    ]
    steps = {after - before for before, after in pairwise(years)}
    figures = sum(cell is Look.FIGURE for cell in window.looks[at])
    return len(years) >= 2 and len(steps) == 1 and steps <= {1, -1} and figures <= 1


def _header_above(window: Window, first: int) -> Header:
    """The header between the titles and the row `first`, which is the first that is surely data."""
    above = [at for at in window.order if at < first]
    group = _last_group(window, above)
    body = first
    while len(group) > 1 and _is_data_without_figures(window, group[-1], group[:-1]):
        body = group.pop()
    for position, at in enumerate(group[1:], 1):
        if _holds_figures_under_titles(window, at, group[:position]):
            body, group = at, group[:position]
            break
    titles = [at for at in above if at not in group and at < body]
    while len(group) > 1 and _is_title(window, group[0], group[1:]):
        titles.append(group.pop(0))
    numbers = [at for at in group if at in window.counting and _named_otherwise(window, at, group)]
    group = [at for at in group if at not in numbers]
    if group and not _names_enough(window, group, body):
        titles, group = [*titles, *group], []
    numbering = tuple(sorted(at for at in (*numbers, *window.numbering) if at <= body))
    return Header(tuple(sorted(titles)), tuple(group), numbering, body, frozenset(window.figures))


def _last_group(window: Window, above: list[int]) -> list[int]:
    """The rows next above the data, without a gap; a merged cell or a numbering row bridges one."""
    group: list[int] = []
    for at in reversed(above):
        if group and not _touches(window, at, group[0]):
            break
        group.insert(0, at)
    return group


def _touches(window: Window, upper: int, lower: int) -> bool:
    between = range(upper + 1, lower)
    bottom = max(
        (window.top[upper, column].bottom for column in window.filled[upper] if (upper, column) in window.top),
        default=upper,
    )
    return all(at in window.numbering or at <= bottom for at in between)


def _is_data_without_figures(window: Window, at: int, above: list[int]) -> bool:
    """Whether the row only fills columns of words that the rows above have named, as a heading among data does."""
    columns = window.filled[at]
    below = [row for row in window.order if row > at]
    if any(column in window.figures for column in columns) or not _named(window, columns, below):
        return False
    if not all(_named(window, [column], above) for column in columns):
        return False
    named = sum(_named(window, [column], above) for column in window.figures)
    return named >= ENOUGH * len(window.figures)


def _holds_figures_under_titles(window: Window, at: int, above: list[int]) -> bool:
    """Whether the row has figures, and most of its cells a title right above them: data that fit no column's kind."""
    if at in window.counting or Look.FIGURE not in window.looks[at]:
        return False
    titled = {column for column in window.filled[above[-1]] if window.looks[above[-1]][column] is Look.WORDS}
    columns = window.filled[at]
    return len(titled.intersection(columns)) >= ENOUGH * len(columns) and len(columns) > 1


def _named(window: Window, columns: Sequence[int], rows: Sequence[int]) -> bool:
    """Whether one of `rows` has a cell of its own, or a merged one, in one of `columns`."""
    return any(column in window.filled[at] or (at, column) in window.covered for at in rows for column in columns)


def _is_title(window: Window, at: int, below: list[int]) -> bool:
    """Whether the row is a text across the table and not a level of its header."""
    columns = window.filled[at]
    if len(columns) == 1:
        if (at, columns[0]) in window.top and window.top[at, columns[0]].bottom >= below[0]:
            return False
        return any(columns[0] in window.filled[row] for row in below) and not _spans_part(window, at, columns[0], below)
    texts = [tidy(window.rows[at][column]) for column in columns]
    return len(columns) <= 4 and any(text.endswith(":") or text.startswith(":") for text in texts)


def _spans_part(window: Window, at: int, column: int, below: list[int]) -> bool:
    """Whether a single cell is merged over some, not all, of the columns named below it."""
    merge = window.top.get((at, column))
    if merge is None or merge.left == merge.right:
        return False
    named = {other for row in below for other in window.filled[row]}
    over = {other for other in named if merge.left <= other <= merge.right}
    return len(over) < len(named) - 1 and len(over) > 1 and merge.left > min(named)


def _named_otherwise(window: Window, at: int, group: list[int]) -> bool:
    """Whether the other rows of the header have cells of their own over most of what the row counts."""
    named = {column for row in group if row not in window.counting for column in window.filled[row]}
    columns = window.filled[at]
    return len(named.intersection(columns)) >= ENOUGH * len(columns)


def _names_enough(window: Window, group: list[int], body: int) -> bool:
    """Whether the rows of `group` name enough of the columns that the data use."""
    below = [at for at in window.order if at >= body][:20]
    used = {column for at in below for column in window.filled[at]}
    if not used:
        return False
    named = {column for at in group for column in window.filled[at]}
    spread = {column for at in group for column in used if (at, column) in window.covered}
    return len(named | spread) >= min(2, len(used)) or len(used) == 1


def _header_of_words(window: Window, coding: int | None) -> Header | None:
    """The header of a table without figures: the row of codes, or the first about as wide as rows usually are."""
    usual = median(len(window.filled[at]) for at in window.order[len(window.order) // 2 :])
    widest = max(len(window.filled[at]) for at in window.order)
    least = max(min(2, widest), ENOUGH * usual)
    at = coding or next((row for row in window.order if len(window.filled[row]) >= least), None)
    if at is None or (widest == 1 and is_note(tidy(window.rows[at][window.filled[at][0]]))):
        return None
    position = window.order.index(at)
    group = [at]
    for row in window.order[position + 1 :]:
        if not _continues_header(window, group, row):
            break
        group.append(row)
    above = window.order[:position]
    while above and len(window.filled[above[-1]]) > 1 and _groups_columns(window, above[-1], group):
        group.insert(0, above.pop())
    rest = [row for row in window.order if row > group[-1]]
    body = rest[0] if rest else window.stop
    numbering = tuple(row for row in window.numbering if row <= body)
    return Header(tuple(above), tuple(group), numbering, body, frozenset(window.figures))


def _continues_header(window: Window, group: list[int], at: int) -> bool:
    """Whether the row is a lower level: reached by a merge from above, or filling only what is blank above."""
    reached = any(
        merge.bottom >= at and merge.bottom > merge.top
        for (row, _), merge in window.top.items()
        if row in group and merge.left in window.filled[row]
    )
    if reached:
        return True
    last = set(window.filled[group[-1]])
    here = set(window.filled[at])
    spread = [merge for (row, _), merge in window.top.items() if row == group[-1] and merge.right > merge.left]
    return bool(spread) and bool(here) and not (here & last - {merge.left for merge in spread})


def _groups_columns(window: Window, at: int, below: list[int]) -> bool:
    """Whether a sparse row above the header groups its columns: merged, or with gaps between its cells."""
    here = window.filled[at]
    named = {column for row in below for column in window.filled[row]}
    merged = any((at, column) in window.top for column in here)
    return set(here) <= named and (merged or here[-1] - here[0] >= len(here))


def _is_key_value(window: Window, rows: list[int]) -> bool:
    """Whether two columns are a list of names and values of all kinds, which has no header."""
    if not 3 <= len(rows) <= KEY_VALUE_ROWS or any(
        window.filled[at][-1] > 1 or len(window.looks[at]) < 2 for at in rows
    ):
        return False
    if len(window.filled[rows[0]]) < 2:
        return False
    keys = [tidy(window.rows[at][0]) for at in rows]
    values = [window.looks[at][1] for at in rows[1:] if window.looks[at][1] is not Look.EMPTY]
    words = values.count(Look.WORDS)
    figures = len(values) - words - values.count(Look.MARK)
    return len(set(keys)) == len(keys) and all(keys) and figures >= 2 and words >= max(2, 0.25 * len(values))
