"""One title for each column, from a header of one or several levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from metadata.reading.grid import Merge, Row, tidy
from metadata.reading.rows import Look, look

JOINT = " / "
_UNIT_ONLY = re.compile(r"\(.{1,30}\)|\[.{1,30}\]")
_WORTH_A_TITLE = 40
"""Letters from which a text over all columns is the title of the table rather than what its columns measure."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The titles by column, "" where there is none.

    `own` are the columns with a cell of their own in the header, not only one spread over them; `spans` the columns by
    the left one under which a merged cell of the header puts them. `lifted` are texts that stood over all columns.
    """

    titles: dict[int, str]
    own: frozenset[int]
    spans: dict[int, tuple[int, ...]]
    lifted: tuple[str, ...]


def label_columns(rows: Sequence[Row], header: Sequence[int], merges: Sequence[Merge], width: int) -> Labels:
    """The titles of `width` columns from the rows `header`, upper levels spread to the right as merges or gaps say."""
    levels = [_level(rows, header, position, merges, width) for position in range(len(header))]
    own = frozenset(
        column for at in header for column in range(width) if column < len(rows[at]) and tidy(rows[at][column])
    )
    lifted = []
    for position, level in enumerate(levels[:-1]):
        if text := _title_over_all(level, levels[position + 1 :]):
            lifted.append(text)
            levels[position] = {column: other for column, other in level.items() if other != text}
    titles = {column: _joined([level.get(column, "") for level in levels]) for column in range(width)}
    return Labels(titles, own, _spans(header, merges, width), tuple(lifted))


def _level(
    rows: Sequence[Row], header: Sequence[int], position: int, merges: Sequence[Merge], width: int
) -> dict[int, str]:
    at = header[position]
    row = rows[at]
    texts = {column: text for column in range(min(width, len(row))) if (text := tidy(row[column]))}
    mine = [merge for merge in merges if merge.top == at and merge.left in texts]
    spread = dict(texts)
    for merge in mine:
        for column in range(merge.left, min(merge.right, width - 1) + 1):
            spread.setdefault(column, texts[merge.left])
    if any(merge.right > merge.left for merge in mine):
        return spread
    below = [rows[lower] for lower in header[position + 1 :]]
    current = ""
    for column in range(width):
        if column in texts:
            current = texts[column] if _any_filled(below, column) else ""
        elif current and _any_filled(below, column):
            spread[column] = current
        else:
            current = ""
    return spread


def _any_filled(rows: Sequence[Row], column: int) -> bool:
    return any(column < len(row) and tidy(row[column]) for row in rows)


def _title_over_all(level: dict[int, str], lower: Sequence[dict[int, str]]) -> str | None:
    """The text of a level that says the same of all columns with lower levels, when these tell the columns apart."""
    covered = {column for other in lower for column in other}
    over = [column for column in level if column in covered]
    texts = {level[column] for column in over}
    if len(texts) != 1 or len(over) < 2 or not covered <= set(level):
        return None
    text = texts.pop()
    if len(text) < _WORTH_A_TITLE or look(text) is not Look.WORDS:
        return None
    below = [_joined([other.get(column, "") for other in lower]) for column in over]
    return text if all(below) and len(set(below)) == len(below) else None


def _joined(texts: Sequence[str]) -> str:
    parts: list[str] = []
    for text in texts:
        if not text or (parts and parts[-1] == text):
            continue
        if parts and _UNIT_ONLY.fullmatch(text):
            parts[-1] = f"{parts[-1]} {text}"
        else:
            parts.append(text)
    return JOINT.join(parts)


def _spans(header: Sequence[int], merges: Sequence[Merge], width: int) -> dict[int, tuple[int, ...]]:
    if not header:
        return {}
    last = {merge.left: merge for merge in merges if merge.top in header and merge.bottom >= header[-1]}
    return {
        left: tuple(range(left, min(merge.right, width - 1) + 1))
        for left, merge in last.items()
        if merge.right > merge.left
    }
