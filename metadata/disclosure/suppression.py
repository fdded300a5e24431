"""Hiding what must be hidden, and then as much more as keeps every hidden figure undetermined, with a proof for each.

The proof of a hidden cell is a series of swaps (see `lattice`) that touch hidden cells only and change it by at least
`need` in whole steps: so many surveys exist that give the very same publication and differ in this cell. Hiding more
never spoils a proof, so each cell is looked at once, and the order is fixed: the same input hides the same cells.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, islice, product

from metadata.disclosure.lattice import Cell, Corner, Lattice, Path, Values, in_order

MOST = 400
"""Swaps looked at for one cell in one tier."""
FINEST = 6
"""Finest regions tried on each side when the cell to be protected is that of a wider region."""


@dataclass(slots=True)
class Field:
    """What is to be protected: the figures of one variable, zeros left out.

    `hidden` holds what must be hidden and grows; a hidden cell must be able to take values as far apart as `need`, and
    to be larger by `need_up`. `frozen` cells may not be hidden here (they are another variable's),
    those of them in `hidden` are hidden already. `leaves` are the finest regions, `values` the values of each category.
    """

    lattice: Lattice
    cells: Mapping[Cell, int]
    hidden: set[Cell]
    leaves: Iterable[Path]
    values: tuple[tuple[str, ...], ...]
    need: Callable[[Cell], int]
    need_up: Callable[[Cell], int] = lambda _: 0
    frozen: Callable[[Cell], bool] = lambda _: False
    blacked_out: bool = False
    _below: dict[Path, list[Path]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for leaf in sorted(self.leaves):
            for length in range(len(leaf) + 1):
                self._below.setdefault(leaf[:length], []).append(leaf)

    def enough(self, cell: Cell, up: int, down: int) -> bool:
        """Whether a cell that can be that much more and that much less is protected."""
        return up + down >= self.need(cell) and up >= self.need_up(cell)

    def below(self, node: Path) -> list[Path]:
        """The finest regions within a region."""
        return self._below.get(node, [])


@dataclass(frozen=True, slots=True)
class Swap:
    """A swap, the cells that grow and those that shrink, and what hiding the ones still shown would cost."""

    grow: tuple[Cell, ...]
    shrink: tuple[Cell, ...]
    fresh: tuple[Cell, ...]
    cost: int


def protect(of: Field) -> None:
    """Hide more cells of `of` until each hidden one is proved undetermined; everything, where nothing less will do."""
    queue = deque(sorted((cell for cell in of.hidden if not of.frozen(cell)), key=in_order))
    proved: set[Cell] = set()
    while queue:
        cell = queue.popleft()
        if cell in proved:
            continue
        used = _proof(of, cell)
        if used is None:
            of.hidden.update(one for one in of.cells if not of.frozen(one))
            of.blacked_out = True
            return
        proved.add(cell)
        for swap in used:
            of.hidden.update(swap.fresh)
            queue.extend(swap.fresh)
            rise, fall = _room(of, swap.shrink, {}), _room(of, swap.grow, {})
            proved.update(one for one in swap.grow if of.enough(one, rise, fall))
            proved.update(one for one in swap.shrink if of.enough(one, fall, rise))


def _proof(of: Field, cell: Cell) -> list[Swap] | None:
    """The cheapest swaps found that give `cell` enough room together; None when there are none."""
    up, down = {cell: 0}, {cell: 0}
    used: list[Swap] = []
    newly: set[Cell] = set()
    for tier in _tiers(of, cell):
        known = [swap for swap in (_swap(of, a, b) for a, b in islice(tier, MOST)) if swap is not None]
        while not of.enough(cell, up[cell], -down[cell]):
            best = _cheapest(of, cell, known, (up, down), newly)
            if best is None:
                break
            rise, fall = _room(of, best.shrink, up), _room(of, best.grow, down)
            _shift(up, best.grow, best.shrink, rise)
            _shift(down, best.shrink, best.grow, fall)
            used.append(best)
            newly.update(best.fresh)
        if of.enough(cell, up[cell], -down[cell]):
            return used
    return None


def _cheapest(
    of: Field, cell: Cell, known: Iterable[Swap], state: tuple[dict[Cell, int], dict[Cell, int]], newly: set[Cell]
) -> Swap | None:
    """The swap that hides least for what it adds to the room of `cell`; the first of equals."""
    up, down = state
    missing, missing_up = of.need(cell) - up[cell] + down[cell], of.need_up(cell) - up[cell]
    best: Swap | None = None
    lowest = 0.0
    for swap in known:
        rise, fall = _room(of, swap.shrink, up), _room(of, swap.grow, down)
        gain = min(rise + fall, missing) if missing > 0 else min(rise, missing_up)
        if gain <= 0:
            continue
        cost = swap.cost if not newly else sum(_worth(of, one) for one in swap.fresh if one not in newly)
        rate = cost / gain
        if best is None or rate < lowest:
            best, lowest = swap, rate
            if cost == 0 and gain >= missing > 0:
                break
    return best


def _shift(state: dict[Cell, int], grow: Iterable[Cell], shrink: Iterable[Cell], by: int) -> None:
    if by:
        for one in grow:
            state[one] = state.get(one, 0) + by
        for one in shrink:
            state[one] = state.get(one, 0) - by


def _room(of: Field, shrinking: Iterable[Cell], moved: Mapping[Cell, int]) -> int:
    """By how much all of these can shrink at once, after what has been moved already."""
    return max(0, min(of.cells.get(one, 0) + moved.get(one, 0) for one in shrinking))


def _swap(of: Field, a: Corner, b: Corner) -> Swap | None:
    touched = of.lattice.touched(a, b)
    fresh = tuple(one for one in touched if one not in of.hidden)
    if any(of.frozen(one) for one in fresh):
        return None
    grow = tuple(one for one, way in touched.items() if way > 0)
    shrink = tuple(one for one, way in touched.items() if way < 0)
    if not grow or not shrink:
        return None
    return Swap(grow, shrink, fresh, sum(_worth(of, one) for one in fresh))


def _worth(of: Field, cell: Cell) -> int:
    """What the public loses with a cell: the wider the more; an empty one is dear, as it may be empty of necessity."""
    region, values = cell
    return 1 + 8 * (2 - len(region)) + 4 * sum(value is None for value in values) + (0 if of.cells.get(cell) else 6)


def _tiers(of: Field, cell: Cell) -> Iterator[Iterator[tuple[Corner, Corner]]]:
    """Swaps that change `cell`, in tiers from those that leave every margin alone to those that touch most of them."""
    region, values = cell
    places = [at for at, value in enumerate(values) if value is not None]
    for size in range(len(places) + 1, 0, -1):
        if region:
            for chosen in combinations(places, size - 1):
                yield _corners(of, cell, chosen, _pairs(of, cell, near=True))
        for chosen in combinations(places, size):
            yield _corners(of, cell, chosen, ((leaf, leaf) for leaf in _finest(of, cell, region)))
        if region:
            for chosen in combinations(places, size - 1):
                yield _corners(of, cell, chosen, _pairs(of, cell, near=False))


def _pairs(of: Field, cell: Cell, *, near: bool) -> Iterator[tuple[Path, Path]]:
    """Two finest regions, one in the cell's region and one outside; `near` ones have the region above in common."""
    region = cell[0]
    above = region[:-1]
    others = {leaf[: len(region)] for leaf in of.below(above if near else ())} - {region}
    for other in sorted(node for node in others if near or node[:-1] != above):
        for mine in _finest(of, cell, region):
            for its in _finest(of, cell, other):
                yield mine, its


def _finest(of: Field, cell: Cell, region: Path) -> list[Path]:
    """Some finest regions of a region: those where the figure is hidden already first, then the largest."""
    leaves = of.below(region)
    if len(leaves) <= 1:
        return leaves
    values = cell[1]
    ranked = sorted(leaves, key=lambda leaf: ((leaf, values) not in of.hidden, -of.cells.get((leaf, values), 0), leaf))
    return ranked[:FINEST]


def _corners(
    of: Field, cell: Cell, places: tuple[int, ...], regions: Iterable[tuple[Path, Path]]
) -> Iterator[tuple[Corner, Corner]]:
    given: Values = cell[1]
    told = of.lattice.told_by(frozenset(places))
    free = [at for at, value in enumerate(given) if value is None]
    others = [[value for value in of.values[at] if value != given[at]] for at in places]
    for mine, its in regions:
        for changed in product(*others):
            for filled in product(*(of.values[at] if at in told else of.values[at][:1] for at in free)):
                a = list(given)
                for at, value in zip(free, filled, strict=True):
                    a[at] = value
                b = list(a)
                for at, value in zip(places, changed, strict=True):
                    b[at] = value
                yield Corner(mine, tuple(a)), Corner(its, tuple(b))
