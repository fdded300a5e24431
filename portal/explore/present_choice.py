"""The page of a table's columns: those that words find, what each means, and which of them the table shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from datasets.models import Resource
from datasets.query.errors import BadValue, shown
from datasets.query.url import arguments, parse
from portal.catalog.addresses import Pairs, Shown
from portal.catalog.present_columns import ColumnEntry, columns
from portal.catalog.present_table import ADDING, FIND, PART
from portal.catalog.present_tools import columns_url
from portal.explore.found import shape
from portal.web.cells import in_figures
from portal.web.i18n import gettext as _
from portal.web.i18n import ngettext
from portal.web.paging import pages_of
from portal.web.tables import shown_query

AT_ONCE = 40
"""Columns on one page: each brings its figures and its drawing."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """A column and whether the table shows it."""

    entry: ColumnEntry
    shown: bool


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """Everything that the template places. `elsewhere` are columns chosen that stand on another page of the list."""

    title: str
    dataset: str
    words: str
    found: str
    entries: tuple[Offered, ...]
    elsewhere: tuple[tuple[str, str], ...]
    kept: Pairs
    here: str
    table_url: str
    part: str
    previous: int
    next: int
    crumbs: tuple[tuple[str, str | None], ...]


def choice_page(found: Shown, resource: Resource, pairs: Pairs) -> ChoicePage:
    """The page that the arguments ask for. Raises a `BadQuery` for what cannot be asked of the table."""
    given = dict(pairs)
    form = shape(resource)
    roles = {field["name"]: field.get("lumbung:role", "") for field in resource.schema.get("fields", [])}
    query = replace(parse(pairs, form, ignored=ADDING).whole(), row=None)
    chosen = shown_query(query, form, roles).columns or tuple(column.name for column in form.columns)
    words = " ".join(given.get(FIND, "").split())[:LONGEST]
    fields = _found(resource.schema.get("fields", []), words)
    parts = pages_of(len(fields), AT_ONCE)
    part = min(_number(given.get(PART, "")), parts)
    here = fields[(part - 1) * AT_ONCE : part * AT_ONCE]
    seen = {field["name"] for field in here}
    return ChoicePage(
        title=resource.title,
        dataset=found.dataset.title,
        words=words,
        found=_how_many(len(fields), len(form.columns), words),
        entries=tuple(Offered(entry, entry.name in chosen) for entry in columns(found, resource, here)),
        elsewhere=tuple((name, form.column(name).title) for name in chosen if name not in seen),
        kept=arguments(replace(query, columns=()), form),
        here=columns_url(found, resource),
        table_url=found.page(resource),
        part=_("Part %(part)s of %(parts)s", part=in_figures(part), parts=in_figures(parts)) if parts > 1 else "",
        previous=part - 1,
        next=part + 1 if part < parts else 0,
        crumbs=((found.dataset.title, found.page(resource, anchor="tabel")), (_("Columns"), None)),
    )


def _found(fields: Sequence[Mapping[str, Any]], words: str) -> list[Mapping[str, Any]]:
    """The columns in whose name, title, unit or explanation every word occurs."""
    wanted = words.casefold().split()
    told = (
        (field, " ".join(str(field.get(m) or "") for m in ("name", "title", "unit", "description"))) for field in fields
    )
    return [field for field, text in told if all(word in text.casefold() for word in wanted)]


def _how_many(count: int, of: int, words: str) -> str:
    if words:
        return _("%(count)s of %(all)s columns", count=in_figures(count), all=in_figures(of))
    return ngettext("%(count)s column", "%(count)s columns", of)


def _number(text: str) -> int:
    text = text.strip() or "1"
    if not text.isascii() or not text.isdigit() or int(text[:6]) < 1:
        raise BadValue(value=shown(text), argument=PART, expected="1, 2, 3, …")
    return int(text[:6])
