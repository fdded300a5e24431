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
from metadata.scan import Scan, ScanFailed, scan
from metadata.survey import survey

LARGEST = 250_000_000
"""Bytes of a file that is surveyed by its columns: its texts have to be in memory."""
MOST_COLUMNS = 200
_SAMPLE = 50_000
_MOST_DOUBTFUL = 20_000
_MEGABYTES = 900


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
            surveying = beside.submit(survey, path, delimiter=delimiter)
            opened.ask("CREATE TEMP TABLE held AS FROM cells")
            seen = surveying.result()
            if not seen.even:
                return None
            rows = _even_rows(opened, width, seen.lines - 1)
            if not rows:
                return None
            sight = _Sight(opened, rows, header, titles, figures)
            made = sight.columns()
            if made is None:
                return None
            surveys, profiles, proven = made
            below = seen.bytes - _first_line(path)
            identical = delimiter == "," and seen.newline == "\n"
            if identical and seen.quotes:
                identical = _canonical_bytes(opened, width, rows) == below + (not _ends(path))
            return Columnwise(rows, surveys, profiles, proven, identical, _ends(path))
    except ScanFailed:
        return None


def _even_rows(opened: Scan, width: int, lines: int) -> int:
    """How many records there are, if each has its line and all its cells, and more than one that is filled; else 0."""
    blanks = " + ".join(f"(c{at} = '')::INT" for at in range(width))
    ((rows, whole, over, sparse),) = opened.ask(
        f"SELECT count(*), count(c{width - 1}), count(c{width}), "  # noqa: S608 - columns are numbered
        f"count(*) FILTER (WHERE {blanks} >= {width - 1}) FROM held"
    )
    return int(rows) if rows == whole == lines and not over and not sparse else 0


def _canonical_bytes(opened: Scan, width: int, rows: int) -> int:
    """How long the records are when written as canonical CSV: a cell is quoted exactly when it has to be."""
    written = " + ".join(
        f"strlen(c{at}) + CASE WHEN contains(c{at}, ',') OR contains(c{at}, '\"') "
        f"THEN 2 + strlen(c{at}) - strlen(replace(c{at}, '\"', '')) ELSE 0 END"
        for at in range(width)
    )
    ((size,),) = opened.ask(f"SELECT sum({written}) FROM held")  # noqa: S608 - as above
    return int(size) + rows * width


def _first_line(path: Path) -> int:
    with path.open("rb") as stream:
        return len(stream.readline())


def _ends(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, 2)
        return stream.read(1) == b"\n"


class _Sight:
    """Looks at the columns of the table `held`; a column of few values by these, which the table `few…` counts."""

    def __init__(
        self, opened: Scan, rows: int, header: Sequence[str], titles: Sequence[str], figures: frozenset[int]
    ) -> None:
        self._opened, self._rows = opened, rows
        self._header, self._titles, self._figures = header, titles, figures
        self._width = len(header)
        self._few = self._count_few()

    def columns(self) -> tuple[list[ColumnSurvey], list[ColumnProfile], list[bool]] | None:
        """The survey and profile of each column, and whether its uniqueness was looked at; None: not all are plain."""
        surveys, profiles, wanted = [], [], []
        basics = [self._basics(at) for at in range(self._width)]
        kinds = [candidate(one) for one in basics]
        proves = [kind is not Class.DECIMAL or headwords.names_code(self._titles[at]) for at, kind in enumerate(kinds)]
        most_proven = MOST_PROVEN // max(1, sum(proves))
        for at, (one, kind) in enumerate(zip(basics, kinds, strict=True)):
            made = None if one.longest > LONGEST_PLAIN_CELL else self._survey(at, one, kind)
            if made is None:
                return None
            surveys.append(made)
            profiles.append(self._profile(at, one, prove=proves[at] and self._rows <= most_proven))
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
        made = survey_of(one, kind, self._counts(at, tests(kind, f"c{at}")), self._titles[at])
        plain = kind is not Class.TEXT or (self._shows_no_sign(at) and self._labels_no_row(at))
        return made if plain else None

    def _counts(self, at: int, conditions: Sequence[str]) -> tuple[int, ...]:
        """How many cells fulfil each condition."""
        if not conditions:
            return ()
        counted = "coalesce(sum(n) FILTER (WHERE {}), 0)::BIGINT" if at in self._few else "count(*) FILTER (WHERE {})"
        asked = ", ".join(counted.format(condition) for condition in conditions)
        (found,) = self._opened.ask(f"SELECT {asked} FROM {self._source(at)}")  # noqa: S608 - conditions are our own
        return found

    def _source(self, at: int) -> str:
        return f"few{at}" if at in self._few else "held"

    def _basics(self, at: int) -> Basics:
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

    def _profile(self, at: int, one: Basics, *, prove: bool) -> ColumnProfile:
        counts = self._few.get(at)
        unique = prove and one.empty == 0 and (len(counts) == self._rows if counts else self._is_unique(at))
        told = None
        if counts is not None and one.longest <= LONGEST_VALUE:
            told = {text: times for text, times in counts.items() if text}
        return ColumnProfile(self._rows, one.empty, unique, one.first, one.last, told)

    def _is_unique(self, at: int) -> bool:
        different = f"SELECT count(*) = count(DISTINCT c{at}) FROM "  # noqa: S608 - numbered
        return all(self._opened.ask(different + source)[0][0] for source in (f"(FROM held LIMIT {_SAMPLE})", "held"))
