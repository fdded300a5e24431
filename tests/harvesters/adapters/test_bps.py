"""BPS through its WebAPI: what is listed and described, its keys, refusals and troubles."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from peers.bps_client import QUICK, adapter, population, rows
from peers.bps_peer import BAD_KEY, KEY, NOTHING, WAF, BpsPeer
from pydantic import ValidationError

from harvesters import adapter as contract
from harvesters.adapter import Evidence, SourceUnavailable
from harvesters.adapters.bps import BpsAdapter, BpsOptions
from harvesters.bps.protocol import AccessBlocked, KeyRefused
from harvesters.secrets import SecretMissing
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from metadata.reading.reader import read


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("bps") is BpsAdapter


def test_the_key_is_named_never_written() -> None:
    with pytest.raises(ValidationError):
        BpsOptions(domain="3522", key=KEY)


def test_a_variable_becomes_one_tidy_table_over_all_its_years(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population())
    table = rows(adapter(bps), tmp_path)
    assert len(table) == 12
    assert table[0] == {
        "wilayah_kode": "3522010",
        "wilayah": "Margomulyo",
        "turvar": "",
        "tahun": "2019",
        "periode": "Tahun",
        "nilai": "3522129",
        "satuan": "Jiwa",
        "catatan": "",
    }
    assert [row["tahun"] for row in table] == sorted(row["tahun"] for row in table)
    assert bps.count_of("data") == 4  # a look at the newest year, then three windows of two


def test_all_pages_of_the_list_are_read(bps: BpsPeer) -> None:
    for number in range(1, 26):
        bps.add(population(number))
    assert {one.key for one in adapter(bps).discover()} == {f"var/{number}" for number in range(1, 26)}
    assert bps.count_of("var") == 3


def test_a_list_that_gives_its_first_page_for_ever_ends(bps: BpsPeer) -> None:
    for number in range(1, 13):
        bps.add(population(number))
    bps.loops = True
    assert len(list(adapter(bps).discover())) == 10
    assert bps.count_of("var") == 2


def test_the_metadata_of_bps_are_taken_over_as_plain_text(bps: BpsPeer) -> None:
    note = "&lt;p&gt;Sumber:&amp;nbsp;Proyeksi&lt;br /&gt;&lt;b&gt;Angka&lt;/b&gt; sementara &amp;lt; 2024&lt;/p&gt;"
    bps.add(population(note=note, definition="Penduduk &amp; <b>warga</b>", unit="Jiwa"))
    (dataset,) = adapter(bps).discover()
    about = dataset.about
    assert about.description == "Sumber: Proyeksi\nAngka sementara < 2024"
    assert (about.definition, about.unit, about.frequency) == ("Penduduk & warga", "Jiwa", "tahunan")
    assert (about.period_start, about.period_end, about.regions) == ("2019", "2024", ("35.22",))
    assert about.keywords == ("Kependudukan dan Migrasi", "Kependudukan", "Sosial dan Kependudukan")
    assert about.classification == "Kecamatan"
    assert dataset.modified is not None
    assert dataset.modified.isoformat() == "2025-03-01T08:00:00+07:00"


def test_the_state_changes_with_the_stamp_of_bps_and_with_a_new_year(bps: BpsPeer) -> None:
    variable = bps.add(population())

    def state() -> str | None:
        (dataset,) = adapter(bps).discover()
        return dataset.fingerprint

    first = state()
    assert first == state()
    variable.last_update = "2025-04-01 08:00:00"
    second = state()
    variable.values[3522010, 0, 125, 0] = 1
    assert len({first, second, state()}) == 3


def test_a_bad_key_ends_the_run_at_once(bps: BpsPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    bps.add(population())
    monkeypatch.setenv("SOURCE_BPS_KEY", "kedaluwarsa")
    one = adapter(bps)
    for _ in range(2):
        with pytest.raises(KeyRefused):
            list(one.discover())
    assert len(bps.asked) == 1


def test_a_key_that_expires_on_the_way_is_not_tried_on_every_dataset(bps: BpsPeer, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        bps.add(population(number))
    one = adapter(bps)
    found = list(one.discover())
    bps.before = lambda x, _asked: bps.say(x, BAD_KEY) is None
    asked = len(bps.asked)
    for dataset in found:
        with pytest.raises(KeyRefused):
            list(one.fetch(dataset, tmp_path))
    assert len(bps.asked) == asked + 1


def test_without_a_key_in_the_environment_nothing_is_asked(bps: BpsPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_BPS_KEY")
    with pytest.raises(SecretMissing, match="SOURCE_BPS_KEY"):
        list(adapter(bps).discover())
    assert bps.seen == []


def test_the_firewall_of_bps_is_not_taken_for_a_bad_key_and_not_hammered(bps: BpsPeer) -> None:
    def block(x: Any, _asked: dict[str, str]) -> bool:
        x.reply(WAF, status=403, Content_Type="text/html")
        return True

    bps.before = block
    one = adapter(bps)
    for _ in range(2):
        with pytest.raises(AccessBlocked):
            list(one.discover())
    assert len(bps.seen) == 1


def test_a_dropped_connection_is_tried_again(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population())
    dropped: set[str] = set()

    def drop(x: Any, asked: dict[str, str]) -> bool:
        if str(asked) in dropped:
            return False
        dropped.add(str(asked))
        x.hang_up()
        return True

    bps.before = drop
    assert len(rows(adapter(bps), tmp_path)) == 12


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"status":"Error","message":"Something else"}', "bps.says_error"),
        (b'{"status":"OK","data-availability":"list-not-available","data":""}', "fetch.nothing_came"),
        (b"[1, 2]", "bps.not_the_protocol"),
        (b'{"status":"OK","data":{"page":1}}', "bps.not_the_protocol"),
        (b"<html>Sedang dalam pemeliharaan</html>", "source.answer_unreadable"),
        (b'{"status":"OK","data":[{"page":1', "source.answer_unreadable"),
    ],
)
def test_one_variable_in_trouble_does_not_stop_the_others(bps: BpsPeer, body: bytes, code: str) -> None:
    bps.add(population(1))
    bps.add(population(2))
    bps.body("th", 1, body)
    found = {one.key: one.fault.code if one.fault else None for one in adapter(bps).discover()}
    assert found == {"var/1": code, "var/2": None}


def test_a_domain_without_anything_is_empty_rather_than_an_error(bps: BpsPeer) -> None:
    assert next(iter(adapter(bps, publications=True).discover())).key == "publikasi"


def test_only_chosen_variables_and_subjects_are_asked_for(bps: BpsPeer) -> None:
    bps.add(population(1, subject=12))
    bps.add(population(2, subject=40))
    assert [one.key for one in adapter(bps, subjects=[40]).discover()] == ["var/2"]
    assert [one.key for one in adapter(bps, subjects=["gender"]).discover()] == ["var/2"]
    with pytest.raises(SourceUnavailable, match="Gender, Kependudukan"):
        list(adapter(bps, subjects=["Gendre"]).discover())
    bps.asked.clear()
    (only,) = adapter(bps, variables=[1], since=2023).discover()
    assert (only.title, only.about.period_start) == ("Jumlah Penduduk", "2023")
    assert bps.count_of("var") == 0


def test_a_static_table_is_html_again_whether_escaped_once_or_twice(bps: BpsPeer, tmp_path: Path) -> None:
    once = (
        "&lt;table&gt;&lt;tr&gt;&lt;td&gt;Kecamatan&lt;/td&gt;&lt;td&gt;Luas&lt;/td&gt;&lt;/tr&gt;"
        "&lt;tr&gt;&lt;td&gt;Ngraho&amp;nbsp;&lt;/td&gt;&lt;td&gt;71,48&lt;/td&gt;&lt;/tr&gt;"
        "&lt;tr&gt;&lt;td&gt;Malo&lt;/td&gt;&lt;td&gt;65,41&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;"
    )
    for number, table in ((1, once), (2, once.replace("&", "&amp;"))):
        bps.statics.append({"table_id": number, "title": f"Luas {number}", "subj_id": 1, "updt_date": "2020-08-05"})
        bps.pages[number] = table
    one = adapter(bps, static_tables=True)
    for dataset in list(one.discover()):
        (found,) = one.fetch(dataset, tmp_path)
        assert isinstance(found, Evidence)
        into = tmp_path / dataset.key.replace("/", "-")
        into.mkdir()
        (table,) = read(found.path, filename=found.file.filename, into=into).tables
        assert table.path.read_text() == "kecamatan,luas\nNgraho,71.48\nMalo,65.41\n"


def test_publications_are_a_table_without_links_that_carry_tokens(bps: BpsPeer, tmp_path: Path) -> None:
    bps.publications = [
        {
            "pub_id": f"{number:024x}",
            "title": f"Kabupaten Bojonegoro Dalam Angka {2000 + number}",
            "abstract": "<p>Ringkas &amp; jelas</p>",
            "issn": "0215-5664",
            "sch_date": None,
            "rl_date": "2024-02-28",
            "pdf": "https://bps.test/downloadapi.html?data=x&tokenuser=rahasia",
            "size": "13 MB",
        }
        for number in range(12)
    ]
    one = adapter(bps, publications=True)
    (dataset,) = one.discover()
    (found,) = one.fetch(dataset, tmp_path)
    assert isinstance(found, Evidence)
    text = found.path.read_text()
    assert text.count("\n") == 13
    assert "tokenuser" not in text
    assert "Ringkas & jelas" in text


def test_the_peer_speaks_both_forms_and_refuses_what_bps_refuses(bps: BpsPeer) -> None:
    bps.add(population())
    session = Fetcher(internal=[bps.url], limits=QUICK, pace=Pace(1000)).session
    path = f"{bps.location}/list/model/data/lang/ind/domain/3522/var/31/th/123/key/{KEY}/"
    query = f"{bps.location}/list?model=data&lang=ind&domain=3522&var=31&th=123&key={KEY}"
    assert session.get(path).json() == session.get(query).json()
    assert session.get(query.replace("/v1/api/", "/v1/")).status_code == 404
    assert session.get(query.replace("th=123", "")).json()["status"] == "Error"
    assert session.get(query.replace("domain=3522", "domain=3578")).json() == NOTHING
    with pytest.raises(HTTPError, match="403"):
        urlopen(query)  # as Python's own library introduces itself
