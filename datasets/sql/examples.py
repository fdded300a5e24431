"""SQL to begin with: names of tables and columns as SQL wants them, and examples made from the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from datasets.tables.columnar_types import quoted
from metadata.names import column_name, unique_names

ROLE = "lumbung:role"
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_WORDS = (
    "all and any array as asc asymmetric both case cast check collate column constraint create default deferrable desc "
    "describe distinct do else end except false fetch for foreign from grant group having in initially intersect into "
    "lambda lateral leading limit not null offset on only or order pivot placing primary qualify references returning "
    "select show some summarize symmetric table then to trailing true union unique unpivot using variadic when where "
    "window with left right full inner outer join natural cross is like ilike similar glob between values"
)
_RESERVED = frozenset(_WORDS.split())

_JOINING = ("region_code", "region_name", "year", "identifier", "category", "label")

What = Literal["rows", "groups", "years", "growth", "both"]


@dataclass(frozen=True, slots=True)
class SqlTable:
    """A table as SQL sees it: `name` needs no quotes. `fields` are its Table Schema's."""

    name: str
    title: str
    fields: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Example:
    """A statement, and what it asks for; `names` are the titles of the columns it is about."""

    what: What
    sql: str
    names: tuple[str, ...] = ()


def sql_names(names: Sequence[str]) -> list[str]:
    """Names of tables that can be written without quotes, each once: `padi-kecamatan` becomes `padi_kecamatan`."""
    plain = [column_name(name.replace("-", "_")) for name in names]
    return unique_names([f"t_{name}" if name in _RESERVED else name for name in plain])


def identifier(name: str) -> str:
    """A column's name as it is written in SQL."""
    return name if _PLAIN.fullmatch(name) and name not in _RESERVED else quoted(name)


def examples(tables: Sequence[SqlTable]) -> tuple[Example, ...]:
    """Statements that run on these tables, the simplest first."""
    if not tables:
        return ()
    first = tables[0]
    found = [Example("rows", f"SELECT *\nFROM {first.name}\nLIMIT 10")]
    table = next((each for each in tables if _values(each)), first)
    value, name, year = _first(_values(table)), _first(_naming(table)), _first(_of(table, "year"))
    if value and name:
        found.append(
            Example(
                "groups",
                f"SELECT {_i(name)}, count(*) AS baris, avg({_i(value)}) AS rata_rata, max({_i(value)}) AS terbesar\n"
                f"FROM {table.name}\nGROUP BY {_i(name)}\nORDER BY rata_rata DESC\nLIMIT 20",
                (_title(value), _title(name)),
            )
        )
    if value and year:
        found.append(
            Example(
                "years",
                f"SELECT {_i(year)}, sum({_i(value)}) AS jumlah, median({_i(value)}) AS nilai_tengah\n"
                f"FROM {table.name}\nGROUP BY {_i(year)}\nORDER BY {_i(year)}",
                (_title(value), _title(year)),
            )
        )
    if value and year and name:
        found.append(
            Example(
                "growth",
                f"SELECT {_i(name)}, {_i(year)}, {_i(value)},\n"
                f"  {_i(value)} - lag({_i(value)}) OVER (PARTITION BY {_i(name)} ORDER BY {_i(year)}) AS perubahan\n"
                f"FROM {table.name}\nORDER BY perubahan DESC NULLS LAST\nLIMIT 20",
                (_title(value), _title(name), _title(year)),
            )
        )
    shared = _shared(tables)
    if shared:
        one, other, key = shared
        found.append(
            Example(
                "both",
                f"SELECT a.*, b.*\nFROM {one.name} a\nJOIN {other.name} b ON a.{_i(key)} = b.{_i(key)}\nLIMIT 20",
                (one.title, other.title),
            )
        )
    return tuple(found)


def _i(field: Mapping[str, Any]) -> str:
    return identifier(str(field["name"]))


def _title(field: Mapping[str, Any]) -> str:
    return str(field.get("title") or field["name"])


def _first(fields: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return fields[0] if fields else None


def _of(table: SqlTable, *roles: str) -> list[Mapping[str, Any]]:
    return [field for field in table.fields if field.get(ROLE) in roles]


def _values(table: SqlTable) -> list[Mapping[str, Any]]:
    return [field for field in _of(table, "value") if field.get("type") in ("integer", "number")]


def _naming(table: SqlTable) -> list[Mapping[str, Any]]:
    return [*_of(table, "region_name"), *_of(table, "category", "label")]


def _shared(tables: Sequence[SqlTable]) -> tuple[SqlTable, SqlTable, Mapping[str, Any]] | None:
    """Two tables and a column that names things in both."""
    for place, one in enumerate(tables[:6]):
        for other in tables[place + 1 : 6]:
            known = {(field["name"], field.get("type")) for field in other.fields}
            for field in [f for role in _JOINING for f in _of(one, role)]:
                if (field["name"], field.get("type")) in known:
                    return one, other, field
    return None
