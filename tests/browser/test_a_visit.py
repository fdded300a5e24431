"""What people do: search, read a table, take a file away; by mouse, by keyboard alone, and without script."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

IPM = "/dataset/indeks-pembangunan-manusia-ipm-menurut-kabupaten-kota-di-jawa-timur-2013-2023"


def test_from_a_word_to_a_file(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    page.get_by_role("combobox").first.fill("human development index")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Indeks Pembangunan Manusia").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Indeks Pembangunan Manusia")
    page.goto(f"{IPM}?tahun=2023&_sort=-ipm")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("Kota")
    expect(first).to_contain_text(",")
    page.goto(IPM)
    with page.expect_download() as taking:
        page.get_by_role("link", name="CSV").first.click()
    taken = taking.value
    assert taken.suggested_filename.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(Path(taken.path()).read_text("utf-8"))))
    assert len(rows) == 418
    assert {"kode", "kabupaten_kota", "tahun", "ipm"} <= rows[0].keys()
    assert [row["ipm"] for row in rows if row["kode"] == "35.22" and row["tahun"] == "2023"] == ["71.8"]


def test_suggestions_come_while_typing_and_obey_the_keyboard(page: Page) -> None:
    page.goto("/dataset")
    box = page.get_by_role("combobox").first
    box.press_sequentially("pendud", delay=30)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(options.first).not_to_be_visible()


def test_the_way_to_a_dataset_needs_no_mouse(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#"), "the skip link comes first"
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "combobox":
            break
    page.keyboard.type("jembatan")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=jembatan*")
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip().startswith("Daftar Jembatan"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Daftar Jembatan")


def test_everything_works_without_script(chromium: Browser, portal: str) -> None:
    context = chromium.new_context(base_url=portal, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("combobox").or_(page.get_by_role("searchbox")).first.fill("puskesmas")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Lokasi Puskesmas").first.click()
    expect(page.get_by_role("table").first).to_contain_text("Puskesmas Ngraho")
    page.goto(f"{IPM}?_page=2")
    expect(page.get_by_role("table").first).to_contain_text("Kabupaten")
    context.close()


def test_dark_stays_dark_when_the_reader_comes_back(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("[data-theme-toggle]").first.click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto("/dataset")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_a_held_file_is_nowhere(page: Page) -> None:
    answer = page.goto("/dataset?q=penerima+blt")
    assert answer is not None
    assert "Penerima BLT" not in page.content()
    assert page.request.get("/dataset/penerima-blt-dana-desa-2024").status == 404
