"""What the cells of a whole column have to be for it to be plain, as conditions in SQL, and the survey that follows.

Each class is a subset of the cells for which `ColumnSurvey` finds the same however its blocks fall, so that the survey
can be made from counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from metadata.reading import headwords
from metadata.reading.survey import ColumnSurvey, Shapes
from metadata.reading.values import MARKS, NO, YES, Kind

LONGEST_PLAIN_CELL = 100_000
"""Characters; longer cells are for the reader that refuses them."""
_MANY_DIGITS = 10
"""Digits from which a figure may be a code or the number of a person."""

_BLANK = r"\t-\r\x1c-\x1f \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
"""What Python strips from a text, as a class of RE2."""
_ODD = r"\x00\r\x{a0}\x{200b}\x{feff}\x{130}\x{131}\x{17f}\x{212a}\x{fb00}-\x{fb06}"
"""Invisible signs, and letters that Python and RE2 do not fold to the same small ones."""
_WHOLE = r"0|-?[1-9][0-9]{0,14}"
"""A figure between `-_MOST` and `_MOST` as it is written by machines."""
_MOST = 10**15 - 1
_YEAR = r"(19|20)[0-9]{2}|2100"
_DECIMAL = r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,10})?"
_POINT = r"-?[1-9][0-9]{0,2}\.[0-9]{3}"
_PHONE = r"-?62\.?8.{7,}"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_OF_DATES_AND_SHARES = (
    r"(?i)janu|febr|pebr|mare|marc|apri|june|juni|july|juli|agus|augu|sept|okto|octo|nove|nope|dese|dece|senin|selasa"
    r"|rabu|kamis|jumat|sabtu|minggu|ahad|day|pukul|wita|persen"
)
"""Parts of all words of four letters and more that may stand in a date, a time or a figure."""
_MAY_BE_LABEL = (
    r"(?i)^(sub|grand|jumlah|jml|total|rata|rerata|average|mean|sumber|source|catatan|note|keterangan|penjelasan"
    r"|definisi|ket|access|last|update|pembaruan|tanggal|tgl|di[\s\p{Z}]*(unduh|akses|cetak|olah)|data|halaman|\*|\(\*"
    r"|[¹²³]|\p{Nd}{1,2}\)|[a-z]\)|r[\s\p{Z}]*[:=]|n\.a|\.\.\.|…|[-–][\s\p{Z}]*[:=]|mengetahui|menyetujui|disetujui"
    r"|kepala|plt\.|a\.n\.|an\.|camat|bupati|sekretaris|pembina|penata|nip|nrp|ttd)|,.*\p{Nd}{4}[\s\p{Z}]*$"
)
"""How totals, notes and signatures begin (`rows`), or a little more than that."""
_WORTH_A_LOOK = r"\p{Nd}{9}|\p{Nd}[-. ]\p{Nd}{3,4}[-. ]\p{Nd}{3}|@"
ENOUGH = 0.5
"""Share of the cells of a column, beyond which certain words make it one of text."""


class Class(Enum):
    """What the cells of a column are said to be."""

    EMPTY = auto()
    WHOLE = auto()
    DECIMAL = auto()
    DAY = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Basics:
    """A column's rows, its empty cells, the ends of the others in order and in length (characters)."""

    rows: int
    empty: int
    first: str | None
    last: str | None
    shortest: int | None
    longest: int

    @property
    def present(self) -> int:
        """Cells that are not empty."""
        return self.rows - self.empty


def candidate(one: Basics) -> Class:
    """The class that the first and last value of a column suggest; `survey_of` says whether it is."""
    ends = [end for end in (one.first, one.last) if end is not None]
    if not ends:
        return Class.EMPTY
    for kind, pattern in ((Class.WHOLE, _WHOLE), (Class.DECIMAL, _DECIMAL), (Class.DAY, _DAY)):
        if all(re.fullmatch(pattern, end) for end in ends):
            return kind
    return Class.TEXT


def survey_of(one: Basics, kind: Class, counts: tuple[int, ...], title: str) -> ColumnSurvey | None:
    """The survey of a column by how many of its cells pass each of `tests`; None when it is not proven to be `kind`."""
    return _MAKERS[kind](one, counts, title)


