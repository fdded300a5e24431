"""What the cells of a canonical CSV are like, column by column: one pass, bounded memory."""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

BLOCK = 1_000
"""Records taken at a time; a whole column of a block is handled by C code while it is in the processor's cache."""
MOST_VALUES = 5_000
"""Distinct values of a column that are counted one by one; a column with more has `values` None."""
MOST_VALUES_TOGETHER = 500_000
"""The same for all columns of a table, shared equally: a wide table counts fewer in each."""
LONGEST_VALUE = 200
"""A column with longer cells is prose and its values are not counted."""
MOST_PROVEN = 20_000_000
"""Cells of a table up to which uniqueness is proven (8 bytes each); beyond, a column counts as not unique."""


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column: how many cells are empty, and what the others are.

    `values` counts each distinct text, None when there are more than `MOST_VALUES`. `unique` is a proof that no two
    rows share a value and none is empty. `first` and `last` are the smallest and greatest text, which for years, dates
    and times in canonical form is the earliest and the latest. Where reading has proven that all cells are figures or
    days in canonical form, `form` is their type (integer, number, date) and `longest` the length of the longest.
    """

    rows: int
    missing: int
    unique: bool
    first: str | None = None
    last: str | None = None
    values: Mapping[str, int] | None = None
    form: str | None = field(default=None, compare=False)
    longest: int = field(default=0, compare=False)

    @property
    def distinct(self) -> int | None:
        """The number of distinct values, None when it is more than `MOST_VALUES`."""
        return None if self.values is None else len(self.values)


def profile_csv(path: Path, names: Sequence[str], *, keys: Container[str] | None = None) -> dict[str, ColumnProfile]:
    """The profile of each column of the canonical CSV at `path`, by its name.

    `keys` are the columns whose uniqueness is of interest (all, when not given); the others count as not unique.
    """
    most = most_values(len(names))
    wanted = [keys is None or name in keys for name in names]
    most_proven = MOST_PROVEN // max(1, sum(wanted))
    counts = [_Column(most, most_proven if prove else 0) for prove in wanted]
    for block in blocks(path):
        for column, cells in zip(counts, zip(*block, strict=True), strict=True):
            column.take(cells)
    return {name: column.done() for name, column in zip(names, counts, strict=True)}


def most_values(columns: int) -> int:
    """How many distinct values are counted in each of so many columns."""
    return min(MOST_VALUES, max(1, MOST_VALUES_TOGETHER // max(1, columns)))


def blocks(path: Path, size: int = BLOCK) -> Iterator[list[list[str]]]:
    """The records of a canonical CSV, without its header, a block at a time."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        next(reader, None)
        while block := list(islice(reader, size)):
            yield block


class UniquenessProof:
    """Takes hashes and says whether all were different.

    Different 64-bit hashes prove different values; equal ones (by chance once in 37 million tables of a million rows)
    only withhold the proof. The hashes lie in 64 buckets so that the check needs little more memory than they do.
    """

    def __init__(self, most: int = MOST_PROVEN) -> None:
        self.possible = most > 0
        self._most = most
        self._buckets = [array("q") for _ in range(64)]
        self._taken = 0

    def take(self, values: Sequence[object]) -> None:
        """Add a block of hashable values."""
        self._taken += len(values)
        if self._taken > self._most or len(set(values)) < len(values):
            self.possible = False
            self._buckets = []
        if self.possible:
            buckets = self._buckets
            for value in map(hash, values):
                buckets[value & 63].append(value)

    def proved(self) -> bool:
        """Whether no value came twice."""
        return self.possible and self._taken > 0 and all(len(set(bucket)) == len(bucket) for bucket in self._buckets)


class _Column:
    def __init__(self, most_values: int, most_proven: int) -> None:
        self._rows = 0
        self._most_values = most_values
        self._missing = 0
        self._first: str | None = None
        self._last: str | None = None
        self._values: Counter[str] | None = Counter()
        self._proof = UniquenessProof(most_proven)

    def take(self, cells: tuple[str, ...]) -> None:
        self._rows += len(cells)
        empty = cells.count("")
        self._missing += empty
        if self._proof.possible:
            self._proof.take(cells)
        distinct = set(cells) if self._values is None else Counter(cells)
        present = [value for value in distinct if value]
        if present:
            first, last = min(present), max(present)
            self._first = first if self._first is None else min(self._first, first)
            self._last = last if self._last is None else max(self._last, last)
        if isinstance(distinct, Counter) and self._values is not None:
            self._values.update(distinct)
            if len(self._values) > self._most_values or any(len(value) > LONGEST_VALUE for value in present):
                self._values = None

    def done(self) -> ColumnProfile:
        values = None
        if self._values is not None:
            values = {value: count for value, count in self._values.items() if value}
        return ColumnProfile(
            rows=self._rows,
            missing=self._missing,
            unique=self._missing == 0 and self._proof.proved(),
            first=self._first,
            last=self._last,
            values=values,
        )
