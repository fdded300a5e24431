"""The way from a file's bytes to its tables: what it is, what is in it, what had to be repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from metadata.names import slug
from metadata.notices import Notice, Place
from metadata.reading import cell_repairs, repairs
from metadata.reading.delimited import is_prose, read_delimited, stray_quotes
from metadata.reading.draft import Draft, draft_tables
from metadata.reading.errors import (
    BrokenFile,
    BrokenWorkbook,
    EmptyFile,
    NoRows,
    NotWhatItSays,
    ProtectedFile,
    Unreadable,
)
from metadata.reading.geo import MapContent, is_geojson, read_geojson, write_geojson
from metadata.reading.grid import Grid, blanked
from metadata.reading.html_tables import html_grids
from metadata.reading.json_load import load_json
from metadata.reading.json_tables import json_grids
from metadata.reading.kml import read_kml
from metadata.reading.sheets import read_workbook
from metadata.reading.sniff import Sniffed, sniff
from metadata.reading.table import ReadHints, Reading, Table
from metadata.reading.tables import find_persons, finish_tables
from metadata.terms import Bilingual

WORKBOOKS = frozenset({"xlsx", "xlsb", "xls", "ods"})
_PROMISES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".xlsx": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
    ".xlsb": "xlsb",
    ".json": "json",
    ".geojson": "geojson",
    ".kml": "kml",
}
"""What a name promises; a file of another kind without a table in it breaks the promise."""


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
    if found.format == "empty-zip":
        raise EmptyFile(place=Place(file=filename))
    if found.format == "broken-zip":
        raise _broken_archive(filename)
    reading = _read_as(path, found, filename, into, hints)
    return _with_name_checked(reading, filename)


_UNKNOWN = Bilingual("biner yang bentuknya tidak dikenal", "binary and unrecognised")
_CUT = Bilingual("daftar isi ZIP-nya hilang atau rusak", "its ZIP table of contents is lost or damaged")


def _broken_archive(filename: str) -> Unreadable:
    place = Place(file=filename)
    if _PROMISES.get(Path(filename).suffix.lower()) in WORKBOOKS:
        return BrokenWorkbook(place=place, reason=_CUT)
    return BrokenFile(place=place, format="ZIP", reason=_CUT)


def _read_as(path: Path, found: Sniffed, filename: str, into: Path, hints: ReadHints) -> Reading:
    if found.format in WORKBOOKS:
        grids, notices = read_workbook(path, filename=filename, kind=found.format, hints=hints)
        return _from_grids(found, grids, notices, filename=filename, into=into, hints=hints)
    if found.format in ("json", "ndjson"):
        return _json(path, found, filename, into, hints)
    if found.format in ("kml", "kmz"):
        content = read_kml(path, filename=filename, zipped=found.format == "kmz")
        return _map(found, content, (), filename=filename, into=into, hints=hints)
    if found.format == "html":
        grids, notices = html_grids(path, filename=filename, declared=hints.encoding)
        return _from_grids(found, grids, notices, filename=filename, into=into, hints=hints)
    return _delimited(path, filename, into, hints) if found.format == "csv" else _no_table(found, filename, ())


def _delimited(path: Path, filename: str, into: Path, hints: ReadHints) -> Reading:
    grid, notices = read_delimited(path, filename=filename, hints=hints)
    if is_prose(grid):
        return _no_table(Sniffed("txt"), filename, notices)
    kind = Sniffed("tsv" if grid.delimiter == "\t" else "csv")
    reading = _from_grids(kind, [grid], notices, filename=filename, into=into, hints=hints)
    stray = stray_quotes(grid, filename)
    return replace(reading, notices=(*reading.notices, *stray)) if stray else reading


def _json(path: Path, found: Sniffed, filename: str, into: Path, hints: ReadHints) -> Reading:
    lines = found.format == "ndjson"
    try:
        value, notices = load_json(path, filename=filename, declared=hints.encoding, lines=lines)
    except BrokenFile:
        if _PROMISES.get(Path(filename).suffix.lower()) != "csv":
            raise
        return _delimited(path, filename, into, hints)
    if is_geojson(value):
        content = read_geojson(value, filename=filename)
        return _map(Sniffed("geojson"), content, notices, filename=filename, into=into, hints=hints)
    grids, said = json_grids(value, filename=filename)
    return _from_grids(found, grids, (*notices, *said), filename=filename, into=into, hints=hints)


def _from_grids(
    found: Sniffed, grids: Sequence[Grid], notices: Sequence[Notice], *, filename: str, into: Path, hints: ReadHints
) -> Reading:
    if not grids and found.format not in WORKBOOKS:
        return _no_table(found, filename, notices)
    drafts: list[Draft] = []
    said = list(notices)
    for found_grid in grids:
        grid = blanked(found_grid, hints.missing)
        made = draft_tables(grid, filename=filename, header_row=hints.header_row, by_cells=bool(hints.types))
        if made and hints.missing:
            marks = Notice(repairs.MARKS_DECLARED, Place(file=filename, sheet=grid.name), {"marks": hints.missing})
            made[0].notices.append(marks)
        drafts += made
        said += _about_emptiness(grid, made, filename)
    strewn = [draft for draft in drafts if draft.is_sparse and draft.body.kept]
    if len(grids) > 1 and len(strewn) < sum(draft.body.kept > 0 for draft in drafts):
        drafts = [draft for draft in drafts if draft not in strewn]
        said += [Notice(repairs.SHEET_STREWN, Place(file=filename, sheet=draft.grid.name)) for draft in strewn]
    if not drafts:
        raise EmptyFile(place=Place(file=filename))
    tables = finish_tables(drafts, filename=filename, into=into, hints=hints)
    if not tables:
        raise NoRows(place=Place(file=filename))
    personal = find_persons(drafts, filename=filename)
    return Reading(found.format, found.mediatype, tuple(tables), tuple(said), personal)


def _map(
    found: Sniffed, content: MapContent, notices: Sequence[Notice], *, filename: str, into: Path, hints: ReadHints
) -> Reading:
    grid = content.grid(Place(file=filename))
    tables: list[Table] = []
    drafts: list[Draft] = []
    if grid is not None:
        drafts = draft_tables(grid, filename=filename)
        tables = finish_tables(drafts, filename=filename, into=into, hints=hints)
    geojson = None
    if content.usable:
        into.mkdir(parents=True, exist_ok=True)
        geojson = into / f"{slug(Path(filename).stem, 80)}.geojson"
        write_geojson(content, tables[0] if tables else None, geojson)
    said = (*notices, *content.notices)
    personal = find_persons(drafts, filename=filename)
    return Reading(found.format, found.mediatype, tuple(tables), said, personal, geojson)


def _about_emptiness(grid: Grid, drafts: list[Draft], filename: str) -> list[Notice]:
    place = Place(file=filename, sheet=grid.name)
    if not drafts:
        return [Notice(repairs.SHEET_EMPTY, place)]
    return [Notice(cell_repairs.EMPTY_WITH_HEADER, place) for draft in drafts if not draft.body.kept]


def _no_table(found: Sniffed, filename: str, notices: Sequence[Notice]) -> Reading:
    place = Place(file=filename)
    shown = _UNKNOWN if found.format == "unknown" else found.format.upper()
    notice = Notice(repairs.NOT_A_TABLE, place, {"format": shown})
    return Reading(found.format, found.mediatype, (), (*notices, notice))


def _with_name_checked(reading: Reading, filename: str) -> Reading:
    """Say when the name promised something else; raise when it promised a table and the content is none."""
    said = _PROMISES.get(Path(filename).suffix.lower())
    alike = {reading.format, {"tsv": "csv", "ndjson": "json", "geojson": "json"}.get(reading.format, reading.format)}
    if said is None or said in alike or (said == "geojson" and reading.format == "json"):
        return reading
    if not reading.tables and said != "json":
        raise NotWhatItSays(place=Place(file=filename), said=said.upper(), found=reading.format.upper())
    notice = Notice(repairs.NAME_SAYS_OTHER, Place(file=filename), {"said": said, "found": reading.format})
    return replace(reading, notices=(notice, *reading.notices))
