"""A reading as a page shows it: the file's rows beside what became of them, and what deserves a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from metadata.notices import Notice, Place
from metadata.reading import cell_repairs, repairs
from portal.web.figures import number as in_figures
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.workbench.advice import advice

ROWS, COLUMNS = 18, 24
_DOUBTED = frozenset({cell_repairs.FIGURES_AND_WORDS, cell_repairs.TYPE_REFUSED})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, how it looks ("" or a class), and for a repaired one what it `was`."""

    text: str
    look: str = ""
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number in the file; `kind` is header, title, out, data or gap, `said` why it is out."""

    number: int
    kind: str
    said: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was found: in words, with what to do and the address of its row on the page."""

    text: str
    advice: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column as the page lets it be corrected."""

    name: str
    title: str
    type: str
    unit: str


@dataclass(frozen=True, slots=True)
class TableView:
    """One table: its name, figures, the rows of the file, the rows as read, and its columns."""

    key: str
    title: str
    facts: tuple[str, ...]
    letters: tuple[str, ...]
    file_rows: tuple[Row, ...]
    titles: tuple[str, ...]
    read_rows: tuple[Row, ...]
    columns: tuple[ColumnLine, ...]
    remarks: tuple[Remark, ...]
    repairs: tuple[Remark, ...]


def tables(seen: Mapping[str, Any], units: Mapping[str, str]) -> tuple[TableView, ...]:
    """The tables of a reading; `units` are those that the steward has given columns."""
    return tuple(_table(at, table, seen, units) for at, table in enumerate(seen["tables"]))


def remarks(notices: Sequence[Mapping[str, Any]], key: str = "") -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """Notices as remarks: those that somebody should look at, and those that need nobody."""
    told = [(_remark(Notice.from_dict(one), key)) for one in notices]
    return tuple(one for one in told if one.advice), tuple(one for one in told if not one.advice)


def raw_sheets(seen: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...], tuple[Row, ...]], ...]:
    """The rows of the file where no table was found in them."""
    return tuple(
        (sheet["name"] or "", _letters(_width(rows)), rows)
        for sheet in seen["sheets"]
        if (rows := tuple(Row(number, "data", "", _cells(cells)) for number, cells in sheet["rows"][:ROWS]))
    )


def _table(at: int, table: Mapping[str, Any], seen: Mapping[str, Any], units: Mapping[str, str]) -> TableView:
    key = f"t{at + 1}"
    found, small = remarks(table["repairs"], key)
    shown = {int(one.anchor.rpartition("-")[2]) for one in found if one.anchor}
    raw: list[Any] = next((sheet["rows"] for sheet in seen["sheets"] if sheet["name"] == table["sheet"]), [])
    if len(seen["sheets"]) == 1:
        raw = seen["sheets"][0]["rows"]
    near = {row + step for row in shown for step in (-1, 0, 1)}
    first = max(1, table["header_row"] - 6)
    wanted = [one for one in raw if first <= one[0] < first + ROWS or one[0] in near]
    lines = dict(table["lines"])
    doubted = _doubted(table)
    return TableView(
        key=key,
        title=table["title"] or table["sheet"] or table["name"],
        facts=_facts(table),
        letters=_letters(max((len(cells) for _row, cells in wanted), default=0)),
        file_rows=_with_gaps([_file_row(row, cells, table, lines, doubted) for row, cells in wanted]),
        titles=tuple(column["title"] for column in table["columns"][:COLUMNS]),
        read_rows=_with_gaps(
            [_read_row(row, lines[row], cells, table) for row, cells in wanted if row in lines]
            or [_read_row(row, cells, None, table) for row, cells in table["lines"][:ROWS]]
        ),
        columns=tuple(
            ColumnLine(one["name"], one["title"], one["type"], units.get(one["name"]) or one["unit"] or "")
            for one in table["columns"]
        ),
        remarks=found,
        repairs=small,
    )


def _facts(table: Mapping[str, Any]) -> tuple[str, ...]:
    facts = [_("%(count)s rows", count=in_figures(table["rows"]))]
    facts.append(_("%(count)s columns", count=in_figures(len(table["columns"]))))
    if table["header_row"]:
        facts.append(_("titles in row %(row)s", row=table["header_row"]))
    if table["sheet"]:
        facts.append(_("sheet %(name)s", name=table["sheet"]))
    if table["delimiter"]:
        named = {"\t": _("tabs"), ",": _("comma"), ";": _("semicolon"), "|": _("bar")}
        facts.append(_("divided by %(sign)s", sign=named.get(table["delimiter"], table["delimiter"])))
    return tuple(facts)


def _file_row(
    row: int, cells: Sequence[str], table: Mapping[str, Any], lines: Mapping[int, Any], doubted: frozenset[int]
) -> Row:
    out = dict(table["dropped"])
    if _header_top(table) <= row <= table["header_row"]:
        return Row(row, "header", _("titles"), _cells(cells))
    if row < table["header_row"]:
        return Row(row, "title", _("above"), _cells(cells))
    if row in out or row not in lines:
        return Row(row, "out", _reason(out.get(row, "")), _cells(cells))
    looks = ["odd" if at in doubted and cell and not _is_figure(cell) else "" for at, cell in enumerate(cells)]
    return Row(row, "data", "", tuple(Cell(text, look) for text, look in zip(cells, looks, strict=True))[:COLUMNS])


def _header_top(table: Mapping[str, Any]) -> int:
    """The first row of the header, which may have several."""
    joined = (one["place"].get("row") for one in table["repairs"] if one["code"] == repairs.HEADER_JOINED)
    return next((row for row in joined if row), 0) or table["header_row"] or 1


def _read_row(row: int, read: Sequence[str], raw: Sequence[str] | None, table: Mapping[str, Any]) -> Row:
    kinds = [column["type"] for column in table["columns"]]
    places = table["places"] or range(len(read))
    made = []
    for at, text in enumerate(read[:COLUMNS]):
        place = places[at] if at < len(places) else -1
        was = raw[place] if raw is not None and 0 <= place < len(raw) else None
        is_figure = kinds[at] in ("integer", "number")
        shown = figure(text) if is_figure else text
        changed = was is not None and was not in (text, shown) and len(was) < 100
        look = " ".join(["figure"] * is_figure + ["mended"] * changed)
        made.append(Cell(shown, look, (was or "∅") if changed else None))
    return Row(row, "data", "", tuple(made))


def _with_gaps(rows: Sequence[Row]) -> tuple[Row, ...]:
    shown: list[Row] = []
    for row in rows:
        if shown and row.number > shown[-1].number + 1 and shown[-1].kind != "gap" and row.kind != "gap":
            missing = row.number - shown[-1].number - 1
            shown.append(Row(0, "gap", in_figures(missing), ()))
        shown.append(row)
    return tuple(shown)


def _doubted(table: Mapping[str, Any]) -> frozenset[int]:
    """The file's columns in which some cells are not what the others are."""
    named = {one["place"].get("column") for one in table["repairs"] if one["code"] in _DOUBTED}
    titles = [column["title"] for column in table["columns"]]
    places = table["places"]
    return frozenset(places[at] for at, title in enumerate(titles) if title in named and at < len(places))


