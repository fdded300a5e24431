"""The lists of a comparison: revised cells, new rows, removed rows, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from datasets.models import Resource
from portal.catalog.addresses import Shown
from portal.explore.cells import Field, key_words, look, said, titled, typed
from portal.web.cells import MISSING, figure, in_figures, places
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.web.paging import Paging, pages_of, paging

SIZE = 50
KINDS = ("sel", "baru", "hilang")


@dataclass(frozen=True, slots=True)
class CellLine:
    """A revised cell: the row it is in (with its address), the column, old and new value, and by how much."""

    row: str
    url: str
    column: str
    before: str
    after: str
    change: str
    figure: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of one version only: its number and address there, and its cells as (words, CSS class)."""

    number: str
    url: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ListTab:
    """One of the lists."""

    words: str
    url: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The chosen list. `headers` are (title, CSS class) of rows; `cut` says that only the first are listed."""

    kind: str
    tabs: tuple[ListTab, ...]
    title: str
    cells: tuple[CellLine, ...]
    headers: tuple[tuple[str, str], ...]
    rows: tuple[RowLine, ...]
    paging: Paging
    cut: str


def listing(
    told: Mapping[str, Any],
    before: Resource,
    after: Resource,
    shown: Sequence[Shown],
    base: str,
    kind: str,
    page: int,
) -> Listing | None:
    """Page `page` of the list `kind`, else of the first that has something; None when all are empty."""
    lists = {"sel": told["changes"], "baru": told["added_rows"], "hilang": told["removed_rows"]}
    counts = {"sel": told["cells"], "baru": told["added"], "hilang": told["removed"]}
    if kind not in KINDS or not counts[kind]:
        kind = next((name for name in KINDS if counts[name]), "")
    if not kind:
        return None
    words = {"sel": _("Revised cells"), "baru": _("New rows"), "hilang": _("Removed rows")}
    entries = lists[kind]
    pages = pages_of(len(entries), SIZE)
    page = min(max(page, 1), pages)
    part = entries[(page - 1) * SIZE : page * SIZE]
    fields = {f["name"]: f for resource in (before, after) for f in resource.schema.get("fields", [])}
    side = shown[0] if kind == "hilang" else shown[1]
    resource = before if kind == "hilang" else after
    return Listing(
        kind=kind,
        tabs=tuple(
            ListTab(words[name], f"{base}&daftar={name}#daftar", in_figures(counts[name]), current=name == kind)
            for name in KINDS
            if counts[name]
        ),
        title=words[kind],
        cells=tuple(
            cell_line(change, told["key"], fields, {}, url=row_url(side, resource, change["row_after"]))
            for change in part
        )
        if kind == "sel"
        else (),
        headers=tuple((titled(fields[name]), look(fields[name])) for name in told["columns"]) if kind != "sel" else (),
        rows=tuple(_row(row, told["columns"], fields, row_url(side, resource, row["number"])) for row in part)
        if kind != "sel"
        else (),
        paging=paging(page, pages, lambda number: f"{base}&daftar={kind}&hal={number}#daftar"),
        cut=_("The first %(shown)s are listed here; the CSV has all.", shown=in_figures(len(entries)))
        if len(entries) < counts[kind]
        else "",
    )


def row_url(shown: Shown, resource: Resource, number: int) -> str:
    """The address of a row in a version."""
    return url_for(
        "rows.version_row", slug=shown.dataset.slug, version=shown.version.number, resource=resource.name, number=number
    )


def cell_line(
    change: Mapping[str, Any],
    key: Sequence[str],
    fields: Mapping[str, Field],
    titles: Mapping[str, str],
    *,
    url: str = "",
    count: int | None = None,
) -> CellLine:
    """A changed cell in words."""
    field = fields.get(change["column"], {"name": change["column"], "title": titles.get(change["column"])})
    return CellLine(
        row=key_words(key, change["key"], fields) or _("Row %(number)s", number=in_figures(change["row_after"])),
        url=url,
        column=titled(field),
        before=said(field, change["before"]),
        after=said(field, change["after"]),
        change=difference(field, change["before"], change["after"]),
        figure=look(field) == "figure",
        count=in_figures(count) if count is not None else "",
    )


def difference(field: Field, before: Any, after: Any) -> str:
    """How far a figure moved, and by what share: "+500 (+0,8 %)"; empty where that says nothing."""
    kind = str(field.get("type", "string"))
    one, other = typed(kind, before), typed(kind, after)
    if look(field) != "figure" or not isinstance(one, int | float) or not isinstance(other, int | float):
        return ""
    language = current_language()
    moved = round(float(other - one), max(places(one), places(other)))
    text = ("+" if moved > 0 else "") + figure(int(moved) if moved.is_integer() else moved, None, language)
    if not one or abs(moved / one) >= 10:
        return text
    share = 100 * moved / abs(one)
    shown = figure(round(share, 1 if abs(share) >= 0.1 else 3), None, language)
    return f"{text} ({'+' if share > 0 else ''}{shown} %)"


def _row(row: Mapping[str, Any], columns: Sequence[str], fields: Mapping[str, Field], url: str) -> RowLine:
    cells = []
    for name, value in zip(columns, row["cells"], strict=True):
        text = said(fields[name], value)
        cells.append((text, "missing" if text == MISSING else look(fields[name])))
    return RowLine(number=in_figures(row["number"]), url=url, cells=tuple(cells))
