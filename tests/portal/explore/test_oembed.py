"""A pasted link to a chart shows the chart: oEmbed for the pages of others."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from shown_tables import POPULATION, Shown

ROOT = "https://data.example.go.id"


def chart_of(shown: Shown, query: str = "") -> str:
    tables = shown.public.get(f"/api/1/dataset/{POPULATION}").get_json()["tables"]
    return f"{ROOT}/dataset/{POPULATION}/{tables[0]['name']}/grafik{query}"


def test_a_chart_comes_as_a_frame_that_really_answers(shown: Shown) -> None:
    asked = {"url": chart_of(shown, "?tahun=2023&_chart=bar&fbclid=x"), "maxwidth": "500"}
    told = shown.public.get("/oembed", query_string=asked).get_json()
    assert (told["type"], told["version"], told["width"]) == ("rich", "1.0", 500)
    frame = ElementTree.fromstring(told["html"].replace(" loading", " data-loading"))
    source = str(frame.get("src"))
    assert "/v/2/" in source
    assert "fbclid" not in source
    assert shown.public.get(source.removeprefix(ROOT)).status_code == 200
    assert shown.public.get(told["thumbnail_url"].removeprefix(ROOT)).mimetype == "image/png"


def test_the_same_as_xml(shown: Shown) -> None:
    response = shown.public.get("/oembed", query_string={"url": chart_of(shown), "format": "xml"})
    assert response.mimetype == "text/xml"
    assert ElementTree.fromstring(response.data).findtext("type") == "rich"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.org/dataset/x/y/grafik",
        f"{ROOT}.example.org/dataset/x/y/grafik",
        f"{ROOT}/dataset/tidak-ada/y/grafik",
        f"{ROOT}/dataset/{POPULATION}",
        f"{ROOT}/dataset/a/../b/grafik",
        f"{ROOT}//[::1/grafik",
    ],
)
def test_what_is_no_chart_of_ours_is_not_found(shown: Shown, url: str) -> None:
    assert shown.public.get("/oembed", query_string={"url": url}).status_code == 404


def test_a_question_that_means_nothing_is_not_found(shown: Shown) -> None:
    assert shown.public.get("/oembed", query_string={"url": chart_of(shown, "?harga=1")}).status_code == 404
    assert shown.public.get("/oembed", query_string={"url": chart_of(shown), "format": "yaml"}).status_code == 501
