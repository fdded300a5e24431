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
class Growth:
    """The questions by which a table is read as it grows, in the order of its watermark.

    `whole` asks for all rows; `state` for their number, that of those with a watermark, and the greatest one; `before`
    how many there are up to a watermark, and `after` for those beyond it, which stands where `{}` is.
    """

    whole: str
    state: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with, when there is one, a cheaper question whose answer changes with its own, and what is known."""

    question: str
    mark: str | None
    about: About
    growth: Growth | None = None


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
    mark, growth = None, None
    if watermark is not None:
        if watermark not in {one["name"] for one in columns}:
            raise NoSuchColumn(column=watermark, name=name)
        mark = f"SELECT COUNT(*), MAX({quote(watermark)}) FROM {where}"  # noqa: S608 - quoted by the dialect
        growth = _growth(names, where, quote(watermark), [quote(one) for one in order if one != watermark])
    about = About(title=title or title_of_name(f"{table}.csv"), description=comment, columns=_said(columns))
    return Asked(f"SELECT {names} FROM {where}{by}", mark, about, growth)  # noqa: S608 - quoted by the dialect


def _growth(names: str, where: str, mark: str, rest: Sequence[str]) -> Growth:
    """All names come quoted by the dialect; braces in them are doubled, since a watermark is put in later."""
    by = f" ORDER BY {', '.join([mark, *rest])}"
    raw = [one.replace("{", "{{").replace("}", "}}") for one in (names, where, mark, by)]
    return Growth(
        whole=f"SELECT {names} FROM {where}{by}",  # noqa: S608
        state=f"SELECT COUNT(*), COUNT({mark}), MAX({mark}) FROM {where}",  # noqa: S608
        before=f"SELECT COUNT(*) FROM {raw[1]} WHERE {raw[2]} <= '{{}}'",  # noqa: S608
        after=f"SELECT {raw[0]} FROM {raw[1]} WHERE {raw[2]} > '{{}}'{raw[3]}",  # noqa: S608
    )


def _said(columns: Sequence[Any]) -> dict[str, ColumnAbout]:
    return {one["name"]: ColumnAbout(description=one["comment"]) for one in columns if one.get("comment")}


def _comment_of(inspector: Any, table: str, schema: str | None) -> str | None:
    try:
        return str(inspector.get_table_comment(table, schema)["text"] or "").strip() or None
    except NotImplementedError:  # SQLite has none
        return None
