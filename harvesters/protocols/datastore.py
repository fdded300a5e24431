"""The rows of a table in a CKAN DataStore, page after page, as CSV; a table that changes on the way is noticed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from itertools import pairwise
from typing import Any

from harvesters.adapter import FetchFailed
from harvesters.databases.rows import may_be_year, written
from harvesters.faults import Refused
from metadata.reading.table import FieldType
from metadata.terms import Bilingual

PAGE = 10_000
"""Rows asked for at once; a portal may give fewer (CKAN's cap is 32,000, or what its operator set)."""

_ID = "_id"
_MIDNIGHT = "T00:00:00"
_CANNOT_SORT = (400, 409)
_TYPES: tuple[tuple[tuple[str, ...], FieldType], ...] = (
    (("int", "bigint", "smallint", "serial"), "integer"),
    (("numeric", "decimal", "float", "double", "real"), "number"),
    (("bool",), "boolean"),
    (("timestamp",), "datetime"),
    (("date",), "date"),
)

Search = Callable[[Mapping[str, Any]], Any]
"""Asks `datastore_search` with these parameters and gives its `result`. Raises `FetchFailed`."""


class RowsMoved(FetchFailed):
    """Rows came or went while the table was read: what was gathered is no state that the table ever had."""

    code = "ckan.rows_moved"
    text = Bilingual(
        id="Tabel DataStore {location} sedang diubah ketika dibaca. Panen berikutnya akan mengambilnya.",
        en="DataStore table {location} was being changed while it was read. The next harvest will take it.",
    )


class NoTable(FetchFailed):
    """The answer has no fields or records where a table has them."""

    code = "ckan.no_table"
    text = Bilingual(
        id="DataStore menjawab untuk {location} tanpa kolom atau baris yang dapat dibaca.",
        en="The DataStore's answer for {location} has no columns or rows that can be read.",
    )


class DatastoreRows:
    """The rows of one resource. Its `lines` are read once; `types` are known when they are at their end.

    Loaders make moments of days. A column of moments that are all at midnight is given as the days that it was.
    """

    def __init__(self, search: Search, resource: str, *, page: int = PAGE) -> None:
        self._search, self._resource, self._page = search, resource, page
        self._order = _ID
        self._fields: list[Mapping[str, Any]] = []
        self._timed: set[str] = set()

    @property
    def types(self) -> dict[str, FieldType]:
        """What the DataStore says of its columns. Plain text says nothing: it is what a loader makes of anything."""
        pairs = ((str(one["id"]), self._type_of(one)) for one in self._fields)
        return {name: kind for name, kind in pairs if kind is not None and not may_be_year(name, kind)}

    def lines(self) -> Generator[bytes, None, None]:
        """CSV, the names of the columns first, in the order of the rows' numbers (else of all columns).

        Each page begins with the last row of the one before it, so that a row that went or came in between is noticed.
        Raises `RowsMoved`, `NoTable`.
        """
        answer = self._first()
        self._fields = _fields(answer, self._resource)
        names = [str(one["id"]) for one in self._fields]
        moments = [name for name, one in zip(names, self._fields, strict=True) if _type_of(one) == "datetime"]
        yield _line(names)
        total, given = _total(answer), 0
        last: Any = None
        while True:
            records = _records(answer, self._resource)
            if given and (not records or records[0] != last):
                raise RowsMoved(location=self._resource)
            fresh = records[1:] if given else records
            self._check_order(([last] if given else []) + fresh)
            for record in fresh:
                days = {name: self._day(name, record.get(name)) for name in moments}
                yield _line([days.get(name, record.get(name)) for name in names])
            given += len(fresh)
            if not fresh or given == total:
                break
            last = records[-1]
            answer = self._ask(offset=given - 1, limit=self._page + 1)
            if _total(answer) != total:
                raise RowsMoved(location=self._resource)
        if total is not None and given != total:
            raise RowsMoved(location=self._resource)

    def _type_of(self, field: Mapping[str, Any]) -> FieldType | None:
        kind = _type_of(field)
        return "date" if kind == "datetime" and str(field["id"]) not in self._timed else kind

    def _day(self, name: str, value: Any) -> Any:
        if isinstance(value, str) and value.endswith(_MIDNIGHT):
            return value.removesuffix(_MIDNIGHT)
        if value:
            self._timed.add(name)
        return value

    def _first(self) -> Any:
        try:
            return self._ask(offset=0, limit=self._page)
        except Refused as fault:
            if fault.notice.params.get("status") not in _CANNOT_SORT:
                raise
        listed = self._search({"resource_id": self._resource, "limit": 0})  # a view: its rows have no numbers
        self._order = ",".join(f'"{one["id"]}"' for one in _fields(listed, self._resource))
        return self._ask(offset=0, limit=self._page)

    def _ask(self, *, offset: int, limit: int) -> Any:
        return self._search({"resource_id": self._resource, "limit": limit, "offset": offset, "sort": self._order})

    def _check_order(self, records: list[Mapping[str, Any]]) -> None:
        numbers = [one.get(_ID) for one in records]
        counted = [one for one in numbers if isinstance(one, int)]
        if any(after <= before for before, after in pairwise(counted)):
            raise RowsMoved(location=self._resource)


def _fields(answer: Any, resource: str) -> list[Mapping[str, Any]]:
    found = answer.get("fields") if isinstance(answer, Mapping) else None
    listed = found if isinstance(found, list) else []
    fields = [one for one in listed if isinstance(one, Mapping) and one.get("id") and one["id"] != _ID]
    if not fields:
        raise NoTable(location=resource)
    return fields


def _records(answer: Any, resource: str) -> list[Mapping[str, Any]]:
    found = answer.get("records")
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise NoTable(location=resource)
    return found


def _total(answer: Any) -> int | None:
    """How many rows there are; None where the portal only guesses, or does not say."""
    total = answer.get("total")
    sure = isinstance(total, int) and not answer.get("total_was_estimated")
    return total if sure else None


def _type_of(field: Mapping[str, Any]) -> FieldType | None:
    info = field.get("info")
    override = str(info.get("type_override") or "") if isinstance(info, Mapping) else ""
    said = (override or str(field.get("type") or "")).lower()
    if override == "text":
        return "string"
    return next((kind for beginnings, kind in _TYPES if said.startswith(beginnings)), None)


def _line(cells: list[Any]) -> bytes:
    return (",".join(written(cell)[1] for cell in cells) + "\n").encode()
