"""A reader without script and without a mouse: rates a dataset, thinks again, finds the proof of its version."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DATASET = "/dataset/lokasi-puskesmas-di-kabupaten-bojonegoro"


def test_a_reader_rates_by_keyboard_alone_and_may_think_again(chromium: Browser, portal: str) -> None:
    context = chromium.new_context(base_url=portal, java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    for answer, words in (("Tidak Puas", "Koordinat dua puskesmas tertukar."), ("Cukup Puas", "")):
        page.goto(DATASET)
        page.locator("#tanggapan").get_by_role("link", name=answer, exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("radio", name=answer)).to_be_checked()
        reach(page, "comment")
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        page.keyboard.type(words)
        page.wait_for_timeout(2100)  # nobody is faster, and the form knows it
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
    page.goto(DATASET)
    voices = page.locator("#tanggapan")
    expect(voices).to_contain_text("1 penilaian")
    expect(voices.get_by_role("row", name="Cukup Puas")).to_contain_text("1")
    expect(voices).not_to_contain_text("Koordinat")
    page.locator("#jurnal").get_by_role("link", name="Lihat catatannya").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Berkas yang diterbitkan")).to_be_visible()
    context.close()


def reach(page: Page, field: str) -> None:
    """Press Tab until the field has the focus."""
    for _ in range(40):
        if page.locator(f"#{field}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{field} cannot be reached")
