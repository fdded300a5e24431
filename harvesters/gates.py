"""Held, never harmed: what makes a new state of a dataset wait for a person while the last good version stays.

Pure functions over values; the thresholds are ours (`docs/adapters.md`), the principle is that publication is monotone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from datasets.draft import ResourceDraft
from datasets.models import Resource, ResourceKind
from metadata.notices import Notice, Place, declare

SHRINK = 0.5
"""A table may lose this share of its rows, not more, unless its source says otherwise (`may_lose`)."""
GROW = 10
"""A table may grow to this many times its rows, once it has more than `FEW`."""
FEW = 100

_NUMBERS = ("integer", "number", "year")
_GONE = declare(
    "gate.table_gone",
    id="Tabel “{name}” yang sudah terbit tidak ada lagi dalam data baru.",
    en="Table “{name}”, which is published, is no longer in the new data.",
)
_FILE_GONE = declare(
    "gate.file_gone",
    id="Berkas “{name}” yang sudah terbit tidak ada lagi dalam data baru.",
    en="File “{name}”, which is published, is no longer in the new data.",
)
_NO_TABLE = declare(
    "gate.no_table_any_more",
    id="“{name}” dulu berupa tabel, sekarang tidak dapat dibaca sebagai tabel (isinya {format}).",
    en="“{name}” was a table and can no longer be read as one (its contents are {format}).",
)
_EMPTIED = declare(
    "gate.emptied",
    id="Semua baris hilang: dulu {before} baris, sekarang kosong.",
    en="All rows are lost: {before} before, none now.",
)
_SHRUNK = declare(
    "gate.shrunk",
    id="Terlalu banyak baris hilang sekaligus: dulu {before} baris, sekarang {after}.",
    en="Too many rows are lost at once: {before} before, {after} now.",
)
_GROWN = declare(
    "gate.grown",
    id="Jumlah baris melonjak lebih dari sepuluh kali: dulu {before} baris, sekarang {after}.",
    en="The rows grew more than tenfold: {before} before, {after} now.",
)
_COLUMN_GONE = declare(
    "gate.column_gone",
    id="Kolom ini hilang. Pengguna data mungkin mengandalkannya.",
    en="This column is gone. Users of the data may rely on it.",
)
_COLUMN_RENAMED = declare(
    "gate.column_renamed",
    id="Kolom ini tampaknya berganti nama menjadi “{name}”.",
    en="This column seems to have been renamed to “{name}”.",
)
_TYPE_BROKEN = declare(
    "gate.type_broken",
    id="Tipe kolom ini rusak: dulu {before}, sekarang {after}. Biasanya karena ada isian yang keliru.",
    en="The type of this column broke: {before} before, {after} now. Usually a cell was filled in wrongly.",
)
_INVALID = declare(
    "gate.new_errors",
    id="Validasi dulu bersih, sekarang menemukan {count} kesalahan.",
    en="Validation was clean before and now finds {count} errors.",
)
_LISTING_EMPTY = declare(
    "gate.listing_empty",
    id="Sumber tiba-tiba tidak menawarkan satu dataset pun, padahal {before} sudah terbit darinya. "
    "Tidak ada yang diubah.",
    en="The source suddenly offers no dataset at all, though {before} are published from it. Nothing was changed.",
)


@dataclass(frozen=True, slots=True)
class ResourceShape:
    """What a gate needs of a resource; `fields` are the types of its columns by name, in order."""

    name: str
    kind: ResourceKind
    format: str
    rows: int | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """A state of a dataset as the gates see it: its resources, and the number of errors that validation found."""

    resources: tuple[ResourceShape, ...]
    errors: int = 0


def shape_of(resources: Iterable[Resource | ResourceDraft], report: Mapping[str, Any]) -> Shape:
    """The shape of a stored version or of a draft."""
    shapes = tuple(
        ResourceShape(
            name=one.name,
            kind=one.kind,
            format=one.format,
            rows=one.rows,
            fields={field["name"]: str(field.get("type", "any")) for field in one.schema.get("fields", ())},
        )
        for one in resources
    )
    return Shape(shapes, errors=int(report.get("stats", {}).get("errors", 0)))


def gate(
    previous: Shape | None, new: Shape, *, personal: Iterable[Notice] = (), may_lose: float = SHRINK
) -> list[Notice]:
    """The reasons to hold `new`; empty lets it through. `previous` is what is published, None for a first version."""
    reasons = list(personal)
    if previous is None:
        return reasons
    for before, after in _pairs(previous.resources, new.resources):
        reasons += _resource(before, after, may_lose)
    if new.errors and not previous.errors:
        reasons.append(Notice(_INVALID, params={"count": new.errors}))
    return reasons


def gate_listing(published: int, offered: int) -> list[Notice]:
    """The reason to distrust a listing: nothing is offered where so many datasets are `published` from this source."""
    return [Notice(_LISTING_EMPTY, params={"before": published})] if published and not offered else []


def _pairs(
    before: tuple[ResourceShape, ...], after: tuple[ResourceShape, ...]
) -> Iterator[tuple[ResourceShape, ResourceShape | None]]:
    """Each published resource with its successor: the one of its name; a lone one follows a lone one."""
    if len(before) == len(after) == 1:
        yield before[0], after[0]
        return
    names = {one.name: one for one in after}
    for one in before:
        yield one, names.get(one.name)


def _resource(before: ResourceShape, after: ResourceShape | None, may_lose: float) -> Iterator[Notice]:
    if after is None:
        yield Notice(_FILE_GONE if before.kind is ResourceKind.FILE else _GONE, params={"name": before.name})
    elif before.kind is not ResourceKind.FILE and after.kind is ResourceKind.FILE:
        yield Notice(_NO_TABLE, params={"name": before.name, "format": after.format})
    elif before.kind is not ResourceKind.FILE:
        yield from _rows(before, after, may_lose)
        yield from _columns(before, after)


def _rows(before: ResourceShape, after: ResourceShape, may_lose: float) -> Iterator[Notice]:
    had, has = before.rows or 0, after.rows or 0
    place, params = Place(sheet=after.name), {"before": had, "after": has}
    if had and not has:
        yield Notice(_EMPTIED, place, {"before": had})
    elif has < had * (1 - may_lose):
        yield Notice(_SHRUNK, place, params)
    elif had and has > max(had * GROW, FEW):
        yield Notice(_GROWN, place, params)


def _columns(before: ResourceShape, after: ResourceShape) -> Iterator[Notice]:
    old, new = before.fields, after.fields
    added = [name for name in new if name not in old]
    order = list(new)
    for position, (name, kind) in enumerate(old.items()):
        place = Place(sheet=after.name, column=name)
        if name in new:
            if _breaks(kind, new[name]):
                yield Notice(_TYPE_BROKEN, place, {"before": kind, "after": new[name]})
        elif position < len(order) and order[position] in added and len(order) == len(old):
            yield Notice(_COLUMN_RENAMED, place, {"name": order[position]})
        else:
            yield Notice(_COLUMN_GONE, place)


def _breaks(before: str, after: str) -> bool:
    """Whether a column that was `before` can no longer be used as such; text may become anything more precise."""
    if before == after or before in ("string", "any"):
        return False
    return not (before in _NUMBERS and after in _NUMBERS)
