from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient

from datasets.installation import Installation


def test_the_first_visitor_of_an_empty_granary_is_told_how_to_fill_it(empty: FlaskClient) -> None:
    page = empty.get("/").text
    assert "Lumbung masih kosong" in page
    assert "lumbung harvest" in page
    assert "lumbung demo" in page
    for path in ("/dataset", "/organization", "/group", "/tentang", "/en/", "/dataset/saran?q=a"):
        assert empty.get(path).status_code == 200, path


def test_home_shows_what_is_there_and_counts_it(public: FlaskClient) -> None:
    page = public.get("/").text
    assert [re.sub(r"\s+", " ", figure) for figure in re.findall(r"<dd>([^<]+)</dd>", page)] == [
        "4",
        "8",
        "2",
        "17 Mar 2025",
    ]
    assert page.index("Angka partisipasi sekolah") < page.index("Data pokok sekolah dasar") < page.index("Kasus demam")
    assert 'href="/group/kesehatan"' in page
    assert 'href="/organization/dinas-pendidikan"' in page
    assert 'href="/dataset/kasus-demam-berdarah"' in page
    assert page.index('role="search"') < page.index("<dd>")


def test_themes_without_datasets_are_not_offered(public: FlaskClient) -> None:
    for path in ("/", "/group"):
        page = public.get(path).text
        assert "/group/pendidikan" in page
        assert "/group/pertanian" not in page


def test_examples_of_searches_find_something(public: FlaskClient) -> None:
    examples = re.findall(r'<li><a href="(/dataset\?q=[^"]+)"', public.get("/").text)
    assert examples
    for address in examples:
        assert 'class="dataset"' in public.get(address).text, address


def test_about_says_how_to_cite_and_how_to_ask_by_program(public: FlaskClient) -> None:
    page = public.get("/tentang").text
    assert "package_show?id=angka-partisipasi-sekolah" in page
    assert 'RemoteCKAN("http://localhost")' in page
    assert "http://localhost/dataset/angka-partisipasi-sekolah" in page


def test_health_is_told_to_who_watches(public: FlaskClient) -> None:
    told = public.get("/healthz").get_json()
    assert told == {"status": "ok", "search": {"healthy": True, "documents": 4}}


def test_a_page_costs_few_queries_however_much_there_is(
    public: FlaskClient, stocked: Installation, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    for path, most in (
        ("/", 12),
        ("/dataset", 10),
        ("/organization", 2),
        ("/organization/dinas-kesehatan", 9),
        ("/dataset/angka-partisipasi-sekolah", 9),
        ("/group", 2),
    ):
        with count_queries() as queries:
            assert public.get(path).status_code == 200
        assert len(queries) <= most, (path, queries.statements)  # type: ignore[attr-defined]
