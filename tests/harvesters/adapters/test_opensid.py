"""OpenSID: counts of inhabitants and nothing of any inhabitant, from a real MariaDB with invented persons."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import mariadb_server
import pytest
from peers.opensid_peer import DUSUN, Village, a_village
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset
from harvesters import adapter as contract
from harvesters.adapter import Evidence, RemoteDataset
from harvesters.adapters.opensid import OpensidAdapter, OpensidOptions, WhichVillage
from harvesters.databases.opensid_counts import HIDDEN, K, protected
from harvesters.databases.opensid_questions import TRAITS, view_statements
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from harvesters.wire.fetcher import Fetcher

URL = "${SOURCE_DESA_URL}"


@pytest.fixture
def village(mariadb: mariadb_server.Server, shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> Village:
    made = a_village(mariadb, shared_data / "opensid" / "opensid_struktur_dan_referensi.sql")
    monkeypatch.setenv("SOURCE_DESA_URL", mariadb.url(made.database))
    return made


def adapter(**options: Any) -> OpensidAdapter:
    return OpensidAdapter("OpenSID Luwihaji", OpensidOptions.model_validate({"url": URL, **options}), Fetcher())


def tables(into: Path, **options: Any) -> dict[str, list[dict[str, str]]]:
    one = adapter(**options)
    return {dataset.key: _rows(one, dataset, into) for dataset in list(one.discover())}


def _rows(one: OpensidAdapter, dataset: RemoteDataset, into: Path) -> list[dict[str, str]]:
    (found,) = one.fetch(dataset, into)
    assert isinstance(found, Evidence)
    return list(csv.DictReader(io.StringIO(found.path.read_text())))


def truth(village: Village, column: str, table: str) -> Counter[tuple[str, str, str]]:
    """The counts as they are, by dusun, category and sex, put together person by person."""
    names = {row[0]: str(row[1]).upper() for row in village.rows(f"SELECT id, nama FROM {table}")}
    persons = village.rows(f"SELECT id_cluster, {column}, sex FROM tweb_penduduk WHERE status_dasar = 1")
    sexes = {1: "LAKI-LAKI", 2: "PEREMPUAN"}
    return Counter((DUSUN[int(str(c)) - 1], names.get(v, "BELUM MENGISI"), sexes[int(str(s))]) for c, v, s in persons)


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("opensid") is OpensidAdapter


def test_what_is_shown_is_right_and_what_is_small_is_hidden(village: Village, tmp_path: Path) -> None:
    found = tables(tmp_path)
    assert set(found) == {f"penduduk/{trait.name}" for trait in TRAITS}
    real = truth(village, "agama_id", "tweb_penduduk_agama")
    rows = found["penduduk/agama"]
    told = {(row["dusun"], row["agama"], row["jenis_kelamin"]): row for row in rows}
    assert real.keys() <= told.keys()
    assert any(0 < count < K for count in real.values())
    for place, row in told.items():
        assert (row["status"] == HIDDEN) == (row["jumlah"] == "")
        assert row["jumlah"] in ("", str(real[place]))
        assert row["jumlah"] or row["status"] == HIDDEN
        if 0 < real[place] < K:
            assert row["status"] == HIDDEN
    assert {row["desa_kode"] for row in rows} == {"35.22.02.2001"}
    assert any(row["jumlah"] for row in rows)


def test_ages_are_in_bands_of_five_years_and_the_dead_are_not_counted(village: Village, tmp_path: Path) -> None:
    rows = tables(tmp_path)["penduduk/kelompok_umur"]
    bands = {row["kelompok_umur"] for row in rows}
    assert {"00-04", "05-09", "70-74", "75+"} <= bands
    ((alive,),) = village.rows("SELECT COUNT(*) FROM tweb_penduduk WHERE status_dasar = 1")
    shown = sum(int(row["jumlah"] or 0) for row in rows)
    hidden = sum(row["status"] == HIDDEN for row in rows)
    assert int(str(alive)) - 60 * hidden < shown <= int(str(alive))


def test_no_total_of_one_table_opens_a_hidden_count_of_another(village: Village, tmp_path: Path) -> None:
    found = tables(tmp_path)
    for dusun in DUSUN:
        for sex in ("LAKI-LAKI", "PEREMPUAN"):
            for rows in found.values():
                here = [row for row in rows if (row["dusun"], row["jenis_kelamin"]) == (dusun, sex)]
                assert sum(row["status"] == HIDDEN for row in here) != 1


def test_a_lone_small_count_takes_others_with_it() -> None:
    dusun = {"A": 40, "B": 30, "C": 25}
    whole = {(name, "SATU", "L"): many for name, many in dusun.items()} | {("A", "DUA", "L"): 2}
    other = {(name, "X", "L"): many + (2 if name == "A" else 0) for name, many in dusun.items()}
    shown, _ = protected([whole, other])
    hidden = {(row.dusun, row.category) for row in shown if row.count is None}
    assert ("A", "DUA") in hidden
    assert ("A", "SATU") in hidden


def test_nothing_fetched_tells_of_a_person_and_no_person_is_ever_asked_for(village: Village, tmp_path: Path) -> None:
    village.server.run("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1;")
    try:
        tables(tmp_path)
    finally:
        village.server.run("SET GLOBAL general_log = 0;")
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert len(written) > 1_000
    for secret in village.secrets:
        assert secret.encode() not in written
    asked = [
        bytes(row[0]).decode() if isinstance(row[0], bytes) else str(row[0])
        for row in village.rows(
            "SELECT argument FROM mysql.general_log WHERE command_type = 'Query' AND argument LIKE '%tweb_penduduk p%' "
            "AND argument NOT LIKE '%general_log%'"
        )
    ]
    assert len(asked) == len(TRAITS)
    for question in asked:
        assert "GROUP BY 1, 2, 3" in question
        assert "COUNT(*)" in question
        for column in ("p.nama", "nik", "telepon", "alamat", "p.*"):
            assert column not in question


def test_an_account_that_sees_the_counts_only_is_enough(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tables(tmp_path)
    village.run("\n".join(view_statements()))
    village.server.run(f"CREATE USER pemanen_{village.database[-8:]}@'127.0.0.1' IDENTIFIED BY 'sandi';")
    user = f"pemanen_{village.database[-8:]}"
    names = ["lumbung_desa", *(f"lumbung_penduduk_{trait.name}" for trait in TRAITS)]
    village.run("".join(f"GRANT SELECT ON {name} TO {user}@'127.0.0.1';" for name in names))
    monkeypatch.setenv("SOURCE_DESA_URL", village.server.url(village.database, user, "sandi"))
    assert tables(tmp_path, views=True) == whole
    with pytest.raises(Exception, match=r"(?i)denied"):
        tables(tmp_path)


def test_which_of_several_villages_is_meant_must_be_said(village: Village, tmp_path: Path) -> None:
    village.run("ALTER TABLE tweb_penduduk ADD config_id INT NOT NULL DEFAULT 1;")
    village.run(
        "INSERT INTO config SELECT 2, 'PANJEREJO', '3522022002', kode_pos, nama_kecamatan, kode_kecamatan, "
        "nama_kepala_camat, nip_kepala_camat, nama_kabupaten, kode_kabupaten, nama_propinsi, kode_propinsi, logo, lat, "
        "lng, zoom, map_tipe, path, alamat_kantor, email_desa, telepon, website, kantor_desa, warna, pamong_id "
        "FROM config WHERE id = 1; UPDATE tweb_penduduk SET config_id = 2 WHERE id % 2 = 0;"
    )
    with pytest.raises(WhichVillage):
        tables(tmp_path)
    rows = tables(tmp_path, config_id=2)["penduduk/agama"]
    assert {row["desa"] for row in rows} == {"Panjerejo"}
    ((half,),) = village.rows("SELECT COUNT(*) FROM tweb_penduduk WHERE status_dasar = 1 AND config_id = 2")
    assert 0 < sum(int(row["jumlah"] or 0) for row in rows) <= int(str(half)) < 500


def test_a_harvest_publishes_the_counts_with_the_rule(village: Village, installation: Installation, home: Path) -> None:
    entry = {
        "name": "desa",
        "kind": "opensid",
        "location": "OpenSID Luwihaji",
        "organization": "Desa Luwihaji",
        "options": {"url": URL},
    }
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(installation, "desa")
    assert {item.key: item.outcome.value for item in report.items} == {
        f"penduduk/{trait.name}": "published" for trait in TRAITS
    }
    with installation.database.read() as session:
        described = [one.description for one in session.scalars(select(Dataset))]
    assert all("di bawah 5 orang disembunyikan" in text for text in described)
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret.encode() in content for secret in village.secrets)
    (again,) = harvest(installation, "desa")
    assert {item.outcome.value for item in again.items} == {"unchanged"}
