"""The base-data survey: no small figure is shown, none can be had from what is shown (full size: bench)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from attacker import ALL, Published, intervals, read_published
from base_data import write_survey

from metadata.disclosure import Microdata, Released, release
from metadata.reading.table import Column, Table

RULE = Microdata.model_validate(
    {
        "kecamatan": "kecamatan",
        "desa": "desa",
        "period": "tahun",
        "specific": ["sakit_*", "pendapatan"],
        "aggregates": [
            {"name": "desa", "level": "desa", "indicators": ["ind_*", "sakit_*"]},
            {"name": "kesehatan", "indicators": ["sakit_*", "ind_0*"], "sums": ["pendapatan"], "means": ["pendapatan"]},
            {"name": "lantai", "level": "desa", "by": ["lantai", "jk"]},
        ],
    }
)
UNIT = "Rumah tangga"


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Table:
    path = write_survey(tmp_path_factory.mktemp("survey") / "dasar.csv", 10_000, 300, kecamatan=4, desa=8)
    with path.open() as source:
        header = next(csv.reader(source))
    return Table("dasar", path, tuple(Column(name, name, "string") for name in header), 10_000, 1)


@pytest.fixture(scope="module")
def released(survey: Table, tmp_path_factory: pytest.TempPathFactory) -> Released:
    return release(RULE, [survey], tmp_path_factory.mktemp("tables"))


def k_of(measure: str) -> int:
    return 10 if measure.startswith("sakit") else 5


def counts(table: Published) -> list[str]:
    return [measure for measure in table.figures if "pendapatan" not in measure]


def test_no_published_figure_speaks_of_few(released: Released) -> None:
    for made in released.tables:
        table = read_published(made.path)
        people = table.figures[UNIT]
        for measure in counts(table):
            k = k_of(measure)
            for key, value in table.figures[measure].items():
                if value is None:
                    continue
                assert value == 0 or value >= (5 if measure == UNIT else k), (measure, key)
                if measure != UNIT:
                    others = people[key] - value
                    assert others == 0 or others >= k, ("the others", measure, key)
                if measure.startswith("sakit"):
                    assert 0 < value < people[key], ("all or none", measure, key)


def test_no_hidden_figure_can_be_had_by_subtraction(released: Released) -> None:
    tried = 0
    for made in released.tables:
        table = read_published(made.path)
        depth = 2 if "desa" in [column.name for column in made.columns] else 1
        known = {key: value for key, value in table.figures[UNIT].items() if value is not None}
        for measure in counts(table):
            k = k_of(measure)
            for key, (low, high) in intervals(table, measure, depth=depth, most=known).items():
                tried += 1
                assert high - low >= k - 1, (made.name, measure, key, low, high)
    assert tried > 1000


def test_specific_data_stay_above_the_desa(released: Released) -> None:
    desa, kesehatan, _ = (read_published(made.path) for made in released.tables)
    assert not any(measure.startswith("sakit") for measure in desa.figures)
    assert any(measure.startswith("sakit") for measure in kesehatan.figures)


def test_most_figures_are_still_told(released: Released) -> None:
    for one in released.applied["tables"]:
        assert 0 < one["hidden"] < one["cells"] * 0.45, one


def test_margins_are_the_sums_of_their_parts(released: Released) -> None:
    table = read_published(released.tables[0].path)
    shown = table.figures[UNIT]
    desa = [value for key, value in shown.items() if ALL not in key[:2]]
    assert None not in desa
    assert sum(desa) == shown[ALL, ALL, "2024"] == 10_000


def test_the_same_rows_hide_the_same_figures_in_any_order(survey: Table, released: Released, tmp_path: Path) -> None:
    with survey.path.open(newline="") as source:
        header, *rows = csv.reader(source)
    turned = tmp_path / "turned.csv"
    narrow = [*range(9), *range(100, 120)]
    for path, order in ((turned, rows[::-1]), (tmp_path / "straight.csv", rows)):
        with path.open("w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([[row[at] for at in narrow] for row in (header, *order)])
    columns = tuple(survey.columns[at] for at in narrow)
    rule = RULE.model_copy(update={"aggregates": RULE.aggregates[:1], "specific": ()})
    rule = rule.model_copy(update={"aggregates": (rule.aggregates[0].model_copy(update={"indicators": ("ind_*",)}),)})
    made = []
    for path in (turned, tmp_path / "straight.csv"):
        into = tmp_path / path.stem
        into.mkdir()
        made.append(release(rule, [Table(path.stem, path, columns, len(rows), 1)], into).tables[0].path.read_bytes())
    assert made[0] == made[1]
