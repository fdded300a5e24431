"""The way from a file's bytes to its tables: what it is, what is in it, what had to be repaired."""

from __future__ import annotations

from pathlib import Path

from metadata.notices import Notice, Place
from metadata.reading import repairs
from metadata.reading.delimited import read_delimited
from metadata.reading.draft import Draft, draft_tables
from metadata.reading.errors import EmptyFile, NoRows, NotWhatItSays, ProtectedFile
from metadata.reading.grid import Grid
from metadata.reading.sheets import read_workbook
from metadata.reading.sniff import Sniffed, sniff
from metadata.reading.table import ReadHints, Reading, Table
from metadata.reading.tables import finish_tables

WORKBOOKS = frozenset({"xlsx", "xlsb", "xls", "ods"})


def read(path: Path, *, filename: str, into: Path, hints: ReadHints = ReadHints()) -> Reading:  # noqa: B008 - frozen
    """Read the file at `path`, called `filename` by those who gave it, into canonical CSV files below `into`.

    A file that honestly is no table (PDF, picture, prose, free-form JSON) gives a `Reading` without tables and a notice
    that says why. Raises a subclass of `Unreadable` for an empty, broken, protected, over-large or dangerous file.
    """
    if path.stat().st_size == 0:
        raise EmptyFile(place=Place(file=filename))
    found = sniff(path)
    if found.format == "protected":
        raise ProtectedFile(place=Place(file=filename))
    if found.format in WORKBOOKS:
        return _workbook(path, found, filename, into, hints)
    if found.format == "csv":
        return _delimited(path, filename, into, hints)
    return _not_a_table(found, filename)


def _delimited(path: Path, filename: str, into: Path, hints: ReadHints) -> Reading:
    grid, notices = read_delimited(path, filename=filename, hints=hints)
    drafts = draft_tables(grid, filename=filename, header_row=hints.header_row)
    tables = _finished(drafts, filename, into, hints)
    kind = Sniffed("tsv" if grid.delimiter == "\t" else "csv")
    return Reading(kind.format, kind.mediatype, tuple(tables), notices)


def _workbook(path: Path, found: Sniffed, filename: str, into: Path, hints: ReadHints) -> Reading:
    grids, notices = read_workbook(path, filename=filename, kind=found.format, hints=hints)
    drafts: list[Draft] = []
    said = list(notices)
    for grid in grids:
        made = draft_tables(grid, filename=filename, header_row=hints.header_row)
        drafts += made
        said += _about_emptiness(grid, made, filename)
    tables = _finished(drafts, filename, into, hints)
    return Reading(found.format, found.mediatype, tuple(tables), tuple(said))


def _about_emptiness(grid: Grid, drafts: list[Draft], filename: str) -> list[Notice]:
    place = Place(file=filename, sheet=grid.name)
    if not drafts:
        return [Notice(repairs.SHEET_EMPTY, place)]
    return [Notice(repairs.EMPTY_WITH_HEADER, place) for draft in drafts if not draft.body.kept]


def _finished(drafts: list[Draft], filename: str, into: Path, hints: ReadHints) -> list[Table]:
    if not drafts:
        raise EmptyFile(place=Place(file=filename))
    tables = finish_tables(drafts, filename=filename, into=into, hints=hints)
    if not tables:
        raise NoRows(place=Place(file=filename))
    return tables


def _not_a_table(found: Sniffed, filename: str) -> Reading:
    place = Place(file=filename)
    if found.format == "unknown" and Path(filename).suffix.lower() in (
        ".csv",
        ".tsv",
        ".txt",
        ".xlsx",
        ".xls",
        ".json",
    ):
        raise NotWhatItSays(place=place, said=Path(filename).suffix.lower().lstrip("."), found="data biner")
    notice = Notice(repairs.NOT_A_TABLE, place, {"format": found.format.upper(), "reason": ""})
    return Reading(found.format, found.mediatype, (), (notice,))
