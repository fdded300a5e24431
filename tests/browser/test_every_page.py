"""Every kind of page in a real browser: accessible, whole at every width, quiet, and light."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SERIES = "/dataset/indeks-pembangunan-manusia-ipm-menurut-kabupaten-kota-di-jawa-timur-2013-2023"
SHEETS = "/dataset/jumlah-penduduk-kabupaten-bojonegoro-menurut-kecamatan-dan-jenis-kelamin-2019-2024"
PAGES = {
    "home": "/",
    "search": "/dataset",
    "found": "/dataset?q=jumlah+penduduk&theme=kependudukan",
    "nothing found": "/dataset?q=qwertyzxcv",
    "repaired words": "/dataset?q=pendduk",
    "a series": SERIES,
    "a table filtered": f"{SERIES}?tahun=2023&_sort=-ipm",
    "several sheets": SHEETS,
    "a fixed version": f"{SERIES}/v/1",
    "a map": "/dataset/ruas-jalan-kabupaten-bojonegoro",
    "points": "/dataset/lokasi-puskesmas-di-kabupaten-bojonegoro",
    "a document": "/dataset/petunjuk-teknis-penggunaan-dana-desa-contoh-dokumen",
    "harvested from a portal": "/dataset/upah-minimum-kabupaten-kota-di-jawa-timur-2020-2024",
    "many columns": "/dataset/kasus-demam-berdarah-dengue-dbd-menurut-kecamatan-dan-bulan-2024",
    "agencies": "/organization",
    "an agency": "/organization/dinas-kesehatan",
    "themes": "/group",
    "a theme": "/group/ekonomi",
    "sources": "/sumber",
    "a source": "/sumber/desa",
    "all columns": f"{SERIES}/ipm-kabupaten-kota-jawa-timur/kolom",
    "the journal": "/jurnal",
    "an entry of the journal": "/jurnal/3",
    "rating a dataset": f"/tanggapan/{SERIES.removeprefix('/dataset/')}",
    "reporting a problem": f"/lapor/{SERIES.removeprefix('/dataset/')}",
    "following by mail": "/ikuti?q=penduduk",
    "the release calendar": "/jadwal-rilis",
    "the data list": "/daftar-data",
    "asking for information": "/permohonan/baru",
    "the form of a request": "/permohonan/baru/formulir",
    "following a request": "/permohonan/lacak",
    "published answers": "/permohonan",
    "signing in": "/masuk",
    "for programs": "/api",
    "about": "/tentang",
    "not there": "/dataset/tidak-ada",
    "English": "/en/",
    "English dataset": f"/en{SERIES}",
}
each_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())


@each_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_has_no_serious_barrier(chromium: Browser, portal: str, path: str, scheme: str) -> None:
    for width in (1280, 360):
        context = chromium.new_context(
            base_url=portal, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(path)
        found = Axe().run(page).response["violations"]
        context.close()
        serious = [
            f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], f"at {width} px"


@each_page
def test_a_page_is_whole_at_320_pixels_and_says_nothing_in_the_console(
    chromium: Browser, portal: str, path: str
) -> None:
    context = chromium.new_context(base_url=portal, viewport={"width": 320, "height": 700})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(path, wait_until="networkidle")
    assert answer is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expected_fault = answer.status == 404
    context.close()
    assert [line for line in said if not (expected_fault and "404" in line)] == []


@each_page
def test_a_first_visit_loads_less_than_100_kilobytes_before_pictures(page: Page, path: str) -> None:
    sizes: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on(
        "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])})
    )
    page.goto(path, wait_until="networkidle")
    assert sum(size for request, size in sizes.items() if kinds.get(request) != "Image") < 100_000
