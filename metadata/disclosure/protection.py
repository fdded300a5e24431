"""Each variable of a period protected in turn: first how many rows there are, then every indicator and amount."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from metadata.disclosure.attack import bounds, sums_of
from metadata.disclosure.errors import NotProtected
from metadata.disclosure.lattice import Cell, Lattice, Layout, Path, Values, add_up, margins
from metadata.disclosure.merging import merged_regions, merged_values
from metadata.disclosure.plan import Plan, Planned
from metadata.disclosure.rules import CONTRIBUTORS, hides_zeros, threshold
from metadata.disclosure.suppression import Field, protect
from metadata.disclosure.tabulation import Amount, Counted, Tabulation

YES, NO = "ya", "tidak"
ROWS = ""
"""The name of the variable that counts rows."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One variable of one period, safe to show: figures by cell, those that are hidden, those that nobody answered."""

    name: str
    shown: Mapping[Cell, int]
    hidden: Collection[Cell]
    silent: Collection[Cell] = ()


class Period:
    """All tables of one period, with small regions merged. `before` are cells hidden in the version before."""

    def __init__(self, plan: Plan, counted: Tabulation, before: Mapping[str, Collection[Cell]]) -> None:
        self._plan, self._rule, self._before = plan, plan.rule, before
        self._above: dict[Path, Path] = {}
        self.told = merged_regions(counted.rows, _least(plan))
        self._tables = counted.tables
        self._width = len(plan.categories)
        self._layouts = tuple(table.layout for table in plan.tables)
        rows: dict[Cell, int] = {}
        self._names = [
            merged_values(counted.rows, at, threshold(plan.rule, name in plan.specific))
            for at, name in enumerate(plan.categories)
        ]
        for (region, values), count in counted.rows.items():
            cell = self._cell(region, values)
            rows[cell] = rows.get(cell, 0) + count
        self._leaves = sorted({region for region, _ in rows})
        self._values = tuple(tuple(sorted({values[at] or "" for _, values in rows})) for at in range(self._width))
        self._rows: dict[Cell, int] = {}
        for layout in self._layouts:
            self._rows |= add_up(rows, layout, self._width)
        self._rows_hidden: set[Cell] = set()
        self._ks: dict[tuple[int, frozenset[int]], int] = {}

    @property
    def rows(self) -> Mapping[Cell, int]:
        """How many rows each cell of any table has; not for showing."""
        return self._rows

    def figures(self) -> Iterator[Figures]:
        """The rows, then each indicator, then each amount. Raises `NotProtected` if an attack on one succeeds."""
        yield self._count()
        for name in self._plan.indicators:
            yield self._indicator(name)
        for name in self._plan.amounts:
            yield self._amount(name)

    def _count(self) -> Figures:
        small = {cell for cell, count in self._rows.items() if self._is_small(cell, count)}
        field_ = Field(
            lattice=Lattice(self._layouts, self._width),
            cells=self._rows,
            hidden=small | self._sticky(ROWS, self._groups()),
            leaves=self._leaves,
            values=self._values,
            need=lambda cell: self._k(cell) - 1,
        )
        protect(field_)
        _attack(field_, self._layouts, self._width)
        self._rows_hidden = field_.hidden
        return Figures(ROWS, _without(self._rows, field_.hidden), field_.hidden)

    def _is_small(self, cell: Cell, count: int) -> bool:
        if 0 < count < self._k(cell):
            return True
        region, values = cell
        for at, value in enumerate(values):
            specific = self._plan.categories[at] in self._plan.specific
            if value is not None and hides_zeros(self._rule, specific):
                everybody = self._rows[region, (*values[:at], None, *values[at + 1 :])]
                if count == everybody and len(self._values[at]) > 1:
                    return True
        return False

    def _k(self, cell: Cell) -> int:
        """The threshold of a count of rows: that of specific data where any is told of these very groups."""
        region, values = cell
        shown = frozenset(at for at, value in enumerate(values) if value is not None)
        if (kind := (len(region), shown)) not in self._ks:
            tables = [one for one in self._plan.tables if shown <= set(one.places) and one.declared.depth >= kind[0]]
            self._ks[kind] = threshold(self._rule, any(_is_specific(self._plan, table) for table in tables))
        return self._ks[kind]

    def _indicator(self, name: str) -> Figures:
        specific = name in self._plan.specific
        k, zeros = threshold(self._rule, specific), hides_zeros(self._rule, specific)
        layouts: list[Layout] = list(self._layouts)
        cells: dict[Cell, int] = {(region, (*values, None)): n for (region, values), n in self._rows.items()}
        hidden: set[Cell] = {(region, (*values, None)) for region, values in self._rows_hidden}
        silent: set[Cell] = set()
        for table, counted in zip(self._plan.tables, self._tables, strict=True):
            if name not in table.indicators:
                continue
            layouts.append(Layout(table.declared.depth, frozenset({*table.places, self._width})))
            at = table.indicators.index(name)
            yes = self._added(table, {cell: counts[at] for cell, counts in counted.yes.items()})
            unsaid = self._added(table, {cell: counts[at] for cell, counts in counted.silent.items()})
            for cell in self._with_hidden(table, yes):
                region, values = cell
                both = (region, (*values, YES)), (region, (*values, NO))
                n, said = self._rows.get(cell, 0), yes.get(cell, 0)
                cells[both[0]], cells[both[1]] = said, n - said
                if n and unsaid[cell] == n:
                    silent.add(cell)
                small = 0 < said < k or 0 < n - said < k or (zeros and said in (0, n))
                if small or cell in self._rows_hidden:
                    hidden.update(both)
        told = {(region, values[:-1]) for region, values in cells if values[-1] == YES}
        for region, values in self._sticky(name, told):
            hidden.update({(region, (*values, YES)), (region, (*values, NO))})
        field_ = Field(
            lattice=Lattice(layouts, self._width + 1),
            cells=cells,
            hidden=hidden,
            leaves=self._leaves,
            values=(*self._values, (NO, YES)),
            need=lambda _: k - 1,
            frozen=lambda cell: cell[1][-1] is None,
        )
        protect(field_)
        _attack(field_, layouts[len(self._layouts) :], self._width + 1)
        ours = {(region, values[:-1]): n for (region, values), n in cells.items() if values[-1] == YES}
        covered = {(region, values[:-1]) for region, values in field_.hidden if values[-1] is not None}
        covered = {cell for cell in covered if cell in ours}
        return Figures(name, _without(ours, covered), covered, silent - covered)

    def _amount(self, name: str) -> Figures:
        layouts: list[Layout] = []
        found: dict[Cell, Amount] = {}
        for table, counted in zip(self._plan.tables, self._tables, strict=True):
            if name in table.amounts:
                layouts.append(table.layout)
                sums = self._amounts(table, counted, table.amounts.index(name))
                found |= {cell: sums.get(cell, Amount()) for cell in self._with_hidden(table, sums)}
        totals = {cell: amount.total for cell, amount in found.items()}
        zeros = hides_zeros(self._rule, name in self._plan.specific)
        hidden = {cell for cell, amount in found.items() if self._rests_on_few(amount, zeros=zeros)}
        hidden |= (self._rows_hidden & totals.keys()) | self._sticky(name, totals)
        field_ = Field(
            lattice=Lattice(layouts, self._width),
            cells=totals,
            hidden=hidden,
            leaves=self._leaves,
            values=self._values,
            need=lambda cell: max(totals.get(cell, 0), 1),
            need_up=lambda cell: totals.get(cell, 0) // 2,
        )
        protect(field_)
        _attack(field_, layouts, self._width)
        silent = {cell for cell, amount in found.items() if not amount.told} - field_.hidden
        return Figures(name, _without(totals, field_.hidden), field_.hidden, silent)

    def _rests_on_few(self, amount: Amount, *, zeros: bool) -> bool:
        if not amount.total:
            return zeros
        return amount.givers < CONTRIBUTORS or amount.largest > self._rule.dominance * amount.total

    def _amounts(self, table: Planned, counted: Counted, at: int) -> dict[Cell, Amount]:
        found: dict[Cell, Amount] = {}
        shapes = list(margins(frozenset(table.places), self._width))
        for (region, values), amounts in counted.amounts.items():
            for length in range(table.declared.depth + 1):
                path, named = self._cell(region, values)
                for shape in shapes:
                    cell = (path[:length], tuple(None if place is None else named[place] for place in shape))
                    found.setdefault(cell, Amount()).add(amounts[at])
        return found

    def _with_hidden(self, table: Planned, cells: Collection[Cell]) -> set[Cell]:
        """The cells of a table with those groups of it whose rows are hidden: an empty one must not show either."""
        shows, depth = set(table.places), table.declared.depth
        return {*cells} | {
            (region, values)
            for region, values in self._rows_hidden
            if len(region) <= depth and all(at in shows for at, value in enumerate(values) if value is not None)
        }

    def _groups(self) -> set[Cell]:
        """The cells of all tables, empty ones too."""
        if not self._before:
            return set()
        nodes = {leaf[:length] for leaf in self._leaves for length in range(len(leaf) + 1)}
        shapes = {(layout.depth, shape) for layout in self._layouts for shape in margins(layout.shows, self._width)}
        return {
            (node, values)
            for depth, shape in shapes
            for node in nodes
            if len(node) <= depth
            for values in product(*((None,) if at is None else self._values[at] for at in shape))
        }

    def _added(self, table: Planned, counts: Mapping[Cell, int]) -> dict[Cell, int]:
        merged: dict[Cell, int] = {}
        for (region, values), count in counts.items():
            cell = self._cell(region, values)
            merged[cell] = merged.get(cell, 0) + count
        return add_up(merged, table.layout, self._width)

    def _cell(self, region: Path, values: Values) -> Cell:
        """A group under the names by which it is told."""
        names = zip(self._names, values, strict=True)
        return self._path(region), tuple([None if value is None else told[value] for told, value in names])

    def _path(self, region: Path) -> Path:
        """Under which names a region of a table is told; every finest region in it is told under the same."""
        if region in self.told:
            return self.told[region]
        if region not in self._above:
            self._above[region] = next(
                told[: len(region)] for leaf, told in self.told.items() if leaf[: len(region)] == region
            )
        return self._above[region]

    def _sticky(self, name: str, cells: Collection[Cell]) -> set[Cell]:
        """What was hidden before stays hidden: two versions side by side must not tell what neither tells."""
        return {cell for cell in self._before.get(name, ()) if cell in cells}


def _least(plan: Plan) -> tuple[int, ...]:
    """How many rows a region needs at each depth."""
    needs = []
    for depth in range(len(plan.regions) + 1):
        tables = [table for table in plan.tables if table.declared.depth >= depth]
        needs.append(threshold(plan.rule, any(_is_specific(plan, table) for table in tables)))
    return tuple(needs)


def _is_specific(plan: Plan, table: Planned) -> bool:
    columns = {*table.indicators, *table.amounts, *(plan.categories[at] for at in table.places)}
    return bool(columns & plan.specific)


def _without(figures: Mapping[Cell, int], hidden: Collection[Cell]) -> dict[Cell, int]:
    return {cell: value for cell, value in figures.items() if cell not in hidden}


def _attack(field_: Field, layouts: Collection[Layout], width: int) -> None:
    """The check before anything is shown: no bound that the margins give may be narrower than promised."""
    found = bounds(field_.cells, field_.hidden, sums_of(layouts, {*field_.cells, *field_.hidden}, width))
    for cell, (low, high) in found.items():
        if not field_.frozen(cell) and high - low < field_.need(cell):
            raise NotProtected
