"""The SQL page as one value: the statement, its answer as a table, the tables it may name, examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from datasets.sql.check import MOST_SQL
from datasets.sql.examples import Example, SqlTable, examples, identifier
from datasets.sql.sandbox import SqlAnswer
from metadata.errors import LumbungError
from portal.catalog.addresses import Shown
from portal.catalog.present_cite import Citation
from portal.catalog.present_columns import types_in_words
from portal.context import installation
from portal.explore.cells import look, typed
from portal.explore.citing import view_citation
from portal.explore.sql_run import ROWS, sql_tables
from portal.web.cells import MISSING, in_figures, writer
from portal.web.i18n import current_language, ngettext
from portal.web.i18n import gettext as _

MOST_SHOWN = 500
_KINDS = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER"), "integer"),
    **dict.fromkeys(("DOUBLE", "FLOAT"), "number"),
    "BOOLEAN": "boolean",
    "DATE": "date",
}


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table that may be named: its columns are (name in SQL, title, type and unit)."""

    name: str
    title: str
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ExampleLink:
    """A statement to begin with."""

    words: str
    sql: str
    url: str


@dataclass(frozen=True, slots=True)
class Result:
    """An answer: (title, CSS class) of its columns, cells as (words, CSS class), how many there are."""

    headers: tuple[tuple[str, str], ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    words: str
    downloads: tuple[tuple[str, str], ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class SqlPage:
    """Everything that the template places. `fault` says why there is no answer."""

    dataset: str
    dataset_url: str
    version: str
    fixed: bool
    fixed_url: str
    sql: str
    longest: int
    fault: str
    result: Result | None
    tables: tuple[TableEntry, ...]
    examples: tuple[ExampleLink, ...]
    limits: str
    cancel_url: str
    crumbs: tuple[tuple[str, str | None], ...]


def sql_page(shown: Shown, sql: str, answer: SqlAnswer | None, fault: LumbungError | None) -> SqlPage:
    """The page with a statement on it, and its answer or what is wrong with it."""
    tables = sql_tables(shown.version)
    here = address(shown, "")
    made = examples(tables)
    return SqlPage(
        dataset=shown.dataset.title,
        dataset_url=shown.page(),
        version=_("Version %(number)s", number=shown.version.number),
        fixed=shown.fixed,
        fixed_url=address(Shown(shown.dataset, shown.version, fixed=True), sql),
        sql=sql or (made[0].sql if made else ""),
        longest=MOST_SQL,
        fault=fault.say(current_language()) if fault else "",
        result=_result(shown, sql, answer, tables) if answer else None,
        tables=_entries(tables),
        examples=tuple(ExampleLink(_about(each), each.sql, f"{here}?{urlencode({'sql': each.sql})}") for each in made),
        limits=_(
            "One SELECT at a time, at most %(rows)s rows and %(seconds)s seconds. The language is DuckDB's SQL.",
            rows=in_figures(ROWS),
            seconds=in_figures(installation().settings.sql_seconds),
        ),
        cancel_url=url_for("sql.cancel", slug=shown.dataset.slug),
        crumbs=((shown.dataset.title, shown.page()), ("SQL", None)),
    )


def address(shown: Shown, sql: str, kind: str = "page") -> str:
    """The address of the page, or of the answer as `json` or `csv`, with a statement in it."""
    values: dict[str, Any] = {"slug": shown.dataset.slug}
    endpoint = (
        "sql.version_page" if shown.fixed and kind == "page" else "sql.page" if kind == "page" else f"sql.as_{kind}"
    )
    if shown.fixed:
        values["number"] = shown.version.number
    return url_for(endpoint, **values) + (f"?{urlencode({'sql': sql})}" if sql else "")


def _result(shown: Shown, sql: str, answer: SqlAnswer, tables: list[SqlTable]) -> Result:
    fixed = Shown(shown.dataset, shown.version, fixed=True)
    years = {field["name"] for table in tables for field in table.fields if field.get("type") == "year"}
    fields: list[Mapping[str, Any]] = [
        {"name": column.name, "type": "year" if column.name in years else _kind(column.type)}
        for column in answer.columns
    ]
    shown_rows = answer.rows[:MOST_SHOWN]
    kinds = [str(field["type"]) for field in fields]
    columns = [[typed(kind, row[place]) for row in shown_rows] for place, kind in enumerate(kinds)]
    writers = [writer(kind, column) for kind, column in zip(kinds, columns, strict=True)]
    rows = []
    for row in zip(*columns, strict=True) if columns else ():
        cells = []
        for field, each, value in zip(fields, writers, row, strict=True):
            text = each.write(value)
            long = "long" if field["type"] == "string" and len(text) > 40 else ""
            cells.append((text, "missing" if text == MISSING else look(field) or long))
        rows.append(tuple(cells))
    words = ngettext("%(count)s row", "%(count)s rows", len(answer.rows))
    if answer.cut:
        words = _("The first %(count)s rows; there are more", count=in_figures(len(answer.rows)))
    elif len(answer.rows) > MOST_SHOWN:
        words = _(
            "%(count)s rows, the first %(shown)s shown",
            count=in_figures(len(answer.rows)),
            shown=in_figures(MOST_SHOWN),
        )
    return Result(
        headers=tuple((column.name, look(field)) for column, field in zip(answer.columns, fields, strict=True)),
        rows=tuple(rows),
        words=_("%(rows)s in %(seconds)s seconds", rows=words, seconds=in_figures(answer.seconds)),
        downloads=(("CSV", address(fixed, sql, "csv")), ("JSON", address(fixed, sql, "json"))),
        citation=view_citation(fixed, address(fixed, sql), _("answer of an SQL question")),
    )


def _kind(stored: str) -> str:
    return "number" if stored.startswith("DECIMAL") else _KINDS.get(stored, "string")


def _entries(tables: list[SqlTable]) -> tuple[TableEntry, ...]:
    types = types_in_words()
    return tuple(
        TableEntry(
            name=table.name,
            title=table.title,
            columns=tuple(
                (
                    identifier(str(field["name"])),
                    str(field.get("title") or field["name"]),
                    ", ".join(
                        part for part in (types.get(str(field.get("type", "string")), ""), field.get("unit")) if part
                    ),
                )
                for field in table.fields
            ),
        )
        for table in tables
    )


def _about(example: Example) -> str:
    names = dict(zip(("first", "second", "third"), (*example.names, "", "", ""), strict=False))
    match example.what:
        case "groups":
            return _("%(first)s of each %(second)s", **names)
        case "years":
            return _("%(first)s of each %(second)s in all", **names)
        case "growth":
            return _("Where %(first)s grew most", **names)
        case "both":
            return _("Two tables side by side")
    return _("The first ten rows")
