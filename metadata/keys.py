"""The smallest obvious primary key of a table: proven on all its rows, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from pathlib import Path

from metadata.profile import MOST_PROVEN, ColumnProfile, UniquenessProof, blocks
from metadata.reading.table import Column
from metadata.regions import LEVELS
from metadata.roles import Part

MOST_TRIED = 40
"""Combinations that are tried; each is dropped at its first repetition, the last ones when memory would be too much."""
MOST_COLUMNS = 5
FIRST_TEXTS = 2
"""Only a label among so many first columns names its row: a remark far to the right may be unique by chance."""
ARTIFICIAL = re.compile(r"_?(?:id|uuid|index|id_index|objectid|fid|gid|no|nomor)")
"""Numbers that a system gave to rows: a key only where nothing else is one."""


def find_key(
    path: Path, columns: Sequence[Column], parts: Mapping[str, Part], profile: Mapping[str, ColumnProfile]
) -> tuple[str, ...]:
    """The names of the key's columns in table order; empty when no obvious key identifies every row.

    Keys are made of regions, times, codes and classes, never of measures. Time belongs to the key whenever it varies,
    so that a table of one year's chance does not lose its key with the next year.
    """
    rows = next(iter(profile.values())).rows if profile else 0
    if rows < 2:
        return ()
    usable = [c.name for c in columns if profile[c.name].missing == 0 and c.type != "number"]
    order = [column.name for column in columns]
    for name in _singles(usable, parts, profile):
        if profile[name].unique:
            return (name,)
    proved = _first_proved(path, order, list(islice(_without_repeats(_joined(usable, parts, profile)), MOST_TRIED)))
    given = (name for name in usable if parts[name].role in ("identifier", "number") and profile[name].unique)
    return tuple(sorted(proved, key=order.index)) or tuple(islice(given, 1))


def _singles(usable: list[str], parts: Mapping[str, Part], profile: Mapping[str, ColumnProfile]) -> list[str]:
    """The columns that may be a key alone, the likeliest first."""
    singles = [*_of(usable, parts, "region_code"), *_codes(usable, parts), *_of(usable, parts, "year", "period")]
    if not _times(usable, parts, profile):
        labels = (name for name in _of(usable, parts, "label") if name in usable[:FIRST_TEXTS])
        singles += [*_of(usable, parts, "region_name", "category"), *labels]
    return singles


def _joined(
    usable: list[str], parts: Mapping[str, Part], profile: Mapping[str, ColumnProfile]
) -> Iterator[tuple[str, ...]]:
    """Combinations that may be a key, the likeliest first. To be taken a few at a time: wide tables have billions."""
    places = _varied(_of(usable, parts, "region_code", "region_name"), profile)
    places.sort(key=lambda name: (-_level(parts[name]), parts[name].role))
    times = _times(usable, parts, profile)
    rest = [*places[1:], *_varied(_of(usable, parts, "category"), profile), *_varied(_codes(usable, parts), profile)]
    moments = [(name,) for name in times] + ([tuple(times)] if len(times) > 1 else []) or [()]
    for extra in range(MOST_COLUMNS):
        for moment in moments:
            for base in dict.fromkeys([(*places[:1], *moment), moment]):
                if 1 < len(base) + extra <= MOST_COLUMNS:
                    for more in combinations([name for name in rest if name not in base], extra):
                        yield (*base, *more)


def _times(usable: list[str], parts: Mapping[str, Part], profile: Mapping[str, ColumnProfile]) -> list[str]:
    times = _varied(_of(usable, parts, "year", "period"), profile)
    return sorted(times, key=lambda name: ("tahun" not in name, parts[name].role != "year"))


def _codes(usable: list[str], parts: Mapping[str, Part]) -> list[str]:
    return [name for name in _of(usable, parts, "identifier") if not ARTIFICIAL.fullmatch(name)]


def _of(usable: list[str], parts: Mapping[str, Part], *roles: str) -> list[str]:
    return [name for name in usable if parts[name].role in roles]


def _varied(names: list[str], profile: Mapping[str, ColumnProfile]) -> list[str]:
    return [name for name in names if (profile[name].distinct or FIRST_TEXTS) > 1]


def _without_repeats(candidates: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    seen: set[tuple[str, ...]] = set()
    for candidate in candidates:
        if candidate not in seen:
            seen.add(candidate)
            yield candidate


def _level(part: Part) -> int:
    return max((LEVELS[kind] for kind in part.kinds), default=-1)


def _first_proved(path: Path, order: list[str], candidates: list[tuple[str, ...]]) -> tuple[str, ...]:
    proofs = {candidate: UniquenessProof() for candidate in candidates}
    places = {candidate: [order.index(name) for name in candidate] for candidate in candidates}
    rows = 0
    for block in blocks(path):
        rows += len(block)
        columns = list(zip(*block, strict=True))
        for candidate in list(proofs):
            proofs[candidate].take(list(zip(*(columns[at] for at in places[candidate]), strict=True)))
            if not proofs[candidate].possible:
                del proofs[candidate]
        while len(proofs) > 1 and rows * len(proofs) > MOST_PROVEN:
            del proofs[next(reversed(proofs))]
        if not proofs:
            return ()
    return next((candidate for candidate in candidates if candidate in proofs and proofs[candidate].proved()), ())
