"""The catalogue and each dataset in every serialisation of DCAT, held against the rules of DCAT-AP 3 by pyshacl."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from served_portal import CATALOGUE, PRICES, SERIES, Served
from shown_tables import POPULATION

from portal.feeds import dcat_views

DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
FORMS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
SHAPES = Path(__file__).with_name("dcat_ap.ttl")
# rdflib's own parser of JSON-LD still makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@cache
def shapes() -> Graph:
    """The rules."""
    return Graph().parse(SHAPES, format="turtle")


def graph(portal: Served, path: str) -> Graph:
    """What stands at a path, read by rdflib."""
    answer = portal.get(path)
    assert answer.status_code == 200, answer.text[:300]
    return Graph().parse(data=answer.content, format=FORMS[path.partition("?")[0].rpartition(".")[2]])


def broken(found: Graph) -> str:
    """What pyshacl says against it; empty when it keeps all rules."""
    conforms, _report, text = validate(found, shacl_graph=shapes(), advanced=False, inference="none")
    return "" if conforms else str(text)


@pytest.mark.parametrize("form", FORMS)
def test_the_catalogue_keeps_the_rules(portal: Served, form: str) -> None:
    found = graph(portal, f"/catalog.{form}")
    assert broken(found) == ""
    assert len(list(found.objects(None, DCAT.dataset))) == len(CATALOGUE)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", [POPULATION, PRICES, SERIES[1]])
def test_a_dataset_keeps_the_rules(portal: Served, name: str, form: str) -> None:
    assert broken(graph(portal, f"/dataset/{name}.{form}")) == ""


@pytest.mark.parametrize("name", sorted({*CATALOGUE} - {POPULATION, PRICES, SERIES[1]}))
def test_every_other_dataset_keeps_the_rules(portal: Served, name: str) -> None:
    assert broken(graph(portal, f"/dataset/{name}.ttl")) == ""


def test_every_page_of_a_paged_catalogue_keeps_the_rules(portal: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dcat_views, "PAGE", 4)
    path, met = "/catalog.ttl", set()
    while path:
        found = graph(portal, path)
        assert broken(found) == ""
        met |= set(found.objects(None, DCAT.dataset))
        view = next(found.subjects(RDF.type, HYDRA.PartialCollectionView))
        following = found.value(view, HYDRA.next)
        path = str(following).removeprefix(portal.address) if following else ""
    assert len(met) == len(CATALOGUE)


def test_a_series_tells_its_members_in_their_order(portal: Served) -> None:
    addresses = [URIRef(f"{portal.address}/dataset/{name}") for name in SERIES]
    found = graph(portal, "/catalog.ttl")
    (series,) = set(found.objects(None, DCAT.inSeries))
    assert sorted(found.subjects(DCAT.inSeries, series)) == addresses
    assert found.value(series, DCTERMS.title) == Literal("Kasus demam berdarah", lang="id")
    assert (found.value(series, DCAT.first), found.value(series, DCAT.last)) == (addresses[0], addresses[-1])
    assert [found.value(address, DCAT.prev) for address in addresses] == [None, *addresses[:-1]]
    period = found.value(series, DCTERMS.temporal)
    assert str(found.value(period, DCAT.startDate)) == "2022-01-01"
    assert str(found.value(period, DCAT.endDate)) == "2024-12-31"
    alone = graph(portal, f"/dataset/{SERIES[1]}.jsonld")
    assert alone.value(addresses[1], DCAT.inSeries) == series
    assert list(graph(portal, f"/dataset/{PRICES}.ttl").objects(None, DCAT.inSeries)) == []


def test_places_are_told_by_code_and_rhythms_by_their_table(portal: Served) -> None:
    found = graph(portal, f"/dataset/{SERIES[0]}.ttl")
    dataset = URIRef(f"{portal.address}/dataset/{SERIES[0]}")
    codes = {str(found.value(place, DCTERMS.identifier)) for place in found.objects(dataset, DCTERMS.spatial)}
    assert {"35.22", "35.22.15"} <= codes
    assert str(found.value(dataset, DCTERMS.accrualPeriodicity)).endswith("/frequency/ANNUAL")
    daily = graph(portal, f"/dataset/{PRICES}.ttl")
    assert str(next(daily.objects(None, DCTERMS.accrualPeriodicity))).endswith("/frequency/DAILY")


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("dct:title", "MinCount"),
        ("dct:publisher", "MinCount"),
        ("dcat:accessURL", "MinCount"),
        ("spdx:checksumValue", "MinCount"),
        ("dct:identifier", "MinCount"),
    ],
)
def test_the_rules_would_find_what_is_left_out(portal: Served, line: str, rule: str) -> None:
    found = graph(portal, f"/dataset/{PRICES}.ttl")
    prefix, name = line.split(":")
    spaces = {"dct": str(DCTERMS), "dcat": str(DCAT), "spdx": str(SPDX)}
    found.remove((None, URIRef(spaces[prefix] + name), None))
    assert rule in broken(found)


def test_the_rules_would_find_a_wrong_word(portal: Served) -> None:
    found = graph(portal, f"/dataset/{PRICES}.ttl")
    dataset = URIRef(f"{portal.address}/dataset/{PRICES}")
    found.set((dataset, DCTERMS.accrualPeriodicity, URIRef("https://example.org/sering")))
    assert "Pattern" in broken(found)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_head_of_each_page_tells_search_engines_of_a_dataset(portal: Served, name: str) -> None:
    page = portal.get(f"/dataset/{name}", headers={"Accept": "text/html"}).text
    text = page.partition('<script type="application/ld+json"')[2].partition(">")[2].partition("</script>")[0]
    told = json.loads(text)
    told = next(one for one in told.get("@graph", [told]) if one["@type"] == "Dataset")
    assert told.get("@context", "https://schema.org").rstrip("/") == "https://schema.org"
    assert len(told["name"]) >= 5
    assert 50 <= len(told["description"]) <= 5_000
    assert told["url"] == f"{portal.address}/dataset/{name}"
    assert told["creator"]["@type"] in ("Organization", "GovernmentOrganization")
    assert told["creator"]["name"]
    assert told["isAccessibleForFree"] is True
    for file in told["distribution"]:
        assert file["@type"] == "DataDownload"
        assert "/" in file["encodingFormat"]
        assert portal.get(file["contentUrl"].removeprefix(portal.address)).status_code == 200
