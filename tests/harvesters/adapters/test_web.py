"""Files on the web as a source: alone, linked from a page, listed in an index, packed in archives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers import zips
from peers.http_peer import Exchange, HttpPeer
from pydantic import ValidationError

from harvesters.adapter import Evidence, Missed, RemoteDataset, SourceUnavailable, adapter_class
from harvesters.adapters.web import NoLinks, WebAdapter, WebOptions
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits

QUICK = Limits(connect=1.0, idle=1.0, total=5.0, body=5_000_000, attempts=2, first_wait=0.01)
CSV = b"kode,nilai\n35.22,71.8\n"


@pytest.fixture
def peer() -> Iterator[HttpPeer]:
    with HttpPeer() as peer:
        yield peer


def adapter(peer: HttpPeer, path: str, **options: Any) -> WebAdapter:
    fetcher = Fetcher(internal=[peer.url], limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
    return WebAdapter(peer.url + path, WebOptions.model_validate(options), fetcher)


def listing(peer: HttpPeer, path: str, **options: Any) -> dict[str, RemoteDataset]:
    return {one.key: one for one in adapter(peer, path, **options).discover()}


def page(peer: HttpPeer, path: str, body: str) -> None:
    peer.on(path, lambda x: x.reply(f"<!doctype html><body>{body}</body>".encode(), Content_Type="text/html"))


def fetched(peer: HttpPeer, path: str, into: Path, **options: Any) -> list[Evidence | Missed]:
    one = adapter(peer, path, **options)
    (dataset,) = one.discover()
    return list(one.fetch(dataset, into))


def test_the_entry_point_finds_this_adapter() -> None:
    assert adapter_class("web") is WebAdapter


def test_a_single_file_is_a_dataset(peer: HttpPeer, tmp_path: Path) -> None:
    peer.on("/data/luas_panen.csv", lambda x: x.reply(CSV))
    (dataset,) = listing(peer, "/data/luas_panen.csv").values()
    assert (dataset.key, dataset.title) == ("data/luas_panen.csv", "Luas panen")
    (file,) = fetched(peer, "/data/luas_panen.csv", tmp_path)
    assert isinstance(file, Evidence)
    assert file.path.read_bytes() == CSV


def test_the_links_of_a_page_that_fit_the_pattern_are_datasets_with_their_words(peer: HttpPeer) -> None:
    page(
        peer,
        "/unduh/",
        '<a href="2023/jalan.csv">Panjang jalan  2023</a> <a href="jembatan.XLSX">Unduh</a> <a href="#atas">atas</a>'
        '<a href="panduan.pdf">Panduan</a> <a href="mailto:x@y">x</a> <a href="javascript:alert(1)">y</a>'
        '<a href="2023/jalan.csv#lagi">sekali lagi</a>',
    )
    found = listing(peer, "/unduh/", lists="page")
    assert {key: one.title for key, one in found.items()} == {
        "unduh/2023/jalan.csv": "Panjang jalan 2023",
        "unduh/jembatan.XLSX": "Jembatan",
    }
    assert found["unduh/2023/jalan.csv"].about.homepage == f"{peer.url}/unduh/"
    assert set(listing(peer, "/unduh/", lists="page", pattern=["*/2023/*"])) == {"unduh/2023/jalan.csv"}


def test_a_servers_own_listing_with_its_shortened_names_gives_titles_of_the_files(peer: HttpPeer) -> None:
    page(peer, "/d/", '<a href="../">Parent</a><a href="jumlah_penduduk_menurut.csv">jumlah_penduduk_m..&gt;</a>')
    assert [one.title for one in listing(peer, "/d/", lists="page").values()] == ["Jumlah penduduk menurut"]


def test_a_link_to_another_host_is_named_and_not_followed_unless_it_is_allowed(peer: HttpPeer, tmp_path: Path) -> None:
    with HttpPeer() as other:
        url = other.on("/x.csv", lambda x: x.reply(CSV)).replace("127.0.0.1", "localhost")
        page(peer, "/p", f'<a href="{url}">Data lain</a><a href="http://169.254.169.254/latest/x.csv">a</a>')
        found = list(listing(peer, "/p", lists="page").values())
        assert [one.fault.code for one in found if one.fault] == ["web.link_elsewhere"] * 2
        allowed = adapter(peer, "/p", lists="page", hosts=["*"])
        for dataset in allowed.discover():
            (missed,) = allowed.fetch(dataset, tmp_path)
            assert isinstance(missed, Missed)  # allowed by its words, refused by the guards: neither is public
            assert missed.notice.code == "fetch.address_forbidden"
        assert other.seen == []


def test_a_base_that_leads_elsewhere_takes_no_link_along(peer: HttpPeer) -> None:
    peer.on("/p", lambda x: x.reply(b'<head><base href="http://10.0.0.1/"></head><a href="a.csv">Data satu</a>'))
    (dataset,) = listing(peer, "/p", lists="page").values()
    assert dataset.fault is not None


def test_a_page_without_a_fitting_link_is_told_rather_than_taken_for_an_empty_source(peer: HttpPeer) -> None:
    page(peer, "/p", "<div id=app></div><script src=a.js></script>")
    with pytest.raises(NoLinks):
        listing(peer, "/p", lists="page")


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_listing_that_cannot_be_had_is_an_error(peer: HttpPeer, status: int) -> None:
    peer.on("/p", lambda x: x.reply(b"<html>maaf</html>", status=status))
    with pytest.raises(Exception, match=str(status)):
        listing(peer, "/p", lists="page")


def test_an_index_in_json_is_read_with_ids_words_and_marks(peer: HttpPeer) -> None:
    entries = [
        {"kode": 7, "judul": "Ruas jalan", "berkas": {"tautan": "a.csv"}, "diubah": "2025-01-01"},
        {"kode": 8, "judul": "Tanpa berkas"},
        "bukan objek",
    ]
    peer.on("/api/daftar", lambda x: x.reply(json.dumps({"hasil": {"isi": entries}}).encode()))
    said = {"url": "/berkas/tautan", "id": "kode", "updated": "diubah"}
    found = listing(peer, "/api/daftar", lists="index", entries="/hasil/isi", members=said)
    assert {key: one.title for key, one in found.items()} == {"7": "Ruas jalan"}
    assert found["7"].fingerprint == f"2025-01-01 {peer.url}/api/a.csv"


def test_a_mark_in_an_index_is_not_believed_unless_somebody_vouches_for_it(peer: HttpPeer) -> None:
    entry = {"id": 1, "title": "Ruas jalan", "url": "a.csv", "updated_at": "2020"}
    peer.on("/i", lambda x: x.reply(json.dumps([entry]).encode()))
    assert listing(peer, "/i", lists="index")["1"].fingerprint is None


@pytest.mark.parametrize(
    "body", [b"<html>masuk</html>", b"", b"{", b"[" * 100_000, b'{"data": 5}', b"\xff\xfe\x00", b"9" * 10_000]
)
def test_an_index_that_is_none_is_told_in_words(peer: HttpPeer, body: bytes) -> None:
    peer.on("/i", lambda x: x.reply(body))
    with pytest.raises(SourceUnavailable, match="JSON"):
        listing(peer, "/i", lists="index", entries="/data")


def test_an_archive_is_the_files_in_it(peer: HttpPeer, tmp_path: Path) -> None:
    files = {"2023/data.csv": CSV, "2024/data.csv": CSV * 2, "__MACOSX/._data.csv": b"x", "baca.txt": b"halo"}
    peer.on("/semua.zip", lambda x: x.reply(zips.packed(files)))
    got = fetched(peer, "/semua.zip", tmp_path)
    assert [(one.file.key, one.file.filename, one.file.title) for one in got] == [
        ("semua.zip!/2023/data.csv", "data.csv", "2023 / Data"),
        ("semua.zip!/2024/data.csv", "data.csv", "2024 / Data"),
    ]
    assert [one.path.read_bytes() for one in got if isinstance(one, Evidence)] == [CSV, CSV * 2]
    assert isinstance(got[0], Evidence)
    assert got[0].url == f"{peer.url}/semua.zip#2023/data.csv"


def test_a_workbook_is_not_taken_for_an_archive(peer: HttpPeer, tmp_path: Path) -> None:
    peer.on("/buku.xlsx", lambda x: x.reply(zips.packed({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"})))
    (file,) = fetched(peer, "/buku.xlsx", tmp_path)
    assert file.file.filename == "buku.xlsx"


def test_names_in_an_archive_cannot_lead_out_of_it(peer: HttpPeer, tmp_path: Path) -> None:
    names = ["../../etc/a.csv", "/etc/b.csv", "C:\\c.csv", "..\\d.csv", "baik.csv", "dalam\\e.csv"]
    peer.on("/x.zip", lambda x: x.reply(zips.packed(dict.fromkeys(names, CSV))))
    into = tmp_path / "into"
    into.mkdir()
    got = fetched(peer, "/x.zip", into)
    assert sorted(one.file.key for one in got) == ["x.zip!/baik.csv", "x.zip!/dalam/e.csv"]
    assert {path.parent for path in tmp_path.rglob("*.csv")} == {into}


def test_a_link_in_an_archive_is_passed_over(peer: HttpPeer, tmp_path: Path) -> None:
    peer.on("/x.zip", lambda x: x.reply(zips.with_link("rahasia.csv", "/etc/passwd", CSV)))
    assert [one.file.filename for one in fetched(peer, "/x.zip", tmp_path)] == ["data.csv"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (zips.bomb(), "archive.unusable"),
        (zips.encrypted({"data.csv": CSV}), "archive.unusable"),
        (zips.damaged({"data.csv": CSV * 50}), "archive.unusable"),
        (zips.packed({f"{n}.csv": b"" for n in range(1_001)}), "archive.unusable"),
        (zips.packed({"data.csv": CSV})[:-30], "archive.unusable"),
        (zips.packed({"data.csv": CSV}) + b"PK\x06\x07" + b"\0" * 16, "archive.unusable"),
        (zips.packed({"baca.txt": CSV}), "archive.nothing_inside"),
        (zips.packed({f"{n}.csv": bytes(range(256)) * 8_000 for n in range(3)}), "fetch.too_large"),
    ],
    ids=["bomb", "encrypted", "damaged", "many", "cut", "zip64", "nothing", "large"],
)
def test_an_archive_made_to_harm_is_refused_in_words(peer: HttpPeer, tmp_path: Path, body: bytes, code: str) -> None:
    peer.on("/x.zip", lambda x: x.reply(body))
    got = fetched(peer, "/x.zip", tmp_path)
    assert [one.notice.code for one in got if isinstance(one, Missed)] == [code]
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".csv"]


def test_an_archive_that_did_not_change_is_known_by_its_mark_before_it_is_fetched(peer: HttpPeer) -> None:
    peer.on("/x.zip", lambda x: x.reply(zips.packed({"a.csv": CSV}), ETag='"7"'))
    assert listing(peer, "/x.zip")["x.zip"].fingerprint == '"7"'
    assert [one.method for one in peer.seen] == ["HEAD"]


@pytest.mark.parametrize("status", [403, 405, 501])
def test_a_server_that_answers_no_head_is_asked_but_once_and_then_for_the_file(peer: HttpPeer, status: int) -> None:
    def serve(x: Exchange) -> None:
        x.reply(status=status) if x.seen.method == "HEAD" else x.reply(CSV)

    peer.on("/x.zip", serve)
    assert listing(peer, "/x.zip")["x.zip"].fingerprint is None
    assert peer.count("/x.zip") == 1


def test_all_files_of_a_page_can_be_one_dataset(peer: HttpPeer, tmp_path: Path) -> None:
    page(peer, "/rapor/", '<a href="a.csv">Tabel satu</a><a href="b.csv">Tabel dua</a><a href="http://x/c.csv">c</a>')
    peer.on("/rapor/a.csv", lambda x: x.reply(CSV))
    got = fetched(peer, "/rapor/", tmp_path, lists="page", together=True)
    assert [type(one).__name__ for one in got] == ["Evidence", "Missed"]
    (dataset,) = listing(peer, "/rapor/", lists="page", together=True).values()
    assert (dataset.key, [one.code for one in dataset.notices]) == ("rapor/", ["web.link_elsewhere"])


def test_a_secret_header_is_sent_where_it_belongs_and_kept_nowhere(
    peer: HttpPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_KUNCI", "sangat-rahasia")
    with HttpPeer() as other:
        end = other.on("/end.csv", lambda x: x.reply(CSV))
        peer.on("/d.csv", lambda x: x.reply(status=302, Location=end))
        fetcher = Fetcher(internal=[peer.url, other.url], limits=QUICK, pace=Pace(1000))
        options = WebOptions(headers={"X-Api-Key": "${SOURCE_KUNCI}"})
        one = WebAdapter(f"{peer.url}/d.csv", options, fetcher)
        (dataset,) = one.discover()
        (evidence,) = one.fetch(dataset, tmp_path)
        assert peer.seen[0].headers["X-Api-Key"] == "sangat-rahasia"
        assert "X-Api-Key" not in other.seen[0].headers
    assert "sangat-rahasia" not in repr((evidence, dataset, options))


def test_an_unknown_option_is_an_error() -> None:
    with pytest.raises(ValidationError):
        WebOptions.model_validate({"polanya": "*"})
