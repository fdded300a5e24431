"""How a table or view of a database is asked for: all its columns in a steady order, with what its comments say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Connection, LargeBinary, inspect
from sqlalchemy.types import NullType

from harvesters.adapter import FetchFailed
from harvesters.databases.session import asking
from harvesters.folders import title_of_name
from metadata.about import About, ColumnAbout
from metadata.terms import Bilingual

_UNORDERED = (JSON, LargeBinary, NullType)


class NoSuchTable(FetchFailed):
    """The table is not there, or not for this account."""

    code = "sql.no_such_table"
    text = Bilingual(
        id="Tabel atau tampilan {name} tidak ada di basis data itu, atau akunnya tidak boleh melihatnya.",
        en="There is no table or view {name} in that database, or the account may not see it.",
    )


class NoSuchColumn(FetchFailed):
    """The column that should tell of changes is not there."""

    code = "sql.no_such_column"
    text = Bilingual(id="Kolom {column} tidak ada di tabel {name}.", en="There is no column {column} in table {name}.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with, when there is one, a cheaper question whose answer changes with its own, and what is known."""

    question: str
    mark: str | None
    about: About


def ask_for_table(connection: Connection, name: str, *, title: str | None, watermark: str | None) -> Asked:
    """The question for all of a table, `name` or `schema.name`; every name in it is quoted by the dialect.

    Raises `NoSuchTable`, `NoSuchColumn`, `QueryFailed`.
    """
    schema, _, table = name.rpartition(".")
    with asking(name):
        inspector = inspect(connection)
        known = {*inspector.get_table_names(schema or None), *inspector.get_view_names(schema or None)}
        if table not in known:
            raise NoSuchTable(name=name)
        columns = inspector.get_columns(table, schema or None)
        key = inspector.get_pk_constraint(table, schema or None)["constrained_columns"]
        comment = _comment_of(inspector, table, schema or None)
    quote = connection.dialect.identifier_preparer.quote_identifier
    where = ".".join(quote(part) for part in (schema, table) if part)
    names = ", ".join(quote(one["name"]) for one in columns)
    # Without a key the order of rows is nobody's promise; then all columns make it, so that one state has one form.
    order = key or [one["name"] for one in columns if not isinstance(one["type"], _UNORDERED)]
    by = f" ORDER BY {', '.join(map(quote, order))}" if order else ""
    mark = None
    if watermark is not None:
        if watermark not in {one["name"] for one in columns}:
            raise NoSuchColumn(column=watermark, name=name)
        mark = f"SELECT COUNT(*), MAX({quote(watermark)}) FROM {where}"  # noqa: S608 - quoted by the dialect
    about = About(title=title or title_of_name(f"{table}.csv"), description=comment, columns=_said(columns))
    return Asked(f"SELECT {names} FROM {where}{by}", mark, about)  # noqa: S608 - quoted by the dialect


def _said(columns: Sequence[Any]) -> dict[str, ColumnAbout]:
    return {one["name"]: ColumnAbout(description=one["comment"]) for one in columns if one.get("comment")}


def _comment_of(inspector: Any, table: str, schema: str | None) -> str | None:
    try:
        return str(inspector.get_table_comment(table, schema)["text"] or "").strip() or None
    except NotImplementedError:  # SQLite has none
        return None
