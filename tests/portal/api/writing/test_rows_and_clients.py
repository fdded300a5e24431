"""Rows through the DataStore's actions, and the tools that people have: ckanapi's load, dump and batch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import NotAuthorized, NotFound, ValidationError
from written_portal import CSV, OTHER, OWNER, Portal

Table = Callable[..., Path]
FIELDS = [
    {"id": "kode", "type": "text"},
    {"id": "tahun", "type": "int4"},
    {"id": "nilai", "type": "numeric", "info": {"label": "Nilai produksi", "unit": "ton", "notes": "Timbangan basah"}},
]


def rows(client: RemoteCKAN, resource: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.action.datastore_search(resource_id=resource)["records"]
    return found


def test_rows_make_a_table_and_each_write_a_version(walidata: RemoteCKAN, public: RemoteCKAN) -> None:
    begun = walidata.action.package_create(name="produksi", owner_org=OWNER)
    made = walidata.action.datastore_create(
        resource={"package_id": begun["id"], "name": "Produksi padi"},
        fields=FIELDS,
        records=[
            {"kode": "0101", "tahun": 2023, "nilai": 1.234},
            {"kode": "0102", "tahun": 2023, "nilai": 12.5},
            {"kode": "0103", "tahun": 2023, "nilai": None},
        ],
        primary_key=["kode", "tahun"],
    )
    table = made["resource_id"]
    assert public.action.package_show(id="produksi")["version"] == "1"
    assert [(row["kode"], row["nilai"]) for row in rows(public, table)] == [
        ("0101", 1.234),
        ("0102", 12.5),
        ("0103", None),
    ]
    field = public.action.datastore_info(id=table)["fields"][2]
    assert field["info"] == {"label": "Nilai produksi", "notes": "Timbangan basah", "unit": "ton"}

    walidata.action.datastore_upsert(
        resource_id=table,
        records=[{"kode": "0103", "tahun": 2023, "nilai": 7}, {"kode": "0104", "tahun": 2023, "nilai": 8}],
    )
    assert [row["nilai"] for row in rows(public, table)] == [1.234, 12.5, 7, 8]
    assert public.action.package_show(id="produksi")["version"] == "2"
    for method, record, fault in (
        ("insert", {"kode": "0104", "tahun": 2023, "nilai": 9}, "duplicate key"),
        ("update", {"kode": "0999", "tahun": 2023, "nilai": 9}, "not found"),
        ("upsert", {"kode": "0999", "nilai": 9}, "missing"),
        ("upsert", {"kode": "0999", "tahun": 2023, "asing": 9}, "not in table"),
    ):
        with pytest.raises(ValidationError) as refused:
            walidata.action.datastore_upsert(resource_id=table, method=method, records=[record])
        assert fault in str(refused.value), method
    walidata.action.datastore_upsert(
        resource_id=table, dry_run=True, records=[{"kode": "0104", "tahun": 2023, "nilai": 99}]
    )
    walidata.action.datastore_delete(resource_id=table, filters={"kode": ["0104"]})
    assert [row["kode"] for row in rows(public, table)] == ["0101", "0102", "0103"]
    assert public.action.datastore_info(id=table)["fields"][2]["info"]["unit"] == "ton"
    old = public.action.package_show(id="produksi")
    assert old["version"] == "3"

    walidata.action.datastore_delete(resource_id=table)  # as loaders do before they fill a table anew
    assert len(rows(public, table)) == 3
    walidata.action.datastore_create(
        resource_id=table, fields=FIELDS, records=[{"kode": f"010{n}", "tahun": 2024, "nilai": n} for n in range(1, 4)]
    )
    assert [row["tahun"] for row in rows(public, table)] == [2024] * 3


def test_rows_go_into_an_uploaded_table_whose_header_is_for_people(
    walidata: RemoteCKAN, public: RemoteCKAN, table: Table
) -> None:
    begun = walidata.action.package_create(name="penduduk-pilah", owner_org=OWNER)
    content = b"Kecamatan;Laki-laki (jiwa);Tumbuh (persen)\nNgraho;1.500;1,25\nMalo;2.500;0,75\n"
    with table(content, "pilah.csv").open("rb") as stream:
        files = {"upload": ("pilah.csv", stream)}
        made = walidata.call_action("resource_create", {"package_id": begun["id"], "name": "Pilah"}, files=files)
    before = public.action.datastore_info(id=made["id"])["fields"]
    names = [field["id"] for field in before]
    record = dict(zip(names, ["Sekar", 900, 1.234], strict=True))
    with pytest.raises(ValidationError):
        walidata.action.datastore_upsert(resource_id=made["id"], records=[record])  # it has no key to merge by
    walidata.action.datastore_upsert(resource_id=made["id"], method="insert", records=[record])
    found = [[row[name] for name in names] for row in rows(public, made["id"])]
    assert found == [["Ngraho", 1500, 1.25], ["Malo", 2500, 0.75], ["Sekar", 900, 1.234]]
    assert [field["info"] for field in public.action.datastore_info(id=made["id"])["fields"]] == [
        field["info"] for field in before
    ]


def _run(portal: Portal, *arguments: str, given: str = "") -> str:
    tool = Path(sys.executable).parent / "ckanapi"
    command = [str(tool), *arguments, "-r", portal.address, "-a", portal.secrets["walidata"]]
    there = os.environ | {"PATH": f"{tool.parent}:{os.environ['PATH']}"}  # it starts itself again for its workers
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False, env=there)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr if arguments[0] != "dump" else done.stdout


def test_datasets_are_loaded_dumped_and_loaded_again_without_a_change(
    portal: Portal, walidata: RemoteCKAN, public: RemoteCKAN, table: Table
) -> None:
    said = {"owner_org": OWNER, "notes": "Dari CKAN lain.", "tags": [{"name": "uji"}], "license_id": "CC-BY-4.0"}
    said["extras"] = [{"key": "frekuensi", "value": "tahunan"}]
    fresh = [{"name": f"muatan-{n}", "title": f"Muatan {n}", **said} for n in range(2)]
    out = _run(portal, "load", "datasets", given="\n".join(map(json.dumps, fresh)) + "\n")
    assert out.count(" create ") == 2, out
    for n in range(2):
        with table().open("rb") as stream:
            values = {"package_id": f"muatan-{n}", "name": "Data"}
            walidata.call_action("resource_create", values, files={"upload": ("data.csv", stream)})
    out = _run(portal, "dump", "datasets", "muatan-0", "muatan-1")
    dumped = [json.loads(line) for line in out.splitlines()]
    assert [one["num_resources"] for one in dumped] == [2, 2]
    again = _run(portal, "load", "datasets", given=out)
    assert again.count(" update ") == 2, again
    stable = ("id", "title", "notes", "license_id", "tags", "groups", "owner_org")
    after = [public.action.package_show(id=f"muatan-{n}") for n in range(2)]
    assert [{key: one[key] for key in stable} for one in after] == [{key: one[key] for key in stable} for one in dumped]
    assert [[one["id"] for one in each["resources"]] for each in after] == [
        [one["id"] for one in each["resources"]] for each in dumped
    ]
    batch = [{"id": "muatan-0", "notes": "Satu."}, {"id": "muatan-1", "notes": "Dua."}]
    lines = "\n".join(json.dumps({"action": "package_patch", "data": each}) for each in batch) + "\n"
    out = _run(portal, "batch", given=lines)
    assert [public.action.package_show(id=f"muatan-{n}")["notes"] for n in range(2)] == ["Satu.", "Dua."]
    walidata.action.package_delete(id="muatan-1")
    with pytest.raises(NotFound):
        public.action.package_show(id="muatan-1")


def test_agencies_and_themes_are_written_and_go_only_when_empty(walidata: RemoteCKAN, public: RemoteCKAN) -> None:
    made = walidata.action.organization_create(
        name="dinas-uji", title="Dinas Uji", description="x", extras=[{"key": "email", "value": "a@uji.example"}]
    )
    assert (made["name"], made["title"]) == ("dinas-uji", "Dinas Uji")
    walidata.action.organization_patch(id="dinas-uji", description="Baru")
    shown = public.action.organization_show(id="dinas-uji")
    assert (shown["title"], shown["description"]) == ("Dinas Uji", "Baru")
    assert {"key": "email", "value": "a@uji.example"} in shown["extras"]
    walidata.action.organization_update(id="dinas-uji", title="Dinas Uji Coba")
    assert public.action.organization_show(id="dinas-uji")["description"] == ""
    begun = walidata.action.package_create(name="milik-uji", owner_org="dinas-uji")
    with pytest.raises(ValidationError):
        walidata.action.organization_delete(id="dinas-uji")
    walidata.action.group_create(name="tema-uji", title="Tema uji")
    walidata.action.datastore_create(
        resource={"package_id": begun["id"], "name": "a"}, fields=["kode", "nilai"], records=[{"kode": "a", "nilai": 1}]
    )
    walidata.action.member_create(id="tema-uji", object=begun["id"], object_type="package", capacity="public")
    assert [one["name"] for one in public.action.group_package_show(id="tema-uji")] == ["milik-uji"]
    assert public.action.member_list(id="tema-uji", object_type="package") == [[begun["id"], "package", "public"]]
    with pytest.raises(ValidationError):
        walidata.action.group_delete(id="tema-uji")
    walidata.action.member_delete(id="tema-uji", object=begun["id"], object_type="package")
    walidata.action.group_delete(id="tema-uji")
    with pytest.raises(NotFound):
        public.action.group_show(id="tema-uji")


def test_a_token_tells_of_its_owner_and_makes_none_that_does_more(portal: Portal) -> None:
    pengelola = portal.as_("pengelola")
    me = pengelola.action.user_show()
    assert (me["name"], me["sysadmin"]) == ("pengelola@kantor.example", False)
    with pytest.raises(NotAuthorized):
        pengelola.action.user_show(id="walidata@kantor.example")
    assert [one["name"] for one in pengelola.action.organization_list_for_user()] == [OWNER]
    assert pengelola.action.organization_list_for_user(permission="admin") == []
    assert OTHER in [one["name"] for one in portal.as_("walidata").action.organization_list_for_user()]
    assert RemoteCKAN(portal.address).action.organization_list_for_user() == []
    made = pengelola.action.api_token_create(name="anak", scopes=["write"])
    listed = pengelola.action.api_token_list()
    mine = {one["name"]: one for one in listed}
    assert mine["anak"]["expires_at"] <= mine["pengelola"]["expires_at"]
    assert made["token"] not in json.dumps(listed)
    child = portal.as_(made["token"])
    assert child.action.user_show()["id"] == me["id"]
    for beyond in (["publish"], ["manage"], ["read", "publish"]):
        with pytest.raises(ValidationError):
            pengelola.action.api_token_create(name="lebih", scopes=beyond)
    other = portal.as_("tetangga").action.api_token_list()[0]["id"]
    with pytest.raises(NotFound):
        child.action.api_token_revoke(jti=other)
    child.action.api_token_revoke()
    with pytest.raises(NotAuthorized):
        child.action.user_show()


def test_tracking_stands_beside_a_dataset_when_asked_for(
    walidata: RemoteCKAN, public: RemoteCKAN, table: Table
) -> None:
    begun = walidata.action.package_create(name="terlacak", owner_org=OWNER)
    with table(CSV).open("rb") as stream:
        walidata.call_action("resource_create", {"package_id": begun["id"]}, files={"upload": ("a.csv", stream)})
    assert "tracking_summary" not in public.action.package_show(id="terlacak")
    assert public.action.package_show(id="terlacak", include_tracking=True)["tracking_summary"] == {
        "total": 0,
        "recent": 0,
        "views": 0,
        "downloads": 0,
    }
    found = public.action.package_search(q="name:terlacak", include_tracking=True)
    assert found["results"][0]["tracking_summary"]["total"] == 0
