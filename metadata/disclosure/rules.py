"""What may be told of microdata: the tables declared by the office, and the rules that every figure has to meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Level = Literal["kabupaten", "kecamatan", "desa"]
LEVELS: tuple[Level, ...] = ("kabupaten", "kecamatan", "desa")
"""Regions from the whole survey down; a level's number is the length of a region's path."""

CONTRIBUTORS = 3
"""A sum of fewer contributors than this is hidden: the second of two could compute the first."""


class Aggregate(BaseModel):
    """One table to be published: `measures` of the groups that `level`, `by` and the period make.

    `by` are at most three category columns. `indicators` are yes/no columns, many at once: names, titles or shell
    patterns. `sums` and `means` are columns of amounts, never negative. How many rows a group has is always told.
    With `totals` the sums over regions and categories stand in the table too; protection reckons with them anyway.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)
    title: str | None = None
    level: Level = "kecamatan"
    by: tuple[str, ...] = Field(default=(), max_length=3)
    indicators: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    totals: bool = True

    @field_validator("by")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) != len(value):
            raise ValueError("kolom dipakai dua kali / a column is used twice")
        return value

    @property
    def depth(self) -> int:
        """How long the path of its finest region is: 0, 1 or 2."""
        return LEVELS.index(self.level)


class Microdata(BaseModel):
    """A file of persons or households, and all that may ever be published of it.

    `unit` is what a row is. `kecamatan`, `desa` and `period` name columns; periods are kept apart, never added up.
    `specific` are the columns (names, titles or patterns) with specific data of UU 27/2022 article 4: health, children,
    personal finance and the like; they need `k_specific` rows instead of `k` and are not told below the kecamatan.
    A sum is hidden too when one contributor makes more than `dominance` of it. `rounding` rounds counts to multiples.
    `zeros` says where "nobody" and "everybody" are hidden as well: for specific data only, always, or never.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    aggregates: tuple[Aggregate, ...] = Field(min_length=1)
    unit: str = "rumah tangga"
    kecamatan: str | None = None
    desa: str | None = None
    period: str | None = None
    specific: tuple[str, ...] = ()
    k: int = Field(default=5, ge=3, le=1000)
    k_specific: int = Field(default=10, ge=3, le=1000)
    dominance: float = Field(default=0.85, gt=0.3, le=0.95)
    rounding: int = Field(default=1, ge=1, le=100)
    zeros: Literal["specific", "always", "never"] = "specific"

    @model_validator(mode="after")
    def _sound(self) -> Microdata:
        names = [one.name for one in self.aggregates]
        if len(set(names)) != len(names):
            raise ValueError("nama tabel dipakai dua kali / a table's name is used twice")
        if self.k_specific < self.k:
            raise ValueError("k_specific harus paling sedikit k / k_specific must be at least k")
        for one in self.aggregates:
            lacking = [level for level in LEVELS[1 : one.depth + 1] if getattr(self, level) is None]
            if lacking:
                raise ValueError(f"tabel {one.name}: kolom {lacking[0]} belum disebut / is not named")
        if not untwined([frozenset(one.by) for one in self.aggregates]):
            raise ValueError(
                "kategori tabel-tabel ini saling mengunci; satukan atau kurangi"
                " / the categories of these tables interlock; join or drop some"
            )
        return self

    def depth(self) -> int:
        """The length of the path of the finest region in any table."""
        return max(one.depth for one in self.aggregates)


def untwined(groups: Sequence[frozenset[str]]) -> bool:
    """Whether tables over these sets of categories bind each other by what they share alone (an acyclic hypergraph).

    Where they form a ring (a×b, b×c, a×c), the three together can tell what no two do, so such a set is refused.
    The test is Graham's reduction: drop what only one set has, then sets within others, until nothing is left.
    """
    left = [set(one) for one in groups]
    while True:
        alone = {name for one in left for name in one if sum(name in other for other in left) == 1}
        slim = [one - alone for one in left]
        kept: list[set[str]] = []
        for one in sorted(slim, key=len, reverse=True):
            if one and not any(one <= other for other in kept):
                kept.append(one)
        if not kept:
            return True
        if kept == left:
            return False
        left = kept


def threshold(rule: Microdata, specific: bool) -> int:
    """The least number of rows that a figure may speak of."""
    return rule.k_specific if specific else rule.k


def hides_zeros(rule: Microdata, specific: bool) -> bool:
    """Whether "nobody here" and "everybody here" are hidden."""
    return rule.zeros == "always" or (rule.zeros == "specific" and specific)


def patterns_match(wanted: Iterable[str], *names: str) -> bool:
    """Whether one of a column's names is meant by one of the patterns; an exact name is a pattern of itself."""
    from fnmatch import fnmatchcase

    return any(pattern == name or fnmatchcase(name, pattern) for pattern in wanted for name in names)
