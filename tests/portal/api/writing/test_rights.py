"""Who may write what, and that every refusal is one that CKAN's clients know."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from ckanapi import RemoteCKAN
from ckanapi.errors import CKANAPIError, NotAuthorized, NotFound, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from written_portal import CSV, OTHER, OWNER, Portal

from datasets.models import Dataset
from portal.accounts import audit
from portal.api.openapi_parameters import PARAMETERS
from portal.api.registry import names, writes

Table = Callable[..., Path]


@pytest.mark.parametrize(
    "token", ["pembaca", "dicabut", "kedaluwarsa", "tetangga", "administrator", "lumbung_salah", ""]
)
def test_only_a_good_token_of_the_agency_with_the_right_scope_writes_there(portal: Portal, token: str) -> None:
    client = portal.as_(token)
    with pytest.raises(NotAuthorized):
        client.action.package_create(name="bukan-milik", owner_org=OWNER)
    with portal.here.database.read() as session:
        assert session.scalar(select(Dataset.id).where(Dataset.slug == "bukan-milik")) is None


def test_every_action_that_writes_is_closed_to_the_public_and_to_get(portal: Portal) -> None:
    for name in filter(writes, names()):
        address = f"{portal.address}/api/3/action/{name}"
        refused = requests.post(address, json={"id": "x"}, headers={"Cookie": "session=x"}, timeout=10)
        assert (refused.status_code, refused.json()["error"]["__type"]) == (403, "Authorization Error"), name
        by_get = requests.get(address, headers={"Authorization": portal.secrets["walidata"]}, timeout=10)
        assert (by_get.status_code, type(by_get.json())) == (400, str), name
    large = requests.post(f"{portal.address}/api/3/action/resource_create", data=b"x" * 3_000_000, timeout=10)
    assert large.status_code == 403  # before any of it is read


def test_a_steward_writes_nothing_of_another_agency_and_publishes_nothing(
    portal: Portal, walidata: RemoteCKAN, pengelola: RemoteCKAN, public: RemoteCKAN, table: Table
) -> None:
    other = walidata.action.package_create(name="milik-disdik", owner_org=OTHER)
    with table().open("rb") as stream:
        files = {"upload": ("a.csv", stream)}
        made = walidata.call_action("resource_create", {"package_id": other["id"]}, files=files)
    for name, values in (
        ("package_patch", {"id": other["id"], "notes": "x"}),
        ("package_delete", {"id": other["id"]}),
        ("resource_patch", {"id": made["id"], "name": "x"}),
        ("resource_delete", {"id": made["id"]}),
        ("datastore_upsert", {"resource_id": made["id"], "method": "insert", "records": [{"tahun": 1}]}),
        ("datastore_delete", {"resource_id": made["id"]}),
        ("organization_patch", {"id": OTHER, "title": "x"}),
        ("organization_create", {"name": "baru"}),
        ("group_patch", {"id": "kesehatan", "title": "x"}),
        ("organization_member_create", {"id": OWNER, "username": "a", "role": "admin"}),
        ("member_create", {"id": OWNER, "object": "1", "object_type": "user", "capacity": "admin"}),
    ):
        with pytest.raises(NotAuthorized):
            pengelola.call_action(name, values)
    mine = pengelola.action.package_create(name="pindah", owner_org=OWNER)
    with pytest.raises(NotAuthorized):
        pengelola.action.package_patch(id=mine["id"], owner_org=OTHER)
    assert public.action.package_show(id=other["id"])["version"] == "1"
    with pytest.raises(NotFound):
        public.action.package_show(id=mine["id"])


def test_all_that_is_wrong_is_told_at_once_in_ckans_words(walidata: RemoteCKAN) -> None:
    with pytest.raises(ValidationError) as wrong:
        walidata.action.package_create(
            name="Huruf Besar!",
            owner_org="tidak-ada",
            title={"id": "x"},
            tags=[{"name": "a"}, {"name": "b!c"}],
            extras=[{"key": "k", "value": "1"}, {"key": "k", "value": "2"}, {"value": "x"}],
            groups=[{"name": "tema-asing"}],
            id="bukan-uuid",
        )
    faults = {name: said for name, said in wrong.value.error_dict.items() if name != "__type"}
    assert set(faults) == {"name", "owner_org", "title", "tags", "extras", "groups", "id"}
    assert faults["name"] == ["Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_"]
    assert faults["owner_org"] == ["Organization does not exist"]
    assert (len(faults["tags"]), len(faults["extras"])) == (2, 2)
    walidata.action.package_create(name="sudah-ada", owner_org=OWNER)
    with pytest.raises(ValidationError) as wrong:
        walidata.action.package_create(name="sudah-ada", owner_org=OWNER)
    assert wrong.value.error_dict["name"] == ["That URL is already in use."]
    with pytest.raises(ValidationError) as wrong:
        walidata.action.package_create()
    assert {"name", "owner_org"} <= set(wrong.value.error_dict)
    with pytest.raises(ValidationError) as wrong:
        walidata.action.package_update(
            id="sudah-ada", owner_org=OWNER, resources=[{"name": "a"}, {"url": ["x"]}, {"name": {}}]
        )
    assert [bool(each) for each in wrong.value.error_dict["resources"]] == [False, True, True]
    with pytest.raises(CKANAPIError):
        walidata.action.package_created(name="x")


def test_what_a_source_keeps_is_not_written_here(portal: Portal, walidata: RemoteCKAN) -> None:
    from build import a_published, a_source

    with portal.here.database.write() as session:
        a_published(session, portal.here.blobs, "dari-sumber", source_id=a_source(session).id, title="Dari sumber")
    with pytest.raises(ValidationError) as refused:
        walidata.action.package_patch(id="dari-sumber", notes="x")
    assert "source" in refused.value.error_dict["id"][0]


def test_two_who_write_at_once_both_get_their_way(portal: Portal, walidata: RemoteCKAN, table: Table) -> None:
    begun = walidata.action.package_create(name="bersamaan", owner_org=OWNER)
    faults: list[Exception] = []

    def add(number: int) -> None:
        try:
            with table(CSV + b"Ngasem,2023,%d\n" % number, f"berkas{number}.csv").open("rb") as stream:
                values = {"package_id": begun["id"], "name": f"Berkas {number}"}
                portal.as_("walidata").call_action("resource_create", values, files={"upload": (stream.name, stream)})
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    shown = walidata.action.package_show(id=begun["id"])
    assert {one["name"] for one in shown["resources"]} == {"Berkas 0", "Berkas 1", "datapackage.json"}


def test_a_write_that_dies_at_its_end_has_not_happened(
    portal: Portal, walidata: RemoteCKAN, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = walidata.action.package_create(name="terputus", owner_org=OWNER, notes="lama")

    def die(*_args: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    with portal.here.database.read() as session:
        before = session.scalar(select(func.count()).select_from(Dataset))
    with monkeypatch.context() as patched:
        patched.setattr(audit, "record", die)
        for name, values in (
            ("package_patch", {"id": begun["id"], "notes": "baru"}),
            ("package_create", {"name": "lain"}),
        ):
            with pytest.raises(KeyboardInterrupt):
                portal.client().post(
                    f"/api/3/action/{name}",
                    json={"owner_org": OWNER, **values},
                    headers={"Authorization": portal.secrets["walidata"]},
                )
    with portal.here.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Dataset)) == before
    assert walidata.action.package_show(id=begun["id"])["notes"] == "lama"


def test_answers_to_a_token_are_kept_by_no_cache(portal: Portal) -> None:
    address = f"{portal.address}/api/3/action/package_list"
    public = requests.get(address, timeout=10)
    assert public.headers["Cache-Control"] == "public, no-cache"
    assert {"authorization", "x-ckan-api-key"} <= {part.strip().lower() for part in public.headers["Vary"].split(",")}
    known = requests.get(address, headers={"X-CKAN-API-Key": portal.secrets["pengelola"]}, timeout=10)
    assert known.headers["Cache-Control"] == "private, no-store"
    script = requests.get(
        f"{portal.address}/api/3/action/user_show?callback=f",
        headers={"Authorization": portal.secrets["pengelola"]},
        timeout=10,
    )
    assert script.status_code == 403


ODD = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
        st.sampled_from(["sudah-ada", OWNER, "[", "{", "-1", "resources__0__x__y", "+a", "kesehatan"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["id", "name", "key", "value", "url", "x"]), inner, max_size=3),
    ),
)  # fmt: skip
CALLS = [(name, parameter) for name in filter(writes, names()) for parameter in PARAMETERS.get(name, {})]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(call=st.sampled_from(CALLS), value=ODD)
def test_no_value_of_any_parameter_breaks_a_write(portal: Portal, call: tuple[str, str], value: Any) -> None:
    name, parameter = call
    if name == "api_token_revoke":
        return  # it would end the token of the other tests
    known = {"id": "sudah-ada", "name": "sudah-ada", "owner_org": OWNER, "match__name": "sudah-ada"}
    client = portal.client()
    response = client.post(
        f"/api/3/action/{name}", json={**known, parameter: value}, headers={"Authorization": portal.secrets["walidata"]}
    )
    assert response.status_code in (200, 400, 403, 404, 409), (name, parameter, value, response.text[:300])
