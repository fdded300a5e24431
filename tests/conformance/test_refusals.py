"""What is wrong with a call, in CKAN's own words: each status and `__type`, and the class that ckanapi makes of it."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from ckanapi import CKANAPIError, NotAuthorized, NotFound, RemoteCKAN, SearchQueryError, ValidationError
from served_portal import AGENCIES, Served
from shown_tables import POPULATION

GONE = "tidak-ada"
SHOWING = (
    *("package_show", "resource_show", "organization_show", "group_show", "tag_show", "group_package_show"),
    *("resource_view_list", "package_activity_list", "organization_activity_list", "group_activity_list"),
    *("datastore_info", "datastore_search", "member_list"),
)
SEARCHED: tuple[dict[str, Any], ...] = (
    {"sort": "apa saja"},
    {"sort": "tidak_ada asc"},
    {"asing": 1},
    {"q": "{!func}x"},
    {"fq": "{!join from=a to=b}c"},
)
IMPOSSIBLE: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("package_search", {"rows": "banyak"}, "rows"),
    ("package_search", {"rows": -1}, "rows"),
    ("package_search", {"start": "x"}, "start"),
    ("package_search", {"facet.limit": "x"}, "facet.limit"),
    ("package_list", {"limit": "x"}, "limit"),
    ("package_list", {"offset": -1}, "offset"),
    ("organization_list", {"sort": "warna asc"}, "sort"),
    ("group_list", {"sort": "warna"}, "sort"),
    ("resource_search", {"query": "tanpa titik dua"}, "query"),
    ("resource_search", {"query": "warna:biru"}, "query"),
    ("resource_search", {}, "query"),
    ("organization_list_for_user", {"permission": "terbang"}, "permission"),
    ("datastore_search", {"filters": {"warna": 1}}, "filters"),
    ("datastore_search", {"filters": "{"}, "filters"),
    ("datastore_search", {"fields": "warna"}, "fields"),
    ("datastore_search", {"sort": "warna"}, "sort"),
    ("datastore_search", {"sort": "tahun naik"}, "sort"),
    ("datastore_search", {"limit": "x"}, "limit"),
    ("datastore_search", {"limit": -1}, "limit"),
    ("datastore_search", {"offset": "x"}, "offset"),
    ("datastore_search", {"records_format": "xls"}, "records_format"),
    ("datastore_search", {"filters": {"tahun": "seribu"}}, "query"),
    ("datastore_search_sql", {}, "sql"),
    ("datastore_search_sql", {"sql": "DROP TABLE dataset"}, "query"),
    ("datastore_search_sql", {"sql": "SELECT * FROM read_csv('/etc/passwd')"}, "query"),
)
WRITING = (
    *("package_create", "package_update", "package_patch", "package_revise", "package_delete", "dataset_purge"),
    *("resource_create", "resource_update", "resource_patch", "resource_delete", "package_resource_reorder"),
    *("package_owner_org_update", "datastore_create", "datastore_upsert", "datastore_delete"),
    *("datastore_records_delete", "organization_create", "organization_update", "organization_patch"),
    *("organization_delete", "organization_purge", "group_create", "group_update", "group_patch", "group_delete"),
    *("group_purge", "member_create", "member_delete", "organization_member_create", "organization_member_delete"),
    *("group_member_create", "group_member_delete", "api_token_create", "api_token_revoke"),
)
OF_THE_CALLER = ("user_show", "api_token_list")
ABSENT = (
    "user_create",
    "config_option_list",
    "job_list",
    "resource_view_create",
    "follow_dataset",
    "harvest_source_list",
)


@pytest.fixture(scope="module")
def population(ckan: RemoteCKAN) -> str:
    """The id of a table."""
    found: str = ckan.action.package_show(id=POPULATION)["resources"][0]["id"]
    return found


@pytest.mark.parametrize("action", SHOWING)
def test_what_is_not_there_is_not_found(ckan: RemoteCKAN, action: str) -> None:
    with pytest.raises(NotFound):
        ckan.call_action(action, {"id": GONE})


@pytest.mark.parametrize("action", SHOWING)
def test_a_missing_id_is_named(ckan: RemoteCKAN, action: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ckan.call_action(action, {})
    (messages,) = (value for name, value in refused.value.error_dict.items() if name != "__type")
    assert messages == ["Missing value"]


@pytest.mark.parametrize("asked", SEARCHED, ids=str)
def test_a_search_that_cannot_be_is_a_search_query_error(ckan: RemoteCKAN, asked: dict[str, Any]) -> None:
    with pytest.raises(SearchQueryError):
        ckan.call_action("package_search", asked)


@pytest.mark.parametrize(("action", "asked", "name"), IMPOSSIBLE, ids=str)
def test_an_impossible_value_is_told_beside_its_parameter(
    ckan: RemoteCKAN, population: str, action: str, asked: dict[str, Any], name: str
) -> None:
    table = {"resource_id": population} if action == "datastore_search" else {}
    with pytest.raises(ValidationError) as refused:
        ckan.call_action(action, {**table, **asked})
    assert refused.value.error_dict["__type"] == "Validation Error"
    assert name in refused.value.error_dict, refused.value.error_dict


@pytest.mark.parametrize("action", [*WRITING, *OF_THE_CALLER])
def test_nobody_writes_without_a_token(ckan: RemoteCKAN, action: str) -> None:
    with pytest.raises(NotAuthorized):
        ckan.call_action(action, {"id": POPULATION})


@pytest.mark.parametrize("action", ["package_create", "resource_create", "organization_create", "datastore_create"])
def test_a_token_that_only_reads_or_is_none_writes_nothing(portal: Served, action: str) -> None:
    for token in (portal.secrets["pembaca"], portal.secrets["dicabut"], portal.secrets["kedaluwarsa"], "x" * 40):
        with pytest.raises(NotAuthorized):
            RemoteCKAN(portal.address, apikey=token).call_action(action, {"name": "a", "owner_org": AGENCIES[1]})


def test_a_bad_token_reads_as_nobody(portal: Served) -> None:
    assert POPULATION in RemoteCKAN(portal.address, apikey="x" * 40).action.package_list()


@pytest.mark.parametrize("action", WRITING)
def test_nothing_is_written_by_get(portal: Served, action: str) -> None:
    answer = portal.get(f"/api/3/action/{action}", headers={"Authorization": portal.secrets["walidata"]})
    assert answer.status_code == 400
    assert answer.json().startswith("Bad request")


@pytest.mark.parametrize("action", [*ABSENT, "apa_ini"])
def test_an_action_that_there_is_not_is_a_bare_text(portal: Served, ckan: RemoteCKAN, action: str) -> None:
    with pytest.raises(CKANAPIError):
        ckan.call_action(action, {})
    answer = portal.get(f"/api/3/action/{action}")
    assert (answer.status_code, answer.json()) == (400, f"Bad request: Action name not known: {action}")


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"null", b"[" * 50_000, b"\xff\xfe"], ids=range(6))
def test_a_body_that_is_no_object_is_a_bare_text(portal: Served, body: bytes) -> None:
    sent = {"Content-Type": "application/json"}
    answer = requests.post(f"{portal.address}/api/3/action/package_list", data=body, headers=sent, timeout=30)
    assert answer.status_code == 400
    assert isinstance(answer.json(), str)


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        (f"package_show?id={GONE}", 404, "Not Found Error"),
        ("package_show", 409, "Validation Error"),
        ("package_search?sort=x+y", 400, "Search Query Error"),
        ("user_show", 403, "Authorization Error"),
    ],
)
def test_the_envelope_of_an_error_is_ckans(portal: Served, path: str, status: int, kind: str) -> None:
    answer = portal.get(f"/api/3/action/{path}")
    name = path.partition("?")[0]
    told = answer.json()
    assert (answer.status_code, told["success"], told["error"]["__type"]) == (status, False, kind)
    assert told["help"] == f"{portal.address}/api/3/action/help_show?name={name}"
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"


@pytest.mark.parametrize("query", ["format=xls", "limit=x", "fields=warna", "filters={", "sort=warna"])
def test_a_dump_that_cannot_be_is_told_in_the_envelope(portal: Served, population: str, query: str) -> None:
    answer = portal.get(f"/datastore/dump/{population}?{query}")
    assert (answer.status_code, answer.json()["error"]["__type"]) == (409, "Validation Error")
