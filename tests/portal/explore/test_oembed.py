"""A pasted link to a chart shows the chart: oEmbed for the pages of others."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from lxml import html
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
    whole = shown.public.get("/oembed", query_string={"url": asked["url"]}).get_json()
    assert shown.public.get(whole["thumbnail_url"].removeprefix(ROOT)).mimetype == "image/png"


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


@pytest.mark.parametrize("limits", [{}, {"maxwidth": "320"}, {"maxwidth": "150", "maxheight": "90"}, {"maxwidth": "0"}])
@pytest.mark.parametrize("media_type", ["application/json+oembed", "text/xml+oembed"])
def test_a_consumer_finds_it_by_the_page_alone_and_its_limits_hold(
    shown: Shown, media_type: str, limits: dict[str, str]
) -> None:
    """As consumers do it (https://oembed.com, sections 2 and 4): read the head, ask the address with limits added."""
    page = html.document_fromstring(shown.public.get(chart_of(shown, "?tahun=2023").removeprefix(ROOT)).data)
    (link,) = page.xpath(f'//head/link[@rel="alternate"][@type="{media_type}"]')
    assert link.get("title")
    parts = urlsplit(link.get("href"))
    query = dict(parse_qsl(parts.query)) | limits
    assert link.get("href").startswith(f"{ROOT}/oembed?")
    answer = shown.public.get(parts.path, query_string=query)
    if "json" in media_type:
        told = answer.get_json()
    else:
        told = {each.tag: each.text for each in ElementTree.fromstring(answer.data)}
    assert told["type"] == "rich" and told["html"] and told["version"] == "1.0"
    for name in ("width", "height"):
        allowed = int(limits.get(f"max{name}", "0")) or 100_000
        assert 0 < int(told[name]) <= allowed
        assert int(told.get(f"thumbnail_{name}", "1")) <= allowed
        assert f'{name}="{told[name]}"' in told["html"]
    assert len({name in told for name in ("thumbnail_url", "thumbnail_width", "thumbnail_height")}) == 1
