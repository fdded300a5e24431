"""Rows of a database as CSV: numbers exact, dates ISO, "empty" told apart from "nothing", types carried over."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection

from harvesters.adapter import FetchFailed
from harvesters.databases.session import QueryFailed, asking
from metadata.reading.headwords import names_year
from metadata.reading.table import FieldType
from metadata.terms import Bilingual

CHUNK = 1_000
_SPECIAL = re.compile(r'[",\r\n]|^\s|\s$|^$')
_NO_DATE = re.compile(r"0000-00-00(?: 00:00:00(?:\.0+)?)?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(?:\.\d+)?)?")
_ONLY_SELECT = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)
_FORBIDDEN = re.compile(r";|/\*!|\binto\s+(?:outfile|dumpfile)\b|\bfor\s+(?:update|share)\b", re.IGNORECASE)


class TooManyRows(FetchFailed):
    """More rows than a source may give."""

    code = "sql.too_many_rows"
    text = Bilingual(
        id="{named} berisi lebih dari {most} baris. Persempit dengan kueri, atau minta administrator "
        "menaikkan batasnya.",
        en="{named} has more than {most} rows. Narrow it by a query, or have an administrator raise the limit.",
    )


class Rows:
    """The rows of one question. Its `lines` are read once; the rest is known when they are at their end.

    `known` is what earlier rows of the same table held, `count` the number of these.
    """

    def __init__(
        self,
        connection: Connection,
        question: str,
        *,
        named: str,
        most: int,
        known: Mapping[str, list[str]] | None = None,
    ) -> None:
        self._connection, self._question, self._named, self._most = connection, question, named, most
        self._known, self.count = known or {}, 0
        self._days_are_text = connection.dialect.name == "sqlite"
        self._kinds: list[set[FieldType]] = []
        self._names: list[str] = []

    @property
    def types(self) -> dict[str, FieldType]:
        """What each column holds, as the database's driver gave it; columns without any value are left out."""
        pairs = zip(self._names, self._kinds, strict=True)
        known = {name: _common(kinds) for name, kinds in pairs if kinds and self._names.count(name) == 1}
        return {name: kind for name, kind in known.items() if not may_be_year(name, kind)}

    @property
    def kinds(self) -> dict[str, list[str]]:
        """All types that each column holds, as they can be kept and given as `known`."""
        return {name: sorted(kinds) for name, kinds in zip(self._names, self._kinds, strict=True)}

    def lines(self, *, head: bool = True) -> Generator[bytes, None, None]:
        """CSV, the names of the columns first unless there is a `head` already, so many rows read at a time.

        Nothing is an empty field, an empty text is `""`. Raises `QueryFailed`, `TooManyRows`.
        """
        with asking(self._named):
            options = {"stream_results": True, "yield_per": CHUNK, "no_parameters": True}
            with closing(self._connection.execution_options(**options).exec_driver_sql(self._question)) as result:
                self._names = [str(name) for name in result.keys()]  # noqa: SIM118 - no mapping
                self._kinds = [{cast(FieldType, one) for one in self._known.get(name, ())} for name in self._names]
                if head:
                    yield (",".join(map(_quoted, self._names)) + "\n").encode()
                for row in result:
                    self.count += 1
                    if self.count > self._most:
                        raise TooManyRows(named=self._named, most=self._most)
                    yield (",".join(self._cells(row)) + "\n").encode()

    def _cells(self, row: Sequence[Any]) -> Iterator[str]:
        for kinds, value in zip(self._kinds, row, strict=True):
            kind, text = written(value)
            if kind is not None:
                kinds.add(_day(value) or kind if self._days_are_text else kind)
            yield text


def written(value: Any) -> tuple[FieldType | None, str]:
    """The type of a value and its CSV form; (None, "") for nothing, which includes MySQL's day 0000-00-00."""
    if value is None:
        return None, ""
    for types, kind, write in _WRITERS:
        if isinstance(value, types):
            text = write(value)
            return (None, "") if text is None else (kind, _quoted(text))
    text = str(value)
    return (None, "") if _NO_DATE.fullmatch(text) else ("string", _quoted(text.replace("\0", "")))


def may_be_year(name: str, kind: FieldType) -> bool:
    """Whether a column of whole numbers is perhaps one of years: then its cells decide, not the type."""
    return kind == "integer" and names_year(name)


def checked(question: str) -> str:
    """`question` when it is one SELECT (or WITH … SELECT). Raises `ValueError` for anything else.

    The transaction that cannot write is the guard; this is so that a slip is told when it is made.
    """
    text = question.strip().removesuffix(";").strip()
    if not _ONLY_SELECT.match(text) or _FORBIDDEN.search(text):
        raise ValueError("hanya satu SELECT tanpa “;” / only one SELECT without “;”")
    return text


def one_row(connection: Connection, question: str, *, named: str) -> tuple[str, ...]:
    """The only row that `question` gives, as text. Raises `QueryFailed`."""
    with asking(named):
        row = connection.execution_options(no_parameters=True).exec_driver_sql(question).fetchone()
    if row is None:
        raise QueryFailed(named=named, reason="tanpa baris / no row")
    return tuple(str(value) for value in row)


def _text_of(value: Any) -> str | None:
    """Text in bytes, as some columns hold it; anything else is no value of a table."""
    try:
        text = bytes(value).decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def _day(value: Any) -> FieldType | None:
    """Days and moments as SQLite keeps them: ISO 8601 in text."""
    found = _ISO.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else "datetime" if found[1] else "date"


def _common(kinds: set[FieldType]) -> FieldType:
    if len(kinds) == 1:
        return next(iter(kinds))
    return "number" if kinds == {"integer", "number"} else "string"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text


_WRITERS: tuple[tuple[tuple[type, ...], FieldType, Callable[[Any], str | None]], ...] = (
    ((bool,), "boolean", lambda value: str(value).lower()),
    ((int,), "integer", str),
    ((Decimal,), "number", lambda value: format(value, "f") if value.is_finite() else None),
    ((float,), "number", lambda value: format(Decimal(repr(value)), "f") if math.isfinite(value) else None),
    ((datetime,), "datetime", lambda value: value.isoformat()),
    ((date,), "date", lambda value: value.isoformat()),
    ((time, timedelta), "string", str),
    ((bytes, bytearray, memoryview), "string", _text_of),
    ((dict, list), "string", lambda value: json.dumps(value, ensure_ascii=False, default=str)),
)
"""The types that drivers give, the narrower ones first, and how they are written."""
