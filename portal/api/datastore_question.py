"""What `datastore_search` and a dump are asked, as a window of a table, in all the spellings that CKAN takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datasets.query.question import Filter, Operator
from datasets.query.shape import TableShape
from datasets.query.window import AllOf, AnyOf, OrderKey, Where, Window
from datasets.query.words import NOTHING, Words, every, plain_words, signed_words
from portal.api.faults import InvalidParameter
from portal.api.parameters import Parameters

_RANGES = {
    "eq": Operator.EQ,
    "gt": Operator.GT,
    "gte": Operator.GE,
    "ge": Operator.GE,
    "lt": Operator.LT,
    "lte": Operator.LE,
    "le": Operator.LE,
}
_SORT = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[^",]+?))(?:\s+(?P<way>asc|desc))?(?:\s+nulls\s+(?P<nulls>first|last))?\s*',
    re.IGNORECASE,
)
_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_DEEPEST = 8
_LONGEST = 20_000
_MOST_KEYS = 16


@dataclass(frozen=True, slots=True)
class Question:
    """The window, and the filters as they were given, to be told how to go on behind it."""

    window: Window
    filters: Mapping[str, Any]


def question(parameters: Parameters, shape: TableShape, *, limit: int, most: int) -> Question:
    """The window that the parameters ask for; `limit` where none is given, never more than `most`."""
    filters = _object(parameters, "filters")
    fields = _names(parameters, "fields")
    _known(fields, shape, "fields")
    order = tuple(_order(parameters))
    _known((key.column for key in order), shape, "sort")
    distinct = parameters.flag("distinct")
    if distinct and fields:
        for key in order:
            if key.column not in fields:
                raise InvalidParameter("sort", f'With distinct, sort only by one of the fields: "{key.column[:60]}"')
    return Question(
        Window(
            columns=tuple(dict.fromkeys(fields)),
            where=_where(filters, shape, 0),
            words=_words(parameters, shape),
            order=order,
            distinct=distinct,
            limit=min(parameters.integer("limit", limit), most),
            offset=parameters.integer("offset", 0),
        ),
        filters,
    )


def _known(names: Iterable[str], shape: TableShape, parameter: str) -> None:
    for name in names:
        if name not in shape:
            raise InvalidParameter(parameter, f'field "{name[:60]}" not in table')


def _object(parameters: Parameters, name: str) -> Mapping[str, Any]:
    value = parameters.values.get(name)
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        value = _json(value, name)
    if not isinstance(value, dict):
        raise InvalidParameter(name, "Not a dictionary")
    return value


def _json(text: str, name: str) -> Any:
    try:
        if len(text) > _LONGEST:
            raise ValueError(text[:10])
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidParameter(name, "Not valid JSON") from error


def _names(parameters: Parameters, name: str) -> list[str]:
    """A list of column names: a list, JSON text of one, or names with commas between."""
    value = parameters.values.get(name)
    if isinstance(value, str) and not value.lstrip().startswith("["):
        return [part.strip().strip('"') for part in _COMMA.split(value) if part.strip()]
    return parameters.texts(name)


def _where(filters: Mapping[str, Any], shape: TableShape, depth: int) -> Where:
    if depth > _DEEPEST:
        raise InvalidParameter("filters", "Too deep")
    parts: list[Where] = []
    for name, value in filters.items():
        if name in ("$and", "$or"):
            inner = [_where(_branch(item), shape, depth + 1) for item in _listed(value)]
            parts.append(AllOf(tuple(inner)) if name == "$and" else AnyOf(tuple(inner)))
            continue
        _known([name], shape, "filters")
        if isinstance(value, list):
            parts.append(AnyOf(tuple(_compared(name, item) for item in value)))
        else:
            parts.append(_compared(name, value))
    return AllOf(tuple(parts))


def _branch(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidParameter("filters", "$and and $or take lists of dictionaries")
    return value


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidParameter("filters", "$and and $or take lists of dictionaries")
    return value


def _compared(name: str, value: Any) -> Where:
    if isinstance(value, dict):
        unknown = [word for word in value if word not in _RANGES]
        if unknown or not value:
            raise InvalidParameter("filters", f"Unknown comparison {unknown}: use one of {sorted(_RANGES)}")
        return AllOf(tuple(_filter(name, _RANGES[word], item) for word, item in value.items()))
    return _filter(name, Operator.EQ, value)


def _filter(name: str, operator: Operator, value: Any) -> Filter:
    if value is None and operator is Operator.EQ:
        return Filter(name, Operator.MISSING)
    if value is None or isinstance(value, (dict, list)):
        raise InvalidParameter("filters", f'"{name[:60]}" is compared with a text, a number or a list of them')
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Filter(name, operator, (text.replace("\x00", ""),))


def _words(parameters: Parameters, shape: TableShape) -> Words:
    value = parameters.values.get("q")
    read = plain_words if parameters.flag("plain", default=True) else signed_words
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = _json(value, "q")
    if isinstance(value, dict):
        _known(value, shape, "q")
        if any(isinstance(text, (dict, list)) for text in value.values()):
            raise InvalidParameter("q", "Must be a text, or texts by field")
        return every([read(str(text), name) for name, text in value.items() if text is not None])
    text = parameters.text("q")
    return read(text) if text.strip() else NOTHING


def _order(parameters: Parameters) -> Iterable[OrderKey]:
    value = parameters.values.get("sort")
    parts = _COMMA.split(value) if isinstance(value, str) else parameters.texts("sort")
    kept = [part for part in parts if part.strip()]
    if len(kept) > _MOST_KEYS:
        raise InvalidParameter("sort", f"At most {_MOST_KEYS} fields")
    for part in kept:
        found = _SORT.fullmatch(part)
        if found is None:
            raise InvalidParameter("sort", f"Cannot sort by {part[:60]!r}")
        name = found["quoted"].replace('""', '"') if found["quoted"] else found["plain"].strip()
        first = (found["nulls"] or "").lower() == "first"
        yield OrderKey(name, descending=(found["way"] or "").lower() == "desc", missing_first=first)
