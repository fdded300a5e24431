"""What one cell is: a figure and how it is written, a date, a mark for "nothing here", a truth value, or words."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import IntEnum, IntFlag, auto

from metadata import dates, numbers
from metadata.numbers import Writing
from metadata.personal import Sign, sign_of
from metadata.reading.grid import Cell


class Kind(IntEnum):
    """The kinds of cells; figures from `NATIVE` to `COMMA` (see `Writing`)."""

    EMPTY = auto()
    MISSING = auto()
    NATIVE = auto()
    WHOLE = auto()
    INDONESIAN = auto()
    ENGLISH = auto()
    POINT = auto()
    COMMA = auto()
    DATE = auto()
    MOMENT = auto()
    TIME = auto()
    TRUTH = auto()
    TEXT = auto()


FIGURES = frozenset({Kind.NATIVE, Kind.WHOLE, Kind.INDONESIAN, Kind.ENGLISH, Kind.POINT, Kind.COMMA})


class Dress(IntFlag):
    """What had to be taken off or noted to see the value."""

    NONE = 0
    CURRENCY = auto()
    PERCENT = auto()
    FOOTNOTE = auto()
    NEGATIVE = auto()
    BLANKS = auto()
    UNSURE = auto()
    MONTH_FIRST = auto()
    DAY_FIRST = auto()
    FRACTION = auto()
    WORDS = auto()
    LONG = auto()


@dataclass(frozen=True, slots=True)
class Shape:
    """A cell's kind and its dress. `whole` is the figure where it is a whole number of at most 15 digits.

    `sign` is what it shows of a person, if anything.
    """

    kind: Kind
    dress: Dress = Dress.NONE
    whole: int | None = None
    sign: Sign | None = None


_ERRORS = ("#div/0!", "#n/a", "#n/a!", "#name?", "#null!", "#num!", "#ref!", "#value!")
_DASHES = ("-", "--", "---", "–", "—", "―", "…", "..", "...", "....")
_SAID = ("n/a", "null", "(null)", "<null>", "\\n", "tidak ada data", "data tidak tersedia")
_SAID_AMONG_FIGURES = (
    *("na", "n.a", "n.a.", "nan", "none", "nihil", "tad", "t.a.d", "tidak ada", "data tidak ada", "tidak tersedia"),
    *("belum ada data", "belum tersedia", "data belum tersedia", "not available", "no data", "belum mengisi"),
)
SURE_MARKS = frozenset((*_DASHES, *_SAID, *_ERRORS))
"""Marks that stand for "no value" even among words, in lower case."""
MARKS = SURE_MARKS | frozenset(_SAID_AMONG_FIGURES)
"""Marks that stand for it among figures and dates only; among words `NA` or `nihil` may be a value."""

YES = frozenset({"ya", "true", "benar", "yes"})
NO = frozenset({"tidak", "false", "salah", "no"})

_PLAIN = re.compile(r"0|-?[1-9]\d{0,14}")
_DIGIT = re.compile(r"\d")
_LONGEST_VALUE = 60
_SHORTEST_DATE = 4
_SHORTEST_SIGN = 8
_EMPTY = Shape(Kind.EMPTY)
_TEXT = Shape(Kind.TEXT)
_PROVEN = (Writing.INDONESIAN, Writing.ENGLISH)
_BY_WRITING = {
    Writing.WHOLE: Kind.WHOLE,
    Writing.INDONESIAN: Kind.INDONESIAN,
    Writing.ENGLISH: Kind.ENGLISH,
    Writing.POINT: Kind.POINT,
    Writing.COMMA: Kind.COMMA,
}


def shape(cell: Cell) -> Shape:
    """What `cell` is, by itself; what it means is decided for its whole column."""
    if isinstance(cell, str):
        return _text_shape(cell) if cell else _EMPTY
    if isinstance(cell, bool | int | float | Decimal):
        return _native_shape(cell)
    if isinstance(cell, datetime):
        return Shape(Kind.DATE if cell.time() == time(0) else Kind.MOMENT)
    if isinstance(cell, date):
        return Shape(Kind.DATE)
    return Shape(Kind.TIME) if isinstance(cell, time) else _TEXT


def _native_shape(cell: float | Decimal) -> Shape:
    if not math.isfinite(cell):
        return Shape(Kind.MISSING)
    whole = int(cell)
    if whole == cell:
        long = abs(whole) >= 10**15
        return Shape(Kind.NATIVE, Dress.LONG, sign=sign_of(str(whole))) if long else Shape(Kind.NATIVE, whole=whole)
    return Shape(Kind.NATIVE, Dress.FRACTION)


def _text_shape(text: str) -> Shape:
    if _PLAIN.fullmatch(text):
        return Shape(Kind.WHOLE, whole=int(text))
    bare = text.strip().strip("\ufeff\x00")
    if not bare:
        return Shape(Kind.EMPTY, Dress.BLANKS)
    dress = Dress.BLANKS if len(bare) != len(text) else Dress.NONE
    found = None
    if len(bare) <= _LONGEST_VALUE:
        found = _value_shape(bare, dress) if _DIGIT.search(bare) else _word_shape(bare.casefold(), dress)
    if len(bare) >= _SHORTEST_SIGN and (sign := sign_of(bare)):
        return replace(found or _TEXT, dress=found.dress if found else dress, sign=sign)
    return found or (Shape(Kind.TEXT, dress) if dress else _TEXT)


def _word_shape(low: str, dress: Dress) -> Shape | None:
    if low in MARKS:
        return Shape(Kind.MISSING, dress)
    return Shape(Kind.TRUTH, dress) if low in YES or low in NO else None


def _value_shape(bare: str, dress: Dress) -> Shape | None:
    if figure := numbers.undress(bare):
        return _figure_shape(figure, dress)
    if bare.casefold() in _ERRORS:
        return Shape(Kind.MISSING, dress)
    return _date_shape(bare, dress) if len(bare) >= _SHORTEST_DATE else None


def _figure_shape(figure: numbers.Figure, dress: Dress) -> Shape:
    if figure.currency:
        dress |= Dress.CURRENCY
    if figure.percent:
        dress |= Dress.PERCENT
    if figure.negative:
        dress |= Dress.NEGATIVE
    if figure.mark:
        dress |= Dress.FOOTNOTE
    if figure.writing is Writing.WHOLE:
        if len(figure.digits) > 15:
            return Shape(Kind.WHOLE, dress | Dress.LONG)
        return Shape(Kind.WHOLE, dress, whole=-int(figure.digits) if figure.negative else int(figure.digits))
    if ("," if figure.writing is Writing.INDONESIAN else ".") in figure.digits and figure.writing in _PROVEN:
        dress |= Dress.FRACTION
    return Shape(_BY_WRITING[figure.writing], dress)


def _date_shape(bare: str, dress: Dress) -> Shape | None:
    if len(bare) in (10, 19) and bare[4] == "-":
        try:
            datetime.fromisoformat(bare)
        except ValueError:
            return None
        return Shape(Kind.DATE if len(bare) == 10 else Kind.MOMENT, dress)
    found = dates.read_date(bare)
    if found is None:
        return Shape(Kind.TIME, dress) if dates.read_time(bare) and ":" in bare else None
    if not bare[:4].isdigit():
        dress |= Dress.WORDS
    if found.proves:
        dress |= Dress.MONTH_FIRST if found.proves == "mdy" else Dress.DAY_FIRST
    if not found.certain:
        dress |= Dress.UNSURE
    return Shape(Kind.MOMENT if found.clock else Kind.DATE, dress)
