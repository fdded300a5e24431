"""Regions with too few rows are told together with a neighbour, so that every region that is told has enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from metadata.disclosure.errors import TooFewRows
from metadata.disclosure.lattice import Cell, Path

JOINT = " + "
OTHER = "Lainnya"


def merged_regions(rows: Mapping[Cell, int], least: tuple[int, ...]) -> dict[Path, Path]:
    """For each finest region the path under which it is told. `least[depth]` is how many rows a region needs there.

    From the top down, the smallest region of a parent joins its next smaller neighbour until all are large enough.
    Raises `TooFewRows` when all rows together are too few.
    """
    sizes: dict[Path, int] = defaultdict(int)
    for (region, _), count in rows.items():
        sizes[region] += count
    if sum(sizes.values()) < least[0]:
        raise TooFewRows(k=least[0])
    told: dict[Path, Path] = dict.fromkeys(sizes, ())
    for depth in range(1, len(least)):
        families: dict[Path, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
        for leaf, above in told.items():
            families[above][leaf[depth - 1]].append(leaf)
        for above, members in families.items():
            for names, leaves in _joined(members, sizes, least[depth]):
                for leaf in leaves:
                    told[leaf] = (*above, JOINT.join(names))
    return told


def merged_values(rows: Mapping[Cell, int], place: int, least: int) -> dict[str, str]:
    """Under which name each value of a category is told: one that fewer than `least` rows have is among `OTHER`.

    The name of a value stands in the table even where its figures are hidden, and tells that somebody has it. Where the
    rare ones together are still too few, the next smallest joins them.
    """
    sizes: dict[str, int] = defaultdict(int)
    for (_, values), count in rows.items():
        sizes[values[place] or ""] += count
    told = {value: value for value in sizes}
    joined = 0
    for value in sorted(sizes, key=lambda one: (sizes[one], one)):
        if sizes[value] >= least and (joined == 0 or joined >= least):
            break
        joined += sizes[value]
        told[value] = OTHER
    return told


def _joined(
    members: Mapping[str, list[Path]], sizes: Mapping[Path, int], least: int
) -> list[tuple[tuple[str, ...], list[Path]]]:
    groups: list[tuple[int, tuple[str, ...], list[Path]]] = [
        (sum(sizes[leaf] for leaf in leaves), (name,), list(leaves)) for name, leaves in sorted(members.items())
    ]
    while len(groups) > 1:
        groups.sort(key=lambda group: group[:2])
        size, names, leaves = groups[0]
        if size >= least:
            break
        other = groups.pop(1)
        groups[0] = (size + other[0], tuple(sorted((*names, *other[1]))), leaves + other[2])
    return [(names, leaves) for _, names, leaves in groups]
