"""Workbooks (XLSX, XLSB, XLS, ODS) as grids: visible sheets only, cells typed as the workbook has them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from metadata.notices import Notice, Param, Place
from metadata.reading import repairs
from metadata.reading.errors import BrokenWorkbook, ProtectedFile, TooLarge
from metadata.reading.grid import Cell, Grid, Merge, Row
from metadata.reading.package_check import MOST_CELLS, PackageFacts, SheetFacts, check_package
from metadata.reading.table import ReadHints

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_LARGEST_INDEX = 4 * 1024 * 1024
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The rows of a sheet from its first row and column on, read anew at each iteration."""

    sheet: CalamineSheet
    left: int

    def __iter__(self) -> Iterator[Row]:
        lead: list[Cell] = [""] * self.left
        for row in self.sheet.iter_rows():
            cells: list[Cell] = [cell if cell is not True and cell is not False else str(cell).upper() for cell in row]
            yield lead + cells if lead else cells


def read_workbook(path: Path, *, filename: str, kind: str, hints: ReadHints) -> tuple[list[Grid], tuple[Notice, ...]]:
    """The visible sheets of a workbook as grids, and what there is to say of hidden sheets, comments and the like.

    Raises `BrokenWorkbook`, `ProtectedFile`, `TooLarge`, `DangerousFile`.
    """
    place = Place(file=filename)
    facts = check_package(path, place) if kind in ("xlsx", "xlsb", "ods") else PackageFacts()
    workbook = _open(path, place)
    try:
        grids, notices = _grids(workbook, facts, _members(path, kind), place, hints)
    finally:
        workbook.close()
    return grids, (*_about(facts, place), *notices)


def _open(path: Path, place: Place) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # late: only workbooks need it

    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise ProtectedFile(place=place) from None
    except (CalamineError, OSError, ValueError) as error:
        raise BrokenWorkbook(place=place, reason=_short(error)) from None


def _grids(
    workbook: CalamineWorkbook, facts: PackageFacts, members: Mapping[str, str], place: Place, hints: ReadHints
) -> tuple[list[Grid], list[Notice]]:
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum  # late: as above

    grids: list[Grid] = []
    notices: list[Notice] = []
    wanted = hints.sheet
    if wanted is not None and wanted not in workbook.sheet_names:
        params: dict[str, Param] = {"sheet": wanted, "sheets": tuple(workbook.sheet_names)}
        notices.append(Notice(repairs.SHEET_ABSENT, place, params))
        wanted = None
    for meta in workbook.sheets_metadata:
        here = Place(file=place.file, sheet=meta.name)
        if wanted is not None and meta.name != wanted:
            continue
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        if meta.visible is not SheetVisibleEnum.Visible and meta.name != wanted:
            notices.append(Notice(repairs.SHEET_HIDDEN, here))
            continue
        try:
            sheet = workbook.get_sheet_by_name(meta.name)
        except (CalamineError, ValueError) as error:
            raise BrokenWorkbook(place=here, reason=_short(error)) from None
        if sheet.start is None or sheet.end is None:
            notices.append(Notice(repairs.SHEET_EMPTY, here))
            continue
        if sheet.height * sheet.width > MOST_CELLS:
            size = f"{sheet.height} × {sheet.width}"
            raise TooLarge(place=here, what="sheet", size=size, limit=f"{MOST_CELLS} cells")
        notices += _about_sheet(facts.sheets.get(members.get(meta.name, "")), here)
        grids.append(Grid(SheetRows(sheet, sheet.start[1]), name=meta.name, merges=_merges(sheet)))
    return grids, notices


def _merges(sheet: CalamineSheet) -> tuple[Merge, ...]:
    found = sheet.merged_cell_ranges or []
    return tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in found)


def _about(facts: PackageFacts, place: Place) -> list[Notice]:
    said = (
        (facts.comments, repairs.COMMENTS_FOUND),
        (facts.links, repairs.LINKS_FOUND),
        (facts.macros, repairs.MACROS_FOUND),
    )
    return [Notice(code, place) for true, code in said if true]


def _about_sheet(facts: SheetFacts | None, place: Place) -> list[Notice]:
    if facts is None:
        return []
    said = (
        (facts.hidden_rows, repairs.ROWS_HIDDEN),
        (facts.hidden_columns, repairs.COLUMNS_HIDDEN),
        (facts.errors, repairs.CELL_ERRORS),
        (facts.uncomputed, repairs.FORMULAS_UNCOMPUTED),
    )
    return [Notice(code, place, {"count": count}) for count, code in said if count]


def _members(path: Path, kind: str) -> dict[str, str]:
    """The member of the package that holds each sheet, by the sheet's name; empty where it cannot be told."""
    if kind != "xlsx":
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("xl/workbook.xml").file_size > _LARGEST_INDEX:
                return {}
            workbook = etree.fromstring(archive.read("xl/workbook.xml"), parser)
            relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile, OSError):
        return {}
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    found = {}
    for sheet in workbook.iter("{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "").lstrip("/")
        found[str(sheet.get("name"))] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _short(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:160] or type(error).__name__
