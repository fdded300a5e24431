"""The table of a dataset: read, sorted, filtered and paged by plain addresses, and refused in words."""

from __future__ import annotations

import pytest
from reading_html import column, read, words
from shown_tables import POPULATION, WIDE, Shown

PAGE = f"/dataset/{POPULATION}"


def test_the_first_hundred_rows_stand_in_a_table_with_indonesian_figures(shown: Shown) -> None:
    page = shown.page(PAGE)
    assert len(page.all(".ds-table tbody tr")) == 100
    assert column(page, "Laki-laki")[:3] == ["20.005", "20.097", "20.194"]
    assert column(page, "Pertumbuhan")[:2] == ["0,50", "0,51"]
    assert column(page, "Tahun")[0] == "2020"


def test_what_is_missing_is_shown_as_missing(shown: Shown) -> None:
    page = shown.page(PAGE)
    assert column(page, "Laki-laki")[3] == "–"
    assert "tidak" in words(page.one(".ds-foot"))


def test_units_stand_in_the_head(shown: Shown) -> None:
    heads = [words(cell) for cell in shown.page(PAGE).all(".ds-table thead th")]
    assert any("jiwa" in head for head in heads)


def test_a_click_on_a_head_sorts_the_largest_first_and_another_turns_it(shown: Shown) -> None:
    page = shown.page(PAGE)
    link = page.xpath("//th/a[contains(., 'Perempuan')]/@href")[0]
    assert link.endswith("#tabel")
    sorted_page = shown.page(PAGE + link.removesuffix("#tabel"))
    figures = [int(figure.replace(".", "")) for figure in column(sorted_page, "Perempuan")]
    assert figures == sorted(figures, reverse=True)
    head = sorted_page.xpath("//th[a[contains(., 'Perempuan')]]")[0]
    assert head.get("aria-sort") == "descending"
    turned = shown.page(PAGE + head.one("a").get("href").removesuffix("#tabel"))
    figures = [int(figure.replace(".", "")) for figure in column(turned, "Perempuan")]
    assert figures == sorted(figures)


def test_the_second_page_goes_on_where_the_first_ends(shown: Shown) -> None:
    first, second = shown.page(PAGE), shown.page(PAGE + "?_page=2")
    rows = [[words(cell) for cell in row] for row in second.all(".ds-table tbody tr")]
    assert len(rows) == 40
    assert rows[0][0] == "101"
    assert first.xpath("//a[@rel='next']/@href")[0] == "?_page=2#tabel"


def test_filters_are_fit_to_the_type_of_their_column(shown: Shown) -> None:
    form = shown.page(PAGE).one(".ds-filter")
    ticks = form.xpath(".//input[@type='checkbox'][@name='kecamatan']")
    assert len(ticks) == 28
    assert words(ticks[0].getparent()).endswith(" 5")
    assert form.xpath(".//input[@name='tahun__ge']")
    assert form.xpath(".//input[@name='tahun__le']")
    assert form.xpath(".//input[@name='catatan__contains'] | .//input[@name='catatan']")


def test_filters_narrow_the_table_and_say_so_in_words(shown: Shown) -> None:
    page = shown.page(PAGE + "?kecamatan=Kapas&kecamatan=Balen&tahun__ge=2023")
    assert set(column(page, "Kecamatan")) == {"Kapas", "Balen"}
    assert set(column(page, "Tahun")) == {"2023", "2024"}
    assert "4 dari 4" in words(page.one(".totals")).replace("1–4", "4")
    chips = [words(chip) for chip in page.all(".chip-on")]
    assert len(chips) == 3
    assert any("Kecamatan: Kapas" in chip for chip in chips)


def test_taking_a_chip_away_takes_only_its_condition_away(shown: Shown) -> None:
    page = shown.page(PAGE + "?kecamatan=Kapas&kecamatan=Balen&tahun__ge=2023")
    assert column(shown.page(PAGE + "?_group=tahun&_measure=mean:pertumbuhan_persen"), "rata-rata") == [
        "1,85",
        "1,86",
        "1,87",
        "1,88",
        "1,89",
    ]
    link = next(chip.get("href") for chip in page.all(".chip-on") if "Kapas" in words(chip))
    assert set(column(shown.page(PAGE + link.removesuffix("#tabel")), "Kecamatan")) == {"Balen"}


def test_the_form_keeps_what_it_does_not_show(shown: Shown) -> None:
    form = shown.page(PAGE + "?_sort=-tahun&catatan__missing=1&kecamatan=Kapas").one(".ds-filter")
    hidden = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
    assert hidden == {"_sort": "-tahun", "catatan__missing": "1"}
    assert form.xpath(".//input[@name='kecamatan'][@checked]/@value") == ["Kapas"]


