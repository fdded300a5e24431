from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from small_catalogue import stock

from datasets.installation import Installation
from datasets.models import Organization
from portal.app import create_app


def test_agencies_are_listed_with_what_they_have_published(public: FlaskClient) -> None:
    page = public.get("/organization").text
    assert page.index("Dinas Kesehatan") < page.index("Dinas Pendidikan")
    assert "Dinkes" in page


def test_an_agency_shows_its_datasets_and_searches_among_them(public: FlaskClient) -> None:
    page = public.get("/organization/dinas-pendidikan").text
    assert "Data pokok sekolah dasar" in page
    assert "Kasus demam" not in page
    assert '<input type="hidden" name="organization" value="dinas-pendidikan">' in page
    assert 'href="https://disdik.example.id"' in page


def test_a_theme_shows_its_datasets_in_the_words_of_the_language(public: FlaskClient) -> None:
    assert "<h1>Kesehatan</h1>" in public.get("/group/kesehatan").text
    english = public.get("/en/group/kesehatan").text
    assert "<h1>Health</h1>" in english
    assert "Kasus demam berdarah" in english


def test_a_theme_without_datasets_says_so(public: FlaskClient) -> None:
    response = public.get("/group/pertanian")
    assert response.status_code == 200
    assert "Belum ada yang diterbitkan di sini" in response.text


def test_long_lists_are_cut_into_pages_that_hold_together(installation: Installation) -> None:
    stock(installation, copies=22)
    public = create_app(installation.settings, installation).test_client()
    seen: list[str] = []
    address = "/group/kesehatan"
    while address:
        page = public.get(address).text
        seen += re.findall(r'<h3 class="dataset-title"><a href="([^"]+)"', page)
        following = re.search(r'<a href="([^"]+)" rel="next"', page)
        address = following[1] if following else ""
    assert len(seen) == len(set(seen)) == 44
    assert public.get("/group/kesehatan?page=999").status_code == 200


@pytest.mark.parametrize(
    "path", ["/organization/tidak-ada", "/group/tidak-ada", "/organization/" + "a" * 5000, "/group/%00"]
)
def test_the_unknown_is_not_found(public: FlaskClient, path: str) -> None:
    assert public.get(path).status_code == 404


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://"])
def test_a_homepage_that_is_no_web_address_is_no_link(stocked: Installation, address: str) -> None:
    with stocked.database.write() as session:
        owner = session.query(Organization).filter_by(slug="dinas-kesehatan").one()
        owner.homepage = address
    page = create_app(stocked.settings, stocked).test_client().get("/organization/dinas-kesehatan").text
    assert f'href="{address}"' not in page


@pytest.mark.parametrize("path", ["/dataset/", "/organization/", "/group/", "/tentang/"])
def test_a_last_slash_leads_to_the_same_page(public: FlaskClient, path: str) -> None:
    assert public.get(path).status_code == public.get(path.rstrip("/")).status_code == 200
