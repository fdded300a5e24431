"""The Action API, asked by the clients that people have."""

from __future__ import annotations

from datetime import timedelta

import pytest
from build import AT
from ckanapi import RemoteCKAN
from ckanapi.errors import NotFound, SearchQueryError, ValidationError


@pytest.fixture
def ckan(live: str) -> RemoteCKAN:
    """The client library that the world uses."""
    return RemoteCKAN(live)


NAMES = [
    "angka-partisipasi-sekolah",
    "data-pokok-sekolah-dasar",
    "jumlah-puskesmas-menurut-kecamatan",
    "kasus-demam-berdarah",
]


def test_all_datasets_are_listed_by_name(ckan: RemoteCKAN) -> None:
    assert ckan.action.package_list() == NAMES
    assert ckan.action.package_list(limit=2, offset=1) == NAMES[1:3]


def test_a_dataset_is_shown_by_name_and_by_id_alike(ckan: RemoteCKAN) -> None:
    package = ckan.action.package_show(id="data-pokok-sekolah-dasar")
    assert ckan.action.package_show(id=package["id"]) == package
    assert package["title"] == "Data pokok sekolah dasar"
    assert package["owner_org"] == package["organization"]["id"] == "dinas-pendidikan"
    assert [group["name"] for group in package["groups"]] == ["pendidikan"]
    assert [tag["name"] for tag in package["tags"]] == ["luas tanah", "sekolah"]
    assert package["metadata_modified"] == (AT + timedelta(days=2)).replace(tzinfo=None).isoformat(
        timespec="microseconds"
    )
    assert (package["state"], package["private"], package["type"]) == ("active", False, "dataset")
    assert all(isinstance(extra["value"], str) for extra in package["extras"])
    assert {"tahun awal": "2023", "tahun akhir": "2023"}.items() <= {
        e["key"]: e["value"] for e in package["extras"]
    }.items()


def test_resources_are_numbered_complete_and_shown_alone_too(ckan: RemoteCKAN, live: str) -> None:
    package = ckan.action.package_show(id="kasus-demam-berdarah")
    resources = package["resources"]
    assert [resource["position"] for resource in resources] == list(range(package["num_resources"]))
    assert [resource["format"] for resource in resources] == ["CSV", "JSON"]
    assert resources[-1]["url"].endswith("/datapackage.json")
    for resource in resources:
        assert resource["package_id"] == package["id"]
        assert resource["url"].startswith(live)
        assert ckan.action.resource_show(id=resource["id"]) == resource


def test_words_find_and_count(ckan: RemoteCKAN) -> None:
    found = ckan.action.package_search(q="sekolah")
    assert found["count"] == 2
    assert {package["name"] for package in found["results"]} == set(NAMES[:2])
    assert (found["facets"], found["search_facets"]) == ({}, {})


@pytest.mark.parametrize(
    ("fq", "names"),
    [
        ("organization:dinas-pendidikan", NAMES[:2]),
        ("-organization:dinas-pendidikan", NAMES[2:]),
        ("groups:kesehatan", NAMES[2:]),
        ('tags:"luas tanah"', NAMES[1:2]),
        ("res_format:csv", NAMES),
        ("license_id:CC-BY-4.0", [NAMES[0], *NAMES[2:]]),
        ("organization:dinas-pendidikan AND license_id:notspecified", NAMES[1:2]),
        ("metadata_modified:[2025-03-16T00:00:00.000000Z TO *]", NAMES[:2]),
        ("metadata_modified:[* TO 2025-03-16T00:00:00Z]", NAMES[2:]),
        ("metadata_modified:[2025-03-16T09:30:00Z TO 2025-03-16T09:30:00Z]", NAMES[1:2]),
        ("name:*sekolah*", NAMES[:2]),
        ("title:SEKOLAH", NAMES[:2]),
        ("state:active dataset_type:dataset", NAMES),
        ("private:true", []),
        ("organization:tidak-ada", []),
        ("name:100%", []),
        ("apa:ini", []),
        ("year:2016", NAMES[:1]),
    ],
)
def test_filters_mean_what_they_say(ckan: RemoteCKAN, fq: str, names: list[str]) -> None:
    found = ckan.action.package_search(fq=fq, sort="name asc")
    assert [package["name"] for package in found["results"]] == names
    assert found["count"] == len(names)


def test_filters_narrow_words(ckan: RemoteCKAN) -> None:
    found = ckan.action.package_search(q="sekolah", fq_list=["license_id:notspecified"])
    assert [package["name"] for package in found["results"]] == NAMES[1:2]


def test_a_harvester_sees_each_dataset_once_when_it_pages_by_id(ckan: RemoteCKAN) -> None:
    pages = [ckan.action.package_search(rows=3, start=start, sort="id asc") for start in (0, 3, 6)]
    ids = [package["id"] for page in pages for package in page["results"]]
    assert [len(page["results"]) for page in pages] == [3, 1, 0]
    assert ids == sorted(ids)
    assert len(set(ids)) == 4


