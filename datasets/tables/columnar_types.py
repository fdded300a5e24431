"""Which SQL type keeps a column whole: found by one look over its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

LEXICAL = {
    "integer": r"[+-]?[0-9]+",
    "number": r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|NaN|[+-]?INF",
    "year": r"-?[0-9]{1,5}",
    "boolean": "true|false",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "datetime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?",
    "time": r"([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?",
}
WRITTEN = {
    "integer": "coalesce(CAST(TRY_CAST({column} AS BIGINT) AS VARCHAR) = {column}, false)",
    "year": "(strlen({column}) <= 5 AND coalesce(CAST(TRY_CAST({column} AS BIGINT) AS VARCHAR) = {column}, false))",
}
CALENDAR = {"date": "DATE", "datetime": "TIMESTAMP", "time": "TIME"}
SAFE_DIGITS = 15  # a double gives back any decimal of so many digits
BIGINT_DIGITS = 18
DECIMAL_DIGITS = 38
_ALSO = {("integer", "number"), ("integer", "year")}
_SHORT = {"integer": BIGINT_DIGITS, "number": SAFE_DIGITS, "year": 5, "date": 10}
"""Characters up to which a canonical cell is kept whole by a column of its type."""
BATCH = 64  # each pattern keeps up to a megabyte a thread


@dataclass(frozen=True, slots=True)
class Facts:
    """What one look told about a column. `test` is the SQL condition that a cell of its type fulfils."""

    name: str
    type: str
    test: str = "true"
    filled: int = 0
    misfits: int = 0
    longest: int = 0
    zoned: int = 0
    whole_digits: int = 0
    decimals: int = 0
    lossy: bool = False
    beyond_bigint: bool = False


def examine(
    connection: Any, source: str, schema: Mapping[str, Any], proven: Mapping[str, tuple[str, int]] | None = None
) -> dict[str, Facts]:
    """Facts of every column: a scan per 64 typed columns, and one more over numbers long enough to lose digits.

    `proven` are columns of which reading knows that all cells are canonical: of which type, and how long at most.
    """
    fields = [(field["name"], field.get("type", "string")) for field in schema["fields"]]
    facts = {name: _known(name, kind, (proven or {}).get(name)) for name, kind in fields}
    typed = [(name, kind) for name, kind in fields if kind in LEXICAL and facts[name].type != kind]
    for start in range(0, len(typed), BATCH):
        facts |= _looked_at(connection, source, typed[start : start + BATCH])
    return _measured(connection, source, facts)


def _known(name: str, kind: str, proven: tuple[str, int] | None) -> Facts:
    """What is known of a column before it is looked at: of a text all, of a type what is proven and short enough."""
    form, longest = proven or (None, 0)
    if form is not None and (form == kind or (form, kind) in _ALSO) and longest <= _SHORT.get(kind, 0):
        return Facts(name, kind, _test(quoted(name), kind), longest=longest)
    return Facts(name, "string")


def _looked_at(connection: Any, source: str, typed: list[tuple[str, str]]) -> dict[str, Facts]:
    measures = []
    for name, kind in typed:
        column = quoted(name)
        measures += [f"count({column})", _counted(_test(column, kind)), f"coalesce(max(strlen({column})), 0)"]
        measures.append(_counted(f"regexp_matches({column}, '[T ].*[Z+-]')") if kind == "datetime" else "0")
    row = connection.execute(f"SELECT {', '.join(measures)} FROM {source}").fetchone()  # noqa: S608
    found = {}
    for position, (name, kind) in enumerate(typed):
        filled, fitting, longest, zoned = row[4 * position : 4 * position + 4]
        found[name] = Facts(name, kind, _test(quoted(name), kind), filled, filled - fitting, longest, zoned)
    return found


def physical(fact: Facts, *, as_text: bool = False) -> str:
    """The SQL type that keeps the column whole."""
    if as_text or fact.type not in LEXICAL:
        return "VARCHAR"
    if fact.type == "integer":
        return _whole(fact)
    if fact.type == "number":
        digits = fact.whole_digits + fact.decimals
        return f"DECIMAL({max(digits, 1)},{fact.decimals})" if fact.lossy and digits <= DECIMAL_DIGITS else "DOUBLE"
    if fact.type == "datetime" and fact.zoned:
        return "TIMESTAMPTZ" if fact.zoned == fact.filled else "VARCHAR"
    return {"year": "INTEGER", "boolean": "BOOLEAN", **CALENDAR}[fact.type]


def _whole(fact: Facts) -> str:
    if not fact.beyond_bigint:
        return "BIGINT"
    return f"DECIMAL({DECIMAL_DIGITS},0)" if fact.whole_digits <= DECIMAL_DIGITS else "VARCHAR"


def _test(column: str, kind: str) -> str:
    test = f"regexp_full_match({column}, '{LEXICAL[kind]}')"
    if kind in WRITTEN:  # told without a pattern where it is written as a machine does, which is quick
        test = f"({WRITTEN[kind].format(column=column)} OR {test})"
    if kind in CALENDAR:
        test += f" AND TRY_CAST({column} AS {CALENDAR[kind]}) IS NOT NULL"
    if kind in {"date", "datetime"}:
        test += f" AND {column} >= '0001'"
    return test


def _measured(connection: Any, source: str, facts: dict[str, Facts]) -> dict[str, Facts]:
    """Digits before and after the point, for columns whose longest cell could exceed a double or a BIGINT."""
    limits = {"number": SAFE_DIGITS, "integer": BIGINT_DIGITS}
    long = [fact for fact in facts.values() if not fact.misfits and fact.longest > limits.get(fact.type, fact.longest)]
    if not long:
        return facts
    measures = []
    for fact in long:
        column = quoted(fact.name)
        whole = f"ltrim(split_part(ltrim({column}, '+-'), '.', 1), '0')"
        measures += [
            f"coalesce(max(strlen({whole})), 0)",
            f"coalesce(max(strlen(rtrim(split_part({column}, '.', 2), '0'))), 0)",
            _counted(f"regexp_matches({column}, '[eEN]')"),
            _counted(f"TRY_CAST({column} AS BIGINT) IS NULL AND {column} IS NOT NULL"),
        ]
    row = connection.execute(f"SELECT {', '.join(measures)} FROM {source}").fetchone()  # noqa: S608
    found = dict(facts)
    for position, fact in enumerate(long):
        whole_digits, decimals, special, beyond = row[4 * position : 4 + 4 * position]
        measured = replace(fact, whole_digits=whole_digits, decimals=decimals, beyond_bigint=beyond > 0)
        exact = fact.type == "number" and not special and whole_digits + decimals <= DECIMAL_DIGITS
        found[fact.name] = replace(measured, lossy=exact and _loses(connection, source, measured))
    return found


def _loses(connection: Any, source: str, fact: Facts) -> bool:
    """Whether any cell comes back from a double as another number."""
    column = quoted(fact.name)
    exact = f"DECIMAL({DECIMAL_DIGITS},{fact.decimals})"
    there_and_back = f"TRY_CAST(CAST(CAST({column} AS DOUBLE) AS VARCHAR) AS {exact})"
    counted = _counted(f"{there_and_back} IS DISTINCT FROM CAST({column} AS {exact})")
    query = f"SELECT {counted} FROM {source}"  # noqa: S608
    return bool(connection.execute(query).fetchone()[0])


def _counted(condition: str) -> str:
    """`count_if` gives NULL over no rows; a CASE, unlike a filter, works out no more of a condition than it takes."""
    return f"count(CASE WHEN {condition} THEN 1 END)"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