def test_any_column_can_be_asked_about_without_script(shown: Shown) -> None:
    response = shown.public.get(PAGE + "?_add_column=pertumbuhan_persen&_add_operator=gt&_add_value=3,1&_sort=tahun")
    assert response.status_code == 302
    assert "pertumbuhan_persen__gt=3.1" in response.headers["Location"]
    assert "_add" not in response.headers["Location"]
    assert "_sort=tahun" in response.headers["Location"]


@pytest.mark.parametrize("value", ["1e200", "-1e400", "1e-300", "2020.5"])
def test_a_figure_out_of_all_reach_is_a_question_like_any_other(shown: Shown, value: str) -> None:
    assert shown.page(f"{PAGE}?tahun={value}").all(".empty")


def test_nothing_found_is_a_state_with_a_way_back(shown: Shown) -> None:
    page = shown.page(PAGE + "?kecamatan=Atlantis")
    assert page.all(".empty a")
    assert not page.all(".ds-table")


def test_a_page_behind_the_end_leads_to_the_last(shown: Shown) -> None:
    page = shown.page(PAGE + "?_page=99")
    assert "?_page=2#tabel" in page.xpath("//div[contains(@class, 'empty')]//a/@href")


def test_a_row_has_an_address_of_its_own(shown: Shown) -> None:
    page = shown.page(PAGE)
    link = page.all(".rownum a")[6].get("href")
    row = shown.page(link)
    said = dict(
        zip(
            [words(node.xpath("span")[0]) for node in row.all(".ex-row dt")],
            [words(node) for node in row.all(".ex-row .value")],
            strict=True,
        )
    )
    assert said["Kecamatan"] == "Baureno"
    assert said["Tahun"] == "2021"


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("?tahunn=2020", 400, "kecamatan"),
        ("?tahun=dua", 400, "dua"),
        ("?_sort=nilai", 400, "nilai"),
        ("?_nonsense=1", 400, "_sort"),
        ("?_page=0", 400, "_page"),
        ("?tahun__contains=2", 400, "contains"),
        ("?_row=100000", 404, "140"),
        ("?_add_column=nope&_add_value=1", 400, "nope"),
        ("?_add_column=tahun&_add_operator=zz&_add_value=1", 400, "zz"),
    ],
)
def test_a_question_that_cannot_be_asked_is_answered_with_what_can(
    shown: Shown, query: str, status: int, says: str
) -> None:
    response = shown.public.get(PAGE + query)
    assert response.status_code == status
    page = read(response.get_data(as_text=True))
    assert says in words(page.one("main"))
    assert page.xpath(f"//main//a[@href='{PAGE}#tabel']")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_wide_table_shows_its_first_columns_and_offers_the_others(shown: Shown) -> None:
    page = shown.page(f"/dataset/{WIDE}")
    heads = page.all(".ds-table thead th")
    assert len(heads) == 13
    assert "12 dari 81 kolom" in words(page.one(".totals"))
    assert len(page.all(".ds-columns input[type=checkbox]")) == 81
    chosen = shown.page(f"/dataset/{WIDE}?_columns=kecamatan&_columns=tahun")
    assert [words(head) for head in chosen.all(".ds-table thead th")][1:] == ["Kecamatan", "Tahun"]


def test_rows_can_be_put_together_and_the_figures_sorted(shown: Shown) -> None:
    question = "?_group=tahun&_measure=sum:laki_laki_jiwa&_measure=count&_sort=-sum_laki_laki_jiwa"
    page = shown.page(PAGE + question)
    heads = [words(head) for head in page.all(".ds-table thead th")]
    assert heads[0] == "Tahun"
    assert column(page, "Tahun") == ["2024", "2022", "2021", "2020", "2023"]
    assert column(page, "jumlah baris") == ["28"] * 5
    assert "5 kelompok" in words(page.one(".totals"))
    assert column(shown.page(PAGE + "?_group=tahun&_measure=mean:pertumbuhan_persen"), "rata-rata") == [
        "1,85",
        "1,86",
        "1,87",
        "1,88",
        "1,89",
    ]
    link = next(
        chip.get("href") for chip in page.all(".chip-on") if "Tahun" in words(chip) and "_group" not in chip.get("href")
    )
    assert len(shown.page(PAGE + link.removesuffix("#tabel")).all(".ds-table tbody tr")) == 100
    taken = shown.public.get(page.all(".ds-view a")[0].get("href")).get_data(as_text=True)
    assert taken.splitlines()[0] == "tahun,sum_laki_laki_jiwa,count"
