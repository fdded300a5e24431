"""Completions, single resources, and what changed."""

from __future__ import annotations

import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import NotFound, ValidationError
from shown_tables import POPULATION


@pytest.fixture
def ckan(live: str) -> RemoteCKAN:
    """The small catalogue."""
    return RemoteCKAN(live)


def test_what_is_typed_is_completed(ckan: RemoteCKAN) -> None:
    assert ckan.action.organization_autocomplete(q="didik") == [
        {"id": "dinas-pendidikan", "name": "dinas-pendidikan", "title": "Dinas Pendidikan"}
    ]
    assert [group["name"] for group in ckan.action.group_autocomplete(q="sehat")] == ["kesehatan"]
    assert ckan.action.tag_autocomplete(q="seko") == ["sekolah"]
    assert ckan.action.format_autocomplete(q="cs") == ["csv"]
    assert ckan.action.format_autocomplete(q="pdf") == []
    assert len(ckan.action.organization_autocomplete(q="dinas", limit=1)) == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("name:penduduk", 4),
        ("format:csv", 4),
        (["format:csv", "name:tidak ada"], 0),
        ("description:apa", 0),
        ("url:100%", 0),
        ("id:tidak-ada", 0),
    ],
)
def test_resources_are_found_by_their_fields(ckan: RemoteCKAN, query: str, count: int) -> None:
    found = ckan.action.resource_search(query=query)
    assert (found["count"], len(found["results"])) == (count, count)
    for resource in found["results"]:
        assert ckan.action.resource_show(id=resource["id"]) == resource


@pytest.mark.parametrize("query", ["", "kata", "rahasia:x"])
def test_a_search_for_resources_without_a_field_is_refused(ckan: RemoteCKAN, query: str) -> None:
    with pytest.raises(ValidationError):
        ckan.action.resource_search(query=query)


def test_each_version_is_an_activity(tables: RemoteCKAN) -> None:
    package = tables.action.package_show(id=POPULATION)
    activities = tables.action.package_activity_list(id=POPULATION)
    assert [activity["activity_type"] for activity in activities] == ["changed package", "new package"]
    assert {activity["object_id"] for activity in activities} == {package["id"]}
    everything = tables.action.recently_changed_packages_activity_list()
    assert len(everything) == 6
    assert everything[0]["timestamp"] >= everything[-1]["timestamp"]
    assert tables.action.organization_activity_list(id=package["owner_org"]) == everything
    assert activities[0] in tables.action.group_activity_list(id="kependudukan")
    assert len(tables.action.recently_changed_packages_activity_list(limit=2, offset=5)) == 1
    for name in ("package", "organization", "group"):
        with pytest.raises(NotFound):
            tables.call_action(f"{name}_activity_list", {"id": "tidak-ada"})


def test_what_nobody_has_here_is_an_empty_list_and_no_error(ckan: RemoteCKAN) -> None:
    assert ckan.action.member_list(id="dinas-pendidikan", object_type="user") == []
    assert ckan.action.package_relationships_list(id="kasus-demam-berdarah") == []
    assert ckan.action.dataset_follower_count(id="kasus-demam-berdarah") == 0


def test_every_action_is_explained(ckan: RemoteCKAN) -> None:
    from portal.api.registry import names  # late: after the views have made the actions known

    for name in names():
        assert len(ckan.action.help_show(name=name)) > 20, name
