"""What a reader finds on the page of a dataset around its table."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from reading_html import column, read, words
from shown_tables import BORDERS, BUDGET, PDF, POPULATION, REPORT, Shown

PAGE = f"/dataset/{POPULATION}"


def test_title_agency_and_summary_come_first(shown: Shown) -> None:
    head = shown.page(PAGE).one(".ds-head")
    assert words(head.one("h1")) == "Jumlah penduduk menurut kecamatan"
    assert "Dinas Kependudukan" in words(head)
    assert "140 baris, 6 kolom" in words(head)
    assert "2020–2024" in words(head)
    assert "28 kecamatan" in words(head)


def test_every_column_is_explained_with_type_and_figures(shown: Shown) -> None:
    entries = shown.page(PAGE).all(".ds-cols > li")
    assert len(entries) == 6
    men = next(entry for entry in entries if words(entry).startswith("Laki-laki"))
    assert "bilangan bulat, jiwa" in words(men)
    assert "1 (0,7 %)" in words(men)
    assert men.one("svg path").get("d")
    assert men.one("svg").get("aria-label")


def test_the_chart_is_a_picture_with_words_for_it_in_both_themes(shown: Shown) -> None:
    page = shown.page(PAGE)
    pictures = page.all(".ds-picture picture")
    assert [picture.get("class") for picture in pictures] == ["only-light", "only-dark"]
    for picture in pictures:
        image = picture.one("img")
        assert len(image.get("alt")) > 30
        assert image.get("width") and image.get("height")
        for address in (image.get("src"), picture.one("source").get("srcset")):
            drawn = shown.public.get(address)
            assert drawn.status_code == 200
            assert drawn.data.startswith(b"<svg")


def test_several_tables_have_tabs_with_addresses(shown: Shown) -> None:
    page = shown.page(f"/dataset/{BUDGET}")
    tabs = page.all(".ds-tabs a")
    assert [words(tab).split()[0] for tab in tabs] == ["Belanja", "Pendapatan"]
    assert tabs[0].get("aria-current") == "page"
    second = shown.page(tabs[1].get("href").split("#")[0])
    assert column(second, "Uraian")[0] == "Pendapatan jenis 1"
    assert second.all(".ds-tabs a")[1].get("aria-current") == "page"


def test_the_first_table_has_one_address_only(shown: Shown) -> None:
    name = shown.page(f"/dataset/{BUDGET}/pendapatan").one(".ds-tabs a")
    assert name.get("href") == f"/dataset/{BUDGET}#tabel"
    response = shown.public.get(f"/dataset/{BUDGET}/belanja?_sort=jumlah")
    assert (response.status_code, response.headers["Location"]) == (302, f"/dataset/{BUDGET}?_sort=jumlah")


def test_a_file_that_is_no_table_says_so_and_can_be_taken(shown: Shown) -> None:
    page = shown.page(f"/dataset/{REPORT}")
    assert not page.all(".ds-table")
    links = page.all(".empty a")
    assert "PDF" in words(links[0])
    assert shown.public.get(links[0].get("href")).data == PDF


def test_a_map_shows_its_outline_and_its_attributes(shown: Shown) -> None:
    page = shown.page(f"/dataset/{BORDERS}")
    drawn = shown.public.get(page.one(".ds-picture img").get("src"))
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    assert column(page, "kecamatan")[0].lower() == "balen"
    assert "GeoJSON" in words(page.one(".ds-get"))


def test_a_description_is_text_and_nothing_in_it_runs(shown: Shown) -> None:
    response = shown.public.get(PAGE)
    text = response.get_data(as_text=True)
    assert "<strong>terdaftar</strong>" in text
    assert "<script>alert" not in text


def test_no_page_carries_an_inline_style_or_script(shown: Shown) -> None:
    for address in (PAGE, f"/dataset/{BORDERS}", f"/dataset/{REPORT}", PAGE + "?tahunn=1"):
        text = shown.public.get(address).get_data(as_text=True)
        page = read(text)
        assert not page.xpath("//*[@style]")
        assert not re.findall(r"\son\w+=", text)
        for script in page.xpath("//script[not(@src)]"):
            assert script.get("type") == "application/ld+json"


def test_search_engines_read_a_schema_org_dataset(shown: Shown) -> None:
    page = shown.page(PAGE)
    described = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert described["@type"] == "Dataset"
    assert described["version"] == "2"
    assert described["temporalCoverage"] == "2020/2024"
    assert described["license"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert {entry["name"] for entry in described["variableMeasured"]} >= {"Kecamatan", "Tahun"}
    for entry in described["distribution"]:
        address = entry["contentUrl"].removeprefix("https://data.example.go.id")
        assert shown.public.head(address).status_code == 200


def test_metadata_that_is_lacking_is_said_with_what_it_means(shown: Shown) -> None:
    part = shown.page(PAGE).one("#metadata")
    assert "Orang yang terdaftar di kecamatan." in words(part)
    lacking = part.all("details dt")
    assert lacking
    assert all(len(words(meaning)) > 10 for meaning in part.all("details dd"))


def test_the_report_says_in_words_that_every_cell_was_checked(shown: Shown) -> None:
    part = shown.page(PAGE).one("#mutu")
    assert "140" in words(part.one(".notice"))


def test_the_way_from_the_source_to_the_version_can_be_followed(shown: Shown) -> None:
    part = shown.page(PAGE).one("#asal")
    hashes = re.findall(r"\b[0-9a-f]{64}\b", words(part))
    original = shown.public.get(shown.page(PAGE).xpath("//a[contains(@href, '/original/')]/@href")[0])
    assert original.headers["ETag"].strip('"') == hashes[0]
    descriptor = shown.public.get(f"/dataset/{POPULATION}/v/2/datapackage.json")
    assert descriptor.headers["ETag"].strip('"') == hashes[-1]


def test_all_versions_are_listed_and_each_has_its_page(shown: Shown) -> None:
    page = shown.page(PAGE)
    links = [entry.one("a").get("href") for entry in page.all(".ds-versions > li")]
    assert links == [f"{PAGE}/v/2", f"{PAGE}/v/1"]
    old = shown.page(f"{PAGE}/v/1")
    assert column(old, "Laki-laki")[0] == "20.000"
    warning = old.one(".notice-warn")
    assert warning.one("a").get("href") == PAGE


def test_the_citation_names_the_version_and_its_lasting_address(shown: Shown) -> None:
    part = shown.page(PAGE).one("#kutip")
    assert f"https://data.example.go.id/dataset/{POPULATION}/v/2" in words(part.one("blockquote"))
    assert words(part.one("pre")).startswith("@misc{")


def test_a_fixed_page_stays_the_same_while_the_present_one_moves_on(shown: Shown) -> None:
    old, new = shown.public.get(f"{PAGE}/v/1"), shown.public.get(PAGE)
    assert "max-age" in old.headers["Cache-Control"]
    assert new.headers["Cache-Control"] == "public, no-cache"
    assert f'<link rel="canonical" href="https://data.example.go.id{PAGE}/v/1">' in old.get_data(as_text=True)
    assert f'<link rel="canonical" href="https://data.example.go.id{PAGE}">' in new.get_data(as_text=True)


def test_who_has_the_page_already_is_told_so(shown: Shown) -> None:
    tag = shown.public.get(PAGE).headers["ETag"]
    again = shown.public.get(PAGE, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    other = shown.public.get(PAGE + "?tahun=2020", headers={"If-None-Match": tag})
    assert other.status_code == 200
    english = shown.public.get("/en" + PAGE, headers={"If-None-Match": tag})
    assert english.status_code == 200


def test_an_english_page_marks_what_is_indonesian(shown: Shown) -> None:
    page = shown.page("/en" + PAGE)
    assert page.get("lang") == "en"
    assert page.one("h1").get("lang") == "id"
    assert column(page, "Laki-laki")[0] == "20,005"


def test_ckan_addresses_lead_to_the_same_pages(shown: Shown) -> None:
    with shown.installation.database.read() as session:
        from datasets import catalog

        dataset = catalog.get_published(session, BUDGET)
        assert dataset.current_version
        uuid, resource = dataset.uuid, dataset.current_version.resources[1].uuid
    moved = shown.public.get(f"/dataset/{uuid}")
    assert (moved.status_code, moved.headers["Location"]) == (302, f"/dataset/{BUDGET}")
    moved = shown.public.get(f"/dataset/{uuid}/resource/{resource}")
    assert (moved.status_code, moved.headers["Location"]) == (302, f"/dataset/{BUDGET}/pendapatan#tabel")


@pytest.mark.parametrize(
    "address",
    [
        "/dataset/tidak-ada",
        f"{PAGE}/tidak-ada",
        f"{PAGE}/v/99",
        f"{PAGE}/v/99999999999999999999",
        f"{PAGE}/v/1/x",
        f"{PAGE}/v/01",
    ],
)
def test_what_is_not_there_is_a_404(shown: Shown, address: str) -> None:
    assert shown.public.get(address).status_code == 404


def test_a_withdrawn_dataset_leaves_its_reason_and_nothing_else(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    from datasets.models import Visibility
    from datasets.withdraw import refuse_withdrawn

    def withdrawn(dataset: Any) -> None:
        dataset.visibility, dataset.withdrawn_reason = Visibility.WITHDRAWN, "Memuat kesalahan hitung."
        refuse_withdrawn(dataset)

    monkeypatch.setattr("datasets.catalog.refuse_withdrawn", withdrawn)
    for address in (PAGE, f"{PAGE}/v/1", f"/dataset/{POPULATION}/v/1.zip"):
        response = shown.public.get(address)
        assert response.status_code == 410
        assert "Memuat kesalahan hitung." in response.get_data(as_text=True)
