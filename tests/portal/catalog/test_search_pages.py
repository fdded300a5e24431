from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from small_catalogue import stock

from datasets.installation import Installation
from datasets.models import Dataset, Visibility
from datasets.settings import Settings
from portal.app import create_app


def titles(page: str) -> list[str]:
    return re.findall(r'<h2 class="dataset-title"><a href="[^"]+">([^<]+)</a>', page)


def facet_links(page: str) -> dict[str, str]:
    found = re.findall(r'<li><a href="([^"]+)" rel="nofollow"[^>]*>(?:<svg.*?</svg>)?<span>([^<]+)</span>', page)
    return {title: unescape(address) for address, title in found}


def test_words_find_datasets(public: FlaskClient) -> None:
    page = public.get("/dataset?q=sekolah").text
    assert set(titles(page)) == {"Data pokok sekolah dasar", "Angka partisipasi sekolah"}
    assert "2 dataset untuk <em>“sekolah”</em>" in page


def test_without_words_the_newest_come_first(public: FlaskClient) -> None:
    assert titles(public.get("/dataset").text)[0] == "Angka partisipasi sekolah"
    assert titles(public.get("/dataset?sort=title").text) == sorted(titles(public.get("/dataset").text))


def test_each_facet_link_gives_what_it_counts(public: FlaskClient) -> None:
    page = public.get("/dataset").text
    links = facet_links(page)
    assert {"Dinas Kesehatan", "Dinas Pendidikan", "Kesehatan", "2024", "CSV"} <= set(links)
    for title, address in links.items():
        count = re.search(rf'<span>{re.escape(title)}</span><span class="count">(\d+)</span>', page)
        assert count is not None
        assert len(titles(public.get(address).text)) == int(count[1]), title


def test_a_chosen_filter_is_a_chip_that_takes_it_away(public: FlaskClient) -> None:
    page = public.get("/dataset?q=sekolah&organization=dinas-pendidikan&year=2023").text
    chips = re.findall(r'<a class="chip chip-on" href="([^"]+)"[^>]*><span[^>]*>[^<]+</span>([^<]+)<', page)
    assert {title: unescape(address) for address, title in chips} == {
        "Perangkat daerah: Dinas Pendidikan": "/dataset?q=sekolah&year=2023",
        "Tahun: 2023": "/dataset?q=sekolah&organization=dinas-pendidikan",
    }
    assert '<input type="hidden" name="organization" value="dinas-pendidikan">' in page


def test_a_mistyped_word_is_repaired_and_said(public: FlaskClient) -> None:
    page = public.get("/dataset?q=puskemas").text
    assert titles(page) == ["Jumlah puskesmas menurut kecamatan"]
    assert "Menampilkan hasil untuk “puskesmas”. Anda mengetik “puskemas”." in page


def test_nothing_found_leads_on(public: FlaskClient) -> None:
    page = public.get("/dataset?q=qqqqzzzz&theme=kesehatan").text
    assert titles(page) == []
    assert "Tidak ada dataset yang cocok" in page
    assert 'href="/dataset?q=qqqqzzzz"' in page
    assert "UU 14/2008" in page


def test_pages_hold_together_and_the_last_one_stands_for_those_behind_it(installation: Installation) -> None:
    stock(installation, copies=12)
    public = create_app(installation.settings, installation).test_client()
    seen = [title for number in (1, 2, 3) for title in titles(public.get(f"/dataset?page={number}").text)]
    assert len(seen) == len(set(seen)) == 48
    assert titles(public.get("/dataset?page=99").text) == titles(public.get("/dataset?page=3").text)
    assert 'aria-current="page"><span class="visually-hidden">Halaman </span>2' in public.get("/dataset?page=2").text


def test_what_is_withdrawn_is_not_shown_even_while_the_index_knows_it(stocked: Installation) -> None:
    with stocked.database.write() as session:
        found = session.query(Dataset).filter_by(slug="kasus-demam-berdarah").one()
        found.visibility = Visibility.WITHDRAWN
    public = create_app(stocked.settings, stocked).test_client()
    assert "Kasus demam" not in public.get("/dataset?q=demam").text
    assert "Kasus demam" not in public.get("/dataset/saran?q=kasus").text
    assert public.get("/api/3/action/package_search?q=demam").get_json()["result"]["count"] == 0


def test_suggestions_complete_words_and_lead_to_datasets(public: FlaskClient) -> None:
    found = public.get("/dataset/saran?q=pusk").get_json()["suggestions"]
    assert {"text": "Jumlah puskesmas menurut kecamatan", "url": "/dataset/jumlah-puskesmas-menurut-kecamatan"} in found
    assert public.get("/en/dataset/saran?q=pusk").get_json()["suggestions"][-1].get("url", "/en/").startswith("/en/")


def test_markup_in_words_is_text(public: FlaskClient) -> None:
    page = public.get('/dataset?q=<script>alert(1)</script>&theme="><img>').text
    assert "<script>alert" not in page
    assert "<img>" not in page


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%01",
        "q=%FF%FE",
        "q=" + "a" * 5000,
        "q=" + "%F0%9F%98%80" * 200,
        "q=(((((" + "&q=x" * 50,
        "theme=" + "&theme=".join(str(n) for n in range(200)),
        "year=abc&year=99999999999999999999&region=zzz",
        "page=-1",
        "page=99999999999999999999",
        "sort=drop%20table",
        "organization[]=x&&&==&%",
        "q=*:*&q=a%20OR%20(",
        "q=AND OR NOT",
        'q="unclosed',
    ],
)
def test_no_query_breaks_the_page(public: FlaskClient, query: str) -> None:
    for path in ("/dataset", "/dataset/saran", "/en/dataset", "/organization/dinas-kesehatan"):
        assert public.get(f"{path}?{query}").status_code == 200, path


def test_who_insists_gets_what_was_typed(public: FlaskClient) -> None:
    page = public.get("/dataset?q=puskemas&organization=dinas-kesehatan").text
    found = re.search(r'<a href="([^"]+)" rel="nofollow">Cari persis seperti yang diketik</a>', page)
    assert found is not None
    exact = unescape(found[1])
    assert exact == "/dataset?q=puskemas&organization=dinas-kesehatan&exact=1"
    insisted = public.get(exact).text
    assert titles(insisted) == []
    assert "Menampilkan hasil untuk" not in insisted
    assert "“puskemas”" in insisted


def test_while_the_index_is_made_anew_the_page_says_so_and_not_that_nothing_fits(
    stocked_home: Path, home: Path
) -> None:
    shutil.copytree(stocked_home, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("search*", "index*"))
    installation = Installation(Settings(home=home, secret_key="a-secret-of-the-tests"))
    page = create_app(installation.settings, installation).test_client().get("/dataset?q=padi").text
    installation.close()
    assert "Indeks katalog sedang disusun ulang" in page
    assert '<a href="/dataset?q=padi" rel="nofollow">Coba lagi</a>' in page
    assert "Tidak ada dataset yang cocok" not in page
    assert "0 dataset" not in page


def test_before_the_first_harvest_nothing_is_promised(empty: FlaskClient) -> None:
    page = empty.get("/dataset?q=padi").text
    assert "Tidak ada dataset yang cocok" in page
    assert "disusun ulang" not in page
