"""A CKAN portal as a source, with the habits of real ones; the portal here answers on the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peers.ckan_peer import CkanPeer
from peers.http_peer import Exchange

from harvesters import faults
from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, SourceUnavailable, adapter_class
from harvesters.adapters.ckan import CkanAdapter, CkanOptions
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits

QUICK = Limits(connect=1.0, idle=0.5, total=2.0, attempts=2, first_wait=0.01)
CSV = b"kode,nilai\n35.22,71.8\n"


@pytest.fixture
def portal() -> Iterator[CkanPeer]:
    with CkanPeer() as peer:
        yield peer


def adapter(portal: CkanPeer, *, path: str = "", since: datetime | None = None, **options: Any) -> CkanAdapter:
    fetcher = Fetcher(internal=[portal.url], limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
    return CkanAdapter(portal.url + path, CkanOptions.model_validate(options), fetcher, since=since)


def listing(portal: CkanPeer, **more: Any) -> dict[str, RemoteDataset]:
    found = list(adapter(portal, **more).discover())
    assert len({one.key for one in found}) == len(found)
    return {one.key: one for one in found}


def fetched(portal: CkanPeer, dataset: RemoteDataset, into: Path) -> list[Evidence | Missed]:
    return list(adapter(portal).fetch(dataset, into))


def test_the_entry_point_finds_this_adapter() -> None:
    assert adapter_class("ckan") is CkanAdapter


def test_every_page_is_read_and_no_further_one(portal: CkanPeer) -> None:
    for number in range(25):
        portal.add(f"data-{number}", files={"a.csv": CSV})
    assert len(listing(portal, rows=10)) == 25
    assert [search["start"] for search in portal.searches] == ["0", "10", "20"]
    assert {search["sort"] for search in portal.searches} == {"id asc"}


def test_a_dataset_is_known_by_its_name_when_the_portal_makes_it_anew(portal: CkanPeer) -> None:
    first = portal.add("ipm", files={"a.csv": CSV}, modified="2025-01-01T00:00:00")
    (key,) = listing(portal)
    second = portal.add("ipm", files={"a.csv": CSV}, modified="2025-02-01T00:00:00")
    assert first["id"] != second["id"]
    assert list(listing(portal)) == [key] == ["ipm"]


@pytest.mark.parametrize("path", ["", "/", "/api/3", "/api/3/action", "/api/action/"])
def test_the_portal_is_found_however_its_address_was_pasted(portal: CkanPeer, path: str) -> None:
    portal.add("ipm", files={"a.csv": CSV})
    assert list(listing(portal, path=path)) == ["ipm"]


def test_the_listing_can_be_narrowed_and_names_cannot_break_out_of_the_filter(portal: CkanPeer) -> None:
    portal.add("a", files={"a.csv": CSV}, organization="dinkes")
    portal.add("b", files={"a.csv": CSV}, organization="dinsos")
    portal.add("c", files={"a.csv": CSV}, organization="bps", tags=[{"name": 'ipm" OR "x'}])
    assert set(listing(portal, organizations=["dinkes", "dinsos"])) == {"a", "b"}
    assert set(listing(portal, tags=['ipm" OR "x'])) == {"c"}
    assert portal.searches[0]["fq"] == '+organization:("dinkes" OR "dinsos")'


def test_only_what_was_modified_since_is_asked_for_with_the_organisations_still_required(portal: CkanPeer) -> None:
    portal.add("lama", files={"a.csv": CSV}, organization="dinkes", modified="2025-01-01T00:00:00")
    portal.add("baru", files={"a.csv": CSV}, organization="dinkes", modified="2025-03-01T00:00:00")
    portal.add("lain", files={"a.csv": CSV}, organization="bps", modified="2025-03-01T00:00:00")
    since = datetime(2025, 2, 1, 7, tzinfo=UTC)
    assert set(listing(portal, since=since, organizations=["dinkes"])) == {"baru"}
    assert portal.searches[0]["fq"] == '+organization:("dinkes") +metadata_modified:[2025-02-01T07:00:00Z TO *]'


def test_what_is_not_a_public_dataset_is_passed_over(portal: CkanPeer) -> None:
    portal.add("sumber", type="harvest", files={"a.csv": CSV})
    portal.add("rahasia", private=True, files={"a.csv": CSV})
    portal.add("ipm", files={"a.csv": CSV})
    assert list(listing(portal)) == ["ipm"]


def test_a_package_says_what_it_is(portal: CkanPeer) -> None:
    portal.add("ipm", title="Indeks  Pembangunan  Manusia", files={"a.csv": CSV}, organization="bps")
    dataset = listing(portal)["ipm"]
    assert dataset.title == "Indeks Pembangunan Manusia"
    assert dataset.organization is not None
    assert (dataset.organization.name, dataset.organization.title) == ("bps", "Bps")
    assert dataset.modified == datetime(2026, 3, 13, 8, 34, 3, 872282, tzinfo=UTC)
    assert dataset.about.license == "CC-BY-4.0" or dataset.about.license == "cc-by"


def test_files_are_fetched_and_a_claimed_format_is_not_believed(portal: CkanPeer, tmp_path: Path) -> None:
    package = portal.add("akip", files={"hasil akip.png": b"\x89PNG\r\n\x1a\n"})
    package["resources"][0]["format"] = "CSV"
    (file,) = fetched(portal, listing(portal)["akip"], tmp_path)
    assert isinstance(file, Evidence)
    assert file.file.filename == "hasil akip.png"
    assert file.path.read_bytes().startswith(b"\x89PNG")


def test_a_link_that_leads_nowhere_is_missed_and_the_others_are_fetched(portal: CkanPeer, tmp_path: Path) -> None:
    package = portal.add("jalan", files={"jalan.csv": CSV})
    portal.on("/peta", lambda x: x.reply(b"<!doctype html><html>peta</html>"))
    for url, form in ((f"{portal.url}/peta", "CSV"), (f"{portal.url}/hilang.csv", "CSV"), ("ftp://x/y.csv", "CSV")):
        package["resources"].append({"id": url, "name": "", "url": url, "url_type": None, "format": form})
    package["resources"].append({"id": "kosong", "url": "", "format": "CSV"})
    package["resources"].append({"id": "paket", "url": f"{portal.url}/jalan/datapackage.json", "format": "JSON"})
    got = fetched(portal, listing(portal)["jalan"], tmp_path)
    assert [type(one).__name__ for one in got] == ["Evidence", "Missed", "Missed", "Missed"]
    codes = [one.notice.code for one in got if isinstance(one, Missed)]
    assert codes == ["fetch.page_instead_of_data", "fetch.refused", "fetch.address_forbidden"]


def test_a_link_into_the_inner_network_is_not_followed(portal: CkanPeer, tmp_path: Path) -> None:
    package = portal.add("jahat", files={})
    package["resources"] = [{"id": "1", "name": "x.csv", "url": "http://169.254.169.254/latest", "format": "CSV"}]
    (missed,) = fetched(portal, listing(portal)["jahat"], tmp_path)
    assert isinstance(missed, Missed)
    assert missed.notice.code == "fetch.address_forbidden"


def test_figures_that_stand_in_the_extras_become_a_small_table(portal: CkanPeer, tmp_path: Path) -> None:
    extras = [{"key": "2023", "value": "75"}, {"key": "2024", "value": "77"}, {"key": "Tahun 2022", "value": "75"}]
    portal.add("akip", extras=extras)
    dataset = listing(portal)["akip"]
    assert dataset.fault is None
    (file,) = fetched(portal, dataset, tmp_path)
    assert isinstance(file, Evidence)
    assert file.path.read_text().splitlines() == ["tahun,nilai", '2022,"75"', '2023,"75"', '2024,"77"']
    assert file.url == f"{portal.url}/api/3/action/package_show?id=akip"


def test_a_package_without_files_or_figures_is_told_of(portal: CkanPeer) -> None:
    portal.add("kosong")
    fault = listing(portal)["kosong"].fault
    assert fault is not None
    assert fault.code == "ckan.no_files"


def test_the_mark_of_a_package_changes_with_its_record_and_links_have_none(portal: CkanPeer) -> None:
    package = portal.add("ipm", files={"a.csv": CSV}, tracking_summary={"total": 1})
    first = listing(portal)["ipm"].fingerprint
    package["tracking_summary"] = {"total": 2}
    assert listing(portal)["ipm"].fingerprint == first
    package["metadata_modified"] = "2026-04-01T00:00:00"
    assert listing(portal)["ipm"].fingerprint not in (None, first)
    package["resources"][0]["url_type"] = None
    assert listing(portal)["ipm"].fingerprint is None


def _html(x: Exchange) -> None:
    x.reply(b"<html><body>502 Bad Gateway</body></html>", status=200)


def _null(x: Exchange) -> None:
    x.reply(b"null")


def _no_result(x: Exchange) -> None:
    x.reply(b'{"success": true}')


def _wrong_result(x: Exchange) -> None:
    x.reply(b'{"success": true, "result": ["a", "b"]}')


def _text_count(x: Exchange) -> None:
    x.reply(b'{"success": true, "result": {"count": "banyak", "results": []}}')


def _bad_request(x: Exchange) -> None:
    x.reply(b'"Bad request: Action name not known: package_search"', status=400)


@pytest.mark.parametrize("answer", [_html, _null, _no_result, _wrong_result, _text_count, _bad_request])
def test_what_does_not_speak_like_ckan_is_told_in_plain_words(portal: CkanPeer, answer: Any) -> None:
    portal.before = lambda x: answer(x) or True
    with pytest.raises(faults.NotCkan, match="tidak menjawab seperti portal CKAN"):
        listing(portal)


def test_a_portal_that_refuses_is_told_as_such(portal: CkanPeer) -> None:
    portal.before = lambda x: portal.refuse(x, 403, "Authorization Error", "Access denied") or True
    with pytest.raises(faults.PortalRefuses):
        listing(portal)


def test_trouble_that_passes_is_waited_out_and_trouble_that_stays_is_an_error(portal: CkanPeer) -> None:
    portal.add("ipm", files={"a.csv": CSV})

    def once(x: Exchange) -> bool:
        if x.number > 1:
            return False
        x.reply(b"<html>maaf</html>", status=502)
        return True

    portal.before = once
    assert list(listing(portal)) == ["ipm"]
    portal.before = lambda x: x.reply(b"<html>maaf</html>", status=503) or True
    with pytest.raises(FetchFailed, match="503"):
        listing(portal)


def test_trouble_in_the_middle_of_the_listing_is_an_error_not_a_short_list(portal: CkanPeer) -> None:
    for number in range(5):
        portal.add(f"data-{number}", files={"a.csv": CSV})

    def second_page(x: Exchange) -> bool:
        if dict(x.seen.query)["start"] == "0":
            return False
        x.reply(b"gangguan", status=200)
        return True

    portal.before = second_page
    found: list[str] = []
    with pytest.raises(SourceUnavailable):
        found.extend(one.key for one in adapter(portal, rows=2).discover())
    assert len(found) == 2


def test_a_portal_that_gives_the_same_page_for_ever_is_not_read_for_ever(portal: CkanPeer) -> None:
    package = portal.add("ipm", files={"a.csv": CSV})
    portal.before = lambda x: portal.answer(x, {"count": 1000, "results": [package]}) or True
    assert list(listing(portal)) == ["ipm"]
    assert len(portal.searches) == 2


def test_a_page_that_shifts_while_it_is_read_gives_each_dataset_once(portal: CkanPeer) -> None:
    packages = [portal.add(f"data-{number}", files={"a.csv": CSV}) for number in range(4)]
    pages = {"0": packages[:2], "2": packages[1:3], "4": packages[3:]}
    portal.before = lambda x: portal.answer(x, {"count": 5, "results": pages[dict(x.seen.query)["start"]]}) or True
    assert set(listing(portal, rows=2)) == {f"data-{number}" for number in range(4)}


def test_strange_members_of_a_package_harm_nobody(portal: CkanPeer) -> None:
    strange = {"name": "aneh", "resources": None, "organization": "x", "tags": 5, "extras": "y", "metadata_modified": 7}
    others = ["teks", None, 5, {}, {"name": ""}]
    good = portal.add("ipm", files={"a.csv": CSV})
    portal.before = lambda x: portal.answer(x, {"count": 7, "results": [strange, *others, good]}) or True
    found = listing(portal)
    assert set(found) == {"aneh", "ipm"}
    assert found["aneh"].fault is not None


def test_texts_that_would_break_a_database_are_made_harmless(portal: CkanPeer) -> None:
    portal.add("aneh", title="Judul\0 rusak \ud800", notes="x" * 100_000, files={"a.csv": CSV})
    dataset = listing(portal)["aneh"]
    assert dataset.title.encode()
    assert "\0" not in dataset.title


def test_an_answer_nested_without_end_is_refused(portal: CkanPeer) -> None:
    portal.before = lambda x: x.reply(b"[" * 200_000 + b"]" * 200_000) or True
    with pytest.raises(faults.NotCkan):
        listing(portal)


def test_a_redirect_to_the_safe_address_is_followed(portal: CkanPeer) -> None:
    portal.add("ipm", files={"a.csv": CSV})

    def move(x: Exchange) -> None:
        x.reply(status=301, Location=f"{portal.url}/api/3/action/package_search?rows=100&start=0&sort=id+asc")

    portal.on("/api/action/package_search", move)
    assert list(listing(portal)) == ["ipm"]


def test_a_recorded_answer_of_a_real_portal_is_understood(portal: CkanPeer, shared_data: Path, tmp_path: Path) -> None:
    recorded = json.loads((shared_data / "ckan" / "muaraenim_package_search.json").read_bytes())["result"]
    portal.before = lambda x: portal.answer(x, recorded) or True
    (dataset,) = listing(portal).values()
    assert dataset.key == "hasil-evaluasi-akuntabilitas-kinerja-intansi-pemerintah-akip"
    assert [file.filename for file in dataset.files] == ["hasil-akip.png", "angka.csv"]
    assert dataset.files[0].declared_format == "csv"
    assert dataset.organization is not None
    assert dataset.organization.title == "Diskominfo"