def _is_figure(text: str) -> bool:
    return text.replace(".", "").replace(",", "").replace(" ", "").lstrip("-(").rstrip(")%").isdigit()


def figure(text: str) -> str:
    """A canonical figure as readers write it; what is none (a cell cut short) as it is."""
    try:
        decimals = len(text.partition(".")[2])
        return in_figures(float(text), decimals) if text and len(text) <= 15 else text
    except ValueError:
        return text


def _remark(notice: Notice, key: str) -> Remark:
    place = notice.place
    bare = replace(notice, place=Place(sheet=place.sheet, row=place.row, column=place.column))
    anchor = f"{key}-{place.row}" if key and place.row else ""
    return Remark(bare.say(current_language()), advice(notice.code), anchor)


def _reason(word: str) -> str:
    return {
        "blank": _("empty"),
        "total": _("total"),
        "note": _("note"),
        "signature": _("signature"),
        "repeated": _("header again"),
        "numbering": _("numbering"),
        "stray": _("no label"),
    }.get(word, _("left out"))


def _cells(cells: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(Cell(text) for text in cells[:COLUMNS])


def _width(rows: Sequence[Row]) -> int:
    return max((len(row.cells) for row in rows), default=0)


def _letters(width: int) -> tuple[str, ...]:
    """A, B, … as a spreadsheet names columns."""
    return tuple((chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26) for at in range(min(width, COLUMNS)))
