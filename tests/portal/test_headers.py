from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient

PAGES = (
    "/",
    "/dataset",
    "/dataset?q=sekolah",
    "/organization",
    "/organization/dinas-pendidikan",
    "/group",
    "/tentang",
    "/tidak-ada",
)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_script_or_style_of_its_own_or_from_another_host(public: FlaskClient, path: str) -> None:
    response = public.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    page = response.text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", page))
    loaded = re.findall(r'(?:src|href)="([^"]+)"', " ".join(re.findall(r"<(?:script|link|img|use)[^>]*>", page)))
    assert all(address.startswith(("/", "http://localhost/")) for address in loaded)


@pytest.mark.parametrize("path", [*PAGES, "/static/lumbung.css", "/api/3/action/package_list"])
def test_every_answer_carries_the_headers_that_protect_its_reader(public: FlaskClient, path: str) -> None:
    headers = public.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert "Set-Cookie" not in headers


def test_https_is_made_to_last_only_where_it_is_used(public: FlaskClient) -> None:
    assert "max-age=" in public.get("/", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_a_page_that_has_not_changed_is_not_sent_again(public: FlaskClient) -> None:
    first = public.get("/")
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = public.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_errors_and_health_are_nobody_elses_to_keep(public: FlaskClient) -> None:
    assert public.get("/tidak-ada").headers["Cache-Control"] == "no-store"
    assert public.get("/healthz").headers["Cache-Control"] == "no-store"


def test_pages_travel_in_gzip_for_who_accepts_it_and_say_so_to_caches(public: FlaskClient) -> None:
    plain, packed = public.get("/"), public.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == int(packed.headers["Content-Length"])
    assert "Accept-Encoding" in plain.headers["Vary"]
    refused = public.get("/", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_static_files_are_kept_for_ever_under_their_hash_and_only_so(public: FlaskClient) -> None:
    page = public.get("/").text
    for address in re.findall(r'"(/static/[^"#]+)', page):
        assert public.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable", address
    assert public.get("/static/lumbung.css?v=old").headers["Cache-Control"] == "public, no-cache"
    assert public.get("/static/lumbung.css").headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("name", ["../app.py", "%2e%2e/app.py", "css/base.css", "..%2fapp.py", "tidak.css", "img"])
def test_static_gives_nothing_but_static_files(public: FlaskClient, name: str) -> None:
    assert public.get(f"/static/{name}").status_code == 404
