"""How the published figures of a run hang together, and what a swap of attributes between rows would change in them.

A *cell* is a region's path (kecamatan, desa; empty for the whole survey) with a value or None (all) for each category
of the run. A *swap* is given by two opposite corners a and b: rows of profile a take over the value of b in each place
where they differ, and others make up for it, so that every margin without all these places stays as it is. Whoever
sees the publication only cannot tell the survey before a swap from the one after it, if every cell that the swap
touches is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

Path = tuple[str, ...]
Values = tuple[str | None, ...]
Cell = tuple[Path, Values]


@dataclass(frozen=True, slots=True)
class Layout:
    """One published table: the depth of its regions, and which of the run's categories (by position) it shows."""

    depth: int
    shows: frozenset[int]


@dataclass(frozen=True, slots=True)
class Corner:
    """A profile of rows: a finest region, and a value of each category."""

    region: Path
    values: Values


@dataclass(slots=True)
class Lattice:
    """All layouts of one variable (rows, or one indicator) over `width` categories."""

    layouts: Sequence[Layout]
    width: int
    _plans: dict[frozenset[int], list[tuple[int, list[tuple[int | None, ...]]]]] = field(default_factory=dict)

    def touched(self, a: Corner, b: Corner) -> dict[Cell, int]:
        """Every cell that a swap between `a` and `b` changes: +1 where it grows, -1 where it shrinks."""
        places = [at for at in range(self.width) if a.values[at] != b.values[at]]
        moves = a.region != b.region
        found: dict[Cell, int] = {}
        for depth, shapes in self._plan(frozenset(places)):
            nodes = _nodes(a.region[:depth], b.region[:depth]) if moves else [(n, 1) for n in _path(a.region[:depth])]
            for sides in product((0, 1), repeat=len(places)):
                sign = -1 if sum(sides) % 2 else 1
                taken = list(a.values)
                for place, side in zip(places, sides, strict=True):
                    if side:
                        taken[place] = b.values[place]
                for shape in shapes:
                    values = tuple(None if at is None else taken[at] for at in shape)
                    for node, way in nodes:
                        found[(node, values)] = sign * way
        return found

    def told_by(self, places: frozenset[int]) -> frozenset[int]:
        """The categories of all layouts that can tell a swap in these `places`; others need no choice."""
        return frozenset().union(*(layout.shows for layout in self.layouts if places <= layout.shows))

    def _plan(self, places: frozenset[int]) -> list[tuple[int, list[tuple[int | None, ...]]]]:
        """Of each layout that can tell such a swap: its depth, and the categories that each of its margins keeps."""
        if places not in self._plans:
            plans: dict[tuple[int | None, ...], int] = {}
            for layout in self.layouts:
                if places <= layout.shows:
                    for shape in margins(layout.shows, self.width, keep=places):
                        plans[shape] = max(plans.get(shape, 0), layout.depth)
            depths = sorted(set(plans.values()))
            self._plans[places] = [(d, [shape for shape, own in plans.items() if own == d]) for d in depths]
        return self._plans[places]


def margins(
    shows: frozenset[int], width: int, *, keep: frozenset[int] = frozenset()
) -> Iterator[tuple[int | None, ...]]:
    """The ways to sum over categories: each a tuple of positions kept, None where all are summed."""
    choices = [(at,) if at in keep else (at, None) if at in shows else (None,) for at in range(width)]
    yield from product(*choices)


def add_up(leaves: Mapping[Cell, int], layout: Layout, width: int) -> dict[Cell, int]:
    """The cells of a layout with all their margins, from its finest."""
    total: dict[Cell, int] = {}
    shapes = list(margins(layout.shows, width))
    for (region, values), count in leaves.items():
        for node in _path(region[: layout.depth]):
            for shape in shapes:
                cell = (node, tuple(None if at is None else values[at] for at in shape))
                total[cell] = total.get(cell, 0) + count
    return total


def in_order(cell: Cell) -> tuple[int, tuple[tuple[bool, str], ...], Path]:
    """A key to sort cells by: the widest regions first, then by category and name."""
    region, values = cell
    return len(region), tuple((value is not None, value or "") for value in values), region


def _path(region: Path) -> list[Path]:
    return [region[:length] for length in range(len(region) + 1)]


def _nodes(a: Path, b: Path) -> list[tuple[Path, int]]:
    """The regions that hold one of two and not the other, with the way they change."""
    found = [(node, 1) for node in _path(a) if node != b[: len(node)]]
    return found + [(node, -1) for node in _path(b) if node != a[: len(node)]]
