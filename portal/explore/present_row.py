"""A row as one page: its cells, what its columns mean, where it stood in the source, its cells in every version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from datasets import catalog
from datasets.models import Resource, Version
from datasets.query.cells import Cell
from datasets.query.errors import NoSuchRow
from datasets.query.question import TableQuery
from datasets.tables.row_history import State, Then, history, key_of_row, schemas_of
from metadata.errors import NotFound
from metadata.notices import Notice
from portal.catalog.addresses import Shown, lasting_url
from portal.catalog.present_cite import Citation, citation
from portal.catalog.present_columns import types_in_words
from portal.context import installation, session
from portal.explore.cells import Field, look, said, titled
from portal.explore.found import parquet
from portal.explore.present_changes import difference
from portal.web import figures
from portal.web.cells import MISSING, in_figures
from portal.web.engine import tables
from portal.web.i18n import gettext as _
from portal.web.links import canonical_url

MOST_VERSIONS = 60
"""Versions that are looked into, the newest first."""
_MOVING = frozenset(
    f"read.{name}" for name in ("blank_rows", "repeated_header", "total_row", "stray_row", "several_tables")
)
"""Repairs after which a row's place in the source cannot be told from its number."""


Chain = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CellEntry:
    """A cell: its column's title, unit and meaning, the value in words, and whether it was ever revised.

    `then` are its values until the version shown with the version that brought each, the first one first; empty for a
    cell that has had one value.
    """

    name: str
    title: str
    value: str
    look: str
    type: str
    unit: str
    description: str
    revised: bool
    then: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """The row in one version: `changes` are (column, before, after, difference), `words` what else is to be said."""

    version: str
    url: str
    published: str
    shown: bool
    changes: tuple[tuple[str, str, str, str], ...]
    words: str


@dataclass(frozen=True, slots=True)
class RowPage:
    """Everything that the template places. `history_words` says why there is no history, when there is none."""

    title: str
    dataset: str
    number: str
    of: str
    cells: tuple[CellEntry, ...]
    origin: tuple[tuple[str, str], ...]
    history: tuple[Moment, ...]
    history_words: str
    previous: str
    next: str
    table_url: str
    fixed_url: str
    fixed: bool
    version: str
    report_url: str
    citation: Citation
    crumbs: tuple[tuple[str, str | None], ...]


def row_page(shown: Shown, resource: Resource, number: int) -> RowPage:
    """The page of row `number`. Raises `NotFound` beyond the table and `TableBroken`."""
    if not 1 <= number < 10**12:
        raise NotFound(what=str(number))
    engine = tables()
    try:
        page = engine.page(parquet(resource), resource.schema, TableQuery(row=number))
    except NoSuchRow as error:
        raise NotFound(what=str(number)) from error
    fields: Sequence[Field] = resource.schema.get("fields", [])
    row = dict(zip((column.name for column in page.columns), page.rows[0], strict=True))
    moments, words, revised = _history(shown, resource, row)
    types = types_in_words()
    name = _name(resource, row)
    return RowPage(
        title=name or _("Row %(number)s", number=in_figures(number)),
        dataset=shown.dataset.title,
        number=in_figures(number),
        of=in_figures(page.table_rows),
        cells=tuple(_entry(field, row.get(field["name"]), types, revised.get(field["name"])) for field in fields),
        origin=_origin(shown, resource, number),
        history=moments,
        history_words=words,
        previous=_url(shown, resource, number - 1) if number > 1 else "",
        next=_url(shown, resource, number + 1) if number < page.table_rows else "",
        table_url=shown.page(resource, anchor="tabel"),
        fixed_url=_url(Shown(shown.dataset, shown.version, fixed=True), resource, number),
        fixed=shown.fixed,
        version=_("Version %(number)s", number=shown.version.number),
        report_url=url_for(
            "response.report", slug=shown.dataset.slug, tabel=resource.title, baris=f"{number} {name}".strip()
        ),
        citation=_citation(shown, resource, number, name),
        crumbs=(
            (shown.dataset.title, shown.page(resource, anchor="tabel")),
            (_("Row %(number)s", number=in_figures(number)), None),
        ),
    )


def _url(shown: Shown, resource: Resource, number: int) -> str:
    values: dict[str, Any] = {"slug": shown.dataset.slug, "resource": resource.name, "number": number}
    if shown.fixed:
        return url_for("rows.version_row", version=shown.version.number, **values)
    return url_for("rows.row", **values)


def _entry(field: Field, value: Cell, types: Mapping[str, str], then: Chain | None) -> CellEntry:
    text = said(field, value)
    kind = str(field.get("type", "string"))
    return CellEntry(
        name=field["name"],
        title=str(field.get("title") or field["name"]),
        value=text,
        look="missing" if text == MISSING else look(field),
        type=types.get(kind, kind),
        unit=str(field.get("unit") or ""),
        description=str(field.get("description") or ""),
        revised=then is not None,
        then=then if then is not None and len(then) > 1 else (),
    )


def _name(resource: Resource, row: Mapping[str, Cell]) -> str:
    """What the row is about, in the words of its key: "Balen, 2023"; region names before their codes."""
    fields = {field["name"]: field for field in resource.schema.get("fields", [])}
    wanted = ("region_name", "category", "label", "year", "period")
    key = resource.schema.get("primaryKey") or ()
    keys = (key,) if isinstance(key, str) else tuple(key)
    naming = [f for f in fields.values() if f.get("lumbung:role") in wanted or f["name"] in keys]
    chosen = [f for f in naming if f.get("lumbung:role") in wanted] or naming
    return ", ".join(text for f in chosen[:4] if (text := said(f, row.get(f["name"]))) != MISSING)


