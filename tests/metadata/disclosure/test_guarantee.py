"""The promise: every hidden count could be any of at least k values in surveys that give this very publication."""

from __future__ import annotations

import csv
import random
import tempfile
from pathlib import Path

import pytest
from attacker import ALL, Published, TooLong, Worlds, kinds_of, read_published
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metadata.disclosure import Microdata, release
from metadata.disclosure.errors import TooFewRows
from metadata.reading.table import Column, Table

HEADER = ("kecamatan", "desa", "lantai", "jk", "sakit", "listrik")
DESA = {"K1": ("A", "B", "C"), "K2": ("D", "E")}


def published(rows: list[tuple[str, ...]], rule: Microdata, into: Path) -> list[Published]:
    path = into / "rows.csv"
    with path.open("w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    table = Table("rows", path, tuple(Column(name, name.title(), "string") for name in HEADER), len(rows), 1)
    made = release(rule, [table], into)
    return [read_published(one.path) for one in made.tables]


def a_survey(seed: int, size: int, floors: int) -> list[tuple[str, ...]]:
    chance = random.Random(seed)
    weights = [chance.random() ** 2 + 0.05 for _ in range(5)]
    places = [(kec, desa) for kec, names in DESA.items() for desa in names]
    rate, ill = chance.choice((0.05, 0.3, 0.9, 0)), chance.choice((0.02, 0.2, 1))
    return [
        (
            *chance.choices(places, weights)[0],
            f"L{min(int(chance.expovariate(1.2)), floors - 1)}",
            chance.choice("LP"),
            str(int(chance.random() < ill)),
            str(int(chance.random() < rate)),
        )
        for _ in range(size)
    ]


def hidden_are_open(tables: list[Published], measures: tuple[str, ...], k: int, size: int) -> int:
    """Try every survey against all tables at once; how many hidden figures were tried."""
    dims = sorted({dim for table in tables for dim in table.dims})
    regions = sorted(
        {key[:2] for table in tables for shown in table.figures.values() for key in shown if ALL not in key[:2]}
    )
    values = [sorted({key[2 + table.dims.index(dim)] for table in tables if dim in table.dims
                      for shown in table.figures.values() for key in shown} - {ALL}) for dim in dims]  # fmt: skip
    tried = 0
    for measure in measures or ("",):
        kinds = [
            (*region, *rest) for region in regions for rest in kinds_of(*values, ("ya", "tidak") if measure else ("",))
        ]
        worlds = Worlds(kinds, size)
        questions = []
        for table in tables:
            places = [2 + dims.index(dim) for dim in table.dims]
            for name, shown in table.figures.items():
                if name not in ("Orang", measure):
                    continue
                for key in every_key(table, regions, dict(zip(dims, values, strict=True))):

                    def holds(kind: tuple[str, ...], key=key, places=places, answer=name == measure) -> bool:
                        if answer and kind[-1] != "ya":
                            return False
                        own = (*kind[:2], *(kind[at] for at in places))
                        return all(said in (ALL, mine) for said, mine in zip(key, own, strict=True))

                    value = shown.get(key, 0)
                    if value is None:
                        questions.append((name, key, holds))
                    else:
                        worlds.told(holds, int(value))
        for name, key, holds in questions:
            try:
                assert len(worlds.possible(holds, k)) >= k, (name, key)
            except TooLong:
                continue
            tried += 1
    return tried


def every_key(table: Published, regions: list[tuple[str, ...]], values: dict[str, list[str]]) -> list[tuple[str, ...]]:
    nodes = {(ALL, ALL), *((kec, ALL) for kec, _ in regions)}
    if any(key[1] != ALL for shown in table.figures.values() for key in shown):
        nodes |= {*regions}
    return [(*node, *rest) for node in sorted(nodes) for rest in kinds_of(*([ALL, *values[dim]] for dim in table.dims))]


RULE = {"kecamatan": "kecamatan", "desa": "desa", "unit": "orang", "k": 3, "k_specific": 4}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), size=st.integers(6, 34), zeros=st.sampled_from(["never", "always"]))
def test_no_hidden_figure_of_an_indicator_can_be_narrowed(seed: int, size: int, zeros: str) -> None:
    tables = [{"name": "t", "level": "desa", "indicators": ["listrik"]}]
    rule = Microdata.model_validate(RULE | {"aggregates": tables, "zeros": zeros})
    with tempfile.TemporaryDirectory() as folder:
        found = published(a_survey(seed, size, 2), rule, Path(folder))
    hidden_are_open(found, ("Listrik",), 3, size)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), size=st.integers(6, 26), floors=st.integers(2, 3))
def test_no_hidden_group_of_a_crossed_table_can_be_narrowed(seed: int, size: int, floors: int) -> None:
    rule = Microdata.model_validate(RULE | {"aggregates": [{"name": "t", "level": "desa", "by": ["lantai"]}]})
    with tempfile.TemporaryDirectory() as folder:
        found = published(a_survey(seed, size, floors), rule, Path(folder))
    hidden_are_open(found, (), 3, size)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), size=st.integers(6, 14))
def test_tables_that_share_margins_do_not_betray_each_other(seed: int, size: int) -> None:
    tables = [
        {"name": "lantai", "level": "desa", "by": ["lantai"]},
        {"name": "jk", "level": "kecamatan", "by": ["jk"], "indicators": ["listrik"]},
    ]
    rule = Microdata.model_validate(RULE | {"aggregates": tables})
    with tempfile.TemporaryDirectory() as folder:
        found = published([row for row in a_survey(seed, 2 * size, 2) if row[1] in "ABD"][:size], rule, Path(folder))
    hidden_are_open([read_wide(one) for one in found], ("Listrik",), 3, size)


def read_wide(table: Published) -> Published:
    """A table by kecamatan with a column for the desa, so that all keys are alike."""
    figures = {
        name: {
            key if len(key) == 2 + len(table.dims) else (key[0], ALL, *key[1:]): value for key, value in shown.items()
        }
        for name, shown in table.figures.items()
    }
    return Published(table.dims, figures)


def test_a_survey_smaller_than_a_group_is_refused(tmp_path: Path) -> None:
    rule = Microdata.model_validate(RULE | {"aggregates": [{"name": "t"}]})
    for size in (0, 2):
        with pytest.raises(TooFewRows):
            published(a_survey(1, size, 2), rule, tmp_path)
