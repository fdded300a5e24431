"""DCAT catalogues as a source, in every spelling, against a peer whose catalogue is a real graph."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers.dcat_peer import DcatPeer

from harvesters import adapter as contract
from harvesters.adapter import Evidence, Missed, RemoteDataset, SourceUnavailable
from harvesters.adapters.dcat import DcatAdapter, DcatOptions, LeadsAway
from harvesters.dcat.terms import format_of
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits
from metadata import frequencies

QUICK = Limits(connect=1.0, idle=1.0, total=5.0, attempts=2, first_wait=0.01)
CSV = b"kode,nilai\n35.22,71.8\n"


@pytest.fixture
def portal() -> Iterator[DcatPeer]:
    with DcatPeer() as peer:
        yield peer


def adapter(portal: DcatPeer, location: str, **options: Any) -> DcatAdapter:
    fetcher = Fetcher(internal=[portal.url], limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
    return DcatAdapter(location, DcatOptions.model_validate(options), fetcher)


def listing(portal: DcatPeer, location: str, **options: Any) -> dict[str, RemoteDataset]:
    found = list(adapter(portal, location, **options).discover())
    assert len({one.key for one in found}) == len(found)
    return {one.key.rpartition("/")[2]: one for one in found}


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("dcat") is DcatAdapter


@pytest.mark.parametrize("syntax", ["json-ld", "xml", "turtle"])
def test_a_catalogue_says_the_same_in_every_spelling(portal: DcatPeer, tmp_path: Path, syntax: str) -> None:
    portal.add("penduduk", files={"penduduk.csv": CSV, "penduduk.json": b"[]"})
    url = portal.serve(syntax)
    dataset = listing(portal, url)["penduduk"]
    assert dataset.key == f"{portal.url}/dataset/penduduk"
    about = dataset.about
    assert (dataset.title, about.description, about.keywords) == ("Penduduk", "Keterangan.", ("penduduk",))
    assert (about.license, about.themes) == ("CC-BY-4.0", ("kependudukan",))
    assert (about.period_start, about.period_end) == ("2023-01-01", "2023-12-31")
    rhythm = frequencies.match(about.frequency)
    assert rhythm is not None
    assert rhythm.slug == "tahunan"
    assert dataset.organization is not None
    assert dataset.organization.title == "Dinas Dukcapil"
    assert dataset.modified is not None
    assert "Budi" not in repr(dataset)
    got = list(adapter(portal, url).fetch(dataset, tmp_path))
    assert [one.file.filename for one in got] == ["penduduk.csv", "penduduk.json"]
    assert isinstance(got[0], Evidence)
    assert got[0].path.read_bytes() == CSV


@pytest.mark.parametrize("syntax", ["json-ld", "xml", "turtle"])
def test_a_listing_is_the_same_each_time_though_nodes_without_names_come_in_any_order(
    portal: DcatPeer, syntax: str
) -> None:
    portal.add("a", files={f"{n}.csv": CSV for n in range(8)})
    url = portal.serve(syntax)
    assert len({repr(listing(portal, url)) for _ in range(5)}) == 1


@pytest.mark.parametrize("syntax", ["json-ld", "xml", "turtle"])
def test_every_page_is_read_once(portal: DcatPeer, syntax: str) -> None:
    for number in range(7):
        portal.add(f"data-{number}", files={"a.csv": CSV})
    assert len(listing(portal, portal.serve(syntax, per_page=3))) == 7
    assert portal.count("/katalog") == 3


def test_pages_that_lead_in_a_circle_end(portal: DcatPeer) -> None:
    body = "<{0}/a> <http://www.w3.org/ns/hydra/core#next> <{0}/{1}> ."
    portal.on("/a", lambda x: x.reply(body.format(portal.url, "b").encode(), Content_Type="text/turtle"))
    portal.on("/b", lambda x: x.reply(body.format(portal.url, "a").encode(), Content_Type="text/turtle"))
    assert listing(portal, f"{portal.url}/a") == {}
    assert len(portal.seen) == 2


def test_a_page_elsewhere_is_not_read_unless_it_is_allowed(portal: DcatPeer) -> None:
    body = b"<http://x.test/a> <http://www.w3.org/ns/hydra/core#nextPage> <http://169.254.169.254/b> ."
    portal.on("/a", lambda x: x.reply(body, Content_Type="text/turtle"))
    with pytest.raises(LeadsAway):
        listing(portal, f"{portal.url}/a")
    with pytest.raises(contract.FetchFailed, match="internet publik"):
        listing(portal, f"{portal.url}/a", hosts=["169.254.*"])


def test_of_several_formats_the_wanted_one_is_taken(portal: DcatPeer) -> None:
    portal.add("a", files={"a.csv": CSV, "a.json": b"[]", "a.xml": b"<a/>"})
    portal.add("b", files={"b.pdf": b"%PDF"})
    found = listing(portal, portal.serve("turtle"), formats=["xlsx", "csv"])
    assert [file.filename for file in found["a"].files] == ["a.csv"]
    assert [file.filename for file in found["b"].files] == ["b.pdf"]


def test_bytes_that_do_not_fit_their_checksum_are_missed(portal: DcatPeer, tmp_path: Path) -> None:
    portal.add("baik", files={"a.csv": CSV}, sha256=hashlib.sha256(CSV).hexdigest())
    portal.add("rusak", files={"a.csv": CSV}, sha256="0" * 64)
    url = portal.serve("xml")
    got = {key: next(iter(adapter(portal, url).fetch(one, tmp_path))) for key, one in listing(portal, url).items()}
    assert isinstance(got["baik"], Evidence)
    assert isinstance(got["rusak"], Missed)
    assert got["rusak"].notice.code == "fetch.not_as_announced"


def test_a_dataset_without_a_download_is_told(portal: DcatPeer) -> None:
    portal.add("kosong", files={})
    fault = listing(portal, portal.serve("turtle"))["kosong"].fault
    assert fault is not None
    assert fault.code == "dcat.no_files"


@pytest.mark.parametrize(
    "context",
    [
        "http://127.0.0.1:1/konteks.jsonld",
        ["http://169.254.169.254/x", {"@import": "file:///etc/passwd"}],
        {"@import": "http://127.0.0.1:1/x"},
        {"dcat": "http://www.w3.org/ns/dcat#", "x": {"@id": "dcat:x", "@context": "http://127.0.0.1:1/y"}},
    ],
)
def test_no_context_is_fetched_from_anywhere(portal: DcatPeer, context: Any) -> None:
    dataset = {
        "@context": "http://127.0.0.1:1/dalam.jsonld",
        "@type": "dcat:Dataset",
        "@id": f"{portal.url}/dataset/a",
        "dct:title": "Judul",
        "dcat:distribution": {"dcat:downloadURL": {"@id": f"{portal.url}/a.csv"}},
    }
    document = {"@context": context, "@graph": [dataset]}
    url = portal.on("/katalog.jsonld", lambda x: x.reply(json.dumps(document).encode()))
    assert listing(portal, url)["a"].title == "Judul"
    assert {seen.path for seen in portal.seen} == {"/katalog.jsonld"}


ENTITIES = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>'


@pytest.mark.parametrize(
    "body",
    [
        ENTITIES.encode(),
        ENTITIES.encode("utf-16"),
        b"<!doctype html><html>masuk</html>",
        b'<?xml version="1.0"?><rdf:RDF',
        b"{",
        b"[" * 100_000,
        b'{"@context": {"@vocab": 5}, "@graph": "x"}'[:20],
        b"",
        b"@prefix : <x> . a b c",
        b"(" * 50_000,
        b"\0\1\2",
    ],
    ids=range(11),
)
def test_what_is_no_catalogue_is_told_in_words_or_is_empty(portal: DcatPeer, body: bytes) -> None:
    url = portal.on("/k", lambda x: x.reply(body))
    try:
        assert listing(portal, url) == {}
    except SourceUnavailable as told:
        assert "dapat dibaca sebagai" in told.say("id")
    assert len(portal.seen) == 1


def test_a_catalogue_larger_than_a_page_may_be_is_refused(portal: DcatPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.dcat.parsing.LARGEST", 100)
    portal.add("a", files={"a.csv": CSV})
    with pytest.raises(SourceUnavailable, match="MB"):
        listing(portal, portal.serve("turtle"))


def test_a_data_json_is_read_as_the_same(portal: DcatPeer, tmp_path: Path) -> None:
    portal.on("/a.csv", lambda x: x.reply(CSV))
    value = {
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "dataset": [
            {
                "identifier": "opd-7",
                "title": "Ruas  jalan",
                "description": "Panjang ruas.",
                "keyword": ["jalan"],
                "theme": "infrastruktur",
                "publisher": {"name": "Dinas PU"},
                "contactPoint": {"fn": "Budi Santoso", "hasEmail": "mailto:budi@x.id"},
                "license": "https://creativecommons.org/licenses/by/4.0/",
                "accrualPeriodicity": "R/P1Y",
                "temporal": "2023-01-01/2023-12-31",
                "modified": "2024-05-06",
                "distribution": [
                    {"title": "CSV", "downloadURL": f"{portal.url}/a.csv", "mediaType": "text/csv"},
                    {"accessURL": f"{portal.url}/halaman"},
                    {"downloadURL": "file:///etc/passwd"},
                ],
            },
            {"title": 5, "distribution": "x", "keyword": None},
        ],
    }
    url = portal.on("/data.json", lambda x: x.reply(json.dumps(value).encode()))
    found = listing(portal, url)
    dataset = found["opd-7"]
    assert (dataset.title, dataset.about.license) == ("Ruas jalan", "CC-BY-4.0")
    assert (dataset.about.period_start, dataset.about.frequency) == ("2023-01-01", "R/P1Y")
    assert "Budi" not in repr(dataset)
    (evidence,) = adapter(portal, url).fetch(dataset, tmp_path)
    assert isinstance(evidence, Evidence)
    assert found["5"].fault is not None


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("CSV", "csv"),
        ("text/csv", "csv"),
        ("https://www.iana.org/assignments/media-types/text/csv", "csv"),
        ("http://publications.europa.eu/resource/authority/file-type/XLSX", "xlsx"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        ("", ""),
        ("../../etc", "etc"),
    ],
)
def test_formats_are_understood_however_they_are_said(text: str, ending: str) -> None:
    assert format_of(text) == ending
