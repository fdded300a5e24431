"""JSON: members with data of persons, and a copy that is still JSON in which they are masked."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from metadata.notices import Notice, Place
from metadata.redaction import delimited
from metadata.redaction.columns import MASK, find_in_rows, masked


def find(path: Path, filename: str) -> Iterator[Notice]:
    """The members that hold data of persons, by their names and by what they show. Raises `Unreadable`."""
    try:
        tree = json.loads(delimited.text_of(path, filename))
    except (ValueError, RecursionError):  # lines of JSON, or no JSON: a text
        yield from delimited.find_text(path, filename)
        return
    for notice in _personal(tree, Place(file=filename))[0]:
        yield replace(notice, place=replace(notice.place, row=None))


def clean(path: Path, target: Path) -> None:
    """Write the tree in UTF-8, data of persons masked. Raises `Unreadable`."""
    try:
        tree = json.loads(delimited.text_of(path, path.name))
    except (ValueError, RecursionError):
        delimited.clean_text(path, target)
        return
    whole = _personal(tree, Place())[1]
    target.write_text(json.dumps(_masked(tree, "", whole), ensure_ascii=False), encoding="utf-8")


def _personal(tree: Any, place: Place) -> tuple[list[Notice], set[str]]:
    """What is found when the values of each name are read as a column, and the names of those to be masked whole."""
    columns: dict[str, list[str]] = defaultdict(list)
    for name, value in _values(tree, ""):
        columns[name].append(_text(value))
    names = list(columns)
    found = find_in_rows([names, *zip_longest(*columns.values(), fillvalue="")], place)
    return found.notices, {names[at] for at in found.whole}


def _values(tree: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Each value that is no tree itself, with the name under which it stands, alone or in a list."""
    if isinstance(tree, dict):
        for each, inside in tree.items():
            yield from _values(inside, each)
    elif isinstance(tree, list):
        for inside in tree:
            yield from _values(inside, name)
    else:
        yield name, tree


def _masked(tree: Any, name: str, whole: set[str]) -> Any:
    if isinstance(tree, dict):
        made: dict[str, Any] = {}
        for each, inside in tree.items():
            shown = masked(each)
            while shown in made:
                shown += "_"
            made[shown] = _masked(inside, each, whole)
        return made
    if isinstance(tree, list):
        return [_masked(inside, name, whole) for inside in tree]
    text = _text(tree)
    if text and name in whole:
        return MASK
    hidden = masked(text)
    return tree if hidden == text else hidden


def _text(value: Any) -> str:
    """What a value shows. A fraction is a measure or a coordinate, however many digits it has."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
