"""What there is to say of a table that was read: each repair with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from metadata import numbers
from metadata.notices import Notice, Param, Place
from metadata.numbers import Style
from metadata.reading import cell_repairs, repairs
from metadata.reading.body import Body, Reason
from metadata.reading.plans import Plan
from metadata.reading.survey import ColumnSurvey
from metadata.reading.values import Dress, Kind

_REASONS = {
    "file": cell_repairs.NUMBERS_BY_FILE,
    "header": cell_repairs.NUMBERS_BY_HEADER,
    "ungrouped": cell_repairs.NUMBERS_UNGROUPED,
    "custom": cell_repairs.NUMBERS_BY_CUSTOM,
}
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Read:
    """A column as it was read."""

    title: str
    name: str
    plan: Plan
    survey: ColumnSurvey


def about_rows(body: Body, place: Place, before: int) -> list[Notice]:
    """The rows that are not in the data, and the ones too short or too long."""
    by_reason: dict[Reason, list[int]] = {}
    for number, reason in sorted(body.dropped.items()):
        by_reason.setdefault(reason, []).append(number)
    found = _about_totals(body, by_reason, place, before)
    for code, reason in (
        (repairs.BLANK_ROWS, Reason.BLANK),
        (repairs.NOTE_ROWS, Reason.NOTE),
        (repairs.SIGNATURE_ROWS, Reason.SIGNATURE),
    ):
        if numbers := by_reason.get(reason):
            found.append(_at(code, place, numbers[0] + before, count=len(numbers)))
    for code, reason in ((repairs.REPEATED_HEADER, Reason.REPEATED), (repairs.NUMBERING_ROW, Reason.NUMBERING)):
        found += [_at(code, place, number + before) for number in by_reason.get(reason, ())[:_MOST_LISTED]]
    if body.short:
        found.append(Notice(repairs.ROWS_SHORT, place, {"count": body.short}))
    if body.extras:
        found.append(_at(repairs.ROWS_LONG, place, body.extras[0][0] + before, count=len(body.extras)))
    return found


def _about_totals(body: Body, by_reason: dict[Reason, list[int]], place: Place, before: int) -> list[Notice]:
    found = []
    for number in by_reason.get(Reason.TOTAL, ()):
        said = {"label": body.labels[number], "values": body.texts[number]}
        found.append(_at(repairs.TOTAL_ROW, place, number + before, **said))
    for number in by_reason.get(Reason.STRAY, ()):
        found.append(_at(repairs.STRAY_ROW, place, number + before, values=body.texts[number]))
    return found


def about_columns(columns: Sequence[Read], place: Place) -> list[Notice]:
    """The names that had to be made and the repairs within each column."""
    found: list[Notice] = []
    titles = Counter(column.title for column in columns if column.title)
    seen: set[str] = set()
    for column in columns:
        here = Place(file=place.file, sheet=place.sheet, column=column.title or column.name)
        if column.title and titles[column.title] > 1 and column.title in seen:
            found.append(Notice(repairs.HEADER_DUPLICATE, here, {"title": column.title, "name": column.name}))
        seen.add(column.title)
        found += _about_cells(column, here)
    if noisy := sum(column.survey.noisy and column.plan.type == "number" for column in columns):
        found.append(Notice(cell_repairs.FLOAT_NOISE, place, {"count": noisy}))
    return found


def _about_cells(column: Read, place: Place) -> list[Notice]:
    survey, plan = column.survey, column.plan
    found = _about_doubts(column, place)
    if plan.marks:
        count = sum(times for mark, times in survey.marks.items() if mark in plan.marks)
        found.append(Notice(cell_repairs.MISSING_MARKS, place, {"count": count, "marks": tuple(sorted(plan.marks))}))
    if plan.type in ("integer", "number"):
        found += _about_figures(column, place)
    elif plan.type in ("date", "datetime"):
        found += _about_dates(column, place)
    elif plan.type == "boolean":
        found.append(Notice(cell_repairs.TRUTHS_READ, place, {"words": tuple(sorted(survey.truths))}))
    elif plan.code and plan.point_zero:
        found.append(Notice(cell_repairs.CODES_POINT_ZERO, place))
    elif plan.code and survey.native:
        found.append(Notice(cell_repairs.CODES_KEPT, place))
    if survey.untidy:
        found.append(Notice(cell_repairs.BLANKS_TRIMMED, place))
    return found


def _about_doubts(column: Read, place: Place) -> list[Notice]:
    survey, doubt = column.survey, column.plan.doubt
    if doubt is None:
        return []
    at = Place(
        file=place.file, sheet=place.sheet, column=place.column, row=survey.odd[0][0] + 1 if survey.odd else None
    )
    count = survey.present - survey.figures
    if doubt == "odd":
        examples = tuple(text for _, text in survey.odd)
        return [Notice(cell_repairs.FIGURES_AND_WORDS, at, {"count": count, "examples": examples})]
    if doubt == "refused":
        return [Notice(cell_repairs.TYPE_REFUSED, at, {"type": column.plan.reason or "", "count": survey.present})]
    if doubt == "dates":
        return [Notice(cell_repairs.DATES_GUESSED, place)]
    example = survey.example or ""
    first, second = _both_ways(example)
    return [Notice(cell_repairs.NUMBERS_UNDECIDABLE, place, {"example": example, "first": first, "second": second})]


def _both_ways(example: str) -> tuple[str, str]:
    return example.replace(".", "").replace(",", ""), example.replace(",", ".")


def _about_figures(column: Read, place: Place) -> list[Notice]:
    survey, plan = column.survey, column.plan
    counts, dressed = survey.counts, survey.dressed
    found = []
    if plan.reason and survey.example and (figure := numbers.undress(survey.example)):
        value = figure.value(plan.style or Style.INDONESIAN)
        params = {"example": survey.example, "value": numbers.plain(value) if value is not None else "?"}
        found.append(Notice(_REASONS[plan.reason], place, params))
    if plan.style is None:
        found.append(Notice(cell_repairs.NUMBERS_MIXED, place))
    elif plan.style is Style.INDONESIAN and counts[Kind.INDONESIAN]:
        found.append(Notice(cell_repairs.NUMBERS_INDONESIAN, place))
    elif plan.style is Style.ENGLISH and survey.grouped:
        found.append(Notice(cell_repairs.NUMBERS_GROUPED, place))
    for piece, code in (
        (Dress.CURRENCY, cell_repairs.CURRENCY_REMOVED),
        (Dress.PERCENT, cell_repairs.PERCENT_REMOVED),
        (Dress.FOOTNOTE, cell_repairs.FOOTNOTES_REMOVED),
    ):
        if dressed[piece]:
            found.append(Notice(code, place, {"count": dressed[piece]}))
    if survey.odd_negatives:
        found.append(Notice(cell_repairs.NEGATIVES_READ, place))
    return found


def _about_dates(column: Read, place: Place) -> list[Notice]:
    survey, plan = column.survey, column.plan
    found = []
    if survey.dressed[Dress.WORDS]:
        order = "bulan/hari/tahun" if plan.order == "mdy" else "hari/bulan/tahun"
        found.append(Notice(cell_repairs.DATES_READ, place, {"order": order}))
    if plan.reason:
        found.append(Notice(cell_repairs.DATES_GUESSED, place))
    return found


def _at(code: str, place: Place, number: int, **params: Param) -> Notice:
    return Notice(code, Place(file=place.file, sheet=place.sheet, row=number + 1), params)
