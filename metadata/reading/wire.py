"""Readings and errors as JSON, so that they can cross from the reading process; nothing that comes back is executed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from metadata import personal  # noqa: F401 - declares the words of its notices
from metadata.notices import Notice, Place
from metadata.profile import ColumnProfile
from metadata.reading import cell_repairs, errors, repairs  # noqa: F401 - as above
from metadata.reading.table import Column, ReadHints, Reading, Table


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """`reading` as plain JSON values; paths as text."""
    return {
        "format": reading.format,
        "mediatype": reading.mediatype,
        "geojson": str(reading.geojson) if reading.geojson else None,
        "notices": _notices_to_json(reading.notices),
        "personal": _notices_to_json(reading.personal),
        "tables": [_table_to_json(table) for table in reading.tables],
    }


def reading_from_json(data: Mapping[str, Any]) -> Reading:
    """The inverse of `reading_to_json`."""
    return Reading(
        format=data["format"],
        mediatype=data["mediatype"],
        tables=tuple(_table_from_json(table) for table in data["tables"]),
        notices=_notices_from_json(data["notices"]),
        personal=_notices_from_json(data["personal"]),
        geojson=Path(data["geojson"]) if data["geojson"] else None,
    )


def error_to_json(error: errors.Unreadable) -> dict[str, Any]:
    """An error as JSON: the class by its code, place and params."""
    return error.notice.as_dict()


def error_from_json(data: Mapping[str, Any]) -> errors.Unreadable:
    """The inverse of `error_to_json`; an unknown code gives a plain `Unreadable`."""
    notice = Notice.from_dict(data)
    known = {kind.code: kind for kind in _family(errors.Unreadable)}
    return known.get(notice.code, errors.Unreadable)(place=notice.place, **dict(notice.params))


def hints_to_json(hints: ReadHints) -> dict[str, Any]:
    """The hints as JSON."""
    return {
        "encoding": hints.encoding,
        "delimiter": hints.delimiter,
        "header_row": hints.header_row,
        "sheet": hints.sheet,
        "decimal": hints.decimal,
        "types": dict(hints.types),
        "missing": list(hints.missing),
    }


def hints_from_json(data: Mapping[str, Any]) -> ReadHints:
    """The inverse of `hints_to_json`."""
    return ReadHints(**{**data, "missing": tuple(data.get("missing", ()))})


def _family(kind: type[errors.Unreadable]) -> Iterable[type[errors.Unreadable]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)


def _table_to_json(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": str(table.path),
        "columns": [
            {
                "name": column.name,
                "title": column.title,
                "type": column.type,
                "unit": column.unit,
                "missing": list(column.missing),
            }
            for column in table.columns
        ],
        "rows": table.rows,
        "header_row": table.header_row,
        "title": table.title,
        "sheet": table.sheet,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "notes": list(table.notes),
        "repairs": _notices_to_json(table.repairs),
        "dropped": [list(pair) for pair in table.dropped],
        "places": list(table.places),
        "profile": {name: asdict(one) for name, one in table.profile.items()} if table.profile else None,
    }


def _table_from_json(data: Mapping[str, Any]) -> Table:
    columns = tuple(Column(**column | {"missing": tuple(column["missing"])}) for column in data["columns"])
    profile = data["profile"]
    own = {
        "path": Path(data["path"]),
        "columns": columns,
        "notes": tuple(data["notes"]),
        "repairs": _notices_from_json(data["repairs"]),
        "dropped": tuple((row, reason) for row, reason in data["dropped"]),
        "places": tuple(data.get("places", ())),
        "profile": {name: ColumnProfile(**one) for name, one in profile.items()} if profile else None,
    }
    return Table(**{**data, **own})


def _notices_to_json(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    return [
        {
            "code": notice.code,
            "place": {
                "file": notice.place.file,
                "sheet": notice.place.sheet,
                "row": notice.place.row,
                "column": notice.place.column,
            },
            "params": notice.as_dict()["params"],
        }
        for notice in notices
    ]


def _notices_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            code=item["code"],
            place=Place(**item["place"]),
            params=Notice.from_dict({"code": item["code"], "params": item["params"]}).params,
        )
        for item in data
    )