def _history(
    shown: Shown, resource: Resource, row: Mapping[str, Cell]
) -> tuple[tuple[Moment, ...], str, dict[str, Chain]]:
    engine = tables()
    now = State(shown.version.number, parquet(resource), resource.schema)
    key = key_of_row(engine, now, row)
    if not key:
        return (
            (),
            _("No columns tell this row from every other, so it cannot be followed through the versions."),
            {},
        )
    versions = catalog.versions_of(session(), shown.dataset)
    schemas = schemas_of(session(), shown.dataset.id, resource.name)
    states, pages = [], {}
    for version in list(versions)[:MOST_VERSIONS]:
        same = next((r for r in version.resources if r.name == resource.name and r.parquet_sha256), None)
        pages[version.number] = (version, same)
        if same is not None:
            states.append(State(version.number, parquet(same), schemas[version.id]))
    told = history(engine, states, key)
    fields = {field["name"]: field for field in resource.schema.get("fields", [])}
    moments, revised = [], set()
    for place, then in enumerate(told):
        before = told[place + 1] if place + 1 < len(told) else None
        changed = _changed(before, then) if before else ()
        revised |= set(changed)
        moments.append(_moment(shown, pages[then.version], then, before, changed, fields))
    past = [then for then in reversed(told) if then.version <= shown.version.number]
    return tuple(moments), "", {name: _chain(fields.get(name, {"name": name}), past) for name in revised}


def _chain(field: Field, past: Sequence[Then]) -> Chain:
    """What a cell was, from version to version, each value once until it changed."""
    values: list[tuple[str, str]] = []
    for then in past:
        if field["name"] in then.cells:
            text = said(field, then.cells[field["name"]])
            if not values or values[-1][0] != text:
                values.append((text, _("Version %(number)s", number=then.version)))
    return tuple(values)


def _changed(before: Then, after: Then) -> tuple[str, ...]:
    if before.row is None or after.row is None:
        return ()
    return tuple(name for name, value in after.cells.items() if name in before.cells and before.cells[name] != value)


def _moment(
    shown: Shown,
    page: tuple[Version, Resource | None],
    then: Then,
    before: Then | None,
    changed: Sequence[str],
    fields: Mapping[str, Field],
) -> Moment:
    version, resource = page
    there = Shown(shown.dataset, version, fixed=True)
    lines = []
    for name in changed:
        field = fields.get(name, {"name": name})
        old = before.cells[name] if before else None
        lines.append(
            (titled(field), said(field, old), said(field, then.cells[name]), difference(field, old, then.cells[name]))
        )
    words = ""
    if then.row is None:
        words = _("This row is not in it")
    elif before is None:
        words = _("First version that was looked into") if version.number > 1 else _("First published")
    elif before.row is None:
        words = _("This row is new")
    elif not changed:
        words = _("Unchanged")
    return Moment(
        version=_("Version %(number)s", number=version.number),
        url=_url(there, resource, then.row) if resource is not None and then.row is not None else there.page(),
        published=figures.day(version.published_at),
        shown=version.id == shown.version.id,
        changes=tuple(lines),
        words=words,
    )


def _origin(shown: Shown, resource: Resource, number: int) -> tuple[tuple[str, str], ...]:
    """Where the row stood in the file as it was fetched, as far as that is known."""
    found = [(_("File"), resource.raw_filename)]
    if resource.sheet:
        found.append((_("Sheet"), resource.sheet))
    row = source_row(shown.version.notices, resource, number)
    if row is not None:
        found.append((_("Row of the sheet") if resource.sheet else _("Row of the file"), in_figures(row)))
    found.append(
        (_("Source"), resource.evidence.source.title if resource.evidence.source else _("Handed in by a person"))
    )
    found.append((_("Fetched"), figures.minute(resource.evidence.fetched_at)))
    return tuple(found)


def source_row(notices: Sequence[Mapping[str, Any]], resource: Resource, number: int) -> int | None:
    """The row of the source that became row `number`; None where reading left rows out between or kept no count."""
    if not resource.header_row:
        return None
    here = [
        notice
        for notice in map(Notice.from_dict, notices)
        if notice.place.file in (None, resource.raw_filename) and notice.place.sheet in (None, resource.sheet)
    ]
    if any(notice.code in _MOVING for notice in here):
        return None
    numbering = any(notice.code == "read.numbering_row" for notice in here)
    return resource.header_row + numbering + number


def _citation(shown: Shown, resource: Resource, number: int, name: str) -> Citation:
    settings = installation().settings
    dataset, version = shown.dataset, shown.version
    address = canonical_url(
        "rows.version_row", slug=dataset.slug, version=version.number, resource=resource.name, number=number
    )
    row = _("row %(number)s", number=number)
    return citation(
        title=f"{dataset.title}: {name}, {row}" if name else f"{dataset.title}: {row}",
        author=dataset.organization.title,
        portal=f"{settings.site_title} {settings.region_name}",
        slug=dataset.slug,
        number=version.number,
        published=version.published_at,
        url=address or lasting_url(dataset, version.number),
    )
