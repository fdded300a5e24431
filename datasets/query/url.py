"""A question to a table as the arguments of a URL, and back: equal questions have equal addresses.

    ?kecamatan=Kapas&tahun__ge=2015&catatan__contains=rusak   conditions; one column twice is "any of"; __in=a,b too
    ?_q=jalan "rusak berat"                                   words anywhere in the row
    ?_sort=-nilai,tahun&_columns=kecamatan,nilai              order, and which columns
    ?_group=kecamatan,tanggal:month&_measure=sum:nilai,count  groups and figures
    ?_page=2&_size=50  ?_after=1200  ?_row=17                 a page, what comes behind a row, one row

Arguments of the query's own begin with `_`. A column whose name does so too, or whose argument would be taken for
another column's, is written `_column.NAME__OPERATOR`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from datasets.query.check import checked
from datasets.query.errors import BadValue, UnknownArgument, UnknownFunction, UnknownOperator, shown
from datasets.query.question import PAGE_SIZE, Filter, Function, Group, Measure, Operator, Period, Sort, TableQuery
from datasets.query.shape import OPERATORS, TableShape

ARGUMENTS = ("_q", "_columns", "_group", "_measure", "_sort", "_page", "_size", "_after", "_row")
LISTS = ("_columns", "_group", "_measure", "_sort")
ESCAPE = "_column."
IN = "in"
_PLAIN = re.compile(r"[^\s\",:-][^\",:]*")
_ITEM = re.compile(r'((?:"(?:[^"]|"")*"|[^",])+)(?:,|$)')
_NAME = re.compile(r'(?:"((?:[^"]|"")+)"|([^":]+))(?::([a-z]+))?')
_DIGITS = re.compile(r"[0-9]{1,12}")
_YES = {"1", "true", "ya", "yes", "on"}


def parse(
    pairs: Iterable[tuple[str, str]], shape: TableShape, *, size: int = PAGE_SIZE, ignored: Collection[str] = ()
) -> TableQuery:
    """The question that the arguments ask; `size` is the page size when none is named.

    `pairs` are a MultiDict's `items(multi=True)`. Empty values, which forms send for untouched fields, count as not
    given, and so do the names in `ignored`. What means nothing raises a `BadQuery` (400) that lists what would.
    """
    own: dict[str, str] = {}
    where: list[Filter] = []
    for name, value in pairs:
        if name in ignored or not value.strip():
            continue
        if name in ARGUMENTS:
            own[name] = f"{own[name]},{value}" if name in own and name in LISTS else value
        elif name in shape or name.startswith(ESCAPE) or not name.startswith("_"):
            where.append(_condition(name, value, shape))
        else:
            raise UnknownArgument(argument=shown(name), valid=ARGUMENTS)
    query = TableQuery(
        columns=tuple(_column(item) for item in _items("_columns", own)),
        where=tuple(where),
        text=own.get("_q", ""),
        sort=tuple(_sort(item) for item in _items("_sort", own)),
        group=tuple(_group(item) for item in _items("_group", own)),
        measures=tuple(_measure(item) for item in _items("_measure", own)),
        page=_number("_page", own) or 1,
        size=_number("_size", own) or size,
        after=_number("_after", own),
        row=_number("_row", own),
    )
    return checked(query, shape)


def arguments(query: TableQuery, shape: TableShape, *, size: int = PAGE_SIZE) -> list[tuple[str, str]]:
    """The arguments that `parse` reads as this question, in their one order; defaults are left out."""
    query = checked(query, shape)
    pairs: list[tuple[str, str]] = []
    for filter_ in query.where:
        name = _argument(filter_, shape)
        pairs += [(name, value) for value in filter_.values or ("1",)]
    lists = {
        "_q": query.text,
        "_columns": ",".join(_quoted(name) for name in query.columns),
        "_group": ",".join(
            _quoted(group.column) + (f":{group.period.value}" if group.period else "") for group in query.group
        ),
        "_measure": ",".join(
            m.function.value + (f":{_quoted(m.column)}" if m.column is not None else "") for m in query.measures
        ),
        "_sort": ",".join(("-" if sort.descending else "") + _quoted(sort.column) for sort in query.sort),
    }
    pairs += [(name, value) for name, value in lists.items() if value]
    numbers = {"_page": (query.page, 1), "_size": (query.size, size), "_after": (query.after, None)}
    numbers["_row"] = (query.row, None)
    return pairs + [(name, str(value)) for name, (value, default) in numbers.items() if value != default]


def canonical(query: TableQuery, shape: TableShape, *, size: int = PAGE_SIZE) -> str:
    """The part of a URL behind `?`; empty for the whole table."""
    return urlencode(arguments(query, shape, size=size), safe=",:")


def _condition(name: str, value: str, shape: TableShape) -> Filter:
    if name in shape and not name.startswith(ESCAPE):
        return Filter(name, Operator.EQ, (value,))
    named, _, operator = name.removeprefix(ESCAPE).rpartition("__")
    column = shape.column(named or name)
    if operator == IN:
        return Filter(column.name, Operator.EQ, tuple(_parts(name, value)))
    found = next((known for known in OPERATORS[column.type] if known.value == operator), None)
    if found is None:
        valid = (*(known.value for known in OPERATORS[column.type]), IN)
        raise UnknownOperator(column=column.name, type=column.type, operator=shown(operator), valid=valid)
    if found in {Operator.MISSING, Operator.NOTMISSING}:
        if value.strip().lower() not in _YES:
            raise BadValue(value=shown(value), argument=shown(name), expected="1")
        return Filter(column.name, found)
    return Filter(column.name, found, (value,))


def _argument(filter_: Filter, shape: TableShape) -> str:
    name, operator = filter_.column, filter_.operator
    plain = name if operator is Operator.EQ else f"{name}__{operator.value}"
    if name.startswith("_") or (operator is not Operator.EQ and plain in shape):
        return f"{ESCAPE}{name}__{operator.value}"
    return plain


def _items(argument: str, own: dict[str, str]) -> list[str]:
    return _parts(argument, own.get(argument, ""))


def _parts(argument: str, text: str) -> list[str]:
    """What stands between commas; in double quotes a comma is a comma."""
    found: list[str] = []
    place = 0
    while place < len(text):
        item = _ITEM.match(text, place)
        if item is None:
            raise BadValue(value=shown(text), argument=shown(argument), expected='a,b,"c,d"')
        found.append(item.group(1))
        place = item.end()
    if argument not in ARGUMENTS:
        return [_unquoted(item) for item in found]
    return found


def _column(item: str) -> str:
    return _named(item, "_columns", suffixed=False)[0]


def _sort(item: str) -> Sort:
    name, _ = _named(item.removeprefix("-"), "_sort", suffixed=False)
    return Sort(name, descending=item.startswith("-"))


def _group(item: str) -> Group:
    name, period = _named(item, "_group", suffixed=True)
    if period is None:
        return Group(name)
    try:
        return Group(name, Period(period))
    except ValueError:
        raise UnknownFunction(function=shown(period), column=shown(name), valid=_values(Period)) from None


def _measure(item: str) -> Measure:
    name, _, column = item.partition(":")
    try:
        function = Function(name)
    except ValueError:
        raise UnknownFunction(function=shown(name), column=shown(column), valid=_values(Function)) from None
    return Measure(function, _named(column, "_measure", suffixed=False)[0] if column else None)


def _named(item: str, argument: str, *, suffixed: bool) -> tuple[str, str | None]:
    found = _NAME.fullmatch(item)
    if found is None or (found.group(3) and not suffixed):
        raise BadValue(value=shown(item), argument=argument, expected='a,b,"c,d"')
    quoted, bare, suffix = found.groups()
    return quoted.replace('""', '"') if quoted else bare, suffix


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def _unquoted(item: str) -> str:
    return item[1:-1].replace('""', '"') if len(item) > 1 and item[0] == item[-1] == '"' else item


def _number(argument: str, own: dict[str, str]) -> int | None:
    text = own.get(argument, "").strip()
    if not text:
        return None
    if not _DIGITS.fullmatch(text) or int(text) < 1:
        raise BadValue(value=shown(text), argument=argument, expected="1, 2, 3, …")
    return int(text)


def _values(kind: type[Function] | type[Period]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)
