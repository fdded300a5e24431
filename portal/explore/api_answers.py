"""The members of the API's answers about tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from datasets.models import Resource
from datasets.query.cells import json_cell
from datasets.query.errors import BadValue, shown
from datasets.query.page import PageColumn
from datasets.query.question import TableQuery
from datasets.query.shape import TableShape
from datasets.query.url import arguments, canonical, parse
from portal.catalog.addresses import Pairs, Shown
from portal.explore.chart_address import chart_url
from portal.explore.citing import absolute, view_citation
from portal.explore.found import parquet, shape, tables_of
from portal.web.engine import tables
from portal.web.i18n import current_language

SHAPE, CONTAINING, LIMIT = "_shape", "_containing", "_limit"
SHAPES = ("objects", "arrays")
MOST_CHOICES = 1_000


def tables_answer(found: Shown) -> dict[str, Any]:
    """What the dataset is, and each table with its columns, its size and where it is."""
    return _about(found) | {
        "tables": [
            {
                "name": each.name,
                "title": each.title,
                "rows": each.rows,
                "schema": each.schema,
                "links": _links(found, each),
            }
            for each in tables_of(found.version)
        ]
    }


def rows_answer(found: Shown, resource: Resource, pairs: Pairs) -> dict[str, Any]:
    """Rows as objects (or, with `_shape=arrays`, lists), their numbers, the counts, the next page.

    Raises a `BadQuery` (400), `NoSuchRow` (404), `TooSlow`, `TooLarge` (422) and `TableBroken` (503).
    """
    form = shape(resource)
    arrays = _shape_of(pairs) == "arrays"
    query = parse(pairs, form, ignored=(SHAPE,))
    page = tables().page(parquet(resource), resource.schema, query)
    names = [column.name for column in page.columns]
    cells = [[json_cell(cell) for cell in row] for row in page.rows]
    onward = _onward(query, page.after, more=page.more)
    asked = arguments(query.whole(), form)
    address = found.page(resource, arguments(query, form))
    return (
        _about(found)
        | {
            "table": resource.name,
            "query": canonical(page.query, form),
            "columns": [_column(column) for column in page.columns],
            "rows": cells if arrays else [dict(zip(names, row, strict=True)) for row in cells],
            "row_numbers": list(page.numbers),
            "total": page.total,
            "table_rows": page.table_rows,
            "page": query.page if query.after is None else None,
            "size": query.size,
            "next": _address(found, resource, onward, form, pairs) if onward else None,
        }
        | {"links": _links(found, resource, asked) | {"page": absolute(address)}}
        | {"citation": _cited(found, resource, asked)}
    )


def distinct_answer(found: Shown, resource: Resource, column: str, pairs: Pairs) -> dict[str, Any]:
    """The values, the most frequent first; `_containing` narrows texts, `_limit` says how many."""
    form = shape(resource)
    known = form.column(column)
    given = {name: value for name, value in pairs if name in (CONTAINING, LIMIT)}
    limit = given.get(LIMIT, "").strip() or "50"
    if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit[:9]) <= MOST_CHOICES:
        raise BadValue(value=shown(limit), argument=LIMIT, expected=f"1 … {MOST_CHOICES}")
    query = parse(pairs, form, ignored=(CONTAINING, LIMIT))
    choices, count = tables().choices(
        parquet(resource),
        resource.schema,
        known.name,
        query=TableQuery(where=query.where, text=query.text),
        containing=given.get(CONTAINING, "") if known.type == "string" else "",
        limit=int(limit),
    )
    return _about(found) | {
        "table": resource.name,
        "column": known.name,
        "distinct": count,
        "values": [{"value": json_cell(choice.value), "count": choice.count} for choice in choices],
    }


def api_url(found: Shown, resource: Resource, pairs: Pairs = ()) -> str:
    """The address of a question as JSON."""
    values: dict[str, Any] = {"slug": found.dataset.slug, "name": resource.name}
    if found.fixed:
        values["number"] = found.version.number
    return url_for("questions.rows", **values) + (f"?{urlencode(list(pairs), safe=',:')}" if pairs else "")


def _about(found: Shown) -> dict[str, Any]:
    return {"dataset": found.dataset.slug, "title": found.dataset.title, "version": found.version.number}


def _links(found: Shown, resource: Resource, asked: Pairs = ()) -> dict[str, str]:
    fixed = Shown(found.dataset, found.version, fixed=True)
    links = {kind: absolute(found.table(resource, kind, asked)) for kind in ("csv", "xlsx", "json", "parquet")}
    return links | {
        "self": absolute(api_url(fixed, resource, asked)),
        "chart": absolute(chart_url(fixed, resource, asked)),
    }


def _column(column: PageColumn) -> Mapping[str, Any]:
    told: dict[str, Any] = {"name": column.name, "title": column.heading(current_language()), "type": column.type}
    if column.unit:
        told["unit"] = column.unit
    if column.function:
        told["function"] = column.function.value
    return told


def _onward(query: TableQuery, after: int | None, *, more: bool) -> TableQuery | None:
    """The question for what follows: rows behind the last one, which is as quick for the last page as for the first."""
    if not more:
        return None
    if after is not None:
        return replace(query, page=1, after=after)
    return replace(query, page=query.page + 1)


def _address(found: Shown, resource: Resource, query: TableQuery, form: TableShape, pairs: Pairs) -> str:
    kept = [(SHAPE, value) for name, value in pairs if name == SHAPE and value]
    return absolute(api_url(found, resource, [*arguments(query, form), *kept]))


def _cited(found: Shown, resource: Resource, asked: Pairs) -> str:
    fixed = Shown(found.dataset, found.version, fixed=True)
    cite = view_citation(fixed, fixed.page(resource, asked))
    return f"{cite.before}{cite.title}{cite.after}"


def _shape_of(pairs: Pairs) -> str:
    given = [value.strip() for name, value in pairs if name == SHAPE and value.strip()]
    if given and given[-1] not in SHAPES:
        raise BadValue(value=shown(given[-1]), argument=SHAPE, expected=", ".join(SHAPES))
    return given[-1] if given else "objects"
