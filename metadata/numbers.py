"""Figures as Indonesian offices write them: read with either decimal mark, written with the right one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Style(StrEnum):
    """Which mark separates the decimals: `1.234,5` (Indonesian) or `1,234.5` (English)."""

    INDONESIAN = "id"
    ENGLISH = "en"


class Writing(StrEnum):
    """What the digits and marks of one figure prove.

    `WHOLE` has no mark at all, `INDONESIAN` and `ENGLISH` can be read in one way only; `POINT` (`1.234`) and `COMMA`
    (`1,234`) are a thousand times greater in one reading than in the other.
    """

    WHOLE = "whole"
    INDONESIAN = "id"
    ENGLISH = "en"
    POINT = "point"
    COMMA = "comma"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure taken out of its dress: `digits` with their marks, and what stood around them."""

    digits: str
    writing: Writing
    negative: bool = False
    currency: bool = False
    percent: bool = False
    mark: str = ""

    def value(self, style: Style) -> Decimal | None:
        """The number it stands for in `style`; None when its marks contradict that style."""
        digits = self.digits
        if self.writing in (Writing.INDONESIAN, Writing.ENGLISH) and self.writing.value != style.value:
            return None
        plain = digits.replace(".", "").replace(",", ".") if style is Style.INDONESIAN else digits.replace(",", "")
        number = Decimal(plain)
        return -number if self.negative else number


_DRESS = re.compile(
    r"""\s*
    (?P<open>\()?\s*
    (?P<sign>[-+−–])?\s*
    (?P<currency>(?:Rp|IDR|USD|US\$|\$)\s*\.?)?\s*
    (?P<inner>[-−–])?\s*
    (?P<digits>\d(?:[\d.,   \'’]*\d)?(?:[eE][+-]\d{1,3})?)
    (?P<coins>,-{1,2}|,=|\.-)?
    (?P<trailing>-)?\s*
    (?P<percent>%|persen\b)?\s*
    (?(open)\))\s*
    (?P<percent2>%|persen\b)?\s*
    (?P<mark>\(?(?:\*{1,4}|[a-er]|\d)\)|\*{1,4}|[¹²³⁴⁵⁶⁷⁸⁹]+\)?|(?<=\s)[rexp])?
    \s*""",
    re.VERBOSE | re.IGNORECASE,
)
_BLANKS = re.compile(r"[   '’]")
_SPACED = re.compile(r"\d{1,3}(?:[   '’]\d{3})+(?:[.,]\d+)?")
_WHOLE = re.compile(r"\d+")
_INDONESIAN = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+),\d+(?:[eE][+-]\d+)?|[1-9]\d{0,2}(?:\.\d{3}){2,}")
_ENGLISH = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+(?:[eE][+-]\d+)?|\d+[eE][+-]\d+|[1-9]\d{0,2}(?:,\d{3}){2,}")
_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_COMMA = re.compile(r"[1-9]\d{0,2},\d{3}")
_CODE = re.compile(r"0\d")


def undress(text: str) -> Figure | None:
    """The figure in `text`, without `Rp`, `%`, brackets of a negative, blanks between thousands and footnote marks.

    None when it is not a figure: words, dates, codes such as `5.1.02`, ranges. Phone numbers with `+` are none.
    """
    dress = _DRESS.fullmatch(text)
    if dress is None:
        return None
    if sum(map(bool, (dress["open"], dress["sign"] not in (None, "+"), dress["inner"], dress["trailing"]))) > 1:
        return None
    if dress["sign"] == "+" and len(dress["digits"]) > 9:
        return None
    digits = dress["digits"]
    if _BLANKS.search(digits):
        if not _SPACED.fullmatch(digits):
            return None
        digits = _BLANKS.sub("", digits)
    writing = writing_of(digits)
    if writing is None:
        return None
    negative = bool(dress["open"] or dress["inner"] or dress["trailing"] or dress["sign"] not in (None, "+"))
    return Figure(
        digits=digits,
        writing=writing,
        negative=negative,
        currency=bool(dress["currency"] or dress["coins"]),
        percent=bool(dress["percent"] or dress["percent2"]),
        mark=dress["mark"] or "",
    )


def writing_of(digits: str) -> Writing | None:
    """What the marks among bare `digits` prove; None when they follow neither style (`5.1.02`, `1,2,3`).

    A zero before another digit (`007`, `01.234`) makes a code, not a figure.
    """
    if _CODE.match(digits):
        return None
    if _WHOLE.fullmatch(digits):
        return Writing.WHOLE
    if _POINT.fullmatch(digits):
        return Writing.POINT
    if _COMMA.fullmatch(digits):
        return Writing.COMMA
    if _INDONESIAN.fullmatch(digits):
        return Writing.INDONESIAN
    return Writing.ENGLISH if _ENGLISH.fullmatch(digits) else None


def parse_number(text: str, style: Style = Style.INDONESIAN) -> Decimal | None:
    """The number that `text` stands for; None when it is not one, or not one in this style.

    >>> parse_number("Rp 1.234.567,89")
    Decimal('1234567.89')
    >>> parse_number("(12,5%)")
    Decimal('-12.5')
    """
    figure = undress(text)
    return figure.value(style) if figure else None


def plain(number: Decimal) -> str:
    """`number` in machine form: point decimals, no grouping, no exponent, the decimals it was given with."""
    text = format(number, "f")
    return text if number or text[0] != "-" else text[1:]


def format_number(value: float | Decimal, decimals: int | None = None, language: str = "id") -> str:
    """A number for the eye: `1.234.567,8` in Indonesian, `1,234,567.8` in English.

    `decimals` rounds to so many; None keeps what the number has, at most 15 significant digits of a float.
    """
    number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    if decimals is not None:
        text = format(number, f",.{decimals}f")
    else:
        text = format(number, ",f")
        if "." in text and isinstance(value, float):
            text = text.rstrip("0").rstrip(".")
    return text if language == "en" else text.translate(_SWAP)


_SWAP = str.maketrans(".,", ",.")
