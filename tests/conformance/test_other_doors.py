"""Feeds, OAI-PMH, assistants, sitemaps and known places over HTTP, by the clients that are made for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import requests
from mcp import Client
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import BadArgument, CannotDisseminateFormat, IdDoesNotExist, NoRecordsMatch
from served_portal import AGENCIES, CATALOGUE, PRICES, SCHOOLS, SERIES, Served
from shown_tables import POPULATION

from harvesters.wire.own_loop import OwnLoop

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FEEDS = {
    "/feeds/dataset.atom": CATALOGUE,
    "/feeds/baru.atom": CATALOGUE,
    f"/feeds/organization/{AGENCIES[1]}.atom": list(SERIES),
    "/feeds/group/kesehatan.atom": list(SERIES),
    f"/feeds/tag/{quote('luas tanah')}.atom": [SCHOOLS],
    "/feeds/custom.atom?q=beras": [PRICES],
}
OPEN = (
    *("/api/3/action/package_list", "/api/openapi.json", "/catalog.jsonld", "/catalog.datapackages.json"),
    *("/feeds/dataset.atom", "/oai?verb=Identify", f"/dataset/{POPULATION}/datapackage.json", "/robots.txt"),
    *(f"/dataset/{POPULATION}.ttl", f"/api/1/dataset/{POPULATION}", "/sitemap.xml", "/.well-known/api-catalog"),
)


def xml(portal: Served, path: str) -> ElementTree.Element:
    """The document at a path."""
    answer = portal.get(path)
    assert answer.status_code == 200, answer.text[:300]
    return ElementTree.fromstring(answer.content)


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_has_its_datasets_and_every_link_in_it_leads_somewhere(portal: Served, path: str) -> None:
    feed = xml(portal, path)
    entries = feed.findall(f"{ATOM}entry")
    pages = [str(entry.find(f"{ATOM}link[@rel='alternate']").get("href")) for entry in entries]  # type: ignore[union-attr]
    assert sorted(page.rpartition("/")[2] for page in pages) == sorted(FEEDS[path])
    assert all(entry.findtext(f"{ATOM}id", "").startswith("urn:uuid:") for entry in entries)
    assert feed.find(f"{ATOM}link[@rel='self']").get("href", "").startswith(portal.address)  # type: ignore[union-attr]
    enclosed = entries[0].findall(f"{ATOM}link[@rel='enclosure']")
    for link in enclosed:
        answer = requests.get(str(link.get("href")), timeout=30)
        assert link.get("length") in (None, str(len(answer.content)))


@pytest.mark.parametrize("prefix", ["oai_dc", "dcat"])
def test_a_harvester_of_oai_pmh_takes_every_record(portal: Served, prefix: str) -> None:
    with Scythe(f"{portal.address}/oai") as scythe:
        records = list(scythe.list_records(metadata_prefix=prefix))
        assert len({record.header.identifier for record in records}) == len(CATALOGUE)
        headers = list(scythe.list_identifiers(metadata_prefix=prefix, set_="theme:kesehatan"))
        assert len(headers) == 3
        one = scythe.get_record(identifier=headers[0].identifier, metadata_prefix=prefix)
        assert one.header.datestamp == headers[0].datestamp


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        (IdDoesNotExist, lambda it: it.get_record(identifier="oai:x:y", metadata_prefix="oai_dc")),
        (CannotDisseminateFormat, lambda it: next(it.list_records(metadata_prefix="marc21"))),
        (NoRecordsMatch, lambda it: next(it.list_records(metadata_prefix="oai_dc", from_="2199-01-01"))),
        (NoRecordsMatch, lambda it: next(it.list_records(metadata_prefix="oai_dc", set_="theme:tidak-ada"))),
        (BadArgument, lambda it: next(it.list_records(metadata_prefix="oai_dc", from_="kemarin"))),
    ],
    ids=["id", "format", "from", "set", "argument"],
)
def test_the_protocols_own_faults_are_told(
    portal: Served, fault: type[Exception], asked: Callable[[Scythe], object]
) -> None:
    with Scythe(f"{portal.address}/oai") as scythe, pytest.raises(fault):
        asked(scythe)


def test_sets_and_formats_are_listed(portal: Served) -> None:
    with Scythe(f"{portal.address}/oai") as scythe:
        assert {each.metadataPrefix for each in scythe.list_metadata_formats()} == {"oai_dc", "dcat"}
        sets = {each.setSpec for each in scythe.list_sets()}
        assert {f"organization:{name}" for name in AGENCIES} <= sets
        assert scythe.identify().granularity == "YYYY-MM-DDThh:mm:ssZ"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_assistant_goes_from_words_to_a_cited_figure(portal: Served, mode: str) -> None:
    async def conversation() -> list[Any]:
        async with Client(f"{portal.address}/mcp", mode=mode) as client:
            tools = await client.list_tools()
            found = await client.call_tool("search_datasets", {"query": "harga beras"})
            name = found.structured_content["datasets"][0]["dataset"]
            looked = await client.call_tool("show_dataset", {"dataset": name})
            table = looked.structured_content["tables"][0]
            question = {"_group": "pasar", "_measure": f"max:{table['schema']['fields'][2]['name']}"}
            asked = await client.call_tool("query_table", {"dataset": name, "question": question})
            wrong = await client.call_tool("query_table", {"dataset": name, "question": {"warna": "x"}})
            return [tools, found, asked, wrong]

    with OwnLoop() as loop:
        tools, found, asked, wrong = loop.run(conversation())
    assert {"search_datasets", "show_dataset", "query_table"} <= {tool.name for tool in tools.tools}
    assert found.structured_content["datasets"][0]["dataset"] == PRICES
    assert 12_780 in asked.structured_content["rows"][0].values()
    assert f"{portal.address}/dataset/{PRICES}/v/1" in asked.structured_content["citation"]
    assert json.loads(asked.content[0].text) == asked.structured_content
    assert wrong.is_error


def test_the_sitemaps_lead_to_every_dataset_and_robots_names_them(portal: Served) -> None:
    robots = portal.get("/robots.txt").text
    assert f"Sitemap: {portal.address}/sitemap.xml" in robots
    parts = [each.text or "" for each in xml(portal, "/sitemap.xml").iter(f"{SITEMAP}loc")]
    pages = [
        str(each.text)
        for part in parts
        for each in xml(portal, part.removeprefix(portal.address)).iter(f"{SITEMAP}loc")
    ]
    assert {f"{portal.address}/dataset/{name}" for name in CATALOGUE} <= set(pages)
    assert [page for page in pages if requests.head(page, timeout=30).status_code != 200] == []


def test_a_browser_can_search_by_the_opensearch_description(portal: Served) -> None:
    found = xml(portal, "/opensearch.xml")
    addresses = {each.get("type"): str(each.get("template")) for each in found if each.tag.endswith("}Url")}
    page = requests.get(addresses["text/html"].replace("{searchTerms}", "beras"), timeout=30)
    assert f"/dataset/{PRICES}" in page.text
    template = addresses["application/atom+xml"].replace("{searchTerms}", "beras").replace("{startPage?}", "1")
    assert ElementTree.fromstring(requests.get(template, timeout=30).content).findall(f"{ATOM}entry")


def test_the_catalogue_of_interfaces_leads_to_each(portal: Served) -> None:
    answer = portal.get("/.well-known/api-catalog")
    assert answer.headers["Content-Type"].startswith("application/linkset+json")
    (first, *others) = answer.json()["linkset"]
    assert {"CKAN Action API", "DCAT", "OAI-PMH", "Model Context Protocol"} <= {one["title"] for one in first["item"]}
    for context in others:
        for link in (*context["service-desc"], *context["service-doc"]):
            assert requests.get(link["href"], headers={"Accept": link["type"]}, timeout=30).status_code == 200


def test_a_chart_can_be_put_into_a_page_by_its_address(portal: Served) -> None:
    chart = f"{portal.address}/dataset/{SERIES[0]}/dbd-2022/grafik"
    told = portal.get(f"/oembed?url={quote(chart, safe='')}").json()
    assert (told["type"], told["version"]) == ("rich", "1.0")
    assert portal.get(f"/oembed?url={quote(chart, safe='')}&maxwidth=500").json()["width"] == 500
    frame = told["html"].partition('src="')[2].partition('"')[0].replace("&amp;", "&")
    assert requests.get(frame, timeout=30).status_code == 200
    assert requests.get(told["thumbnail_url"], timeout=30).headers["Content-Type"].startswith("image/")


@pytest.mark.parametrize("path", OPEN)
def test_scripts_of_any_site_may_read_it_and_what_did_not_change_is_not_sent_again(portal: Served, path: str) -> None:
    first = portal.get(path, headers={"Origin": "https://example.org"})
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    tag = first.headers.get("ETag")
    if tag:
        again = portal.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
