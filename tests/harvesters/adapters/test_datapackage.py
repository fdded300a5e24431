"""Data Packages as a source: loose, zipped, in a folder, in a catalogue; honest ones and those that want more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers import zips
from peers.http_peer import HttpPeer

from harvesters import adapter as contract
from harvesters.adapter import Evidence, Missed, RemoteDataset, SourceUnavailable
from harvesters.adapters.datapackage import DatapackageAdapter, DatapackageOptions
from harvesters.faults import FolderMissing
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits

QUICK = Limits(connect=1.0, idle=1.0, total=5.0, body=2_000_000, attempts=2, first_wait=0.01)
CSV = b"kode;nilai\n3522;71.8\n"
SHA = hashlib.sha256(CSV).hexdigest()


@pytest.fixture
def peer() -> Iterator[HttpPeer]:
    with HttpPeer() as peer:
        yield peer


def a_package(**members: Any) -> dict[str, Any]:
    fields = [{"name": "kode", "type": "string", "title": "Kode wilayah"}, {"name": "nilai", "type": "number"}]
    resource = {
        "name": "ipm",
        "path": "data/ipm.csv",
        "hash": f"sha256:{SHA}",
        "bytes": len(CSV),
        "dialect": {"delimiter": ";"},
        "schema": {"fields": fields},
    }
    values = {
        "name": "ipm-2024",
        "title": "Indeks Pembangunan Manusia",
        "description": "Menurut kabupaten.",
        "licenses": [{"name": "CC-BY-4.0"}],
        "keywords": ["ipm"],
        "contributors": [{"title": "BPS Bojonegoro", "roles": ["publisher"]}, {"title": "Budi", "role": "author"}],
        "resources": [resource],
    }
    return values | members


def a_resource(**members: Any) -> dict[str, Any]:
    return {"name": "x", "path": "x.csv"} | members


def serve(peer: HttpPeer, value: Any, path: str = "/p/datapackage.json") -> str:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return peer.on(path, lambda x: x.reply(body))


def adapter(location: str | Path, *peers: HttpPeer, **options: Any) -> DatapackageAdapter:
    fetcher = Fetcher(internal=[one.url for one in peers], limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
    return DatapackageAdapter(str(location), DatapackageOptions.model_validate(options), fetcher)


def offered(location: str | Path, *peers: HttpPeer, **options: Any) -> RemoteDataset:
    (dataset,) = adapter(location, *peers, **options).discover()
    return dataset


def codes(got: list[Evidence | Missed]) -> list[str]:
    return [one.notice.code if isinstance(one, Missed) else "ok" for one in got]


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("datapackage") is DatapackageAdapter


def test_a_package_says_what_it_is_and_how_its_files_are_read(peer: HttpPeer, tmp_path: Path) -> None:
    url = serve(peer, a_package())
    peer.on("/p/data/ipm.csv", lambda x: x.reply(CSV))
    dataset = offered(url, peer)
    assert (dataset.key, dataset.title) == ("ipm-2024", "Indeks Pembangunan Manusia")
    assert (dataset.about.license, dataset.about.keywords) == ("CC-BY-4.0", ("ipm",))
    assert dataset.about.columns["kode"].title == "Kode wilayah"
    assert dataset.organization is not None
    assert dataset.organization.title == "BPS Bojonegoro"
    assert "Budi" not in repr(dataset)
    (file,) = dataset.files
    assert (file.hints.delimiter, file.hints.types) == (";", {"kode": "string", "nilai": "number"})
    (evidence,) = adapter(url, peer).fetch(dataset, tmp_path)
    assert isinstance(evidence, Evidence)
    assert evidence.path.read_bytes() == CSV


def test_a_package_with_hashes_is_known_by_its_descriptor_alone(peer: HttpPeer) -> None:
    url = serve(peer, a_package())
    mark = offered(url, peer).fingerprint
    assert mark
    assert offered(url, peer).fingerprint == mark
    serve(peer, a_package(title="Lain"))
    assert offered(url, peer).fingerprint != mark
    serve(peer, a_package(resources=[a_resource()]))
    assert offered(url, peer).fingerprint is None


@pytest.mark.parametrize(
    "said",
    [{"hash": "sha256:" + "0" * 64}, {"hash": "0" * 32}, {"bytes": 5}, {"hash": "md5:" + "f" * 32}],
)
def test_bytes_that_are_not_those_announced_are_not_taken(peer: HttpPeer, tmp_path: Path, said: dict[str, Any]) -> None:
    url = serve(peer, a_package(resources=[a_resource(**said)]))
    peer.on("/p/x.csv", lambda x: x.reply(CSV))
    assert codes(list(adapter(url, peer).fetch(offered(url, peer), tmp_path))) == ["fetch.not_as_announced"]


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_every_usual_hash_is_checked(peer: HttpPeer, tmp_path: Path, algorithm: str) -> None:
    digest = hashlib.new(algorithm, CSV).hexdigest()
    resources = [a_resource(hash=f"{algorithm}:{digest.upper()}"), a_resource(hash=digest)]
    url = serve(peer, a_package(resources=resources))
    peer.on("/p/x.csv", lambda x: x.reply(CSV))
    assert codes(list(adapter(url, peer).fetch(offered(url, peer), tmp_path))) == ["ok", "ok"]


HOSTILE = [
    "/etc/passwd",
    "../../rahasia.csv",
    "a/../../b.csv",
    "..\\x.csv",
    "C:\\x.csv",
    "file:///etc/passwd",
    "sqlite:////var/portal.db",
    "http://169.254.169.254/latest.csv",
    "ftp://x/y.csv",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_leads_out_of_the_package_is_named_and_not_taken(peer: HttpPeer, tmp_path: Path, path: str) -> None:
    honest = a_package()["resources"][0]
    package = a_package(resources=[a_resource(path=path), honest])
    for location in (serve(peer, package), tmp_path / "datapackage.json"):
        (tmp_path / "datapackage.json").write_text(json.dumps(package))
        dataset = offered(location, peer)
        assert [file.key for file in dataset.files] == ["ipm-2024/ipm"]
        assert [one.code for one in dataset.notices] == ["datapackage.bad_path"]
    archive = zips.packed({"datapackage.json": json.dumps(package).encode(), "data/ipm.csv": CSV})
    dataset = offered(serve(peer, archive, "/p.zip"), peer)
    assert [file.key for file in dataset.files] == ["ipm-2024/ipm"]


def test_another_host_is_asked_only_when_it_is_allowed(peer: HttpPeer, tmp_path: Path) -> None:
    with HttpPeer() as other:
        far = other.on("/x.csv", lambda x: x.reply(CSV)).replace("127.0.0.1", "localhost")
        url = serve(peer, a_package(resources=[a_resource(path=far)]))
        assert offered(url, peer).fault is not None
        dataset = offered(url, peer, hosts=["localhost"])
        one = Fetcher(internal=[peer.url, far], limits=QUICK, pace=Pace(1000))
        got = list(DatapackageAdapter(url, DatapackageOptions(), one).fetch(dataset, tmp_path))
        assert codes(got) == ["ok"]


def test_a_link_in_a_local_folder_cannot_show_what_is_outside(tmp_path: Path) -> None:
    (tmp_path / "rahasia.csv").write_bytes(CSV)
    inside = tmp_path / "paket"
    inside.mkdir()
    (inside / "x.csv").symlink_to(tmp_path / "rahasia.csv")
    (inside / "datapackage.json").write_text(json.dumps(a_package(resources=[a_resource()])))
    assert offered(inside).fault is not None


def test_a_folder_on_the_disk_is_read_by_its_descriptor(tmp_path: Path) -> None:
    (tmp_path / "p" / "data").mkdir(parents=True)
    (tmp_path / "p" / "data" / "ipm.csv").write_bytes(CSV)
    (tmp_path / "p" / "datapackage.json").write_text(json.dumps(a_package()))
    into = tmp_path / "into"
    into.mkdir()
    (evidence,) = adapter(tmp_path / "p").fetch(offered(tmp_path / "p"), into)
    assert isinstance(evidence, Evidence)
    assert (evidence.path.read_bytes(), evidence.url) == (CSV, "file:ipm.csv")
    with pytest.raises(FolderMissing):
        offered(tmp_path / "tidak-ada")


@pytest.mark.parametrize("folder", ["", "paket/"])
def test_a_zipped_package_is_fetched_once_for_all_its_files(peer: HttpPeer, tmp_path: Path, folder: str) -> None:
    resources = [a_resource(name="a", path="data/a.csv"), a_resource(name="b", path="data/b.csv", hash=SHA)]
    files = {f"{folder}datapackage.json": json.dumps(a_package(resources=resources)).encode()}
    files |= {f"{folder}data/a.csv": CSV, f"{folder}data/b.csv": CSV, "lain/datapackage.json/x": b""}
    url = serve(peer, zips.packed(files), "/p.zip")
    dataset = offered(url, peer)
    assert dataset.fingerprint
    before = peer.count("/p.zip")
    got = list(adapter(url, peer).fetch(dataset, tmp_path))
    assert codes(got) == ["ok", "ok"]
    assert peer.count("/p.zip") == before + 1
    assert isinstance(got[0], Evidence)
    assert got[0].url == f"{url}#{folder}data/a.csv"


def test_a_member_that_the_archive_lacks_is_missed(peer: HttpPeer, tmp_path: Path) -> None:
    url = serve(peer, zips.packed({"datapackage.json": json.dumps(a_package()).encode()}), "/p.zip")
    assert codes(list(adapter(url, peer).fetch(offered(url, peer), tmp_path))) == ["source.fetch_failed"]


def test_a_package_that_we_pack_ourselves_can_be_harvested(peer: HttpPeer, tmp_path: Path) -> None:
    from metadata.package import write_zip

    (tmp_path / "ipm.csv").write_bytes(CSV)
    write_zip(tmp_path / "p.zip", a_package(), {"data/ipm.csv": tmp_path / "ipm.csv"})
    into = tmp_path / "into"
    into.mkdir()
    assert codes(list(adapter(tmp_path / "p.zip").fetch(offered(tmp_path / "p.zip"), into))) == ["ok"]


def test_data_in_the_descriptor_itself_are_a_file(peer: HttpPeer, tmp_path: Path) -> None:
    rows = [{"kode": "3522", "nilai": 71.8}]
    url = serve(peer, a_package(resources=[{"name": "isi", "data": rows}]))
    (evidence,) = adapter(url, peer).fetch(offered(url, peer), tmp_path)
    assert isinstance(evidence, Evidence)
    assert json.loads(evidence.path.read_text()) == rows


def test_a_catalogue_gives_each_package_and_tells_of_those_that_cannot_be_had(peer: HttpPeer) -> None:
    serve(peer, a_package(), "/katalog/a/datapackage.json")
    entries = [
        {"name": "a", "package": "a/datapackage.json"},
        {"name": "b", "package": "b/datapackage.json"},
        {"name": "jahat", "package": "http://169.254.169.254/datapackage.json"},
        {"name": "dalam", "package": a_package(name="dalam")},
    ]
    url = serve(peer, {"datasets": entries}, "/katalog/katalog.json")
    found = {one.key: one for one in adapter(url, peer).discover()}
    assert {key: one.fault.code if one.fault else "ok" for key, one in found.items()} == {
        "ipm-2024": "ok",
        "b": "fetch.refused",
        "jahat": "fetch.address_forbidden",
        "dalam": "ok",
    }


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]" * 2,
        b'{"resources": 5}',
        b"[" * 50_000,
        b'{"resources": [], "x": "' + b"a" * 1_100_000 + b'"}',
        zips.packed({"x.csv": CSV}),
    ],
)
def test_what_is_no_package_is_told_in_words(peer: HttpPeer, body: bytes) -> None:
    url = serve(peer, body)
    with pytest.raises(SourceUnavailable):
        list(adapter(url, peer).discover())


def test_members_of_the_wrong_kind_do_not_stop_the_rest(peer: HttpPeer) -> None:
    strange = {"name": 5, "title": ["x"], "licenses": "cc", "keywords": {"a": 1}, "contributors": [1, {"roles": 3}]}
    resources = [7, {"path": ["a.csv"], "schema": "https://x/y.json", "dialect": 3, "encoding": "klingon", "bytes": -1}]
    url = serve(peer, a_package(**strange, resources=resources))
    dataset = offered(url, peer)
    assert (dataset.key, [file.filename for file in dataset.files]) == ("5", ["a.csv"])
    assert dataset.files[0].hints.encoding is None
