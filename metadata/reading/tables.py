"""From drafts to tables: each column's reading decided, canonical CSV files written, repairs told."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

from metadata.names import column_name, slug, unique_names
from metadata.notices import Notice, Place
from metadata.numbers import Style
from metadata.personal import ColumnSigns, find_personal
from metadata.profile import ColumnProfile
from metadata.reading import headwords, repairs
from metadata.reading.aggregates import drop_aggregates
from metadata.reading.body import Reason
from metadata.reading.canonical import converter
from metadata.reading.delimited import DelimitedRows
from metadata.reading.draft import Draft
from metadata.reading.plans import FileStyle, Plan, plan, proven_style
from metadata.reading.remarks import Read, about_columns, about_rows
from metadata.reading.survey import ColumnSurvey
from metadata.reading.table import Column, ReadHints, Table
from metadata.reading.values import Dress, Kind

MOST_LISTED = 10_000
"""Dropped rows that are listed one by one; the notices tell how many there are in all."""
_FIGURES = ("integer", "number")


def find_persons(drafts: Sequence[Draft], *, filename: str) -> tuple[Notice, ...]:
    """Where the drafts hold data of persons."""
    found: list[Notice] = []
    for draft in drafts:
        if draft.body.kept:
            columns = [
                _signs(title, draft.surveys[at], draft.grid.before)
                for at, title in zip(draft.columns, draft.titles, strict=True)
            ]
            place = Place(file=filename, sheet=draft.grid.name)
            found += find_personal(columns, place, (*draft.title, *draft.body.texts.values()))
    return tuple(found)


def _signs(title: str, survey: ColumnSurvey, before: int) -> ColumnSigns:
    """What a column shows of persons. Codes of ten digits and more count as words: they may be identities."""
    wordy = survey.counts[Kind.TEXT] * 2 > survey.present or survey.greatest >= 10**9 or survey.dressed[Dress.LONG] > 0
    dated = survey.counts[Kind.DATE] > 0
    signs = {sign: (count, row + 1 + before) for sign, (count, row) in survey.signs.items()}
    return ColumnSigns(title, survey.present, wordy=wordy or dated, signs=signs)


def finish_tables(drafts: Sequence[Draft], *, filename: str, into: Path, hints: ReadHints) -> list[Table]:
    """The tables of a file, written below `into`; drafts without rows are left out."""
    full = [draft for draft in drafts if draft.body.kept]
    told = {".": Style.ENGLISH, ",": Style.INDONESIAN}.get(hints.decimal or "")
    proven = told or proven_style(survey for draft in full for survey in draft.surveys)
    style = FileStyle(proven, told=told is not None)
    names = unique_names(_names(full, filename))
    into.mkdir(parents=True, exist_ok=True)
    return [
        _finish(draft, name=name, path=into / f"{name}.csv", filename=filename, style=style, hints=hints)
        for draft, name in zip(full, names, strict=True)
    ]


def _names(drafts: Sequence[Draft], filename: str) -> list[str]:
    stem = slug(Path(filename).stem, 80)
    if len(drafts) == 1:
        return [stem]
    return [slug(draft.grid.name or stem, 80) for draft in drafts]


def _finish(draft: Draft, *, name: str, path: Path, filename: str, style: FileStyle, hints: ReadHints) -> Table:
    grid = draft.grid
    place = Place(file=filename, sheet=grid.name)
    columns = _read_columns(draft, style, hints)
    if not grid.all_data:
        drop_aggregates(draft.body, columns, draft.columns)
    rows = _copy(draft, columns, path) or _write(draft, columns, path)
    unit = _shared_unit(draft)
    notices = [*draft.notices, *_about_blank_titles(columns, place)]
    notices += about_rows(draft.body, place, grid.before) + about_columns(columns, place)
    return Table(
        name=name,
        path=path,
        columns=tuple(_column(column, unit) for column in columns),
        rows=rows,
        header_row=draft.header.rows[-1] + 1 + grid.before if draft.header.rows else 0,
        title=" ".join(draft.title) or None,
        sheet=grid.name,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        notes=_notes(draft),
        repairs=tuple(notices),
        dropped=_dropped(draft),
        profile=_profile(draft, columns),
        places=tuple(draft.columns),
    )


def _dropped(draft: Draft) -> tuple[tuple[int, str], ...]:
    before = draft.grid.before + 1
    listed = sorted(draft.body.dropped.items())[:MOST_LISTED]
    return tuple((number + before, str(reason)) for number, reason in listed)


def _read_columns(draft: Draft, style: FileStyle, hints: ReadHints) -> list[Read]:
    made = [column_name(title) or f"field{at + 1}" for at, title in zip(draft.columns, draft.titles, strict=True)]
    read = []
    for at, title, name in zip(draft.columns, draft.titles, unique_names(made), strict=True):
        survey = draft.surveys[at]
        wanted = hints.types.get(name) or hints.types.get(title)
        read.append(Read(title, name, plan(survey, title, style=style, wanted=wanted), survey))
    return read


def _profile(draft: Draft, columns: Sequence[Read]) -> dict[str, ColumnProfile] | None:
    """The profile of the table that was written, where its cells are those that were profiled."""
    plain = draft.plain
    if plain is None or not _is_untouched(draft, columns):
        return None
    proven = [column.plan.type != "number" for column in columns]
    return (
        dict(zip((column.name for column in columns), plain.profiles, strict=True)) if proven == plain.proven else None
    )


def _is_untouched(draft: Draft, columns: Sequence[Read]) -> bool:
    """Whether all columns are kept and no cell is changed; what was surveyed by columns has its dates in ISO."""
    iso = draft.plain is not None
    return draft.columns == list(range(draft.body.width)) and all(
        column.plan.plain or (iso and column.plan.type == "date") for column in columns
    )


def _copy(draft: Draft, columns: Sequence[Read], path: Path) -> int:
    """Write the table from the lines below the header, as they are or cut anew. 0 where cells are to be changed."""
    plain, source = draft.plain, draft.grid.rows
    if plain is None or not isinstance(source, DelimitedRows) or not _is_untouched(draft, columns):
        return 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        if not plain.identical:
            with source.path.open(encoding="utf-8", newline="") as lines:
                lines.readline()
                writer.writerows(csv.reader(lines, delimiter=source.dialect.delimiter))
            return plain.rows
    with source.path.open("rb") as raw, path.open("ab") as written:
        raw.readline()
        shutil.copyfileobj(raw, written, 1 << 20)
        written.write(b"" if plain.ended else b"\n")
    return plain.rows


def _write(draft: Draft, columns: Sequence[Read], path: Path) -> int:
    places = draft.columns
    converters = [converter(column.plan) for column in columns]
    whole = places == list(range(draft.body.width)) and all(column.plan.plain for column in columns)
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        for block in draft.body.again():
            rows += len(block)
            if whole:
                writer.writerows(block)
                continue
            cells = list(zip(*block, strict=True))
            writer.writerows(zip(*(turn(cells[at]) for at, turn in zip(places, converters, strict=True)), strict=True))
    return rows


def _column(column: Read, shared: str | None) -> Column:
    return Column(
        name=column.name,
        title=column.title or column.name,
        type=column.plan.type,
        unit=_unit(column.title, column.plan, column.survey, shared),
        missing=tuple(sorted(column.plan.marks)),
    )


def _unit(title: str, how: Plan, survey: ColumnSurvey, shared: str | None) -> str | None:
    if how.type not in _FIGURES:
        return None
    if named := headwords.unit_in(title):
        return named
    if survey.dressed[Dress.PERCENT]:
        return "persen"
    if survey.dressed[Dress.CURRENCY]:
        return "rupiah"
    return None if headwords.names_no_measure(title) else shared


def _shared_unit(draft: Draft) -> str | None:
    """The one unit that the titles above the table name for all of it."""
    found = {unit for text in draft.title if (unit := headwords.unit_in(text))}
    return found.pop() if len(found) == 1 else None


def _notes(draft: Draft) -> tuple[str, ...]:
    texts = [
        draft.body.texts[number].strip()
        for number, reason in sorted(draft.body.dropped.items())
        if reason is Reason.NOTE
    ]
    return tuple(text for text in (*draft.remarks, *texts) if any(letter.isalnum() for letter in text))


def _about_blank_titles(columns: Sequence[Read], place: Place) -> list[Notice]:
    if not any(column.title for column in columns):
        return []
    names = tuple(column.name for column in columns if not column.title)
    return [Notice(repairs.HEADER_BLANK, place, {"count": len(names), "names": names})] if names else []