def test_the_newest_come_first_and_orders_are_kept(ckan: RemoteCKAN) -> None:
    def titles(**asked: str) -> list[str]:
        return [package["name"] for package in ckan.action.package_search(**asked)["results"]]

    newest = [NAMES[0], NAMES[1], NAMES[3], NAMES[2]]
    assert titles() == newest
    assert titles(sort="metadata_modified asc") == newest[::-1]
    assert titles(sort="title_string desc") == NAMES[::-1]
    assert titles(q="sekolah", sort="name desc") == [NAMES[1], NAMES[0]]


def test_facets_are_counted_over_everything_found(ckan: RemoteCKAN) -> None:
    found = ckan.action.package_search(
        rows=0, **{"facet.field": ["organization", "tags", "res_format", "x"], "facet.limit": 2}
    )
    assert found["results"] == []
    assert found["facets"]["organization"] == {"dinas-kesehatan": 2, "dinas-pendidikan": 2}
    assert found["search_facets"]["organization"]["items"][0] == {
        "name": "dinas-kesehatan",
        "display_name": "Dinas Kesehatan",
        "count": 2,
    }
    assert next(iter(found["facets"]["tags"].items())) == ("sekolah", 2)
    assert len(found["facets"]["tags"]) == 2
    assert found["facets"]["res_format"] == {"CSV": 4}
    assert found["facets"]["x"] == {}


def test_only_the_members_asked_for_are_given(ckan: RemoteCKAN) -> None:
    found = ckan.action.package_search(fl="name,title", rows=1)
    assert found["results"] == [{"name": NAMES[0], "title": "Angka partisipasi sekolah"}]


def test_agencies_are_listed_and_shown(ckan: RemoteCKAN) -> None:
    assert ckan.action.organization_list() == ["dinas-kesehatan", "dinas-pendidikan"]
    (second,) = ckan.action.organization_list(all_fields=True, organizations=["dinas-pendidikan"])
    assert (second["display_name"], second["package_count"], second["is_organization"]) == ("Dinas Pendidikan", 2, True)
    shown = ckan.action.organization_show(id="dinas-pendidikan")
    assert "packages" not in shown
    assert {"key": "homepage", "value": "https://disdik.example.id"} in shown["extras"]
    whole = ckan.action.organization_show(id="dinas-pendidikan", include_datasets=True)
    assert [package["name"] for package in whole["packages"]] == NAMES[:2]


def test_themes_are_groups(ckan: RemoteCKAN) -> None:
    assert {"kesehatan", "pendidikan"} <= set(ckan.action.group_list())
    counted = ckan.action.group_list(all_fields=True, sort="package_count desc", limit=2)
    assert [(group["name"], group["package_count"]) for group in counted] == [("kesehatan", 2), ("pendidikan", 2)]
    assert ckan.action.group_show(id="kesehatan")["type"] == "group"
    assert len(ckan.action.group_package_show(id="kesehatan", limit=1)) == 1


def test_tags_licences_and_the_site_say_what_they_are(ckan: RemoteCKAN) -> None:
    assert ckan.action.tag_list() == ["fasilitas", "luas tanah", "penyakit", "puskesmas", "sekolah"]
    assert ckan.action.tag_list(query="LUAS") == ["luas tanah"]
    assert "CC-BY-4.0" in {license_["id"] for license_ in ckan.action.license_list()}
    status = ckan.action.status_show()
    assert status["site_title"] == "Lumbung Kabupaten Bojonegoro"
    assert ckan.action.site_read() is True
    assert "metadata_modified" in ckan.action.help_show(name="package_search")


def test_what_is_not_there_is_told_in_the_clients_own_errors(ckan: RemoteCKAN) -> None:
    for action in ("package_show", "resource_show", "organization_show", "group_show", "tag_show"):
        with pytest.raises(NotFound):
            ckan.call_action(action, {"id": "tidak-ada"})
        with pytest.raises(ValidationError) as missing:
            ckan.call_action(action, {})
        assert missing.value.error_dict["id"] == ["Missing value"]
    with pytest.raises(SearchQueryError):
        ckan.action.package_search(sort="apa saja")
    with pytest.raises(SearchQueryError):
        ckan.action.package_search(tidak_dikenal=1)
    with pytest.raises(SearchQueryError):
        ckan.action.package_search(q="{!func}x")


def test_get_and_post_give_the_same(live: str) -> None:
    with RemoteCKAN(live, get_only=True) as by_get, RemoteCKAN(live) as by_post:
        asked = {"q": "sekolah", "rows": 1, "facet.field": '["organization"]'}
        assert by_get.call_action("package_search", asked) == by_post.call_action("package_search", asked)
