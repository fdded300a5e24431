"""The life of a dataset through CKAN's own client: begun, filled, changed, reviewed, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import requests
from ckanapi import RemoteCKAN
from ckanapi.errors import NotAuthorized, NotFound, ValidationError
from sqlalchemy import select
from written_portal import CSV, OTHER, OWNER, Portal

from datasets import held
from datasets.clock import now
from datasets.models import Held, HeldState
from datasets.sweep import strays
from portal.accounts.models import AuditEntry

Table = Callable[..., Path]


def upload(client: RemoteCKAN, action: str, path: Path, **values: str) -> dict[str, object]:
    with path.open("rb") as stream:
        found: dict[str, object] = client.call_action(action, values, files={"upload": (path.name, stream)})
    return found


def test_a_dataset_is_begun_filled_changed_and_withdrawn(
    portal: Portal, walidata: RemoteCKAN, public: RemoteCKAN, table: Table
) -> None:
    begun = walidata.action.package_create(
        name="jumlah-penduduk",
        title="Jumlah penduduk",
        owner_org=OWNER,
        license_id="CC-BY-4.0",
        tags=[{"name": "penduduk"}],
        groups=[{"name": "kependudukan"}],
        extras=[{"key": "definisi", "value": "Orang yang terdaftar."}, {"key": "kolom khusus", "value": "x"}],
    )
    assert (begun["state"], begun["private"], begun["num_resources"]) == ("draft", True, 0)
    with pytest.raises(NotFound):
        public.action.package_show(id="jumlah-penduduk")
    first = upload(
        walidata, "resource_create", table(), package_id=begun["id"], name="Menurut kecamatan", description="Per tahun"
    )
    shown = public.action.package_show(id="jumlah-penduduk")
    assert (shown["id"], shown["version"], shown["state"], shown["private"]) == (begun["id"], "1", "active", False)
    assert [tag["name"] for tag in shown["tags"]] == ["penduduk"]
    assert {"key": "kolom khusus", "value": "x"} in shown["extras"]
    assert {"key": "definisi", "value": "Orang yang terdaftar."} in shown["extras"]
    resource = shown["resources"][0]
    assert (resource["id"], resource["name"], resource["description"]) == (
        first["id"],
        "Menurut kecamatan",
        "Per tahun",
    )
    assert resource["datastore_active"]
    assert public.action.datastore_search(resource_id=first["id"])["total"] == 3

    walidata.action.package_patch(id=begun["id"], notes="Penduduk menurut kecamatan.")
    second = public.action.package_show(id=begun["id"])
    assert (second["version"], second["notes"], second["title"]) == ("2", "Penduduk menurut kecamatan.", begun["title"])
    assert {"key": "kolom khusus", "value": "x"} in second["extras"]

    more = table(CSV + b"Ngasem,2023,61000\n", "penduduk 2024.csv")
    upload(walidata, "resource_update", more, id=str(first["id"]), name="Menurut kecamatan")
    third = public.action.package_show(id=begun["id"])
    assert (third["version"], third["resources"][0]["id"]) == ("3", first["id"])
    assert public.action.datastore_search(resource_id=first["id"])["total"] == 4
    assert walidata.action.package_patch(id=begun["id"], notes=second["notes"])["version"] == "3"  # nothing is new

    walidata.action.package_delete(id=begun["id"], reason="Salah hitung.")
    with pytest.raises(NotFound):
        public.action.package_show(id=begun["id"])
    page = requests.get(f"{portal.address}/dataset/jumlah-penduduk", timeout=10)
    assert page.status_code == 410
    assert "Salah hitung." in page.text
    assert walidata.action.package_show(id=begun["id"])["state"] == "deleted"
    assert walidata.action.package_patch(id=begun["id"], state="active")["state"] == "active"
    assert public.action.package_show(id=begun["id"])["version"] == "3"
    with portal.here.database.read() as session:
        logged = session.scalars(select(AuditEntry).where(AuditEntry.subject == "dataset:1").order_by(AuditEntry.id))
        acts = [(row.action, (row.after or {}).get("outcome")) for row in logged if "walidata" in row.actor]
    published = ("dataset.write", "published")
    assert acts[:4] == [("dataset.write", "draft"), published, published, published]
    assert ("dataset.withdraw", None) in acts
    assert ("dataset.restore", None) in acts


def test_what_an_agency_writes_waits_for_the_custodian(
    portal: Portal, walidata: RemoteCKAN, pengelola: RemoteCKAN, public: RemoteCKAN, table: Table
) -> None:
    begun = pengelola.action.package_create(name="jumlah-bidan", title="Jumlah bidan", owner_org=OWNER)
    made = upload(pengelola, "resource_create", table(), package_id=begun["id"], name="Bidan")
    draft = pengelola.action.package_show(id="jumlah-bidan")
    assert (draft["state"], draft["lumbung_pending"]) == ("draft", True)
    assert "custodian" in draft["lumbung_reasons"][0]
    assert pengelola.action.resource_show(id=made["id"])["name"] == "Bidan"
    found = pengelola.action.package_search(q="bidan", include_drafts=True)
    assert [one["name"] for one in found["results"]] == ["jumlah-bidan"]
    assert "jumlah-bidan" in pengelola.action.package_list(include_drafts=True)
    for stranger in (public, portal.as_("tetangga")):
        with pytest.raises(NotFound):
            stranger.action.package_show(id="jumlah-bidan")
        with pytest.raises(NotFound):
            stranger.action.resource_show(id=made["id"])
        assert "jumlah-bidan" not in stranger.action.package_list(include_drafts=True, include_private=True)
        found = stranger.action.package_search(q="bidan", include_drafts=True, include_private=True)
        assert "jumlah-bidan" not in [one["name"] for one in found["results"]]
    assert not strays(portal.here.database, portal.here.blobs, at=now().timestamp() + 10 * 86_400).blobs
    _accept_all(portal)
    assert public.action.package_show(id="jumlah-bidan")["resources"][0]["id"] == made["id"]
    pengelola.action.package_patch(id="jumlah-bidan", notes="Diperbarui.")
    assert (
        pengelola.action.package_show(id="jumlah-bidan")["notes"] == "Diperbarui."
    )  # who writes reads what was written
    assert public.action.package_show(id="jumlah-bidan")["notes"] == ""
    pengelola.action.package_patch(id="jumlah-bidan", title="Jumlah bidan desa")
    with portal.here.database.write() as session:
        number = session.scalars(select(Held.id).where(Held.state == HeldState.WAITING)).one()
        held.reject(session, number, actor="walidata", remark="Judulnya belum jelas.", at=now())
    assert pengelola.action.package_show(id="jumlah-bidan")["lumbung_rejected"] == "Judulnya belum jelas."
    pengelola.action.package_patch(id="jumlah-bidan", title="Jumlah bidan di desa")
    _accept_all(portal)
    accepted = public.action.package_show(id="jumlah-bidan")
    assert (accepted["notes"], accepted["title"], accepted["version"]) == ("Diperbarui.", "Jumlah bidan di desa", "2")


def _accept_all(portal: Portal) -> None:
    with portal.here.database.write() as session:
        for number in session.scalars(select(Held.id).where(Held.state == HeldState.WAITING)).all():
            held.accept(session, number, actor="walidata", at=now())


def test_what_looks_wrong_is_held_and_forced_only_by_those_who_decide(
    walidata: RemoteCKAN, pengelola: RemoteCKAN, public: RemoteCKAN, table: Table
) -> None:
    begun = walidata.action.package_create(name="jumlah-posyandu", owner_org=OWNER)
    made = upload(walidata, "resource_create", table(), package_id=begun["id"], name="Posyandu")
    less = table(b"kecamatan,tahun,penduduk\nNgraho,2023,42000\n")
    upload(walidata, "resource_update", less, id=str(made["id"]))
    waiting = walidata.action.package_show(id=begun["id"])
    assert waiting["lumbung_pending"] is True
    assert any("rows" in reason for reason in waiting["lumbung_reasons"])
    assert public.action.datastore_search(resource_id=made["id"])["total"] == 3
    with pytest.raises(NotAuthorized):
        upload(pengelola, "resource_update", less, id=str(made["id"]), force="true")
    upload(walidata, "resource_update", less, id=str(made["id"]), force="true")
    assert public.action.datastore_search(resource_id=made["id"])["total"] == 1
    assert walidata.action.package_show(id=begun["id"]).get("lumbung_pending") in (None, False)


def test_personal_data_and_hidden_sheets_are_refused_and_nothing_of_them_is_kept(
    portal: Portal, walidata: RemoteCKAN, table: Table, tmp_path: Path
) -> None:
    begun = walidata.action.package_create(name="data-penerima", owner_org=OWNER)
    book = openpyxl.Workbook()
    book.active.append(["kecamatan", "jumlah"])
    book.active.append(["Ngraho", 4])
    book.create_sheet("rahasia").append(["nama", "rahasia"])
    book["rahasia"].sheet_state = "hidden"
    book.save(tmp_path / "b.xlsx")
    secret = b"nama,nik\n" + b"".join(b"Warga %d,35220112108%05d\n" % (n, 10_000 + n) for n in range(30))
    for path in (table(secret, "warga.csv"), tmp_path / "b.xlsx"):
        with pytest.raises(ValidationError) as refused:
            upload(walidata, "resource_create", path, package_id=begun["id"])
        assert "was not kept" in refused.value.error_dict["upload"][0]
        assert "35220112108" not in str(refused.value)
        import hashlib

        assert not portal.here.blobs.exists(hashlib.sha256(path.read_bytes()).hexdigest())
    for content, name in ((b"", "kosong.csv"), (b"PK\x03\x04broken", "rusak.xlsx"), (b"a,b\n", "tanpa-baris.csv")):
        with pytest.raises(ValidationError) as refused:
            upload(walidata, "resource_create", table(content, name), package_id=begun["id"])
        assert refused.value.error_dict["upload"]
    assert not list((portal.here.settings.home / "work").glob("api-*"))
    walidata.action.package_delete(id=begun["id"])
    with pytest.raises(NotFound):
        walidata.action.package_show(id=begun["id"])


def test_a_workbook_gives_several_tables_that_go_together(
    walidata: RemoteCKAN, public: RemoteCKAN, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for number, title in enumerate(("Belanja", "Pendapatan")):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = title
        for row in (["uraian", "jumlah"], [f"{title} a", 1], [f"{title} b", 2]):
            sheet.append(row)
    book.save(tmp_path / "anggaran.xlsx")
    begun = walidata.action.package_create(name="anggaran", owner_org=OWNER)
    upload(walidata, "resource_create", tmp_path / "anggaran.xlsx", package_id=begun["id"])
    shown = public.action.package_show(id="anggaran")
    tables = [one for one in shown["resources"] if one["datastore_active"]]
    assert [one["name"] for one in tables] == ["Belanja", "Pendapatan"]
    with pytest.raises(ValidationError):
        walidata.action.resource_delete(id=tables[0]["id"])
    again = walidata.action.package_update(**shown)
    assert (again["version"], [one["id"] for one in again["resources"]]) == (
        "1",
        [one["id"] for one in shown["resources"]],
    )


def test_parts_are_revised_only_while_they_are_as_expected(
    walidata: RemoteCKAN, public: RemoteCKAN, table: Table
) -> None:
    begun = walidata.action.package_create(name="luas-sawah", owner_org=OWNER, notes="lama")
    made = upload(walidata, "resource_create", table(), package_id=begun["id"], name="Sawah", description="lama")
    with pytest.raises(ValidationError) as stale:
        walidata.action.package_revise(match={"name": "luas-sawah", "notes": "lain"}, update={"notes": "baru"})
    assert stale.value.error_dict["message"] == [{"match": ["notes"]}]
    done = walidata.action.package_revise(
        match__name="luas-sawah",
        update={"notes": "baru"},
        update__resources__0__description="baru",
        include=["+id", "+notes", "-*"],
    )
    assert done["package"] == {"id": begun["id"], "notes": "baru"}
    assert public.action.resource_show(id=made["id"])["description"] == "baru"
    with table(CSV + b"Ngasem,2023,1\n").open("rb") as stream:
        walidata.call_action(
            "package_revise",
            {"match": '{"name": "luas-sawah"}', "update__resources__extend": '[{"name": "Tambahan"}]'},
            files={"update__resources__-1__upload": ("tambahan.csv", stream)},
        )
    names = [one["name"] for one in public.action.package_show(id=begun["id"])["resources"]]
    assert names == ["Sawah", "Tambahan", "datapackage.json"]
    walidata.action.package_revise(
        match={"id": begun["id"]}, filter=["-tags__*", "-extras"], update={"owner_org": OTHER}
    )
    assert public.action.package_show(id=begun["id"])["owner_org"] == OTHER


def test_addresses_inside_are_never_fetched(walidata: RemoteCKAN, portal: Portal) -> None:
    begun = walidata.action.package_create(name="tautan", owner_org=OWNER)
    for url in (
        "http://127.0.0.1:1/data.csv",
        "http://169.254.169.254/latest/meta-data",
        f"{portal.address[:-1]}/x.csv",
    ):
        with pytest.raises(ValidationError) as refused:
            walidata.action.resource_create(package_id=begun["id"], name="x", url=url)
        assert refused.value.error_dict["url"]
