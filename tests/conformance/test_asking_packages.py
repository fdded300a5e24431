"""The site, its datasets and their resources through ckanapi: a line is a promise to some client."""

from __future__ import annotations

from typing import Any

import pytest
from ckanapi import RemoteCKAN
from promises import Promise, gives, names
from served_portal import AGENCIES, CATALOGUE, PRICES, SCHOOLS, Served
from shown_tables import BORDERS, BUDGET, POPULATION, REPORT

PEOPLE, HEALTH = AGENCIES[:2]
SITE = [
    gives("the site says which CKAN's API it speaks", "status_show", lambda r: r["ckan_version"].startswith("2.")),
    gives("the site says its title", "status_show", lambda r: r["site_title"] == "Lumbung Kabupaten Bojonegoro"),
    gives("older clients ask whether it is there", "site_read", lambda r: r is True),
    gives("help tells of an action", "help_show", lambda r: "facet.field" in r, name="package_search"),
    gives("licences", "license_list", lambda r: {"CC-BY-4.0", "notspecified"} <= {one["id"] for one in r}),
    gives("open licences", "license_list", lambda r: "CC-BY-4.0" in {x["id"] for x in r if x["is_okd_compliant"]}),
    gives("there are no vocabularies", "vocabulary_list", lambda r: r == []),
    gives("there are no relationships", "package_relationships_list", lambda r: r == [], id=POPULATION),
    gives("nobody follows a dataset", "dataset_follower_count", lambda r: r == 0, id=POPULATION),
    gives("nobody follows an agency", "organization_follower_count", lambda r: r == 0, id=PEOPLE),
    gives("nobody follows a theme", "group_follower_count", lambda r: r == 0, id="kesehatan"),
]
LISTS = [
    gives("all names", "package_list", lambda r: r == CATALOGUE),
    gives("names, limit", "package_list", lambda r: r == CATALOGUE[:2], limit=2),
    gives("names, limit as text", "package_list", lambda r: r == CATALOGUE[:2], limit="2"),
    gives("names, offset", "package_list", lambda r: r == CATALOGUE[3:5], limit=2, offset=3),
    gives("nobody is told of private ones", "package_list", lambda r: r == CATALOGUE, include_private=True),
    gives("nobody is told of drafts", "package_list", lambda r: r == CATALOGUE, include_drafts=True),
    gives("nobody is told of deleted ones", "package_list", lambda r: r == CATALOGUE, include_deleted=True),
    gives("the last changed", "current_package_list_with_resources", lambda r: len(r) == 1, limit=1),
    gives("ten unless told otherwise", "current_package_list_with_resources", lambda r: len(r) == 10),
    gives("changed, offset", "current_package_list_with_resources", lambda r: len(r) == 2, limit=50, offset=9),
    gives("changed, page", "current_package_list_with_resources", lambda r: len(r) == 3, limit=4, page=3),
    gives("completing titles", "package_autocomplete", lambda r: names(r) == [PRICES], q="Harga"),
    gives("completing titles, limit", "package_autocomplete", lambda r: len(r) == 2, q="kasus", limit=2),
    gives("each version is an activity", "package_activity_list", lambda r: len(r) == 2, id=POPULATION),
    gives("the newest activity", "package_activity_list",
          lambda r: [one["activity_type"] for one in r] == ["changed package"], id=POPULATION, limit=1),
    gives("older activities", "package_activity_list",
          lambda r: [one["activity_type"] for one in r] == ["new package"], id=POPULATION, offset=1),
    gives("activities of all", "recently_changed_packages_activity_list", lambda r: len(r) == len(CATALOGUE) + 1),
    gives("activities of an agency", "organization_activity_list", lambda r: len(r) == 3, id=HEALTH),
    gives("activities of a theme", "group_activity_list", lambda r: len(r) == 3, id="kesehatan"),
]  # fmt: skip
SHOWN = [
    gives("by name", "package_show", lambda r: r["name"] == POPULATION, id=POPULATION),
    gives("by name_or_id", "package_show", lambda r: r["name"] == POPULATION, name_or_id=POPULATION),
    gives("the version counts", "package_show", lambda r: r["version"] == "2", id=POPULATION),
    gives("the agency is inside", "package_show", lambda r: r["organization"]["name"] == AGENCIES[2], id=SCHOOLS),
    gives("owner_org", "package_show", lambda r: r["owner_org"] == r["organization"]["id"], id=SCHOOLS),
    gives("themes are groups", "package_show", lambda r: names(r["groups"]) == ["ekonomi", "pertanian"], id=PRICES),
    gives("tags", "package_show", lambda r: {"luas tanah", "sekolah"} <= set(names(r["tags"])), id=SCHOOLS),
    gives("tags are counted", "package_show", lambda r: r["num_tags"] == len(r["tags"]) > 0, id=SCHOOLS),
    gives("resources are counted", "package_show", lambda r: r["num_resources"] == len(r["resources"]), id=BUDGET),
    gives("the rhythm is an extra", "package_show",
          lambda r: {"key": "frekuensi", "value": "harian"} in r["extras"], id=PRICES),
    gives("a licence that is open", "package_show", lambda r: r["isopen"] is True, id=POPULATION),
    gives("a licence that is not stated", "package_show", lambda r: r["license_id"] == "notspecified", id=SCHOOLS),
    gives("positions count from 0", "package_show",
          lambda r: [one["position"] for one in r["resources"]] == list(range(len(r["resources"]))), id=BUDGET),
    gives("each sheet is a table", "package_show",
          lambda r: sum(one["datastore_active"] for one in r["resources"]) == 2, id=BUDGET),
    gives("the descriptor comes last", "package_show",
          lambda r: r["resources"][-1]["url"].endswith("/datapackage.json"), id=REPORT),
    gives("a PDF is a file", "package_show",
          lambda r: (r["resources"][0]["format"], r["resources"][0]["datastore_active"]) == ("PDF", False), id=REPORT),
    gives("a map is GeoJSON", "package_show",
          lambda r: "GeoJSON" in {one["format"] for one in r["resources"]}, id=BORDERS),
    gives("sizes are numbers", "package_show", lambda r: r["resources"][0]["size"] > 1_000, id=POPULATION),
    gives("tracking when asked for", "package_show", lambda r: "tracking_summary" in r, id=PRICES, include_tracking=1),
    gives("no tracking else", "package_show", lambda r: "tracking_summary" not in r, id=PRICES),
    gives("the default schema", "package_show", lambda r: r["type"] == "dataset", id=PRICES, use_default_schema=True),
    gives("resources by format", "resource_search", lambda r: r["count"] == 1, query="format:PDF"),
    gives("resources by two", "resource_search", lambda r: r["count"] == 3, query=["format:csv", "name:kasus"]),
    gives("resources, limit and offset", "resource_search",
          lambda r: len(r["results"]) == 1 < r["count"], query="format:csv", limit=1, offset=1),
]  # fmt: skip
PROMISES = [*SITE, *LISTS, *SHOWN]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.words)
def test_the_action_gives_what_is_promised(ckan: RemoteCKAN, document: dict[str, Any], promise: Promise) -> None:
    promise.kept_by(ckan, document)


def test_a_get_gives_the_same(portal: Served, ckan: RemoteCKAN) -> None:
    with portal.client(get_only=True) as by_get:
        for promise in PROMISES:
            assert by_get.call_action(promise.action, promise.asked) == ckan.call_action(promise.action, promise.asked)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_dataset_and_each_of_its_resources_is_the_same_by_name_and_by_id(
    portal: Served, ckan: RemoteCKAN, document: dict[str, Any], name: str
) -> None:
    package = ckan.action.package_show(id=name)
    assert ckan.action.package_show(id=package["id"]) == package
    for resource in package["resources"]:
        assert ckan.action.resource_show(id=resource["id"]) == resource
        assert ckan.action.resource_view_list(id=resource["id"]) == []
        answer = portal.get(resource["url"].removeprefix(portal.address))
        assert answer.status_code == 200
        assert resource["size"] in (None, len(answer.content))
