"""A long, plain file surveyed by its columns in SQL: the same is found as cell by cell, or nothing is claimed.

Whatever is not proven here (a mark, a date in words, a total, a stray blank, a sign of a person) leaves the whole file
to the way that looks at each cell; so the answer does not depend on which way a file went.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from metadata.personal import sign_of
from metadata.profile import LONGEST_VALUE, MOST_PROVEN, ColumnProfile, most_values
from metadata.reading import headwords
from metadata.reading.body import LABEL_COLUMNS
from metadata.reading.column_tests import (
    ENOUGH,
    LONGEST_PLAIN_CELL,
    Basics,
    Class,
    candidate,
    may_be_label,
    survey_of,
    tests,
    worth_a_look,
)
from metadata.reading.survey import ColumnSurvey
from metadata.reading.totals import LabelWatch
from metadata.scan import Scan, ScanFailed, marks_in, scan
from metadata.survey import survey

LARGEST = 250_000_000
"""Bytes of a file that is surveyed by its columns: its texts have to be in memory."""
MOST_COLUMNS = 200
_SAMPLE = 50_000
_BITS_A_ROW = 16
_FORMS = {Class.WHOLE: "integer", Class.DECIMAL: "number", Class.DAY: "date"}
_MOST_DOUBTFUL = 20_000
_MEGABYTES = 900
_MOST_ROWS = 0.6
"""Share of the rows by which it is mostly seen that a column is words."""


@dataclass(frozen=True, slots=True)
class Columnwise:
    """What was found: how many records, each column's survey and profile.

    `identical` says that the lines below the header are canonical as they stand, if no cell is to be changed; `ended`
    that the last one has its end. `proven` tells of each column whether its uniqueness was looked at.
    """

    rows: int
    surveys: list[ColumnSurvey]
    profiles: list[ColumnProfile]
    proven: list[bool]
    identical: bool
    ended: bool


def survey_columns(
    path: Path, delimiter: str, *, header: Sequence[str], titles: Sequence[str], figures: frozenset[int]
) -> Columnwise | None:
    """Survey the records below the first line of the UTF-8 file at `path`; None when it is not proven to be plain.

    `header` are the texts of the first line, `titles` what is said of each column, `figures` the columns of figures.
    """
    width = len(header)
    if not 1 < width <= MOST_COLUMNS or path.stat().st_size > LARGEST:
        return None
    try:
        with (
            ThreadPoolExecutor(1, "survey") as beside,
            scan(path, width, delimiter=delimiter, skip=1, spare=1, megabytes=_MEGABYTES) as opened,
        ):
            surveying = beside.submit(survey, path, hashed=False)
            opened.ask("CREATE TEMP TABLE held AS FROM cells")
            seen = surveying.result()
            if not seen.is_even(delimiter):
                return None
            counted = f"count(c{width - 1}), count(c{width}), {opened.sizes}"
            ((whole, over, *sizes),) = opened.ask(f"SELECT {counted} FROM held")  # noqa: S608 - columns are numbered
            if not sizes[0] or whole != sizes[0] or over:
                return None
            sight = _Sight(opened, sizes[0], header, titles, figures, ascii_only=seen.ascii)
            made = sight.columns()
            if made is None or sight.is_sparse() or not opened.is_whole(sizes, sight.marks, seen):
                return None
            # A cell is quoted exactly when it has to be: then there are no more marks than canonical CSV has.
            needed = 2 * (sight.to_be_quoted + sight.marks)
            identical = delimiter == "," and seen.newline == "\n" and seen.quotes - seen.head_quotes == needed
            return Columnwise(sizes[0], *made, identical, seen.ended)
    except ScanFailed:
        return None


class _Sight:
    """Looks at the columns of the table `held`; a column of few values by these, which the table `few…` counts."""

    def __init__(
        self,
        opened: Scan,
        rows: int,
        header: Sequence[str],
        titles: Sequence[str],
        figures: frozenset[int],
        *,
        ascii_only: bool,
    ) -> None:
        self._opened, self._rows = opened, rows
        self._header, self._titles, self._figures = header, titles, figures
        self._ascii = ascii_only
        self._width = len(header)
        self._few = self._count_few()
        self._basics = [self._basics_of(at) for at in range(self._width)]
        self.marks = self.to_be_quoted = 0
        """Quotation marks in the texts of the columns looked at, and cells that canonical CSV has in quotes."""

    def is_sparse(self) -> bool:
        """Whether any row has one cell at most: impossible where two columns have no gaps."""
        if sum(one.empty == 0 for one in self._basics) > 1:
            return False
        blanks = " + ".join(f"(c{at} = '')::INT" for at in range(self._width))
        ((found,),) = self._opened.ask(f"SELECT count(*) FROM held WHERE {blanks} >= {self._width - 1}")  # noqa: S608 - numbered
        return bool(found)

    def columns(self) -> tuple[list[ColumnSurvey], list[ColumnProfile], list[bool]] | None:
        """The survey and profile of each column, and whether its uniqueness was looked at; None: not all are plain."""
        surveys, profiles, wanted = [], [], []
        basics = self._basics
        kinds = [candidate(one) for one in basics]
        proves = [kind is not Class.DECIMAL or headwords.names_code(self._titles[at]) for at, kind in enumerate(kinds)]
        most_proven = MOST_PROVEN // max(1, sum(proves))
        for at, (one, kind) in enumerate(zip(basics, kinds, strict=True)):
            made = None if one.longest > LONGEST_PLAIN_CELL else self._survey(at, one, kind)
            if made is None:
                return None
            surveys.append(made)
            profiles.append(self._profile(at, one, kind, prove=proves[at] and self._rows <= most_proven))
            wanted.append(proves[at])
        return surveys, profiles, wanted

    def _count_few(self) -> dict[int, dict[str, int]]:
        """How often each value comes, in the order of their first coming, of the columns that have few."""
        most = most_values(self._width)
        asked = ", ".join(f"count(DISTINCT c{at})" for at in range(self._width))
        (sampled,) = self._opened.ask(f"SELECT {asked} FROM (FROM held LIMIT {_SAMPLE})")  # noqa: S608 - numbered
        found: dict[int, dict[str, int]] = {}
        for at, different in enumerate(sampled):
            if different > most:
                continue
            self._opened.ask(
                f"CREATE TEMP TABLE few{at} AS SELECT c{at}, count(*) AS n, min(rowid) AS first FROM held "  # noqa: S608
                f"GROUP BY 1 ORDER BY first LIMIT {most + 1}"
            )
            counted = self._opened.ask(f"SELECT c{at}, n FROM few{at} ORDER BY first")  # noqa: S608 - as above
            if len(counted) <= most:
                found[at] = dict(counted)
        return found

    def _survey(self, at: int, one: Basics, kind: Class) -> ColumnSurvey | None:
        asked = tests(kind, f"c{at}", ascii_only=self._ascii)
        counts = self._counts(at, asked) if kind is not Class.TEXT else self._counts_of_text(at, one, asked)
        made = survey_of(one, kind, counts, self._titles[at]) if counts is not None else None
        plain = kind is not Class.TEXT or (self._shows_no_sign(at) and self._labels_no_row(at))
        return made if plain else None

    def _counts_of_text(self, at: int, one: Basics, asked: Sequence[str]) -> tuple[int, ...] | None:
        """As `_counts`, and the quotation marks noted; None where a text has several lines.

        That most are words is known when the first rows have enough of them; the others need not be asked.
        """
        cell = f"c{at}"
        words, *others = asked
        form = [
            f"contains({cell}, chr(10))",
            f"contains({cell}, ',') OR contains({cell}, '\"')",
            f"contains({cell}, '\"')",
        ]
        *found, broken, to_be_quoted, marked = self._counts(at, [*others, *form])
        if broken:
            return None
        self.to_be_quoted += to_be_quoted
        if marked:
            times = "n * " if at in self._few else ""
            ((marks,),) = self._opened.ask(f"SELECT sum({times}{marks_in(cell)}) FROM {self._source(at)}")  # noqa: S608 - numbered
            self.marks += int(marks)
        first = 0
        if at not in self._few:
            (first,) = self._counts(at, [f"rowid < {self._rows * _MOST_ROWS:.0f} AND {words}"])
        if first <= ENOUGH * one.present:
            (first,) = self._counts(at, [words])
        return (first, *found)

    def _counts(self, at: int, conditions: Sequence[str]) -> tuple[int, ...]:
        """How many cells fulfil each condition."""
        if not conditions:
            return ()
        # A CASE asks no more of a cell than it takes; a filter works out every part of its condition.
        counted = (
            "coalesce(sum(CASE WHEN {} THEN n END), 0)::BIGINT" if at in self._few else "count(CASE WHEN {} THEN 1 END)"
        )
        asked = ", ".join(counted.format(condition) for condition in conditions)
        (found,) = self._opened.ask(f"SELECT {asked} FROM {self._source(at)}")  # noqa: S608 - conditions are our own
        return found

    def _source(self, at: int) -> str:
        return f"few{at}" if at in self._few else "held"

    def _basics_of(self, at: int) -> Basics:
        (empty,) = self._counts(at, [f"c{at} = ''"])
        (found,) = self._opened.ask(
            f"SELECT min(c{at}), max(c{at}), min(length(c{at})), coalesce(max(length(c{at})), 0) "  # noqa: S608
            f"FROM {self._source(at)} WHERE c{at} <> ''"
        )
        return Basics(self._rows, empty, *found)

    def _shows_no_sign(self, at: int) -> bool:
        """Whether no text shows a sign of a person; those with many digits or an @ are looked at one by one."""
        doubtful = self._some(at, worth_a_look(f"c{at}"))
        return doubtful is not None and not any(map(sign_of, doubtful))

    def _labels_no_row(self, at: int) -> bool:
        """Whether no cell of a column of labels makes its row suspect of being a total, a note or a header."""
        if at >= LABEL_COLUMNS or (at in self._figures and at > 0):
            return True
        watch = LabelWatch(self._header[at])
        suspects = self._some(at, may_be_label(f"c{at}", self._header[at]))
        return suspects is not None and not any(map(watch.is_suspect, filter(None, suspects)))

    def _some(self, at: int, test: str) -> list[str] | None:
        """The distinct cells that pass a test; None when they are too many."""
        found = self._opened.ask(
            f"SELECT DISTINCT c{at} FROM {self._source(at)} WHERE {test} LIMIT {_MOST_DOUBTFUL + 1}"  # noqa: S608
        )
        return [text for (text,) in found] if len(found) <= _MOST_DOUBTFUL else None

    def _profile(self, at: int, one: Basics, kind: Class, *, prove: bool) -> ColumnProfile:
        counts = self._few.get(at)
        unique = prove and one.empty == 0 and (len(counts) == self._rows if counts else self._is_unique(at, kind))
        told = None
        if counts is not None and one.longest <= LONGEST_VALUE:
            told = {text: times for text, times in counts.items() if text}
        form, longest = _FORMS.get(kind), one.longest if kind in _FORMS else 0
        return ColumnProfile(self._rows, one.empty, unique, one.first, one.last, told, form, longest)

    def _is_unique(self, at: int, kind: Class) -> bool:
        """Whether no cell comes twice; whole numbers that lie close together are told apart by one bit each."""
        if kind is Class.WHOLE:
            number = f"CAST(c{at} AS BIGINT)"
            ((least, most),) = self._opened.ask(f"SELECT min({number}), max({number}) FROM held")  # noqa: S608 - numbered
            if most - least < self._rows * _BITS_A_ROW:
                bits = f"bit_count(bitstring_agg({number}, {least}::BIGINT, {most}::BIGINT))"
                return bool(self._opened.ask(f"SELECT {bits} = count(*) FROM held")[0][0])  # noqa: S608 - as above
        different = f"SELECT count(*) = count(DISTINCT c{at}) FROM "  # noqa: S608 - as above
        return all(self._opened.ask(different + source)[0][0] for source in (f"(FROM held LIMIT {_SAMPLE})", "held"))
