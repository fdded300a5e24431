"""On the table's page: groups and figures by a form, ways to charts, SQL and rows, a citation of the view."""

from __future__ import annotations

import reading_html
from shown_tables import BUDGET, POPULATION, Shown

PAGE = f"/dataset/{POPULATION}"


def test_the_form_that_groups_leads_to_the_groups(shown: Shown) -> None:
    page = reading_html.read(shown.public.get(f"{PAGE}?tahun__ge=2022").text)
    form = page.xpath("//form[contains(@class, 'ex-summarise')]")[0]
    assert ("tahun__ge", "2022") in [(each.get("name"), each.get("value")) for each in form.xpath(".//input")]
    groups = form.xpath(".//select[@name='_group'][1]/option/@value")
    figures = form.xpath(".//select[@name='_measure'][1]//option/@value")
    assert "kecamatan" in groups
    assert {"count", "sum:perempuan_jiwa", "median:pertumbuhan_persen"} <= set(figures)
    answer = shown.public.get(f"{PAGE}?tahun__ge=2022&_group=kecamatan&_group=&_measure=sum:perempuan_jiwa&_measure=")
    assert answer.status_code == 200
    found = reading_html.read(answer.text)
    assert len(found.xpath("//tbody/tr")) == 28
    assert found.xpath("//select[@name='_group'][1]/option[@selected]/@value")[0] == "kecamatan"


def test_a_row_of_the_table_leads_to_its_page(shown: Shown) -> None:
    page = reading_html.read(shown.public.get(PAGE).text)
    address = page.xpath("//td[contains(@class, 'rownum')]/a/@href")[0]
    assert address == f"{PAGE}/penduduk-kecamatan/baris/1"
    old = reading_html.read(shown.public.get(f"{PAGE}/v/1").text)
    assert old.xpath("//td[contains(@class, 'rownum')]/a/@href")[0] == f"{PAGE}/v/1/penduduk-kecamatan/baris/1"


def test_the_view_goes_on_to_chart_sql_and_json(shown: Shown) -> None:
    page = reading_html.read(shown.public.get(f"{PAGE}?tahun=2023&_sort=-perempuan_jiwa").text)
    addresses = page.xpath("//*[contains(@class, 'ex-tools')]/a/@href")
    assert len(addresses) == 3
    for address in addresses:
        assert shown.public.get(address).status_code == 200, address
    assert any("tahun=2023" in address and "grafik" in address for address in addresses)


def test_a_view_is_cited_with_its_version_and_question(shown: Shown) -> None:
    page = reading_html.read(shown.public.get(f"{PAGE}?tahun=2023").text)
    cited = reading_html.words(page.xpath("//*[@id='kutipan-tampilan']")[0])
    assert cited.endswith(f"https://data.example.go.id{PAGE}/v/2?tahun=2023")
    assert not reading_html.read(shown.public.get(PAGE).text).xpath("//*[@id='kutipan-tampilan']")


def test_a_second_table_has_the_same_tools(shown: Shown) -> None:
    page = reading_html.read(shown.public.get(f"/dataset/{BUDGET}/pendapatan?tahun=2020").text)
    assert len(page.xpath("//*[contains(@class, 'ex-tools')]/a")) == 3
