"""Charts of any question: chosen, drawn, told in words, taken away, put into other pages."""

from __future__ import annotations

import json
import re

import pytest
import reading_html
from shown_tables import BORDERS, BUDGET, POPULATION, Shown

TABLE = f"/dataset/{POPULATION}/penduduk-kecamatan"
FIXED = f"/dataset/{POPULATION}/v/2/penduduk-kecamatan/grafik"


def _spec(shown: Shown, query: str) -> dict[str, object]:
    answer = shown.public.get(f"{FIXED}.json?{query}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_a_chart_without_any_choice_is_sensible(shown: Shown) -> None:
    answer = shown.public.get(f"{TABLE}/grafik")
    assert answer.status_code == 200
    page = reading_html.read(answer.text)
    assert len(page.xpath("//figure//img[@alt]")) == 2
    assert "Rata-rata" in answer.text or "rata-rata" in answer.text, "several rows in one mark are said to be so"


def test_the_question_of_the_table_is_the_question_of_the_chart(shown: Shown) -> None:
    spec = _spec(shown, "tahun=2023&_chart=bar&_x=kecamatan&_y=perempuan_jiwa")
    values = spec["data"]["values"]
    assert len(values) == 28
    assert values[0] == {"x": "Trucuk", "y": 20_000 + 731 * 27 + 97 * 3 + 412}
    assert [value["y"] for value in values] == sorted((value["y"] for value in values), reverse=True)


def test_several_rows_become_one_mark_by_the_function_asked_for(shown: Shown) -> None:
    one = "kecamatan=Balen&_chart=bar&_x=kecamatan&_y=perempuan_jiwa"
    men = [20_000 + 97 * (year - 2020) + 412 for year in range(2020, 2025)]
    for how, expected in (("sum", sum(men)), ("max", max(men)), ("median", sorted(men)[2]), ("count", 5)):
        assert _spec(shown, f"{one}&_how={how}")["data"]["values"][0]["y"] == expected, how


def test_figures_of_several_years_are_not_added_up_by_themselves(shown: Shown) -> None:
    spec = _spec(shown, "kecamatan=Balen&_chart=bar&_x=kecamatan&_y=perempuan_jiwa")
    assert spec["data"]["values"][0]["y"] == 20_000 + 97 * 2 + 412


@pytest.mark.parametrize("mark", ["line", "bar", "stacked", "scatter"])
@pytest.mark.parametrize("ending", ["svg", "png"])
def test_every_kind_is_drawn(shown: Shown, mark: str, ending: str) -> None:
    x = "perempuan_jiwa" if mark == "scatter" else "tahun"
    query = f"kecamatan=Balen&kecamatan=Dander&_chart={mark}&_x={x}&_y=laki_laki_jiwa&_color=kecamatan"
    answer = shown.public.get(f"{FIXED}.{ending}?{query}")
    assert answer.status_code == 200
    start = b"<svg" if ending == "svg" else b"\x89PNG"
    assert answer.data.startswith(start)
    if ending == "svg":
        assert "Dinas Kependudukan" in answer.text, "a picture that leaves the page says whose figures it shows"
        assert "Balen" in answer.text


def test_a_map_is_drawn_where_the_catalogue_has_boundaries(shown: Shown) -> None:
    named = "kecamatan=Balen&kecamatan=Baureno&kecamatan=Bojonegoro&tahun=2023"
    spec = _spec(shown, f"{named}&_chart=map&_x=kecamatan&_y=perempuan_jiwa")
    drawn = {f["properties"]["name"]: f["properties"]["value"] for f in spec["data"]["values"]}
    assert drawn == {"Balen": 20_703, "Baureno": 21_434, "Bojonegoro": 22_165}
    svg = shown.public.get(f"{FIXED}.svg?{named}&_chart=map&_x=kecamatan&_y=perempuan_jiwa")
    assert svg.status_code == 200
    assert svg.data.startswith(b"<svg")
    page = shown.public.get(f"{TABLE}/grafik?{named}&_chart=map&_x=kecamatan&_y=perempuan_jiwa").text
    credit = re.search(r'Batas wilayah: <a href="(/dataset/[^"]+/v/1)">([^<]+)</a>', page)
    assert credit, "whose boundaries they are"
    assert shown.public.get(credit[1]).status_code == 200
    assert "Batas wilayah: " in svg.text
    assert credit[2].split(",")[0] in svg.text


def test_a_map_of_regions_without_boundaries_is_refused_with_what_would_do(shown: Shown) -> None:
    answer = shown.public.get(f"{TABLE}/grafik?_chart=map&_x=kecamatan")
    assert answer.status_code == 400, "three areas are no map of 28 districts"
    assert "line" in answer.text


def test_a_grouped_question_can_be_drawn_too(shown: Shown) -> None:
    spec = _spec(shown, "_group=tahun&_measure=sum:perempuan_jiwa")
    values = spec["data"]["values"]
    assert [value["x"] for value in values] == [2020, 2021, 2022, 2023, 2024]


def test_the_page_has_words_for_the_picture_and_its_figures_as_a_table(shown: Shown) -> None:
    page = reading_html.read(
        shown.public.get(f"{TABLE}/grafik?tahun=2023&_chart=bar&_x=kecamatan&_y=perempuan_jiwa").text
    )
    alt = page.xpath("//figure//img/@alt")[0]
    assert "Tertinggi: Trucuk (40.440)" in alt
    assert "terendah: Balen (20.703)" in alt
    assert len(page.xpath("//tbody/tr")) == 28


def test_what_cannot_be_drawn_is_said_plainly(shown: Shown) -> None:
    for query in (
        "_chart=pie",
        "_x=tidak_ada",
        "_y=kecamatan",
        "_how=variance",
        "_color=perempuan_jiwa",
        "_chart=map&_x=tahun",
        "tahun=abc",
        "_chart=scatter&_y=count",
    ):
        for path in (f"{TABLE}/grafik", f"{FIXED}.json", f"/embed{TABLE}"):
            assert shown.public.get(f"{path}?{query}").status_code == 400, (path, query)
    assert shown.public.get(f"{FIXED}.svg?_look=huge").status_code == 404
    assert shown.public.get(f"{FIXED}.vega").status_code == 404, "a look has to be named"


def test_other_sites_may_frame_the_chart_and_nothing_else(shown: Shown) -> None:
    framed = shown.public.get(f"/embed{TABLE}?tahun=2023")
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    policy = framed.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "form-action 'none'" in policy
    assert "unsafe" not in policy
    assert "<form" not in framed.text
    page = shown.public.get(f"{TABLE}/grafik")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert re.search(r"&lt;iframe src=&#34;https://data\.example\.go\.id/embed/dataset/[^ ]+/v/2/", page.text)


def test_what_has_nothing_to_draw_says_so(shown: Shown) -> None:
    answer = shown.public.get(f"{TABLE}/grafik?kecamatan=Atlantis")
    assert answer.status_code == 200
    assert "Tidak ada yang dapat digambar" in answer.text


def test_a_picture_of_the_present_leads_to_that_of_its_version(shown: Shown) -> None:
    answer = shown.public.get(f"{TABLE}/grafik.png?tahun=2023")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/v/2/penduduk-kecamatan/grafik.png?tahun=2023")


def test_the_chart_that_a_table_shows_leads_to_the_same_chart_where_it_is_changed_and_embedded(shown: Shown) -> None:
    page = shown.page(f"/dataset/{POPULATION}")
    link = next(str(a.get("href")) for a in page.all(".ds-picture a") if "sematkan" in (a.text or ""))
    spec = json.loads(shown.public.get(f"/dataset/{POPULATION}/v/2/penduduk-kecamatan/chart.json").text)
    before = {point["series"]: point["value"] for point in spec["data"]["values"]}
    moved = shown.public.get(link.replace("/grafik?", "/grafik.json?")).headers["Location"]
    there = json.loads(shown.public.get(moved).text)["data"]["values"]
    after = {point["x"]: point["y"] for point in there}
    assert before == {name: after[name] for name in before}


def test_every_table_can_be_drawn(shown: Shown) -> None:
    for path in (f"/dataset/{BUDGET}/pendapatan", f"/dataset/{BORDERS}/batas", f"/dataset/{BUDGET}/belanja"):
        assert shown.public.get(f"{path}/grafik").status_code == 200, path


def test_a_specification_names_no_address(shown: Shown) -> None:
    assert '"url"' not in json.dumps(_spec(shown, "tahun=2023"))
