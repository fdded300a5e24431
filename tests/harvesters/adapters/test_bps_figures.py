"""The figures of BPS: windows as large as allowed, keys rebuilt and never guessed, values as they were said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peers.bps_client import adapter, fault, population, rows
from peers.bps_peer import BpsPeer, Variable

from harvesters.bps.decoding import AMBIGUOUS


def test_fewer_years_at_once_are_asked_for_when_bps_wants_it(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population())
    bps.most_years = 1
    assert len(rows(adapter(bps), tmp_path)) == 12
    assert [one["th"] for one in bps.asked if one.get("model") == "data"][1:] == ["119;120", *map(str, range(119, 125))]


def test_a_null_is_a_window_too_large_not_an_empty_table(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population())
    bps.most_cells = 2
    assert len(rows(adapter(bps), tmp_path)) == 12


def test_a_year_too_large_is_read_by_category_then_by_region(bps: BpsPeer, tmp_path: Path) -> None:
    values = {(v, t, 124, p): 100 * t + p for v in (3522010, 3522020) for t in (1, 2) for p in range(1, 13)}
    months = {p: f"Bulan {p}" for p in range(1, 13)}
    bps.add(population(values=values, turvar={1: "Laki-laki", 2: "Perempuan"}, turtahun=months))
    bps.most_cells = 12
    table = rows(adapter(bps), tmp_path)
    assert len(table) == 48
    assert table[0]["turvar"] == "Laki-laki"
    assert [row["periode"] for row in table[:12]] == list(months.values())


def test_what_cannot_be_had_in_any_piece_is_told_and_nothing_is_written(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population())
    bps.most_cells = 0
    assert fault(adapter(bps), tmp_path) == "bps.window_too_large"
    assert list(tmp_path.iterdir()) == []


def ambiguous(**members: Any) -> Variable:
    """Variable 31 with codes such that `3` `31` `311` `124` `0` and `331` `31` `1` `124` `0` are one key."""
    dimensions: dict[str, Any] = {
        "values": {("3", "311", 124, 0): 7, ("331", "1", 123, 0): 8},
        "vervar": {"3": "Tiga", "331": "Tiga ratus"},
        "turvar": {"311": "A", "1": "B"},
        "group": "Jenis",
    }
    return population(**dimensions | members)


def test_keys_with_two_meanings_are_asked_about_again_and_never_guessed(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(ambiguous())
    table = rows(adapter(bps), tmp_path)
    assert {(row["kategori"], row["turvar"], row["tahun"], row["nilai"]) for row in table} == {
        ("Tiga", "A", "2024", "7"),
        ("Tiga ratus", "B", "2023", "8"),
    }


def test_keys_that_stay_ambiguous_are_flagged_and_left_empty(bps: BpsPeer, tmp_path: Path) -> None:
    values = {("3", "311", 124, 0): 7, ("3", "1", 124, 0): 5}
    bps.add(ambiguous(values=values, heeds=()))
    table = rows(adapter(bps), tmp_path)
    assert {(row["kategori"], row["turvar"]): (row["nilai"], row["catatan"]) for row in table} == {
        ("Tiga", "A"): ("", AMBIGUOUS),
        ("Tiga ratus", "B"): ("", AMBIGUOUS),
        ("Tiga", "B"): ("5", ""),
    }


def test_a_figure_of_no_listed_place_keeps_the_last_version(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population(strange={"99990311240": 5}))
    assert fault(adapter(bps), tmp_path) == "bps.unknown_keys"


def test_what_is_no_number_is_a_remark_and_never_a_zero(bps: BpsPeer, tmp_path: Path) -> None:
    said = [0, 1.50, "12.5", "1.234", "...", "-", None, "<b>3)</b>", True, 1e22, "9.511,57"]
    values = {(code, 0, 124, 0): value for code, value in enumerate(said, 1)}
    bps.add(population(values=values, vervar={code: f"Baris {code}" for code in range(1, 12)}, group="Jenis"))
    table = rows(adapter(bps), tmp_path)
    assert [(row["nilai"], row["catatan"]) for row in table] == [
        ("0", ""),
        ("1.5", ""),
        ("12.5", ""),
        ("", "1.234"),
        ("", "..."),
        ("", "-"),
        ("", "3)"),
        ("", "True"),
        ("10000000000000000000000", ""),
        ("", "9.511,57"),
    ]


def test_items_that_are_no_regions_are_not_called_so(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population(values={(1, 0, 124, 0): 3}, vervar={1: "Meninggal dan Hilang"}, labelvervar="Jenis Korban "))
    (dataset,) = adapter(bps).discover()
    assert dataset.about.columns["kategori"].title == "Jenis Korban"
    assert rows(adapter(bps), tmp_path)[0]["kategori"] == "Meninggal dan Hilang"


def test_codes_that_look_like_regions_are_not_when_their_group_denies_it(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population(group="Kelompok komoditas"))
    assert "kategori_kode" in rows(adapter(bps), tmp_path)[0]
