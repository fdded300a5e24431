"""From a table to a figure that can be cited: filter, sort, chart, download, cite; and SQL, a row, a comparison."""

from __future__ import annotations

import csv
import io
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

IPM = "/dataset/indeks-pembangunan-manusia-ipm-menurut-kabupaten-kota-di-jawa-timur-2013-2023"
TABLE = f"{IPM}/ipm-kabupaten-kota-jawa-timur"
PAGES = {
    "a chart": f"{TABLE}/grafik?tahun=2023&_chart=bar&_x=kabupaten_kota",
    "a line": f"{TABLE}/grafik?kode=35.22&kode=35.78",
    "a chart alone": f"/embed{TABLE}?tahun=2023",
    "a row": f"{TABLE}/baris/7",
    "SQL": f"{IPM}/sql",
    "SQL answered": f"{IPM}/sql?sql=SELECT+tahun,+avg(ipm)+FROM+ipm_kabupaten_kota_jawa_timur+GROUP+BY+1",
    "SQL refused": f"{IPM}/sql?sql=DROP+TABLE+x",
    "groups": f"{IPM}?_group=tahun&_measure=mean:ipm",
    "nothing changed": f"{IPM}/diff/1..1",
}


def test_filter_sort_chart_download_cite(page: Page, tmp_path: Path) -> None:
    page.goto(IPM)
    page.locator(".ds-tools summary", has_text="Saring").click()
    years = page.get_by_role("group", name="Tahun")
    years.get_by_label("dari").fill("2023")
    page.get_by_role("button", name="Terapkan").click()
    page.wait_for_url("**tahun__ge=2023**")
    page.get_by_role("region", name="Tabel").get_by_role("link", name="IPM", exact=True).click()
    page.wait_for_url("**_sort=-ipm**")
    expect(page.locator(".ds-table tbody tr").first).to_contain_text("Kota")

    page.get_by_role("link", name="Grafik tampilan ini").click()
    page.wait_for_url("**/grafik?**")
    page.get_by_label("Jenis grafik").select_option("bar")
    page.wait_for_url("**_chart=bar**")
    page.get_by_label("Sepanjang sumbu").select_option("kabupaten_kota")
    page.wait_for_url("**_x=kabupaten_kota**")
    picture = page.locator("figure img:visible")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 300
    assert "Tertinggi" in (picture.get_attribute("alt") or "")
    expect(page.locator("tbody tr")).to_have_count(30)

    with page.expect_download() as taking:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(taking.value.path()).read_text("utf-8"))))
    assert len(rows) == 38, "the figures of every bar, those that are not drawn too"
    picture_file = page.request.get(page.get_by_role("link", name="PNG").get_attribute("href") or "")
    assert picture_file.body().startswith(b"\x89PNG")

    cited = page.locator("#kutipan").inner_text()
    address = cited.split()[-1]
    assert "/v/1/" in address
    page.goto(address)
    expect(page.get_by_label("Jenis grafik")).to_have_value("bar")
    expect(page.locator("figure figcaption")).to_contain_text("2023")


def test_a_question_in_sql_is_answered_where_it_was_written(page: Page) -> None:
    page.goto(f"{IPM}/sql")
    box = page.get_by_label("SELECT atas tabel dataset ini")
    box.fill(
        "SELECT kabupaten_kota, ipm FROM ipm_kabupaten_kota_jawa_timur WHERE tahun = 2023 ORDER BY ipm DESC LIMIT 3"
    )
    box.press("Control+Enter")
    page.wait_for_url("**sql=SELECT**")
    expect(page.locator("tbody tr")).to_have_count(3)
    assert "_ticket" not in page.url
    page.get_by_label("SELECT atas tabel dataset ini").fill("SELECT * FROM rahasia")
    page.get_by_role("button", name="Jalankan").click()
    expect(page.locator("#salah")).to_contain_text("ipm_kabupaten_kota_jawa_timur")


def test_a_long_question_can_be_cancelled(page: Page) -> None:
    page.goto(f"{IPM}/sql")
    page.get_by_label("SELECT atas tabel dataset ini").fill(
        "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range * b.range % 7 = 3"
    )
    # a click as Playwright does it would wait for the very answer that is to be cancelled
    page.evaluate("setTimeout(() => document.querySelector('[data-stop]').click(), 3000)")
    page.get_by_role("button", name="Jalankan").click(no_wait_after=True)
    expect(page.locator("#salah")).to_contain_text("dibatalkan", timeout=9_000)


def test_it_works_without_script(chromium: Browser, portal: str) -> None:
    context = chromium.new_context(base_url=portal, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{TABLE}/grafik")
    page.get_by_label("Jenis grafik").select_option("bar")
    page.get_by_role("button", name="Gambar").click()
    page.wait_for_url("**_chart=bar**")
    page.goto(IPM)
    page.locator("summary", has_text="Ringkas").click()
    page.get_by_label("Satu baris tiap").select_option("tahun")
    page.get_by_label("Angka", exact=True).select_option("mean:ipm")
    page.locator("form.ex-summarise button").click()
    expect(page.locator(".ds-table tbody tr")).to_have_count(11)
    context.close()


@pytest.mark.parametrize("path", [f"{TABLE}/grafik?kode=35.22&kode=35.78", IPM, f"/embed{TABLE}?tahun=2023"])
def test_a_chart_answers_the_pointer_under_the_policy_that_forbids_eval(page: Page, path: str) -> None:
    said: list[str] = []
    fetched: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(path, wait_until="networkidle")
    assert not [url for url in fetched if "vega" in url], "nobody has asked for it"
    page.get_by_role("button", name="Buat interaktif").click()
    canvas = page.locator(".ds-live canvas")
    expect(canvas).to_be_visible()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box() or {}
    for step in (0.5, 0.51):
        page.mouse.move(box["x"] + box["width"] * step, box["y"] + box["height"] * 0.4)
    expect(page.locator(".ds-tip")).to_contain_text("Kabupaten")
    assert "," in page.locator(".ds-tip p:last-child b").inner_text(), "figures as Indonesians write them"
    page.get_by_role("button", name="Kembali ke gambar").click()
    expect(page.locator("figure img:visible")).to_have_count(1)
    assert said == []


def test_a_chart_stands_in_a_page_of_another_site(page: Page, portal: str, tmp_path: Path) -> None:
    frame = f'<iframe src="{portal}/embed{TABLE}?tahun=2023" width="700" height="600"></iframe>'
    (tmp_path / "berita.html").write_text(f"<!doctype html><title>Koran</title>{frame}", encoding="utf-8")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as newspaper:
        threading.Thread(target=newspaper.serve_forever, daemon=True).start()
        page.goto(f"http://127.0.0.1:{newspaper.server_port}/berita.html")
        expect(page.frame_locator("iframe").locator("figure img:visible")).to_have_count(1)
        newspaper.shutdown()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_its_pages_have_no_barrier_fit_a_phone_and_are_quiet(chromium: Browser, portal: str, path: str) -> None:
    for width, scheme in ((1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")):
        context = chromium.new_context(
            base_url=portal, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.goto(path, wait_until="networkidle")
        found = Axe().run(page).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth")
        context.close()
        serious = [
            f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], (width, scheme)
        assert wide <= width
        assert [line for line in said if "400" not in line] == []
