"""OpenSID's gatherer for a regency (OpenKab) on the web: counts by area, small ones hidden, totals left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers.openkab_peer import OpenkabPeer
from pydantic import ValidationError

from harvesters.adapter import Evidence, FetchFailed
from harvesters.adapters.opensid import OpensidAdapter, OpensidOptions
from harvesters.databases.opensid_counts import HIDDEN, K
from harvesters.protocols.openkab import NoCounts
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace

AREAS = ("35.22.01", "35.22.02", "35.22.15")


@pytest.fixture(scope="module")
def kab() -> Iterator[OpenkabPeer]:
    with OpenkabPeer(tuple(one.replace(".", "") for one in AREAS)) as peer:
        yield peer


def adapter(kab: OpenkabPeer, **options: Any) -> OpensidAdapter:
    fetcher = Fetcher(internal=[kab.url], pace=Pace(1000), wait=lambda _seconds: None)
    return OpensidAdapter(kab.url + "/", OpensidOptions.model_validate({"areas": AREAS, **options}), fetcher)


def rows(kab: OpenkabPeer, into: Path, trait: str, **options: Any) -> list[dict[str, str]]:
    one = adapter(kab, **options)
    dataset = next(found for found in list(one.discover()) if found.key == f"penduduk/{trait}")
    (given,) = one.fetch(dataset, into)
    assert isinstance(given, Evidence)
    return list(csv.DictReader(io.StringIO(given.path.read_text())))


def test_counts_of_each_area_are_right_and_small_ones_hidden_with_no_way_back(kab: OpenkabPeer, tmp_path: Path) -> None:
    table = rows(kab, tmp_path, "agama")
    assert {(row["wilayah_kode"], row["wilayah"]) for row in table} == {
        ("35.22.01", "Ngraho"),
        ("35.22.02", "Tambakrejo"),
        ("35.22.15", "Bojonegoro"),
    }
    assert {row["agama"] for row in table} == {"ISLAM", "KRISTEN", "KATHOLIK", "BUDHA"}  # no row of totals
    places = {"LAKI-LAKI": 0, "PEREMPUAN": 1, "BELUM MENGISI": 2}
    for row in table:
        real = kab.counts[row["wilayah_kode"].replace(".", ""), "agama"][row["agama"]][places[row["jenis_kelamin"]]]
        assert row["jumlah"] in ("", str(real))
        assert (row["jumlah"] == "") == (row["status"] == HIDDEN)
        assert row["status"] == HIDDEN or real == 0 or real >= K
    for area in AREAS:
        for sex in ("LAKI-LAKI", "PEREMPUAN"):
            here = [row for row in table if (row["wilayah_kode"], row["jenis_kelamin"]) == (area, sex)]
            assert sum(row["status"] == HIDDEN for row in here) != 1
    assert any(row["jumlah"] for row in table)


def test_every_trait_is_a_dataset_with_the_rule_and_the_areas(kab: OpenkabPeer) -> None:
    found = {one.key: one for one in adapter(kab).discover()}
    assert len(found) == 5
    about = found["penduduk/agama"].about
    assert about.regions == AREAS
    assert "di bawah 5 orang disembunyikan" in (about.description or "")
    assert {one.fingerprint for one in adapter(kab).discover()} == {one.fingerprint for one in found.values()}
    assert [one.key for one in adapter(kab, traits=["agama"]).discover()] == ["penduduk/agama"]


def test_a_token_opens_it(kab: OpenkabPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kab, "token", "rahasia-kab")
    monkeypatch.setenv("SOURCE_KAB", "rahasia-kab")
    assert len(list(adapter(kab, token="${SOURCE_KAB}").discover())) == 5
    with pytest.raises(FetchFailed):
        list(adapter(kab).discover())


@pytest.mark.parametrize(
    "body",
    [
        b'{"success": false, "message": "Kategori tidak ditemukan"}',
        b'{"data": [{"attributes": {"nama": "ISLAM", "jumlah": 3, "laki_laki": 9, "perempuan": 1}}]}',
        b'{"data": [{"attributes": {"nama": "ISLAM", "jumlah": "banyak", "laki_laki": 1, "perempuan": 1}}]}',
        b'{"data": [{"attributes": {"nik": "3522", "nama_lengkap": "x"}}]}',
        b"[]",
    ],
)
def test_what_are_no_counts_publishes_nothing(body: bytes) -> None:
    with OpenkabPeer(()) as peer:
        peer.on("/api/v1/statistik-web/penduduk", lambda x: x.reply(body))
        with pytest.raises(NoCounts):
            list(adapter(peer).discover())


def test_a_person_who_came_meanwhile_is_counted_as_not_recorded_and_other_persons_are_refused(
    tmp_path: Path,
) -> None:
    with OpenkabPeer(("352201",)) as peer:
        age = peer.counts["352201", "rentang-umur"]
        men, *rest = age["5 S/D 9 TAHUN"]
        age["5 S/D 9 TAHUN"] = (men + 7, *rest)
        table = rows(peer, tmp_path, "agama", areas=["35.22.01"])
        assert {row["jumlah"] for row in table if row["agama"] == "BELUM MENGISI"} <= {"7", "", "0"}
        age["5 S/D 9 TAHUN"] = (men + 300, *rest)
        with pytest.raises(NoCounts, match="LAKI-LAKI"):
            list(adapter(peer, areas=["35.22.01"]).discover())


def test_areas_lie_beside_each_other() -> None:
    for areas in (["35.22.01", "35.22.01.2001"], ["35.22.01", "35.22.01"], ["3522"]):
        with pytest.raises(ValidationError):
            OpensidOptions.model_validate({"areas": areas})
