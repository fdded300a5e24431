"""What can be computed of hidden figures from those that are shown: exact bounds by the sums they stand in."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from metadata.disclosure.lattice import Cell, Layout, margins

Sum = tuple[Cell, tuple[Cell, ...]]


def sums_of(layouts: Iterable[Layout], cells: Collection[Cell], width: int) -> list[Sum]:
    """Every equation of the published tables: a total and its parts, over the regions below and over each category."""
    found: dict[tuple[Cell, int], set[Cell]] = defaultdict(set)
    shapes: dict[tuple[int | None, ...], int] = {}
    for layout in layouts:
        for shape in margins(layout.shows, width):
            shapes[shape] = max(shapes.get(shape, 0), layout.depth)
    for cell in cells:
        region, values = cell
        if len(region) > shapes.get(tuple([None if value is None else at for at, value in enumerate(values)]), -1):
            continue
        if region:
            found[(region[:-1], values), -1].add(cell)
        for at, value in enumerate(values):
            if value is not None:
                found[(region, (*values[:at], None, *values[at + 1 :])), at].add(cell)
    return [(total, tuple(parts)) for (total, _), parts in found.items()]


def bounds(cells: Mapping[Cell, int], hidden: Collection[Cell], sums: Sequence[Sum]) -> dict[Cell, tuple[int, int]]:
    """The least and the most that each hidden cell can be, by passing bounds through the sums until nothing narrows.

    Nothing is taken of `cells` but the figures shown. Where regions alone are summed the bounds are exact; otherwise
    they are at least as wide as what can be known.
    """
    most = sum(value for cell, value in cells.items() if cell not in hidden) + sum(cells.values())
    low = {cell: 0 if cell in hidden else cells.get(cell, 0) for total, parts in sums for cell in (total, *parts)}
    high = {cell: most if cell in hidden else value for cell, value in low.items()}
    of: dict[Cell, list[int]] = defaultdict(list)
    for number, (total, parts) in enumerate(sums):
        for cell in (total, *parts):
            if cell in hidden:
                of[cell].append(number)
    waiting = deque(sorted({number for numbers in of.values() for number in numbers}))
    queued = set(waiting)
    turns = 60 * (len(queued) + 1)
    while waiting and turns:
        turns -= 1
        number = waiting.popleft()
        queued.discard(number)
        for cell in _narrow(sums[number], low, high):
            for other in of[cell]:
                if other not in queued:
                    queued.add(other)
                    waiting.append(other)
    return {cell: (low[cell], high[cell]) for cell in low if cell in hidden}


def _narrow(equation: Sum, low: dict[Cell, int], high: dict[Cell, int]) -> list[Cell]:
    total, parts = equation
    least, most = sum(low[part] for part in parts), sum(high[part] for part in parts)
    changed = []
    if (new := (max(low[total], least), min(high[total], most))) != (low[total], high[total]):
        low[total], high[total] = new
        changed.append(total)
    for part in parts:
        if low[part] == high[part]:
            continue
        new = (max(low[part], low[total] - most + high[part]), min(high[part], high[total] - least + low[part]))
        if new != (low[part], high[part]):
            least, most = least + new[0] - low[part], most + new[1] - high[part]
            low[part], high[part] = new
            changed.append(part)
    return changed
