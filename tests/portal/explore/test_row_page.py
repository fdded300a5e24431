"""A row has an address of its own, and its cells a history."""

from __future__ import annotations

import reading_html
from shown_tables import BUDGET, POPULATION, Shown

ROW = f"/dataset/{POPULATION}/penduduk-kecamatan/baris"


def test_a_row_shows_every_cell_with_its_unit_and_its_place_in_the_source(shown: Shown) -> None:
    page = reading_html.read(shown.public.get(f"{ROW}/2").text)
    words = reading_html.words(page)
    assert "Balen" in words
    assert "20.097" in words
    assert "jiwa" in words
    assert "Baris berkas" in words
    assert reading_html.words(page.xpath("//dt[.='Baris berkas']/following-sibling::dd[1]")[0]) == "3"


def test_a_revised_cell_tells_what_it_was(shown: Shown) -> None:
    text = shown.public.get(f"{ROW}/1").text
    assert "20.000" in text
    assert "20.005" in text
    assert "direvisi" in text
    page = reading_html.read(text)
    assert [reading_html.words(value) for value in page.all(".ex-then li")] == ["20.000 Versi 1", "20.005 Versi 2"]
    assert not shown.page(f"/dataset/{POPULATION}/v/1/penduduk-kecamatan/baris/1").all(".ex-then")


def test_a_row_of_an_old_version_keeps_its_figures(shown: Shown) -> None:
    old = f"/dataset/{POPULATION}/v/1/penduduk-kecamatan/baris/1"
    text = shown.public.get(old).text
    assert "20.000" in text
    assert "20.005" not in text.split("riwayat")[0]


def test_an_unrevised_row_is_not_called_revised(shown: Shown) -> None:
    assert "badge-warn" not in shown.public.get(f"{ROW}/2").text


def test_a_row_beyond_the_table_is_not_found(shown: Shown) -> None:
    for number in ("0", "141", "99999999999999999999"):
        assert shown.public.get(f"{ROW}/{number}").status_code == 404, number
    assert shown.public.get(f"/dataset/{POPULATION}/tidak-ada/baris/1").status_code == 404


def test_rows_of_a_second_table_have_addresses_too(shown: Shown) -> None:
    assert "Pendapatan jenis 3" in shown.public.get(f"/dataset/{BUDGET}/pendapatan/baris/3").text


def test_a_row_is_kept_by_who_read_it(shown: Shown) -> None:
    first = shown.public.get(f"{ROW}/1")
    again = shown.public.get(f"{ROW}/1", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
