"""What a field asks of a cell, said in SQL over a whole column: never more lenient than the field's own reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frictionless import Field

_SURE_DIGITS = 15
"""As many decimal digits are told apart by a double; a comparison of doubles with no more of them is exact."""

_TYPED = {
    "string": "true",
    "integer": "(CAST(try_cast({c} AS BIGINT) AS VARCHAR) = {c} OR regexp_full_match({c}, '-?[0-9]{{1,18}}'))",
    "number": "regexp_full_match({c}, '-?[0-9]{{1,15}}([.][0-9]{{1,15}})?')",
    "year": "(strlen({c}) = 4 AND (({c} > '0' AND CAST(try_cast({c} AS BIGINT) AS VARCHAR) = {c}) "
    "OR regexp_full_match({c}, '[0-9]{{4}}')))",
    "date": "regexp_full_match({c}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
    "AND {c} >= '0001' AND try_cast({c} AS DATE) IS NOT NULL",
    "datetime": "regexp_full_match({c}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]([01][0-9]|2[0-3])(:[0-5][0-9]){{2}}') "
    "AND {c} >= '0001' AND try_cast({c} AS TIMESTAMP) IS NOT NULL",
}
_VALUE = {
    "string": "{c}",
    "integer": "try_cast({c} AS BIGINT)",
    "year": "try_cast({c} AS BIGINT)",
    "number": f"CASE WHEN length({{c}}) <= {_SURE_DIGITS} THEN try_cast({{c}} AS DOUBLE) + 0.0 END",
    "date": "{c}",
}
_COMPARE = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_LETTER = r"[A-Za-z0-9 _,;:'/%@#&=<>~!\"-]|\\[.\-+*?()\[\]{}|^$/\\]|\.|\\d|\\w"
_CLASS = r"\[(?!\^)(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9 _.,:/]|\\[-.\\])+\]"
_PLAIN_PATTERN = re.compile(rf"(?:(?:{_LETTER}|{_CLASS})(?:[*+?]|\{{\d{{1,2}}(?:,\d{{1,2}})?\}})?)*")


@dataclass(frozen=True, slots=True)
class Proof:
    """Conditions on one column.

    `missing`: the cell stands for no value. `typed`: if it does not, it surely is a value of the type. `sound`: it
    surely has no error; `filled` says that it is not missing then, `unmarked` that no quotation mark is in it.
    `value`: equal for typed cells whose values are equal, NULL where that is not known; None where nothing is known.
    No cell is NULL.
    """

    missing: str
    typed: str
    sound: str
    value: str | None
    filled: bool = False
    unmarked: bool = False


def prove(field: Field, column: str, marks: Sequence[str], good_marks: Sequence[str]) -> Proof | None:
    """The conditions for `field` over `column`; None when they cannot be said in SQL.

    `marks` stand for no value, of which `good_marks` are no error.
    """
    dressed = {"group_char", "decimal_char", "bare_number", "float_number"}.intersection(field.list_defined())
    if field.type not in _TYPED or field.format != "default" or dressed:
        return None
    fits = _constraints(field, column)
    if fits is None:
        return None
    missing, typed = among(column, marks), _TYPED[field.type].format(c=column)
    value = _VALUE.get(field.type)
    return Proof(
        missing=missing,
        typed=typed,
        sound=_sound(column, marks, good_marks, " AND ".join(said for said in (typed, fits) if said != "true")),
        value=value.format(c=column) if value else None,
        filled=not good_marks,
        unmarked=field.type != "string" and not any('"' in mark for mark in marks),
    )


def _sound(column: str, marks: Sequence[str], good_marks: Sequence[str], has_value: str) -> str:
    """The condition that the cell has no error: each comparison that can be spared counts, over a million cells."""
    bad = [mark for mark in marks if mark not in good_marks]
    if bad:
        no_mark = f"NOT ({among(column, bad)})"
        has_value = f"{no_mark} AND {has_value}" if has_value else no_mark
    if not good_marks or not has_value:
        return has_value or "true"
    return f"{among(column, good_marks)} OR ({has_value})"


def among(column: str, texts: Iterable[str]) -> str:
    """The condition that the cell is one of the texts."""
    said = ", ".join(quoted(text) for text in texts)
    return f"{column} IN ({said})" if said else "false"


def quoted(text: str) -> str:
    """A text as SQL writes it. Raises ValueError for one that cannot be written."""
    if "\0" in text:
        raise ValueError("a NUL in a text")
    return "'" + text.replace("'", "''") + "'"


def _constraints(field: Field, column: str) -> str | None:
    said = []
    convert = field.create_value_reader()
    for name in field.supported_constraints:
        limit = field.constraints.get(name)
        if limit is None or name in ("required", "unique"):
            continue
        condition = _constraint(field.type, name, limit, convert, column)
        if condition is None:
            return None
        said.append(condition)
    return " AND ".join(said) or "true"


def _constraint(type_: str, name: str, limit: Any, convert: Callable[[Any], Any], column: str) -> str | None:
    if name in _COMPARE:
        return _bound(type_, _COMPARE[name], convert(limit), column)
    if type_ != "string":
        return None
    if name in ("minLength", "maxLength") and type(limit) is int:
        return f"length({column}) {'>=' if name == 'minLength' else '<='} {limit}"
    if name == "enum" and isinstance(limit, list) and all(isinstance(text, str) for text in limit):
        return among(column, limit)
    if name == "pattern" and isinstance(limit, str) and _PLAIN_PATTERN.fullmatch(limit):
        # Of RE2 and Python: \d and \w are wider in Python, and a point leaves out the line break in both.
        return f"regexp_full_match({column}, {quoted(_pointed(limit))})"
    return None


def _pointed(pattern: str) -> str:
    """The pattern with its points spelled out."""
    return re.sub(r"\\.|\[(?:\\.|[^\]])*\]|\.", lambda found: r"[^\n]" if found[0] == "." else found[0], pattern)


def _bound(type_: str, sign: str, bound: Any, column: str) -> str | None:
    if type_ in ("integer", "year") and type(bound) is int and abs(bound) < 10**18:
        return f"try_cast({column} AS BIGINT) {sign} {bound}"
    if type_ == "date" and type(bound) is date:
        return f"{column} {sign} '{bound.isoformat()}'"
    if type_ == "number" and type(bound) is int:
        bound = Decimal(bound)
    if type_ == "number" and isinstance(bound, Decimal) and bound.is_finite():
        exponent = bound.as_tuple().exponent
        if len(bound.as_tuple().digits) > _SURE_DIGITS or not isinstance(exponent, int) or abs(exponent) > _SURE_DIGITS:
            return None
        number, limit = f"try_cast({column} AS DOUBLE)", f"CAST('{bound:f}' AS DOUBLE)"
        beyond = f"{number} {sign[0]} {limit}"
        if len(sign) == 1:
            return beyond
        return f"({beyond} OR ({number} = {limit} AND length({column}) <= {_SURE_DIGITS}))"
    return None
