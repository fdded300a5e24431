"""Two versions compared, as people and programs get to see it."""

from __future__ import annotations

import csv
import io

import pytest
from shown_tables import BUDGET, POPULATION, REPORT, Shown

DIFF = f"/dataset/{POPULATION}/diff/1..2"


def test_a_revision_is_told_in_words_and_cell_by_cell(shown: Shown) -> None:
    answer = shown.public.get(DIFF)
    assert answer.status_code == 200
    assert "1 angka tahun-tahun lalu direvisi (2020)" in answer.text
    assert "Laki-laki (jiwa)" in answer.text
    assert "20.000" in answer.text
    assert "20.005" in answer.text
    assert f"/dataset/{POPULATION}/v/2/" in answer.text


def test_the_comparison_is_json_too(shown: Shown) -> None:
    told = shown.public.get(f"{DIFF}.json").get_json()
    assert (told["added"], told["removed"], told["changed"], told["cells"]) == (0, 0, 1, 1)
    assert told["changes"][0]["before"] == 20000
    assert told["changes"][0]["after"] == 20005


def test_every_changed_cell_can_be_taken_as_csv(shown: Shown) -> None:
    answer = shown.public.get(f"{DIFF}.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["column"], row["before"], row["after"]) for row in rows] == [("laki_laki_jiwa", "20000", "20005")]


def test_the_same_versions_have_nothing_to_compare(shown: Shown) -> None:
    answer = shown.public.get(f"/dataset/{POPULATION}/diff/2..2")
    assert "Tidak ada yang berubah di tabel ini" in answer.text


def test_a_dataset_without_tables_says_so(shown: Shown) -> None:
    assert shown.public.get(f"/dataset/{REPORT}/diff/1..1").status_code == 200


def test_unknown_versions_and_tables_are_not_found(shown: Shown) -> None:
    for path in (
        f"/dataset/{POPULATION}/diff/1..3",
        f"/dataset/{POPULATION}/diff/0..1",
        "/dataset/tidak-ada/diff/1..2",
        f"{DIFF}?tabel=tidak-ada",
        f"{DIFF}.csv?tabel=tidak-ada",
        f"/dataset/{POPULATION}/diff/1..99999999999999999999",
    ):
        assert shown.public.get(path).status_code == 404, path


def test_the_history_leads_to_what_changed(shown: Shown) -> None:
    assert f'href="{DIFF}"' in shown.public.get(f"/dataset/{POPULATION}").text


def test_several_tables_can_be_chosen_from(shown: Shown) -> None:
    page = shown.public.get(f"/dataset/{BUDGET}/diff/1..1?tabel=pendapatan")
    assert page.status_code == 200
    assert 'aria-current="page"' in page.text


def test_a_comparison_over_its_time_says_so_plainly(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.explore.comparing.SECONDS", 0.0001)
    monkeypatch.setattr("portal.explore.comparing.LAYOUT", "not compared before")
    for ending in ("", ".json", ".csv"):
        answer = shown.public.get(f"{DIFF}{ending}")
        assert answer.status_code == 422, ending
        assert "tidak selesai dibandingkan: batasnya 0.0001 s" in answer.text, ending
        assert answer.headers["Cache-Control"] == "no-store", "another time it may be done"
    page = shown.public.get(DIFF).text
    assert f'href="/dataset/{POPULATION}/v/2#tabel"' in page, "the way to the table"
    monkeypatch.undo()
    assert shown.public.get(DIFF).status_code == 200
