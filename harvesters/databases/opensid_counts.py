"""Counts of persons made safe to show: small ones hidden, and as many others as keep them from being computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from metadata.disclosure.attack import bounds, sums_of
from metadata.disclosure.errors import NotProtected
from metadata.disclosure.lattice import Cell, Lattice, Layout, add_up
from metadata.disclosure.suppression import Field, protect

K = 5
"""A count of fewer persons than this is never told (rule 9.3 of the design: general personal data)."""
HIDDEN = "disembunyikan"

Counts = Mapping[tuple[str, str, str], int]
"""How many by dusun, category and sex."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be shown; `count` is None where it is hidden."""

    dusun: str
    category: str
    sex: str
    count: int | None


def protected(tables: Sequence[Counts], *, k: int = K) -> list[list[Row]]:
    """The rows to be shown of each table, protected together: each one's margins are margins of the others too.

    All of them count the same persons of the same village. An absent row is a zero. Raises `NotProtected` if an attack
    over all margins of all tables still narrows a hidden count to fewer than `k` possible values.
    """
    width = len(tables) + 1  # the sex, then the category of each table
    layouts = [Layout(1, frozenset({0, at})) for at in range(1, width)]
    cells: dict[Cell, int] = {}
    for at, (table, layout) in enumerate(zip(tables, layouts, strict=True), 1):
        leaves: dict[Cell, int] = {
            ((dusun,), _values(width, sex, at, category)): n for (dusun, category, sex), n in table.items() if n
        }
        cells |= add_up(leaves, layout, width)
    sexes = sorted({sex for table in tables for _, _, sex in table})
    field = Field(
        lattice=Lattice(layouts, width),
        cells=cells,
        hidden={cell for cell, count in cells.items() if 0 < count < k},
        leaves=sorted({(dusun,) for table in tables for dusun, _, _ in table}),
        values=(tuple(sexes), *(tuple(sorted({category for _, category, _ in table})) for table in tables)),
        need=lambda _: k - 1,
    )
    protect(field)
    found = bounds(field.cells, field.hidden, sums_of(layouts, {*field.cells, *field.hidden}, width))
    if any(high - low < k - 1 for low, high in found.values()):
        raise NotProtected
    return [list(_rows(field, at)) for at in range(1, width)]


def _values(width: int, sex: str, at: int, category: str) -> tuple[str | None, ...]:
    return tuple(sex if place == 0 else category if place == at else None for place in range(width))


def _rows(field: Field, at: int) -> Iterator[Row]:
    """The finest cells of one table, in the order of dusun, category, sex."""
    for (region, values), count in sorted(
        {cell: field.cells.get(cell, 0) for cell in {*field.cells, *field.hidden}}.items(), key=repr
    ):
        sex, category = values[0], values[at]
        if region and sex is not None and category is not None:
            yield Row(region[0], category, sex, None if (region, values) in field.hidden else count)
