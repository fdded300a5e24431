"""How each column is to be read, decided from all of its cells: type, number style, order of dates, missing marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from metadata.dates import Order
from metadata.numbers import Style
from metadata.reading import headwords
from metadata.reading.survey import ColumnSurvey
from metadata.reading.table import FieldType
from metadata.reading.values import FIGURES, SURE_MARKS, Dress, Kind

LONG_CODE = 10
"""Digits from which figures of one length and one beginning are codes rather than amounts."""
NEARLY_ALL = 0.9
"""Share of figures from which a column with words in it deserves a remark."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the cells of one column are read.

    `style` is None when each figure is read as its own marks prove. `plain` says that the cells are canonical already.
    `doubt` names a decision that a person should look at; `reason` says why an ambiguous style was chosen, or which
    type was refused.
    """

    type: FieldType
    style: Style | None = Style.ENGLISH
    order: Order = "dmy"
    marks: frozenset[str] = frozenset()
    plain: bool = False
    point_zero: bool = False
    code: bool = False
    doubt: str | None = None
    reason: str | None = None


def proven_style(surveys: Iterable[ColumnSurvey]) -> Style | None:
    """The one number style that the columns of a file prove; None when they prove none, or both."""
    found: set[Style] = set()
    for survey in surveys:
        if survey.counts[Kind.TEXT] <= survey.figures * 0.1:
            if survey.counts[Kind.INDONESIAN]:
                found.add(Style.INDONESIAN)
            if survey.counts[Kind.ENGLISH]:
                found.add(Style.ENGLISH)
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class FileStyle:
    """The number style of a whole file: what its columns prove (None: nothing), or what was `told` of it."""

    style: Style | None = None
    told: bool = False


def plan(survey: ColumnSurvey, title: str, *, style: FileStyle, wanted: FieldType | None = None) -> Plan:
    """Decide how the column `title` is read; `style` is that of the whole file, `wanted` what is declared."""
    if wanted is not None:
        return _declared(survey, title, wanted, style)
    if not survey.present:
        return Plan("string", marks=_marks(survey, every=True), plain=not survey.marks and not survey.untidy)
    if headwords.names_code(title) or _are_codes(survey):
        return _words(survey, code=survey.figures > 0)
    return _typed(survey, title, style) or _words(survey)


def _typed(survey: ColumnSurvey, title: str, style: FileStyle) -> Plan | None:
    counts, present = survey.counts, survey.present
    if survey.figures == present:
        return _year(survey, title) or _number(survey, title, style)
    if counts[Kind.DATE] + counts[Kind.MOMENT] == present:
        return _date(survey, "datetime" if counts[Kind.MOMENT] else "date")
    if counts[Kind.TIME] == present:
        return Plan("time", marks=_marks(survey, every=True))
    if counts[Kind.TRUTH] == present and (survey.truths in _PAIRS or survey.truths <= {"true", "false"}):
        return Plan("boolean", marks=_marks(survey, every=True))
    return None


_PAIRS = ({"ya", "tidak"}, {"true", "false"}, {"benar", "salah"}, {"yes", "no"})


def _year(survey: ColumnSurvey, title: str) -> Plan | None:
    if not survey.years or survey.counts[Kind.POINT] or survey.counts[Kind.COMMA]:
        return None
    if headwords.names_year(title) or not title:
        zero = survey.counts[Kind.ENGLISH] > 0
        return Plan("year", marks=_marks(survey, every=True), plain=_plain(survey) and not zero, point_zero=zero)
    return None


def _number(survey: ColumnSurvey, title: str, style: FileStyle) -> Plan:
    chosen, reason = _style(survey, title, style)
    marks = _marks(survey, every=True)
    if chosen is None and reason is not None:
        return _words(survey, doubt=reason)
    whole = not _has_decimals(survey, chosen)
    plain = _plain(survey) and (chosen is Style.ENGLISH or not survey.counts[Kind.POINT])
    return Plan("integer" if whole else "number", style=chosen, marks=marks, plain=plain, reason=reason)


def _style(survey: ColumnSurvey, title: str, style: FileStyle) -> tuple[Style | None, str | None]:
    """The style, and the reason where the cells themselves do not prove it; (None, reason) when nothing decides."""
    counts = survey.counts
    indonesian, english = counts[Kind.INDONESIAN], counts[Kind.ENGLISH]
    point, comma = counts[Kind.POINT], counts[Kind.COMMA]
    if (indonesian and english) or (point and comma and not indonesian and not english and not style.told):
        return None, "mixed" if point or comma else None
    if indonesian or english or not (point or comma):
        return (Style.INDONESIAN if indonesian else Style.ENGLISH), None
    return (style.style, None) if style.told else _guessed_style(survey, title, style.style)


def _guessed_style(survey: ColumnSurvey, title: str, style: Style | None) -> tuple[Style | None, str]:
    point = survey.counts[Kind.POINT] > 0
    if headwords.names_fraction(title):
        return (Style.ENGLISH if point else Style.INDONESIAN), "header"
    if survey.greatest >= 1000:
        return (Style.ENGLISH if point else Style.INDONESIAN), "ungrouped"
    if style is not None:
        return style, "file"
    return (Style.INDONESIAN, "custom") if point else (None, "undecidable")


def _has_decimals(survey: ColumnSurvey, style: Style | None) -> bool:
    if survey.dressed[Dress.FRACTION] and Kind.NATIVE in survey.fractions:
        return True
    if survey.fractions & {Kind.ENGLISH, Kind.INDONESIAN}:
        return True
    return bool(survey.counts[Kind.POINT if style is Style.ENGLISH else Kind.COMMA])


def _date(survey: ColumnSurvey, kind: FieldType) -> Plan:
    dressed = survey.dressed
    order: Order = "mdy" if dressed[Dress.MONTH_FIRST] and not dressed[Dress.DAY_FIRST] else "dmy"
    if dressed[Dress.MONTH_FIRST] and dressed[Dress.DAY_FIRST]:
        return _words(survey, doubt="dates")
    guessed = dressed[Dress.UNSURE] and not dressed[Dress.MONTH_FIRST] and not dressed[Dress.DAY_FIRST]
    return Plan(kind, order=order, marks=_marks(survey, every=True), reason="custom" if guessed else None)


def _are_codes(survey: ColumnSurvey) -> bool:
    """Whether the figures are too long to be amounts, or as long as each other and with one beginning."""
    if survey.figures != survey.present:
        return False
    if survey.dressed[Dress.LONG]:
        return True
    alike = survey.code_prefix is not None and len(survey.code_prefix) >= 3
    return survey.code_length >= LONG_CODE and alike and survey.present >= 5


def _words(survey: ColumnSurvey, *, code: bool = False, doubt: str | None = None) -> Plan:
    zero = code and survey.counts[Kind.ENGLISH] > 0 and survey.point_zero
    marks = _marks(survey, every=False)
    plain = not survey.untidy and not survey.native and not marks and not zero
    if doubt is None and not code and survey.present > survey.figures >= NEARLY_ALL * survey.present >= 5:
        doubt = "odd"
    return Plan("string", marks=marks, plain=plain, point_zero=zero, code=code, doubt=doubt)


_FITTING: dict[FieldType, frozenset[Kind]] = {
    "integer": FIGURES,
    "number": FIGURES,
    "year": FIGURES,
    "date": frozenset({Kind.DATE}),
    "datetime": frozenset({Kind.DATE, Kind.MOMENT}),
    "time": frozenset({Kind.TIME}),
    "boolean": frozenset({Kind.TRUTH}),
}


def _declared(survey: ColumnSurvey, title: str, wanted: FieldType, style: FileStyle) -> Plan:
    if wanted == "string":
        return _words(survey)
    fits = sum(survey.counts[kind] for kind in _FITTING[wanted]) == survey.present
    made = _as_declared(survey, title, wanted, style) if fits else None
    return made or replace(_words(survey), doubt="refused", reason=wanted)


def _as_declared(survey: ColumnSurvey, title: str, wanted: FieldType, style: FileStyle) -> Plan | None:
    """The plan for a declared type that every cell fits; None when the cells together contradict it."""
    if wanted in ("date", "datetime"):
        return _date(survey, wanted)
    if wanted in ("integer", "number"):
        chosen = _style(survey, title, style)[0]
        ambiguous = survey.counts[Kind.POINT] or survey.counts[Kind.COMMA]
        made = chosen if chosen or not ambiguous else Style.INDONESIAN
        contradicted = wanted == "integer" and _has_decimals(survey, made)
        return None if contradicted else Plan(wanted, style=made, marks=_marks(survey, every=True))
    if wanted == "year" and not survey.years:
        return None
    return Plan(wanted, marks=_marks(survey, every=True))


def _marks(survey: ColumnSurvey, *, every: bool) -> frozenset[str]:
    return frozenset(mark for mark in survey.marks if every or mark.casefold() in SURE_MARKS)


def _plain(survey: ColumnSurvey) -> bool:
    return survey.plain and not survey.native and not survey.marks and not survey.untidy
