"""The code lists of the house: CSV files that an office can read, with one loader for all.

An installation may extend the lists in `EXTENDED` by rows of its own.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

FOLDER = Path(__file__).parent
EXTENDED = ("licenses", "units")
"""Lists that an office may add to; all others are somebody else's standard."""

_Made = TypeVar("_Made")
_added: dict[str, list[dict[str, str]]] = {}
_tables: list[Callable[[], Any]] = []


def rows(name: str, path: Path | None = None) -> list[dict[str, str]]:
    """The rows of the list `name` as they stand in its CSV file; `path` loads another installation's file instead."""
    with (path or FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        found = [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(stream)]
    whole = dict.fromkeys(found[0], "") if found else {}  # what an older release kept may lack a column
    return found + ([whole | row for row in _added.get(name, [])] if path is None else [])


def extend(name: str, added: Iterable[Mapping[str, str]]) -> None:
    """Let the list `name` have these rows behind its own, in this process; tables made of the lists are made anew."""
    given = [dict(row) for row in added]
    if given == _added.get(name, []):
        return
    _added[name] = given
    for forget in _tables:
        forget()


def table(make: Callable[[], _Made]) -> Callable[[], _Made]:
    """A table made of a list once, and anew after `extend`."""
    kept = cache(make)
    _tables.append(kept.cache_clear)
    return kept


def words(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds several, divided by `|`."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def key(text: str) -> str:
    """What two spellings of one term have in common: lower-case letters and digits with single blanks between."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"[^\W_]+|%", plain))


def added(name: str, column: str) -> frozenset[str]:
    """What the rows that the office added to the list `name` have in that column."""
    return frozenset(row[column] for row in _added.get(name, []) if column in row)


def index(
    entries: Iterable[tuple[Iterable[str], str]],
    *,
    key: Callable[[str], str] = key,
    yielding: Container[str] = (),
) -> dict[str, str]:
    """A table from every spelling's `key` to the term's own; two terms must not share a spelling.

    `yielding` are terms that leave a spelling to the one that came first: a release may ship a word that an office had
    added for something else.
    """
    table: dict[str, str] = {}
    for spellings, term in entries:
        for spelling in spellings:
            if table.setdefault(key(spelling), term) != term and term not in yielding:
                raise ValueError(f"{spelling!r} stands for both {table[key(spelling)]!r} and {term!r}")
    return table