def tests(kind: Class, cell: str, *, ascii_only: bool = False) -> list[str]:
    """The conditions on a cell whose counts `survey_of` takes; each begins with what is quickly told.

    `ascii_only` says that the file has no other letters, no byte 0 and no carriage return within a cell.
    """
    full, part = (f"{name}({cell}, {{}})" for name in ("regexp_full_match", "regexp_matches"))
    if kind is Class.WHOLE:
        number = f"try_cast({cell} AS BIGINT)"
        whole = f"{number} BETWEEN -{_MOST} AND {_MOST} AND CAST({number} AS VARCHAR) = {cell}"
        return [whole, f"strlen({cell}) = 4 AND {full.format(quoted(_YEAR))}"]
    if kind is Class.DECIMAL:
        plain = f"{cell} <> '-0' AND {full.format(quoted(_DECIMAL))}"
        whole = f"{cell} <> '' AND NOT contains({cell}, '.')"
        point = f"(strlen({cell}) <= 8 AND {full.format(quoted(_POINT))})"
        telling = f"contains({cell}, '.') AND NOT ends_with({cell}, '.0') AND NOT {point}"
        begins = f"(starts_with({cell}, '62') OR starts_with({cell}, '-62'))"
        phone = f"{begins} AND {full.format(quoted(_PHONE))} AND {part.format(quoted('[0-9]{9}'))}"
        doubtful = f"({whole} AND length({cell}) >= {_MANY_DIGITS}) OR ({phone})"
        return [plain, whole, point, telling, doubtful]
    if kind is Class.DAY:
        return [f"{full.format(quoted(_DAY))} AND {cell} >= '0001' AND TRY_CAST({cell} AS DATE) IS NOT NULL"]
    if kind is Class.TEXT:
        special = ", ".join(quoted(word) for word in sorted(MARKS | YES | NO))
        marks = ", ".join(quoted(word) for word in sorted(MARKS))
        digits = part.format(quoted(r"\p{N}"))
        words = (
            f"{cell} <> '' AND CASE WHEN {digits} THEN {part.format(quoted('[A-Za-z]{4}'))} "
            f"AND NOT {part.format(quoted(_OF_DATES_AND_SHARES))} ELSE lower({cell}) NOT IN ({special}) END"
        )
        untidy = part.format(quoted(f"^[{_BLANK}]|[{_BLANK}]$|[{_ODD}]"))
        if ascii_only:
            untidy = f"{cell} <> '' AND ({cell} < '!' OR right({cell}, 1) < '!')"
        return [words, untidy, f"length({cell}) <= 30 AND lower({cell}) IN ({marks})", f"ends_with({cell}, '.0')"]
    return []


def _empty(one: Basics, _: tuple[int, ...], __: str) -> ColumnSurvey | None:
    return _survey(one, {})


def _whole(one: Basics, counts: tuple[int, ...], _: str) -> ColumnSurvey | None:
    whole, years = counts
    negative = (one.first or "").startswith("-")
    if whole != one.present or (negative and one.longest >= _MANY_DIGITS):
        return None
    made = _survey(one, {Kind.WHOLE: whole})
    made.years = years == one.present
    made.point_zero = False
    made.take_lengths(one.shortest or 0, one.longest, (one.first or "", one.last or ""))
    return made


def _decimal(one: Basics, counts: tuple[int, ...], _: str) -> ColumnSurvey | None:
    plain, whole, point, telling, doubtful = counts
    if plain != one.present or not telling or doubtful:
        return None
    made = _survey(one, {Kind.WHOLE: whole, Kind.POINT: point, Kind.ENGLISH: one.present - whole - point})
    made.years = made.point_zero = False
    made.code_length = -1
    made.greatest = 1_000
    made.fractions = {Kind.ENGLISH}
    return made


def _day(one: Basics, counts: tuple[int, ...], _: str) -> ColumnSurvey | None:
    return _survey(one, {Kind.DATE: one.present}) if counts[0] == one.present else None


def _text(one: Basics, counts: tuple[int, ...], title: str) -> ColumnSurvey | None:
    """More than half must be words for certain: then it is text, whatever the others are."""
    words, untidy, marks, zeros = counts
    if words <= ENOUGH * one.present or untidy or marks or (zeros and headwords.names_code(title)):
        return None
    return _survey(one, {Kind.TEXT: one.present})


_MAKERS = {
    Class.EMPTY: _empty,
    Class.WHOLE: _whole,
    Class.DECIMAL: _decimal,
    Class.DAY: _day,
    Class.TEXT: _text,
}


def _survey(one: Basics, counts: dict[Kind, int]) -> ColumnSurvey:
    made = ColumnSurvey(Shapes())
    made.counts |= {Kind.EMPTY: one.empty, **counts}
    return made


def worth_a_look(cell: str) -> str:
    """The condition that a cell may show a sign of a person."""
    return f"regexp_matches({cell}, {quoted(_WORTH_A_LOOK)})"


def may_be_label(cell: str, header: str) -> str:
    """The condition that a cell may be the label of a total, a note, a signature or the header itself."""
    test = f"regexp_matches({cell}, {quoted(_MAY_BE_LABEL)})"
    first = header.partition(" ")[0]
    return f"({test} OR starts_with({cell}, {quoted(first)}))" if first else test


def quoted(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"
