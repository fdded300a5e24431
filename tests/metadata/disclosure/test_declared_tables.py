"""What an office may ask for, what it gets, and what it is refused."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest
from attacker import ALL, intervals, read_published
from pydantic import ValidationError

from metadata.disclosure import Microdata, release
from metadata.disclosure.errors import ColumnMissing, NotAnAmount, NotYesNo, TooSpecific
from metadata.disclosure.rules import untwined
from metadata.reading.table import Column, Table

HEADER = ["kecamatan", "desa", "lantai", "listrik", "hamil", "aset"]


def told(tmp_path: Path, rows: list[list[str]], **rule: Any) -> list[list[dict[str, str]]]:
    path = tmp_path / "rows.csv"
    with path.open("w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    table = Table("rows", path, tuple(Column(name, name.title(), "string") for name in HEADER), len(rows), 1)
    given = {"kecamatan": "kecamatan", "desa": "Desa"} | rule
    made = release(Microdata.model_validate(given), [table], tmp_path)
    return [list(csv.DictReader(one.path.read_text("utf-8").splitlines())) for one in made.tables]


def households(count: int, desa: str = "A", **said: str) -> list[list[str]]:
    row = {"kecamatan": "K", "desa": desa, "lantai": "Semen", "listrik": "1", "hamil": "0", "aset": "100"} | said
    return [[row[name] for name in HEADER] for _ in range(count)]


def figure(rows: list[dict[str, str]], ukuran: str, **where: str) -> dict[str, str]:
    (found,) = [
        row for row in rows if row["ukuran"] == ukuran and all(row[name] == value for name, value in where.items())
    ]
    return found


def test_a_small_count_is_hidden_and_a_neighbour_with_it(tmp_path: Path) -> None:
    rows = (
        households(20, "A", listrik="0") + households(3, "A") + households(40, "B") + households(30, "B", listrik="0")
    )
    rows += households(50, "C") + households(50, "C", listrik="0")
    (table,) = told(tmp_path, rows, aggregates=[{"name": "t", "level": "desa", "indicators": ["listrik"]}])
    by_desa = {row["desa"]: row for row in table if row["ukuran"] == "Listrik"}
    assert (by_desa["A"]["status"], by_desa["A"]["nilai"], by_desa["A"]["persen"]) == ("D", "", "")
    assert sum(row["status"] == "D" for row in by_desa.values()) == 2
    assert by_desa[ALL]["nilai"] == "93" or table[0]["kecamatan"] == ALL


def test_so_few_without_are_as_telling_as_so_few_with(tmp_path: Path) -> None:
    rows = (
        households(40, "A") + households(2, "A", listrik="0") + households(60, "B") + households(30, "B", listrik="0")
    )
    (table,) = told(tmp_path, rows, aggregates=[{"name": "t", "level": "desa", "indicators": ["Listrik"]}])
    assert figure(table, "Listrik", kecamatan="K", desa="A")["status"] == "D"


def test_nobody_is_hidden_where_it_tells_of_everybody(tmp_path: Path) -> None:
    rows = households(40) + [[*row[:0], "L", *row[1:]] for row in households(40, hamil="1")]
    table = {"name": "t", "indicators": ["hamil"]}
    (shown,) = told(tmp_path, rows, aggregates=[table])
    assert figure(shown, "Hamil", kecamatan="K") | {"satuan": ""} == {
        "kecamatan": "K", "ukuran": "Hamil", "satuan": "", "nilai": "0", "persen": "0.0", "status": "-",
    }  # fmt: skip
    (hidden,) = told(tmp_path, rows, aggregates=[table], specific=["hamil"])
    assert {row["status"] for row in hidden if row["ukuran"] == "Hamil" and row["kecamatan"] != ALL} == {"D"}


def test_no_answer_is_not_a_no(tmp_path: Path) -> None:
    rows = households(30, "A", listrik="") + households(30, "B")
    (table,) = told(tmp_path, rows, aggregates=[{"name": "t", "level": "desa", "indicators": ["listrik"]}])
    row = figure(table, "Listrik", kecamatan="K", desa="A")
    assert (row["nilai"], row["status"]) == ("", "...")


def test_a_desa_with_too_few_rows_is_told_with_a_neighbour(tmp_path: Path) -> None:
    rows = households(3, "A") + households(20, "B") + households(30, "C")
    (table,) = told(tmp_path, rows, aggregates=[{"name": "t", "level": "desa"}])
    assert {row["desa"]: row["nilai"] for row in table} == {ALL: "53", "A + B": "23", "C": "30"}


def test_a_rare_value_is_not_even_named(tmp_path: Path) -> None:
    rows = (
        households(40) + households(2, lantai="Marmer") + households(1, lantai="Rakit") + households(9, lantai="Bambu")
    )
    (table,) = told(tmp_path, rows, aggregates=[{"name": "t", "by": ["lantai"], "indicators": ["listrik"]}])
    assert {row["lantai"] for row in table} == {ALL, "Semen", "Lainnya"}
    assert figure(table, "Rumah tangga", kecamatan="K", lantai="Lainnya")["nilai"] == "12"


def test_a_sum_that_one_household_makes_is_hidden(tmp_path: Path) -> None:
    rows = households(10, "A", aset="5") + households(1, "A", aset="9000") + households(30, "B") + households(30, "C")
    aggregates = [{"name": "t", "level": "desa", "sums": ["aset"], "means": ["aset"]}]
    (table,) = told(tmp_path, rows, aggregates=aggregates)
    for name in ("Aset", "Rata-rata Aset"):
        assert figure(table, name, kecamatan="K", desa="A")["status"] == "D"
    assert not any(row["nilai"].startswith("9") for row in table)


def test_hidden_sums_keep_their_distance(tmp_path: Path) -> None:
    for seed in range(30):
        chance = random.Random(seed)
        rows = [
            row
            for desa in "ABCDE"
            for row in households(chance.randint(6, 12), desa, lantai="Semen")
            + households(chance.randint(0, 8), desa, lantai="Tanah")
        ]
        for row in rows:
            row[5] = str(int(chance.paretovariate(0.9) * 10) if chance.random() < 0.5 else 0)
        aggregates = [{"name": "t", "level": "desa", "by": ["lantai"], "sums": ["aset"]}]
        told(tmp_path, rows, aggregates=aggregates)
        table = read_published(tmp_path / "t.csv")
        for key, (low, high) in intervals(table, "Aset", depth=2, most={}).items():
            true = sum(
                int(row[5])
                for row in rows
                if all(w in (ALL, g) for w, g in zip(key, row[:3], strict=True)) or "+" in key[1]
            )
            if "+" not in key[1]:
                assert high >= true * 1.5 - 1 and high - low >= true, (seed, key)


def test_counts_are_rounded_if_so_declared(tmp_path: Path) -> None:
    (table,) = told(tmp_path, households(33), rounding=5, aggregates=[{"name": "t"}])
    assert {row["nilai"] for row in table} == {"35"}


def test_totals_stay_out_if_so_declared(tmp_path: Path) -> None:
    (table,) = told(tmp_path, households(33), aggregates=[{"name": "t", "totals": False}])
    assert [row["kecamatan"] for row in table] == ["K"]


def test_specific_data_named_below_the_kecamatan_are_refused(tmp_path: Path) -> None:
    aggregate = {"name": "t", "level": "desa", "indicators": ["hamil"]}
    with pytest.raises(TooSpecific):
        told(tmp_path, households(50), specific=["hamil"], aggregates=[aggregate])
    (table,) = told(
        tmp_path, households(50), specific=["hamil"], aggregates=[aggregate | {"indicators": ["ha*", "listrik"]}]
    )
    assert {row["ukuran"] for row in table} == {"Rumah tangga", "Listrik"}


@pytest.mark.parametrize(
    ("aggregate", "fault", "said"),
    [
        ({"indicators": ["lantai"]}, NotYesNo, "Lantai"),
        ({"sums": ["lantai"]}, NotAnAmount, "Lantai"),
        ({"by": ["atap"]}, ColumnMissing, "atap"),
    ],
)
def test_a_column_that_does_not_fit_is_named_and_its_contents_are_not(
    tmp_path: Path, aggregate: dict[str, Any], fault: type[Exception], said: str
) -> None:
    with pytest.raises(fault) as caught:
        told(tmp_path, households(50), aggregates=[{"name": "t"} | aggregate])
    assert said in str(caught.value)
    assert "Semen" not in str(caught.value)


def test_tables_that_interlock_are_refused() -> None:
    assert untwined([frozenset("ab"), frozenset("bc"), frozenset("bd"), frozenset("b"), frozenset()])
    assert not untwined([frozenset("ab"), frozenset("bc"), frozenset("ac")])
    ring = [{"name": str(number), "by": list(by)} for number, by in enumerate(("ab", "bc", "ca"))]
    with pytest.raises(ValidationError, match="interlock"):
        Microdata.model_validate({"kecamatan": "k", "aggregates": ring})


@pytest.mark.parametrize("rule", [{"k": 2}, {"k": 12}, {"dominance": 1}, {"aggregates": []}, {"kecamatan": None}])
def test_a_rule_that_protects_too_little_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Microdata.model_validate({"kecamatan": "k", "aggregates": [{"name": "t"}]} | rule)
