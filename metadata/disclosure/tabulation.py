"""Counting rows into groups, block by block: what leaves here are counts and sums, never a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice

from metadata.disclosure.errors import NotAnAmount, NotYesNo, TooManyCells
from metadata.disclosure.lattice import Cell
from metadata.disclosure.plan import Plan, Planned

BLOCK = 20_000
"""Rows held at once."""
MOST = 300_000
"""Groups of rows that a table may have."""
SCALE = 6
"""Decimals of an amount that count."""
UNSAID = "(tidak diisi)"

_YES = frozenset({"1", "1.0", "true", "ya", "y", "yes", "ada", "punya", "memiliki"})
_NO = frozenset({"0", "0.0", "false", "tidak", "t", "no", "n", "tdk", "2", "2.0", "tidak ada", "tidak punya"})


@dataclass(slots=True)
class Amount:
    """A sum as a whole number of millionths, its largest contributor and how many contributed more than nothing."""

    total: int = 0
    largest: int = 0
    givers: int = 0
    told: int = 0

    def add(self, other: Amount) -> None:
        """Take in the rows of another group."""
        self.total += other.total
        self.largest = max(self.largest, other.largest)
        self.givers += other.givers
        self.told += other.told


@dataclass(slots=True)
class Counted:
    """The finest groups of one table: for each the rows that say yes and that say nothing, by indicator; amounts."""

    yes: dict[Cell, list[int]] = field(default_factory=dict)
    silent: dict[Cell, list[int]] = field(default_factory=dict)
    amounts: dict[Cell, list[Amount]] = field(default_factory=dict)


@dataclass(slots=True)
class Tabulation:
    """One period: rows by finest region and all categories of the run, and what each table counts."""

    rows: dict[Cell, int]
    tables: tuple[Counted, ...]


def tabulate(plan: Plan, header: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str | None, Tabulation]:
    """The groups of every table by period. `rows` are those of a canonical CSV, in the order of `header`.

    Raises `NotYesNo`, `NotAnAmount`, `TooManyCells`.
    """
    return Tabulator(plan, header).run(rows)


class Tabulator:
    """The places of the columns, and the counts as they grow."""

    def __init__(self, plan: Plan, header: Sequence[str]) -> None:
        at = {name: place for place, name in enumerate(header)}
        self._plan = plan
        self._regions = [at[name] for name in plan.regions]
        self._categories = [at[name] for name in plan.categories]
        self._period = at[plan.period] if plan.period else None
        self._measures = [
            ([(name, at[name]) for name in table.indicators], [(name, at[name]) for name in table.amounts])
            for table in plan.tables
        ]
        self._answers: dict[str, bool | None] = {}
        self._found: dict[str | None, Tabulation] = {}

    def run(self, rows: Iterable[Sequence[str]]) -> dict[str | None, Tabulation]:
        """Count all rows."""
        source = iter(rows)
        while block := list(islice(source, BLOCK)):
            self._block(block)
        return {period: self._found[period] for period in sorted(self._found, key=lambda one: one or "")}

    def _block(self, block: list[Sequence[str]]) -> None:
        groups: dict[str | None, dict[Cell, list[Sequence[str]]]] = defaultdict(lambda: defaultdict(list))
        for row in block:
            period = None if self._period is None else (row[self._period].strip() or UNSAID)
            region = tuple([" ".join(row[at].split()) or UNSAID for at in self._regions])
            values = tuple([" ".join(row[at].split()) or UNSAID for at in self._categories])
            groups[period][region, values].append(row)
        for period, found in groups.items():
            into = self._found.setdefault(period, Tabulation({}, tuple(Counted() for _ in self._plan.tables)))
            for cell, members in found.items():
                into.rows[cell] = into.rows.get(cell, 0) + len(members)
            for table, counted, measures in zip(self._plan.tables, into.tables, self._measures, strict=True):
                self._table(table, counted, measures, found)
                if len(counted.yes) > MOST or len(into.rows) > MOST:
                    raise TooManyCells(table=table.declared.name, most=MOST)

    def _table(
        self,
        table: Planned,
        counted: Counted,
        measures: tuple[list[tuple[str, int]], list[tuple[str, int]]],
        found: dict[Cell, list[Sequence[str]]],
    ) -> None:
        indicators, amounts = measures
        if not indicators and not amounts:
            return
        joined: dict[Cell, list[Sequence[str]]] = defaultdict(list)
        for (region, values), members in found.items():
            shown = tuple(value if at in table.places else None for at, value in enumerate(values))
            joined[region[: table.declared.depth], shown] += members
        for cell, members in joined.items():
            columns = list(zip(*members, strict=True))
            yes = counted.yes.setdefault(cell, [0] * len(indicators))
            silent = counted.silent.setdefault(cell, [0] * len(indicators))
            for number, (name, at) in enumerate(indicators):
                yes[number] += self._count(name, columns[at], True)
                silent[number] += self._count(name, columns[at], None)
            sums = counted.amounts.setdefault(cell, [Amount() for _ in amounts])
            for amount, (name, at) in zip(sums, amounts, strict=True):
                amount.add(_added(name, columns[at], self._plan))

    def _count(self, name: str, column: tuple[str, ...], wanted: bool | None) -> int:
        return sum(column.count(said) for said in set(column) if self._answer(name, said) is wanted)

    def _answer(self, name: str, said: str) -> bool | None:
        """Yes, no, or nothing. "2" is the no of paper forms whose yes is 1."""
        if said not in self._answers:
            word = said.strip().casefold()
            if word and word not in _YES and word not in _NO:
                raise NotYesNo(column=self._plan.title(name))
            self._answers[said] = None if not word else word in _YES
        return self._answers[said]


def _added(name: str, column: Iterable[str], plan: Plan) -> Amount:
    found = Amount()
    for value in _amounts(name, column, plan):
        found.add(Amount(value, value, int(value > 0), 1))
    return found


def _amounts(name: str, column: Iterable[str], plan: Plan) -> Iterator[int]:
    for text in column:
        if not text.strip():
            continue
        try:
            value = Decimal(text)
            if not value.is_finite() or value < 0 or value > 10**18:
                raise NotAnAmount(column=plan.title(name))
        except InvalidOperation:
            raise NotAnAmount(column=plan.title(name)) from None
        yield int(value.scaleb(SCALE).to_integral_value())
