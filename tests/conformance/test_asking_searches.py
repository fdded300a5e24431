"""`package_search` through ckanapi, parameter by parameter: a line is a promise to some client."""

from __future__ import annotations

from typing import Any

import pytest
from ckanapi import RemoteCKAN
from promises import Promise, gives, names
from served_portal import AGENCIES, CATALOGUE, LIBRARIES, PRICES, SCHOOLS, SERIES, Served
from shown_tables import POPULATION, REPORT

SEARCH = "package_search"
HEALTH = list(SERIES)
COUNTS = dict(zip(AGENCIES, (5, 3, 2, 1), strict=True))


def _found(words: str, expected: list[str], **asked: Any) -> Promise:
    """That these are found and no others, in the order of their names."""

    def holds(result: Any) -> bool:
        return (names(result), result["count"]) == (expected, len(expected))

    return Promise(words, SEARCH, {"rows": 100, "sort": "name asc", **asked}, holds)


def _counted(words: str, field: str, value: str, count: int, **asked: Any) -> Promise:
    """That so many have that value."""
    return Promise(words, SEARCH, {"facet.field": [field], **asked}, lambda r: r["facets"][field].get(value) == count)


FOUND = [
    _found("everything", CATALOGUE),
    _found("*:*", CATALOGUE, q="*:*"),
    _found("words", HEALTH, q="demam berdarah"),
    _found("a phrase", HEALTH, q='"demam berdarah"'),
    _found("a field in q", HEALTH, q=f"organization:{AGENCIES[1]}"),
    _found("fq organization", HEALTH, fq=f"organization:{AGENCIES[1]}"),
    _found("fq not organization", [n for n in CATALOGUE if n not in HEALTH], fq=f"-organization:{AGENCIES[1]}"),
    _found("fq groups", [PRICES], fq="groups:pertanian"),
    _found("fq groups as QGIS asks", HEALTH, q="", fq="(groups:kesehatan+OR+groups:x)".replace("+", " ")),
    _found("fq tags", [SCHOOLS], fq='tags:"luas tanah"'),
    _found("fq res_format", [REPORT], fq="res_format:PDF"),
    _found("fq license_id", [PRICES], fq="license_id:ODbL-1.0"),
    _found("fq name with a wild card", HEALTH, fq="name:kasus-*"),
    _found("fq title", [PRICES], fq="title:beras"),
    _found("fq OR", sorted([PRICES, LIBRARIES, SCHOOLS]), fq="(groups:pendidikan OR groups:pertanian)"),
    _found("fq AND", [SERIES[1]], fq="groups:kesehatan AND name:*2023"),
    _found("fq NOT", HEALTH[1:], fq="groups:kesehatan NOT name:*2022"),
    _found("fq + and -", HEALTH[:1], fq="+groups:kesehatan -name:*2023 -name:*2024"),
    _found("fq year", [SERIES[0]], fq="groups:kesehatan year:2022"),
    _found("fq region", HEALTH, fq="groups:kesehatan region:35.22.15"),
    _found("fq dates", CATALOGUE, fq="metadata_modified:[2000-01-01T00:00:00Z TO *]"),
    _found("fq dates to come", [], fq="metadata_modified:[2100-01-01T00:00:00Z TO *]"),
    _found("fq dates as harvesters send them", CATALOGUE, fq="metadata_modified:[2020-01-01T00:00:00.000000Z TO *]"),
    _found("fq dates by NOW", CATALOGUE, fq="metadata_created:[NOW-1DAY TO NOW]"),
    _found("fq_list", [SERIES[2]], fq_list=["groups:kesehatan", "name:*2024"]),
    _found("fq as a list", [SERIES[2]], fq=["groups:kesehatan", "name:*2024"]),
    _found("what all of them are", CATALOGUE, fq="state:active dataset_type:dataset capacity:public"),
    _found("private ones, of which nobody is told", [], fq="private:true"),
    _found("what is hidden stays so", CATALOGUE, include_private=True, include_drafts=True, include_deleted=True),
    _found("with qf", HEALTH, q="demam berdarah", qf="title^4 text"),
    _found("with mm", HEALTH, q="demam berdarah", mm="2<-1 5<80%"),
    _found("with defType, df and wt", HEALTH, q="demam berdarah", defType="edismax", df="text", wt="json"),
    _found("with bf, boost and tie", HEALTH, q="demam berdarah", bf="x", boost="y", tie="0.1"),
    _found("with an extension's argument", CATALOGUE, ext_bbox="1,2,3,4"),
]
PAGED = [
    gives("rows", SEARCH, lambda r: (len(r["results"]), r["count"]) == (3, len(CATALOGUE)), rows=3),
    gives("rows 0", SEARCH, lambda r: (r["results"], r["count"]) == ([], len(CATALOGUE)), rows=0),
    gives("rows unasked are ten", SEARCH, lambda r: len(r["results"]) == 10),
    gives("rows beyond the cap", SEARCH, lambda r: len(r["results"]) == len(CATALOGUE), rows=5_000),
    gives("start", SEARCH, lambda r: names(r) == CATALOGUE[4:6], rows=2, start=4, sort="name asc"),
    gives("start behind the end", SEARCH, lambda r: r["results"] == [], start=1_000),
    gives("sort is echoed", SEARCH, lambda r: r["sort"] == "name desc", sort="name desc", rows=0),
    gives("sort unasked", SEARCH, lambda r: r["sort"] == "score desc, metadata_modified desc", rows=0),
    gives("sort name", SEARCH, lambda r: names(r) == CATALOGUE[:10], sort="name asc"),
    gives("sort name desc", SEARCH, lambda r: names(r)[0] == CATALOGUE[-1], sort="name desc"),
    gives("sort title_string", SEARCH, lambda r: names(r)[0] == CATALOGUE[0], sort="title_string asc"),
    gives("sort metadata_created", SEARCH, lambda r: names(r)[0] == POPULATION, sort="metadata_created asc"),
    gives("sort by id", SEARCH, lambda r: (i := [p["id"] for p in r["results"]]) == sorted(i), sort="id asc"),
    gives("sort by two", SEARCH, lambda r: names(r) == HEALTH, sort="score desc, name asc", fq="groups:kesehatan"),
    gives("fl", SEARCH, lambda r: set(r["results"][0]) == {"name", "title"}, fl="name,title", rows=1),
    gives("fl as a list", SEARCH, lambda r: set(r["results"][0]) == {"id"}, fl=["id"], rows=1),
    gives("tracking", SEARCH, lambda r: "tracking_summary" in r["results"][0], include_tracking=True),
    gives("facets unasked are empty", SEARCH, lambda r: (r["facets"], r["search_facets"]) == ({}, {})),
]
COUNTED = [
    *(_counted(f"facet.field organization {name}", "organization", name, count) for name, count in COUNTS.items()),
    _counted("facet.field groups", "groups", "kesehatan", 3),
    _counted("facet.field tags", "tags", "demam berdarah", 3),
    _counted("facet.field res_format", "res_format", "PDF", 1),
    _counted("facet.field license_id", "license_id", "CC-BY-4.0", 4),
    _counted("facets count what was found", "organization", AGENCIES[1], 3, q="demam"),
    Promise("facet.field as JSON text", SEARCH, {"facet.field": '["tags"]'}, lambda r: set(r["facets"]) == {"tags"}),
    Promise("facet.limit", SEARCH, {"facet.field": ["organization"], "facet.limit": 1},
            lambda r: r["facets"]["organization"] == {AGENCIES[0]: 5}),
    Promise("facet.limit -1", SEARCH, {"facet.field": ["organization"], "facet.limit": -1},
            lambda r: r["facets"]["organization"] == COUNTS),
    Promise("facet.mincount", SEARCH, {"facet.field": ["organization"], "facet.mincount": 3},
            lambda r: set(r["facets"]["organization"]) == set(AGENCIES[:2])),
    Promise("facet=false", SEARCH, {"facet": False, "facet.field": ["tags"]}, lambda r: r["facets"] == {}),
    Promise("search_facets have titles", SEARCH, {"facet.field": ["organization"], "q": "demam"},
            lambda r: r["search_facets"]["organization"]["items"][0]["display_name"] == "Dinas Kesehatan"),
]  # fmt: skip
PROMISES = [*FOUND, *PAGED, *COUNTED]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.words)
def test_the_search_gives_what_is_promised(ckan: RemoteCKAN, document: dict[str, Any], promise: Promise) -> None:
    promise.kept_by(ckan, document)


def test_a_get_gives_the_same(portal: Served, ckan: RemoteCKAN) -> None:
    with portal.client(get_only=True) as by_get:
        for promise in PROMISES:
            assert by_get.call_action(SEARCH, promise.asked) == ckan.call_action(SEARCH, promise.asked)


def test_who_pages_through_meets_each_dataset_once(ckan: RemoteCKAN) -> None:
    met, start = [], 0
    while page := ckan.action.package_search(rows=4, start=start, sort="id asc")["results"]:
        met += names(page)
        start += len(page)
    assert sorted(met) == CATALOGUE
