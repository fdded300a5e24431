"""BPS through its WebAPI, against one that speaks the documented protocol with all its habits."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from peers.bps_peer import BAD_KEY, KEY, NOTHING, WAF, BpsPeer, Variable
from pydantic import ValidationError
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Version
from datasets.models import Evidence as StoredEvidence
from harvesters import adapter as contract
from harvesters.adapter import Evidence, Missed
from harvesters.adapters.bps import BpsAdapter, BpsOptions
from harvesters.bps_decoding import AMBIGUOUS
from harvesters.bps_protocol import AccessBlocked, KeyRefused
from harvesters.declared import SourceEntry
from harvesters.fetcher import Fetcher
from harvesters.pace import Pace
from harvesters.reports import RunReport
from harvesters.runner import harvest
from harvesters.secrets import SecretMissing
from harvesters.session import Limits
from harvesters.sources import add_source
from metadata.reading.reader import read

QUICK = Limits(connect=1.0, idle=1.0, total=5.0, body=5_000_000, attempts=3, first_wait=0.01)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_BPS_KEY", KEY)


@pytest.fixture
def bps() -> Iterator[BpsPeer]:
    with BpsPeer() as peer:
        yield peer


def adapter(bps: BpsPeer, **options: Any) -> BpsAdapter:
    fetcher = Fetcher(internal=[bps.url], limits=QUICK, pace=Pace(10_000), wait=lambda _seconds: None)
    said = {"domain": bps.domain, "static_tables": False, "publications": False, **options}
    return BpsAdapter(bps.location, BpsOptions.model_validate(said), fetcher)


def population(number: int = 31, *, years: range = range(119, 125), **members: Any) -> Variable:
    values = {(v, 0, y, 0): v + y for v in (3522010, 3522020) for y in years}
    return Variable(**{"number": number, "title": "Jumlah Penduduk", "values": values} | members)


def got(one: BpsAdapter, into: Path) -> Evidence | Missed:
    (dataset,) = one.discover()
    (found,) = one.fetch(dataset, into)
    return found


def rows(one: BpsAdapter, into: Path) -> list[dict[str, str]]:
    found = got(one, into)
    assert isinstance(found, Evidence), found
    return list(csv.DictReader(io.StringIO(found.path.read_text())))


def fault(one: BpsAdapter, into: Path) -> str:
    (dataset,) = one.discover()
    if dataset.fault is not None:
        return dataset.fault.code
    (found,) = one.fetch(dataset, into)
    return found.notice.code if isinstance(found, Missed) else "none"


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
    assert about.keywords == ("Kependudukan dan Migrasi", "Kependudukan")
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


def test_fewer_years_at_once_are_asked_for_when_bps_wants_it(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population())
    bps.most_years = 1
    assert len(rows(adapter(bps), tmp_path)) == 12
    assert [one["th"] for one in bps.asked if one.get("model") == "data"][1:] == ["119;120", *map(str, range(119, 125))]


def test_a_null_is_a_window_too_large_not_an_empty_table(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population())
    bps.most_cells = 2
    assert len(rows(adapter(bps), tmp_path)) == 12


def test_a_year_too_large_is_read_by_category_then_by_region(bps: BpsPeer, tmp_path: Path) -> None:
    values = {(v, t, 124, p): 100 * t + p for v in (3522010, 3522020) for t in (1, 2) for p in range(1, 13)}
    months = {p: f"Bulan {p}" for p in range(1, 13)}
    bps.add(population(values=values, turvar={1: "Laki-laki", 2: "Perempuan"}, turtahun=months))
    bps.most_cells = 12
    table = rows(adapter(bps), tmp_path)
    assert len(table) == 48
    assert table[0]["turvar"] == "Laki-laki"
    assert [row["periode"] for row in table[:12]] == list(months.values())


def test_what_cannot_be_had_in_any_piece_is_told_and_nothing_is_written(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population())
    bps.most_cells = 0
    assert fault(adapter(bps), tmp_path) == "bps.window_too_large"
    assert list(tmp_path.iterdir()) == []


def ambiguous(**members: Any) -> Variable:
    """Variable 31 with codes such that `3` `31` `311` `124` `0` and `331` `31` `1` `124` `0` are one key."""
    dimensions: dict[str, Any] = {
        "values": {("3", "311", 124, 0): 7, ("331", "1", 123, 0): 8},
        "vervar": {"3": "Tiga", "331": "Tiga ratus"},
        "turvar": {"311": "A", "1": "B"},
        "group": "Jenis",
    }
    return population(**dimensions | members)


def test_keys_with_two_meanings_are_asked_about_again_and_never_guessed(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(ambiguous())
    table = rows(adapter(bps), tmp_path)
    assert {(row["kategori"], row["turvar"], row["tahun"], row["nilai"]) for row in table} == {
        ("Tiga", "A", "2024", "7"),
        ("Tiga ratus", "B", "2023", "8"),
    }


def test_keys_that_stay_ambiguous_are_flagged_and_left_empty(bps: BpsPeer, tmp_path: Path) -> None:
    values = {("3", "311", 124, 0): 7, ("3", "1", 124, 0): 5}
    bps.add(ambiguous(values=values, heeds=()))
    table = rows(adapter(bps), tmp_path)
    assert {(row["kategori"], row["turvar"]): (row["nilai"], row["catatan"]) for row in table} == {
        ("Tiga", "A"): ("", AMBIGUOUS),
        ("Tiga ratus", "B"): ("", AMBIGUOUS),
        ("Tiga", "B"): ("5", ""),
    }


def test_a_figure_of_no_listed_place_keeps_the_last_version(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population(strange={"99990311240": 5}))
    assert fault(adapter(bps), tmp_path) == "bps.unknown_keys"


def test_what_is_no_number_is_a_remark_and_never_a_zero(bps: BpsPeer, tmp_path: Path) -> None:
    said = [0, 1.50, "12.5", "1.234", "...", "-", None, "<b>3)</b>", True, 1e22, "9.511,57"]
    values = {(code, 0, 124, 0): value for code, value in enumerate(said, 1)}
    bps.add(population(values=values, vervar={code: f"Baris {code}" for code in range(1, 12)}, group="Jenis"))
    table = rows(adapter(bps), tmp_path)
    assert [(row["nilai"], row["catatan"]) for row in table] == [
        ("0", ""),
        ("1.5", ""),
        ("12.5", ""),
        ("", "1.234"),
        ("", "..."),
        ("", "-"),
        ("", "3)"),
        ("", "True"),
        ("10000000000000000000000", ""),
        ("", "9.511,57"),
    ]


def test_items_that_are_no_regions_are_not_called_so(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population(values={(1, 0, 124, 0): 3}, vervar={1: "Meninggal dan Hilang"}, labelvervar="Jenis Korban "))
    (dataset,) = adapter(bps).discover()
    assert dataset.about.columns["kategori"].title == "Jenis Korban"
    assert rows(adapter(bps), tmp_path)[0]["kategori"] == "Meninggal dan Hilang"


def test_codes_that_look_like_regions_are_not_when_their_group_denies_it(bps: BpsPeer, tmp_path: Path) -> None:
    bps.add(population(group="Kelompok komoditas"))
    assert "kategori_kode" in rows(adapter(bps), tmp_path)[0]


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
    assert session.get(query.replace("3522", "3578")).json() == NOTHING
    with pytest.raises(HTTPError, match="403"):
        urlopen(query)  # as Python's own library introduces itself


def recorded(shared_data: Path, bps: BpsPeer, number: int, data: str, years: bytes) -> None:
    folder = shared_data / "bps_webapi"
    bps.body("data", number, (folder / data).read_bytes())
    bps.body("th", number, years)


def test_the_recorded_tables_of_bps_decode_to_their_last_figure(shared_data: Path, tmp_path: Path) -> None:
    with BpsPeer(domain="0000") as bps:
        th = b'{"status":"OK","data-availability":"available","data":[{"page":1,"pages":1},[{"th_id":124,"th":2024}]]}'
        recorded(shared_data, bps, 2263, "rec_data_0000_2263_3wilayah.json", th)
        bps.variables[2263] = population(2263, vervar={3500: "PROV JAWA TIMUR"}, group="38 Provinsi")
        one = adapter(bps, variables=[2263])
        (dataset,) = one.discover()
        table = rows(one, tmp_path)
    assert dataset.title == "Inflasi Tahunan (Y-on-Y) 38 Provinsi (2022=100)"
    assert dataset.about.frequency == "bulanan"
    assert len(table) == 36
    by_place = {(row["wilayah_kode"], row["periode"]): row["nilai"] for row in table}
    assert by_place["3500", "Januari"] == "2.47"
    assert by_place["3500", "November"] == "1.41"
    assert by_place["7500", "Desember"] == "-0.79"
    assert by_place["9999", "April"] == "3"


def test_recorded_lists_and_items_of_no_region(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "bps_webapi"
    with BpsPeer(domain="0000") as bps:
        recorded(shared_data, bps, 1804, "rec_data_0000_1804.json", (folder / "rec_th_0000_1804.json").read_bytes())
        table = rows(adapter(bps, variables=[1804], since=2017), tmp_path)
    assert len(table) == 9
    found = {(row["kategori"], row["tahun"]): row["nilai"] for row in table}
    assert found["Menderita dan Mengungsi", "2018"] == "10417179"


def test_a_recorded_static_table_is_read(shared_data: Path, bps: BpsPeer, tmp_path: Path) -> None:
    folder = shared_data / "bps_webapi"
    bps.body("statictable", 0, (folder / "sdk_static_table_list.json").read_bytes())
    bps.body("statictable", 23, (folder / "sdk_static_table_detail.json").read_bytes())
    bps.body("publication", 0, (folder / "sdk_publication_list.json").read_bytes())
    one = adapter(bps, static_tables=True, publications=True)
    found = {dataset.key: dataset for dataset in one.discover()}
    assert set(found) == {"tabel/16", "tabel/22", "tabel/23", "publikasi"}
    (page,) = one.fetch(found["tabel/23"], tmp_path)
    assert isinstance(page, Evidence)
    into = tmp_path / "read"
    into.mkdir()
    (table,) = read(page.path, filename=page.file.filename, into=into).tables
    assert table.rows > 5


@pytest.fixture
def run(installation: Installation, bps: BpsPeer) -> Any:
    def once() -> RunReport:
        entry = {
            "name": "bps",
            "kind": "bps",
            "location": bps.location,
            "organization": "BPS Kabupaten Bojonegoro",
            "options": {"domain": "3522", "internal": True, "requests_per_second": 100},
        }
        with installation.database.write() as session:
            add_source(session, SourceEntry.model_validate(entry), at=now())
        (report,) = harvest(installation, "bps")
        return report

    return once


def test_a_harvest_publishes_and_the_key_is_nowhere(
    installation: Installation, bps: BpsPeer, run: Any, caplog: pytest.LogCaptureFixture, home: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    variable = bps.add(population(note="Proyeksi"))
    assert {item.key: item.outcome.value for item in run().items} == {"var/31": "published"} | {"publikasi": "failed"}
    with installation.database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        evidence = session.scalars(select(StoredEvidence)).one()
        version = session.scalars(select(Version)).one()
    assert (dataset.title, dataset.year_from, dataset.year_to) == ("Jumlah Penduduk", 2019, 2024)
    assert evidence.url == f"{bps.location}/list?model=data&lang=ind&domain=3522&var=31"
    fields = {one["name"]: one["type"] for one in version.package["resources"][0]["schema"]["fields"]}
    assert (fields["wilayah_kode"], fields["nilai"]) == ("string", "number")
    asked = bps.count_of("data")
    assert {item.outcome.value for item in run().items if item.key == "var/31"} == {"unchanged"}
    assert bps.count_of("data") == asked + 1
    variable.values[3522010, 0, 124, 0] = 1
    variable.last_update = "2025-05-01 08:00:00"
    assert {item.outcome.value for item in run().items if item.key == "var/31"} == {"published"}
    assert KEY not in caplog.text
    assert "key=***" in caplog.text
    for path in home.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


def test_a_source_whose_key_is_refused_fails_whole_and_harms_nothing(
    installation: Installation, bps: BpsPeer, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bps.add(population())
    run()
    monkeypatch.setenv("SOURCE_BPS_KEY", "kedaluwarsa")
    report = run()
    assert report.notice is not None
    assert report.notice.code == "bps.key_refused"
    with installation.database.read() as session:
        assert len(session.scalars(select(Version)).all()) == 1
