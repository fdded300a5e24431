"""Feeds, sitemaps, and what else programs look for at known places."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from shown_tables import POPULATION, Shown

from datasets.clock import now
from datasets.installation import Installation
from portal.app import create_app
from portal.feeds import atom_views, package_views, sitemap_views

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWEST = [
    "Angka partisipasi sekolah",
    "Data pokok sekolah dasar",
    "Kasus demam berdarah",
    "Jumlah puskesmas menurut kecamatan",
]


def xml(public: FlaskClient, address: str, media_type: str) -> ElementTree.Element:
    response = public.get(address)
    assert (response.status_code, response.mimetype) == (200, media_type)
    return ElementTree.fromstring(response.get_data())


def entries(public: FlaskClient, address: str) -> list[str]:
    feed = xml(public, address, "application/atom+xml")
    assert feed.findtext(f"{ATOM}id", "").startswith("http://localhost/feeds/")
    assert feed.findtext(f"{ATOM}updated")
    for entry in feed.iter(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
    return [entry.findtext(f"{ATOM}title", "") for entry in feed.iter(f"{ATOM}entry")]


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        ("/feeds/dataset.atom", NEWEST),
        ("/feeds/baru.atom", NEWEST),
        ("/feeds/organization/dinas-pendidikan.atom", NEWEST[:2]),
        ("/feeds/group/kesehatan.atom", NEWEST[2:]),
        ("/feeds/tag/sekolah.atom", NEWEST[:2]),
        ("/feeds/custom.atom?q=sekolah", NEWEST[:2]),
        ("/feeds/custom.atom?q=sekolah&year=2023", NEWEST[:2]),
        ("/feeds/custom.atom?organization=dinas-kesehatan", NEWEST[2:]),
        ("/feeds/custom.atom?q=qqqqzzzz", []),
    ],
)
def test_a_feed_has_the_newest_first(public: FlaskClient, address: str, titles: list[str]) -> None:
    assert entries(public, address) == titles


def test_a_long_feed_goes_on(public: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atom_views, "PAGE", 3)
    feed = xml(public, "/feeds/dataset.atom", "application/atom+xml")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["next"] == links["last"] == "http://localhost/feeds/dataset.atom?page=2"
    assert "previous" not in links
    assert entries(public, "/feeds/dataset.atom?page=2") == NEWEST[3:]
    assert public.get("/feeds/dataset.atom?page=3").status_code == 404


def test_files_are_enclosed_with_their_size(shown: Shown) -> None:
    feed = xml(shown.public, "/feeds/dataset.atom", "application/atom+xml")
    enclosed = [link for link in feed.iter(f"{ATOM}link") if link.get("rel") == "enclosure"]
    assert len(enclosed) >= 14
    for link in enclosed:
        response = shown.public.get(str(link.get("href")).removeprefix("https://data.example.go.id"))
        assert response.status_code == 200
        if link.get("length"):
            assert int(str(link.get("length"))) == len(response.get_data())


@pytest.mark.parametrize(
    "address",
    ["/feeds/organization/x.atom", "/feeds/group/x.atom", "/feeds/tag/x.atom", "/feeds/tag/%00.atom", "/feeds/x.atom"],
)
def test_a_feed_of_nothing_is_not_found(public: FlaskClient, address: str) -> None:
    assert public.get(address).status_code == 404


def test_the_sitemaps_lead_to_every_page(public: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap_views, "PAGE", 3)
    index = xml(public, "/sitemap.xml", "application/xml")
    parts = [str(each.text) for each in index.iter(f"{MAP}loc")]
    assert len(parts) == 3
    pages = []
    for part in parts:
        found = xml(public, part.removeprefix("http://localhost"), "application/xml")
        pages += [str(each.text) for each in found.iter(f"{MAP}loc")]
    assert len(pages) == len(set(pages)) == 8 + 2 + 2 + 4
    for page in pages:
        assert public.get(page.removeprefix("http://localhost")).status_code == 200, page
    for odd in ("/sitemap-dataset-9.xml", "/sitemap-dataset-0.xml", "/sitemap-dataset-99999999999999.xml"):
        assert public.get(odd).status_code == 404


def test_robots_are_told_where_the_sitemap_is(public: FlaskClient) -> None:
    said = public.get("/robots.txt")
    assert said.mimetype == "text/plain"
    assert "Sitemap: http://localhost/sitemap.xml" in said.text.splitlines()


def test_robots_are_kept_from_what_is_private_or_endless_and_from_nothing_else(public: FlaskClient) -> None:
    rules = RobotFileParser()
    rules.parse(public.get("/robots.txt").text.splitlines())
    for open_ in (
        "/",
        "/dataset/a-b",
        "/dataset/a-b/v/2",
        "/dataset/a-b.jsonld",
        "/en/dataset/a-b",
        "/catalog.ttl",
        "/api",
    ):
        assert rules.can_fetch("Googlebot", open_), open_
    for closed in (
        "/kerja/draf",
        "/en/akun",
        "/masuk",
        "/api/3/action/package_list",
        "/api/1/dataset/x",
        "/datastore/dump/x",
    ):
        assert not rules.can_fetch("Googlebot", closed), closed


def test_holes_are_reported_where_the_office_says(stocked: Installation, public: FlaskClient) -> None:
    assert public.get("/.well-known/security.txt").status_code == 404, "nobody is named whom nobody has named"
    here = Installation(replace(stocked.settings, security_contact="csirt@kantor.example"))
    told = create_app(here.settings, here).test_client().get("/.well-known/security.txt")
    assert told.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in told.text.splitlines())
    assert fields["Contact"] == "mailto:csirt@kantor.example"
    assert fields["Canonical"] == "http://localhost/.well-known/security.txt"
    assert timedelta(days=30) < datetime.fromisoformat(fields["Expires"]) - now() < timedelta(days=365)


def test_known_places_lead_on(public: FlaskClient) -> None:
    assert public.get("/.well-known/change-password").headers["Location"] == "/akun#sandi"
    icon = public.get("/favicon.ico", follow_redirects=True)
    assert icon.mimetype == "image/svg+xml"
    head = public.get("/").text
    search = re.findall(r'<link rel="search" type="([^"]+)" title="[^"]+" href="([^"]+)"', head)
    assert search == [("application/opensearchdescription+xml", "/opensearch.xml")]
    found = xml(public, "/opensearch.xml", "application/opensearchdescription+xml")
    names = {each.tag.rpartition("}")[2]: each.text or "" for each in found}
    assert 0 < len(names["ShortName"]) <= 16 and len(names["LongName"]) <= 48
    assert public.get(names["Image"].removeprefix("http://localhost")).mimetype == "image/svg+xml"


def test_browsers_learn_how_to_search(public: FlaskClient) -> None:
    found = xml(public, "/opensearch.xml", "application/opensearchdescription+xml")
    templates = [str(each.get("template")) for each in found if each.tag.endswith("Url")]
    assert templates[0] == "http://localhost/dataset?q={searchTerms}"
    assert public.get(templates[0].removeprefix("http://localhost").replace("{searchTerms}", "padi")).status_code == 200


def test_every_package_is_listed_with_the_hash_of_its_description(shown: Shown, monkeypatch: Any) -> None:
    monkeypatch.setattr(package_views, "PIECE", 2)
    response = shown.public.get("/catalog.datapackages.json")
    packages = json.loads(response.get_data())["datasets"]
    assert len(packages) == 5
    assert POPULATION in [package["name"] for package in packages]
    for package in packages:
        body = shown.public.get(package["package"].removeprefix("https://data.example.go.id")).get_data()
        assert package["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert json.loads(body)["name"] == package["name"]
    again = shown.public.get("/catalog.datapackages.json", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_an_empty_catalogue_has_empty_feeds(empty: FlaskClient) -> None:
    assert entries(empty, "/feeds/dataset.atom") == []
    assert json.loads(empty.get("/catalog.datapackages.json").get_data())["datasets"] == []
    assert len(list(xml(empty, "/sitemap.xml", "application/xml"))) == 1


@pytest.mark.parametrize(
    "address", ["/feeds/dataset.atom", "/sitemap.xml", "/robots.txt", "/opensearch.xml", "/catalog.datapackages.json"]
)
def test_any_site_may_read_and_who_has_it_is_told_so(public: FlaskClient, address: str) -> None:
    first = public.get(address)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert public.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_pages_name_their_feeds(public: FlaskClient) -> None:
    assert 'type="application/atom+xml"' in public.get("/").text
    link = public.get("/organization/dinas-pendidikan").headers["Link"]
    assert link == '</feeds/organization/dinas-pendidikan.atom>; rel="alternate"; type="application/atom+xml"'


def test_programs_find_every_interface_at_its_known_place(public: FlaskClient) -> None:
    response = public.get("/.well-known/api-catalog")
    assert response.mimetype == "application/linkset+json"
    items = [item["href"] for each in json.loads(response.data)["linkset"] for item in each.get("item", [])]
    assert "http://localhost/oai" in items
    for each in json.loads(response.data)["linkset"][1:]:
        assert public.get(each["service-desc"][0]["href"].removeprefix("http://localhost")).status_code == 200
    assert public.get("/.well-known/void").headers["Location"] == "/catalog"
