"""Behind the real nginx, set up as docs/front-server.md says: files as from the application, only carried by nginx."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from backports import zstd
from flask import Flask
from front_server import configured
from services import program
from shown_tables import POPULATION, Shown
from werkzeug.serving import make_server

from datasets.installation import Installation
from portal.app import create_app
from portal.web import engine

PAGE = f"/dataset/{POPULATION}/v/2"
CSV = f"{PAGE}/penduduk-kecamatan.csv?exact=1"
SAME = (
    "ETag",
    "Last-Modified",
    "Content-Type",
    "Content-Disposition",
    "Cache-Control",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Access-Control-Allow-Origin",
    "Cross-Origin-Resource-Policy",
    "Referrer-Policy",
)


@pytest.fixture(scope="module")
def carried(shown: Shown) -> Iterator[Flask]:
    """The portal with tables that lets the front server carry its files."""
    here = Installation(replace(shown.installation.settings, accel_prefix="/kept"))
    app = create_app(here.settings, here)
    yield app
    with app.app_context():
        engine.close()
    here.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where nginx keeps its cache and its logs."""
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def front(carried: Flask, shown: Shown, folder: Path) -> Iterator[int]:
    """The port of an nginx before it."""
    command = program("nginx")
    settings = shown.installation.settings
    server = make_server("127.0.0.1", 0, carried, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (folder / "nginx.conf").write_text(configured(settings.home, folder, port, server.server_port))
    try:
        with running(command, folder, port):
            yield port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def running(command: str, folder: Path, port: int) -> Iterator[None]:
    """An nginx with the configuration of that folder, once it listens."""
    nginx = subprocess.Popen([command, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "log")])
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert nginx.poll() is None, (folder / "log").read_text()
            time.sleep(0.02)
        yield
    finally:
        nginx.terminate()
        nginx.wait(20)


def ask(port: int, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def test_a_file_comes_with_all_that_the_application_says_of_it(front: int, carried: Flask) -> None:
    status, headers, body = ask(front, CSV)
    direct = carried.test_client().get(CSV)
    assert direct.headers["X-Accel-Redirect"].startswith("/kept/blobs/")
    assert status == 200
    assert len(body) == int(headers["Content-Length"]) > 1_000
    assert {name: headers[name] for name in SAME} == {name: direct.headers.get(name) for name in SAME}
    assert headers["Server"].startswith("nginx")
    assert "X-Accel-Redirect" not in headers
    assert headers["Vary"] == "Accept-Encoding"


def test_a_file_made_for_a_question_is_carried_too(front: int) -> None:
    status, headers, body = ask(front, CSV.replace("exact=1", "tahun=2021&_sort=kecamatan"))
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert body.startswith(b"kecamatan,tahun,")
    assert body.count(b"\n") == 29


def test_parts_and_unchanged_files_are_answered_as_such(front: int) -> None:
    _, headers, whole = ask(front, CSV)
    status, part, body = ask(front, CSV, Range="bytes=10-29", If_Range=headers["ETag"])
    assert (status, body, part["Content-Range"]) == (206, whole[10:30], f"bytes 10-29/{len(whole)}")
    assert ask(front, CSV, Range="bytes=10-29", If_Range='"other"')[0] == 200
    assert ask(front, CSV, If_None_Match=headers["ETag"])[0] == 304


def test_nginx_gives_each_request_its_id_also_from_its_cache(front: int) -> None:
    found = {ask(front, path)[1]["X-Request-Id"] for path in (PAGE, PAGE, CSV, "/tidak-ada")}
    assert len(found) == 4
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in found)


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_packed_file_comes_packed(front: int, encoding: str) -> None:
    _, plain, whole = ask(front, CSV)
    status, headers, body = ask(front, CSV, Accept_Encoding=f"{encoding}, br;q=0.9")
    assert (status, headers["Content-Encoding"], headers["Content-Type"]) == (200, encoding, plain["Content-Type"])
    assert len(body) < len(whole) / 2
    assert headers["ETag"] == plain["ETag"][:-1] + f'-{encoding}"'
    assert (gzip.decompress if encoding == "gzip" else zstd.decompress)(body) == whole
    assert ask(front, CSV, Accept_Encoding=encoding, If_None_Match=headers["ETag"])[0] == 304
    held = {"Accept_Encoding": encoding, "Range": "bytes=5-9"}
    assert ask(front, CSV, **held, If_Range=headers["ETag"])[2] == body[5:10]
    assert ask(front, CSV, **held)[2] == whole[5:10]


