"""The columns of two versions of a table: which they share, and how their descriptions differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasets.diff.report import ColumnChange, Described, SchemaDiff
from datasets.exports.content import csv_cell
from datasets.query.shape import ShapeColumn, shape_of
from datasets.tables.columnar_types import quoted

DESCRIBED: tuple[Described, ...] = ("type", "title", "unit", "description")


@dataclass(frozen=True, slots=True)
class Common:
    """What two files share. `columns` have one place (`c0`, …) in the views `a` and `b`, whose columns are `listed`.

    A column stored differently in the two is text in both and not `alike`. Columns of one version only are `removed`
    (`r0`, … in `a`) and `added` (`n0`, … in `b`), with their SQL types.
    """

    columns: tuple[ShapeColumn, ...]
    alike: frozenset[str]
    removed: tuple[tuple[str, str], ...]
    added: tuple[tuple[str, str], ...]
    listed: tuple[tuple[str, ...], tuple[str, ...]]


def common_columns(schemas: Sequence[Mapping[str, Any]], types: Sequence[Mapping[str, str]]) -> Common:
    """The columns of the later version that the earlier has too, in the later's order."""
    earlier, later = types
    names = [name for name in later if name in earlier]
    alike = {name: earlier[name] == later[name] for name in names}
    stored = {name: later[name] if alike[name] else "VARCHAR" for name in names}
    described = {field["name"]: field for field in schemas[1]["fields"]}
    shape = shape_of({"fields": [described.get(name, {"name": name}) for name in names]}, stored)
    removed = tuple((name, kind) for name, kind in earlier.items() if name not in later)
    added = tuple((name, kind) for name, kind in later.items() if name not in earlier)

    def listed(side: Mapping[str, str], alone: Sequence[tuple[str, str]], letter: str) -> tuple[str, ...]:
        shared = [
            f"{quoted(c.name) if alike[c.name] else _as_text(c.name, side[c.name])} AS {c.place}" for c in shape.columns
        ]
        own = [f"{quoted(name)} AS {letter}{position}" for position, (name, _) in enumerate(alone)]
        return ("file_row_number + 1 AS _row", *shared, *own)

    same = frozenset(name for name in names if alike[name])
    return Common(shape.columns, same, removed, added, (listed(earlier, removed, "r"), listed(later, added, "n")))


def schema_diff(
    before: Mapping[str, Any], after: Mapping[str, Any], common: Common, renamed: Sequence[tuple[str, str]]
) -> SchemaDiff:
    """The differences of description, columns that only got another name taken out of the added and removed ones."""
    earlier = {field["name"]: field for field in before["fields"]}
    later = {field["name"]: field for field in after["fields"]}
    changed = []
    for name in (column.name for column in common.columns):
        one, other = earlier.get(name, {}), later.get(name, {})
        changed += [
            ColumnChange(name, what, str(one.get(what) or ""), str(other.get(what) or ""))
            for what in DESCRIBED
            if (one.get(what) or "") != (other.get(what) or "")
        ]
    kept = [name for name in earlier if name in later]
    gone, come = {old for old, _ in renamed}, {new for _, new in renamed}
    return SchemaDiff(
        added=tuple(name for name, _ in common.added if name not in come),
        removed=tuple(name for name, _ in common.removed if name not in gone),
        renamed=tuple(renamed),
        changed=tuple(changed),
        reordered=kept != [name for name in later if name in earlier],
    )


def _as_text(name: str, stored: str) -> str:
    return f"CAST({csv_cell(quoted(name), stored)} AS VARCHAR)"
