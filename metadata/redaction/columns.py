"""Personal data in rows of cells: which columns hold it, by their titles and by what the cells show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from metadata.notices import Notice, Place
from metadata.personal import ColumnSigns, Sign, find_personal, spans
from metadata.redaction.findings import BY_SIGN

MASK = "█████"
"""What stands where something was taken out; five of them whatever was there."""
_HEADER_WITHIN = 15
_FEW = 0.3
"""Share of the filled cells that have to show a sign for a whole column to be masked."""


@dataclass(slots=True)
class PersonalColumns:
    """What was found in a table: the notices, the row of the header (from 0), and the columns to be masked whole."""

    notices: list[Notice] = field(default_factory=list)
    header: int = 0
    whole: set[int] = field(default_factory=set)


def find_in_rows(rows: Sequence[Sequence[str]], place: Place) -> PersonalColumns:
    """The columns of a table with personal data; rows are counted from 1.

    The header is taken to be the row with most words among the first ones.
    """
    if not rows:
        return PersonalColumns()
    width = max(map(len, rows))
    head = max(range(min(_HEADER_WITHIN, len(rows))), key=lambda at: (_words(rows[at]), -at))
    surveys, strays = [], []
    for column in range(width):
        title = rows[head][column] if column < len(rows[head]) else ""
        surveys.append(_survey(title, rows[head + 1 :], column, head + 2))
        strays += _strays(rows[: head + 1], column)
    found = PersonalColumns(header=head)
    found.notices += find_personal(surveys, place)
    named = {notice.place.column for notice in found.notices}
    found.whole.update(at for at, survey in enumerate(surveys) if survey.title and survey.title in named)
    for survey in surveys:
        if survey.title not in named and survey.signs:
            sign, (count, row) = next(iter(survey.signs.items()))
            where = Place(place.file, place.sheet, row, survey.title or None)
            found.notices.append(Notice(BY_SIGN[sign], where, {"count": count}))
    found.notices += [Notice(BY_SIGN[sign], Place(place.file, place.sheet, row), {"count": 1}) for sign, row in strays]
    return found


def masked(text: str) -> str:
    """A text with a mask for each identity number, phone and private address in it."""
    for start, end, _ in reversed(spans(text)):
        text = text[:start] + MASK + text[end:]
    return text


def _survey(title: str, rows: Iterable[Sequence[str]], column: int, first_row: int) -> ColumnSigns:
    signs: dict[Sign, tuple[int, int]] = {}
    present = words = 0
    for number, row in enumerate(rows, first_row):
        cell = row[column] if column < len(row) else ""
        if not cell.strip():
            continue
        present += 1
        words += any(sign.isalpha() for sign in cell) or (cell.isdigit() and len(cell) >= 10)
        for _, _, sign in spans(cell):
            count, first = signs.get(sign, (0, number))
            signs[sign] = (count + 1, first)
    return ColumnSigns(title, present, wordy=present > 0 and words >= present * _FEW, signs=signs)


def _strays(rows: Iterable[Sequence[str]], column: int) -> list[tuple[Sign, int]]:
    """Signs above the table and in its header."""
    return [
        (sign, number)
        for number, row in enumerate(rows, 1)
        for _, _, sign in spans(row[column] if column < len(row) else "")
    ]


def _words(row: Sequence[str]) -> int:
    return sum(any(sign.isalpha() for sign in cell) and not spans(cell) for cell in row)