def test_a_large_file_goes_out_plain_until_it_is_packed(front: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.downloads.encodings.AT_ONCE", 0)
    address = CSV.replace("exact=1", "tahun__ge=2021")
    status, headers, whole = ask(front, address, Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"], headers["Vary"]) == (200, None, "Accept-Encoding")
    for _ in range(400):
        status, headers, body = ask(front, address, Accept_Encoding="gzip")
        if headers["Content-Encoding"]:
            break
        time.sleep(0.02)
    assert (status, gzip.decompress(body)) == (200, whole)


KEYS = (
    "/permohonan/lacak/{key}",
    "/permohonan/lacak/{key}/data.json",
    "/en/permohonan/lacak/{key}/surat/1?html=1",
    "/masuk/sandi/{key}",
    "/masuk/undangan/{key}?x=1",
    "/ikuti/konfirmasi/{key}",
    "/ikuti/berhenti/{key}",
    "/ikuti/berhenti-semua/{key}",
)


def test_no_log_has_an_address_that_is_a_key(front: int, folder: Path) -> None:
    key = "Rahasia-0123456789abcdefRAHASIA"
    asked = [path.format(key=key) for path in KEYS]
    for path in asked:
        ask(front, path, Referer=f"http://127.0.0.1{path}")
    ask(front, "/dataset?q=siti+aminah")
    log = folder / "lumbung.log"
    for _ in range(200):  # a line is written after its answer
        lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        if lines and lines[-1]["path"] == "/dataset":
            break
        time.sleep(0.02)
    kept = [path.partition(key)[0] + "…" for path in asked]
    assert [line["path"] for line in lines[-len(asked) - 1 :]] == [*kept, "/dataset"]
    assert all(re.fullmatch(r"[0-9a-f]{32}", line["request"]) for line in lines)
    everything = "".join(file.read_text("utf-8", "replace") for file in folder.iterdir() if file.is_file())
    assert key not in everything
    assert "siti" not in everything


def test_an_error_at_a_key_is_not_written_with_it(folder: Path, shown: Shown) -> None:
    """Nobody answers behind this one."""
    command, key = program("nginx"), "Rahasia-fedcba9876543210RAHASIA"
    alone = folder / "alone"
    alone.mkdir()
    with socket.socket() as probe, socket.socket() as nobody:
        for one in (probe, nobody):
            one.bind(("127.0.0.1", 0))
        port, closed = int(probe.getsockname()[1]), int(nobody.getsockname()[1])
    (alone / "nginx.conf").write_text(configured(shown.installation.settings.home, alone, port, closed))
    with running(command, alone, port):
        assert ask(port, "/dataset")[0] == 502
        for path in KEYS:
            assert ask(port, path.format(key=key))[0] == 502
    errors = (alone / "error.log").read_text("utf-8")
    assert "/dataset" in errors, "other errors are"
    assert key not in errors + (alone / "lumbung.log").read_text("utf-8")


def test_the_internal_place_is_not_open(front: int) -> None:
    assert ask(front, "/kept/catalog.sqlite")[0] == 404


def test_what_does_not_change_is_answered_by_nginx_alone(front: int, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"/api/1/dataset/{POPULATION}/v/2/penduduk-kecamatan?_size=3"
    kept = ask(front, address)
    page = ask(front, f"/dataset/{POPULATION}")
    monkeypatch.setattr("flask.Flask.full_dispatch_request", lambda _: pytest.fail("the application was asked"))
    assert ask(front, address)[2] == kept[2]
    assert ask(front, address, If_None_Match=kept[1]["ETag"])[0] == 304
    assert page[1]["Cache-Control"] == "public, no-cache"
    assert "X-Accel-Expires" not in page[1]
    assert ask(front, f"/dataset/{POPULATION}")[2] == page[2]  # within the second
