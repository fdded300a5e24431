"""Somebody who has nothing but the published tables and wants the hidden figures; no code of the protection."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

ALL = "Jumlah"
Key = tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """One published table: the columns that say of what, and for each measure the figure or None where it is hidden."""

    dims: tuple[str, ...]
    figures: dict[str, dict[Key, float | None]]


def read_published(path: Path, regions: Sequence[str] = ("kecamatan", "desa")) -> Published:
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    dims = tuple(name for name in rows[0] if name not in ("ukuran", "satuan", "nilai", "persen", "status"))
    figures: dict[str, dict[Key, float | None]] = defaultdict(dict)
    for row in rows:
        assert (row["status"] == "D") == (row["nilai"] == "" and row["status"] != "..."), row
        assert not (row["status"] == "D" and row["persen"]), row
        value = None if row["status"] == "D" else float(row["nilai"] or 0)
        figures[row["ukuran"]][tuple(row[name] for name in dims)] = value
    return Published(tuple(name for name in dims if name not in regions), dict(figures))


def intervals(table: Published, measure: str, *, depth: int, most: dict[Key, float]) -> dict[Key, tuple[float, float]]:
    """What sums over desa, kecamatan and categories leave possible for each hidden figure of a measure."""
    figures = table.figures[measure]
    low = {key: 0.0 if value is None else value for key, value in figures.items()}
    high = {key: most.get(key, float("inf")) if value is None else value for key, value in figures.items()}
    families: dict[tuple[int, Key], list[Key]] = defaultdict(list)
    for key in figures:
        deepest = sum(name != ALL for name in key[:depth])
        if deepest:
            families[-1, (*key[: deepest - 1], *[ALL] * (depth - deepest + 1), *key[depth:])].append(key)
        for at in range(depth, len(key)):
            if key[at] != ALL:
                families[at, (*key[:at], ALL, *key[at + 1 :])].append(key)
    changed = True
    while changed:
        changed = False
        for (_, total), parts in families.items():
            if total not in figures:
                continue
            least, top = sum(low[one] for one in parts), sum(high[one] for one in parts)
            changed |= _set(low, high, total, least, top)
            for one in parts:
                others_least, others_top = least - low[one], (top - high[one] if top < float("inf") else None)
                if others_top is None:
                    rest = [high[other] for other in parts if other != one]
                    others_top = sum(rest)
                changed |= _set(low, high, one, low[total] - others_top, high[total] - others_least)
                least, top = sum(low[part] for part in parts), sum(high[part] for part in parts)
    return {key: (low[key], high[key]) for key, value in figures.items() if value is None}


def _set(low: dict[Key, float], high: dict[Key, float], key: Key, least: float, most: float) -> bool:
    changed = False
    if least > low[key] + 1e-6:
        low[key], changed = least, True
    if most < high[key] - 1e-6:
        high[key], changed = most, True
    return changed


class TooLong(Exception):
    """A question with too many surveys to try."""


class Worlds:
    """Every survey that would have been published just so, over a few kinds of rows; by trying, not by reckoning."""

    def __init__(self, kinds: Sequence[Key], most: int) -> None:
        self.kinds, self.most = list(kinds), most
        self._sums: list[tuple[tuple[int, ...], int]] = []
        self._tries = 0

    def told(self, holds: Callable[[Key], bool], value: int) -> None:
        self._sums.append((self._of(holds), value))

    def possible(self, holds: Callable[[Key], bool], enough: int) -> set[int]:
        """Values that the number of such rows can have, until there are `enough`."""
        members, found = self._of(holds), set()
        for value in range(self.most + 1):
            if self._exists([*self._sums, (members, value)]):
                found.add(value)
                if len(found) >= enough:
                    break
        return found

    def _of(self, holds: Callable[[Key], bool]) -> tuple[int, ...]:
        return tuple(at for at, kind in enumerate(self.kinds) if holds(kind))

    def _exists(self, sums: Sequence[tuple[tuple[int, ...], int]]) -> bool:
        self._tries = 0
        return self._try(sums, [0] * len(self.kinds), [self.most] * len(self.kinds))

    def _try(self, sums: Sequence[tuple[tuple[int, ...], int]], low: list[int], high: list[int]) -> bool:
        self._tries += 1
        if self._tries > 3000:
            raise TooLong
        if not _settle(sums, low, high):
            return False
        open_ = [at for at in range(len(low)) if low[at] < high[at]]
        if not open_:
            return True
        at = min(open_, key=lambda one: high[one] - low[one])
        for value in range(low[at], high[at] + 1):
            mine, its = low.copy(), high.copy()
            mine[at] = its[at] = value
            if self._try(sums, mine, its):
                return True
        return False


def _settle(sums: Iterable[tuple[tuple[int, ...], int]], low: list[int], high: list[int]) -> bool:
    changed = True
    while changed:
        changed = False
        for members, value in sums:
            least, most = sum(low[at] for at in members), sum(high[at] for at in members)
            if not least <= value <= most:
                return False
            for at in members:
                new_low, new_high = max(low[at], value - most + high[at]), min(high[at], value - least + low[at])
                if new_low > new_high:
                    return False
                if (new_low, new_high) != (low[at], high[at]):
                    least, most = least + new_low - low[at], most + new_high - high[at]
                    low[at], high[at], changed = new_low, new_high, True
    return True


def kinds_of(*choices: Iterable[str]) -> list[Key]:
    return list(product(*choices))
